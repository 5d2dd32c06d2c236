//! The room in which one server answers one forged mail: own mounts, processes, host name and network. When it is
//! left, nothing remains.

use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use tokio::process::Command;

use super::case::{Case, Server};
use super::inside::OUT;
use super::packages::Packages;

/// Programs that rooms need, and the packages that have them.
const NEEDED: [(&str, &str); 7] = [
    ("unshare", "util-linux"),
    ("mount", "mount"),
    ("chroot", "coreutils"),
    ("ip", "iproute2"),
    ("tar", "tar"),
    ("dpkg-deb", "dpkg"),
    ("apt-get", "apt"),
];

/// Whether rooms can be made here.
///
/// # Errors
/// Not by root, or a program is missing.
pub async fn possible() -> Result<()> {
    let user = Command::new("id").arg("-u").output().await.context("ask who I am by `id`, of coreutils")?;
    ensure!(user.stdout == b"0\n", "the lab mounts and makes networks for its servers: run it as root");
    let path = std::env::var_os("PATH").unwrap_or_default();
    for (program, package) in NEEDED {
        if !std::env::split_paths(&path).any(|folder| folder.join(program).exists()) {
            bail!("the program `{program}` is missing: `apt-get install {package}`");
        }
    }
    Ok(())
}

/// Has the server answer the forged mail of this case; the notice is in this folder then.
///
/// # Errors
/// The room can't be made, or the server does not do as it must.
pub async fn capture(server: &Server, case: &Case, packages: &Packages, out: &Path) -> Result<()> {
    let place = tempfile::Builder::new().prefix("lab-").tempdir().context("a folder for the room")?;
    let mut command = Command::new("unshare");
    command.args(["--mount", "--pid", "--fork", "--kill-child", "--net", "--uts", "--ipc"]);
    command.args(["sh", "-c", include_str!("room.sh"), "room"]);
    let program = std::env::current_exe().context("find the lab itself")?;
    command.args([place.path(), packages.tree.as_path(), program.as_path(), out]);
    command.args(["/lab/lab", INSIDE, server.name, case.name]);
    // Its end ends every process of the room.
    command.kill_on_drop(true);
    let done = command.output().await.context("start `unshare`")?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "no notice of {} {}: {}", server.name, case.name, said.trim());
    Ok(())
}

/// The word by which the program is told that it is in a room.
pub const INSIDE: &str = "inside";

/// Whether this is a room.
///
/// # Errors
/// It is not.
pub fn entered() -> Result<()> {
    ensure!(Path::new(OUT).is_dir(), "`{INSIDE}` is for the lab itself, in a room that it has made");
    Ok(())
}
