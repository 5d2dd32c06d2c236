//! Mails put straight into a Maildir++, much faster than any protocol.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};

use crate::mail::Mail;

/// A Maildir++ on disk: INBOX is the root, other folders lie in `.Name`.
pub struct Maildir {
    root: PathBuf,
    owner: Option<(u32, u32)>,
    /// Whether files have the line ends of Unix, as the Maildir of most servers; Dovecot takes both.
    unix_lines: bool,
    next: AtomicU64,
}

impl Maildir {
    /// Opens or makes a Maildir; what is written belongs to `owner` (user and group id), if given.
    ///
    /// # Errors
    /// When the folders can't be made.
    pub fn new(root: &Path, owner: Option<(u32, u32)>) -> Result<Self> {
        let maildir = Self { root: root.to_owned(), owner, unix_lines: false, next: AtomicU64::new(1) };
        maildir.folder("INBOX")?;
        Ok(maildir)
    }

    /// From now on mails are written with the line ends of Unix: the server makes CRLF of them again.
    pub fn unix_lines(mut self) -> Self {
        self.unix_lines = true;
        self
    }

    fn own(&self, path: &Path) -> Result<()> {
        if let Some((user, group)) = self.owner {
            chown(path, Some(user), Some(group)).with_context(|| format!("chown {}", path.display()))?;
        }
        Ok(())
    }

    fn folder(&self, name: &str) -> Result<PathBuf> {
        let inbox = name.eq_ignore_ascii_case("INBOX");
        let path = if inbox { self.root.clone() } else { self.root.join(format!(".{name}")) };
        for directory in [path.clone(), path.join("cur"), path.join("new"), path.join("tmp")] {
            if !directory.exists() {
                fs::create_dir_all(&directory).with_context(|| format!("make {}", directory.display()))?;
                self.own(&directory)?;
            }
        }
        if !inbox {
            let mark = path.join("maildirfolder");
            File::create(&mark)?;
            self.own(&mark)?;
        }
        Ok(path)
    }

    /// Writes mails into a folder, made if missing. The five system flags go into the file's name, INTERNALDATE
    /// into its time; keywords are not kept.
    ///
    /// # Errors
    /// When a file can't be written.
    pub fn put(&self, folder: &str, mails: impl IntoIterator<Item = Mail>) -> Result<()> {
        let path = self.folder(folder)?;
        for mail in mails {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            // The letters must stand in this order.
            let flags: String = [
                ("\\Draft", 'D'),
                ("\\Flagged", 'F'),
                ("\\Answered", 'R'),
                ("\\Seen", 'S'),
                ("\\Deleted", 'T'),
            ]
            .iter()
            .filter(|(flag, _)| mail.flags.contains(*flag))
            .map(|(_, letter)| *letter)
            .collect();
            let bytes = if self.unix_lines { newlines(&mail.bytes) } else { mail.bytes.to_vec() };
            let size = bytes.len();
            // Dovecot's own note of the size with CRLF.
            let virtual_size = if self.unix_lines { String::new() } else { format!(",W={size}") };
            let name = format!("{}.M{number:07}P1.test,S={size}{virtual_size}:2,{flags}", mail.internal_date);
            let written = path.join("tmp").join(&name);
            let mut file = File::create(&written).with_context(|| format!("write {}", written.display()))?;
            file.write_all(&bytes)?;
            let when = Duration::from_secs(mail.internal_date.try_into().context("date before 1970")?);
            file.set_modified(SystemTime::UNIX_EPOCH + when)?;
            self.own(&written)?;
            fs::rename(&written, path.join("cur").join(&name))?;
        }
        Ok(())
    }
}

/// The octets with each CRLF made a line end of Unix.
fn newlines(bytes: &[u8]) -> Vec<u8> {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let mut all = lines.next().unwrap_or_default().to_vec();
    for line in lines {
        all.push(b'\n');
        all.extend_from_slice(line);
    }
    all
}
