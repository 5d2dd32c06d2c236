//! Who may own what on this machine, and which port is free.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt as _;

use anyhow::{Context as _, Result};

/// A user of this machine with their first group.
#[derive(Clone)]
pub struct Account {
    /// The user's name.
    pub user: String,
    /// The group's name.
    pub group: String,
    /// The numbers of both.
    pub ids: (u32, u32),
}

impl Account {
    /// The user of this name.
    pub fn of(name: &str) -> Result<Self> {
        Self::find(|user, _| user == name)?.with_context(|| format!("no user {name}"))
    }

    /// The user who runs this.
    pub fn own() -> Result<Self> {
        let own = fs::metadata("/proc/self")?.uid();
        Self::find(|_, id| id == own)?.context("this user has no name")
    }

    fn find(wanted: impl Fn(&str, u32) -> bool) -> Result<Option<Self>> {
        for line in fs::read_to_string("/etc/passwd")?.lines() {
            let mut fields = line.split(':');
            let name = fields.next().unwrap_or_default();
            let Some(user) = fields.nth(1).and_then(|id| id.parse().ok()) else { continue };
            if wanted(name, user) {
                let group = fields.next().context("gid")?.parse()?;
                return Ok(Some(Self {
                    user: name.to_owned(),
                    group: group_name(group)?,
                    ids: (user, group),
                }));
            }
        }
        Ok(None)
    }
}

fn group_name(id: u32) -> Result<String> {
    let groups = fs::read_to_string("/etc/group")?;
    let name = groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(id)).then(|| name.to_owned())
    });
    name.context("group without a name")
}

/// Whether root runs this.
pub fn is_root() -> Result<bool> {
    Ok(fs::metadata("/proc/self")?.uid() == 0)
}

/// A port of loopback that was free just now.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
