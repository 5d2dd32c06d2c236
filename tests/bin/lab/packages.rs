//! Debian's packages of a server, unpacked beside the system: installed they would exclude each other.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use tokio::process::Command;

use super::case::Server;

/// A server's unpacked packages.
pub struct Packages {
    /// The folder to lay over the system.
    pub tree: PathBuf,
    /// The name and version of its last package.
    pub version: String,
}

/// Unpacks the server's packages, and what they depend on and the system lacks, below `target/lab`, where that has
/// not been done.
///
/// # Errors
/// `apt-get` does not know or get them, or there is no room.
pub async fn unpacked(server: &Server) -> Result<Packages> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/lab").join(server.name);
    if !place.join("version").exists() {
        let fresh = place.with_extension("new");
        if fresh.exists() {
            fs::remove_dir_all(&fresh)?;
        }
        unpack(server, &fresh).await.with_context(|| format!("get the packages of {}", server.name))?;
        if place.exists() {
            fs::remove_dir_all(&place)?;
        }
        fs::rename(&fresh, &place)?;
    }
    let place = place.canonicalize()?;
    let version = fs::read_to_string(place.join("version"))?;
    Ok(Packages { tree: place.join("tree"), version })
}

async fn unpack(server: &Server, place: &Path) -> Result<()> {
    let (tree, archives) = (place.join("tree"), place.join("archives"));
    fs::create_dir_all(&tree)?;
    fs::create_dir_all(&archives)?;
    // Where /lib is a link to /usr/lib, a folder of that name would hide all libraries of the system.
    for name in ["bin", "sbin", "lib", "lib64"] {
        if let Ok(target) = fs::read_link(Path::new("/").join(name)) {
            fs::create_dir_all(tree.join(&target))?;
            std::os::unix::fs::symlink(&target, tree.join(name))?;
        }
    }
    let mut asked = vec!["--simulate", "install", "--no-install-recommends"];
    asked.extend(server.packages);
    let plan = said_by("apt-get", &asked, place).await.context("try `apt-get update`")?;
    let missing: Vec<&str> =
        plan.lines().filter_map(|line| line.strip_prefix("Inst ")?.split(' ').next()).collect();
    if !missing.is_empty() {
        // apt's own user may not write to the folder.
        let mut wanted = vec!["-o", "APT::Sandbox::User=root", "download"];
        wanted.extend(&missing);
        said_by("apt-get", &wanted, &archives).await.context("try `apt-get update`")?;
    }
    let extract = "dpkg-deb --fsys-tarfile \"$1\" | tar -x -p -C \"$2\" --keep-directory-symlink";
    for entry in fs::read_dir(&archives)? {
        let archive = entry?.path();
        let words = ["-e".as_ref(), "-c".as_ref(), extract.as_ref(), "sh".as_ref(), archive.as_os_str()];
        said_by("sh", &[words.as_slice(), &[tree.as_os_str()]].concat(), place).await?;
    }
    let name = server.packages.last().context("a server has packages")?;
    fs::write(place.join("version"), format!("{name} {}", version(name, &archives).await?))?;
    fs::remove_dir_all(&archives)?;
    Ok(())
}

/// The version of a package among the archives, or else of the installed one.
async fn version(name: &str, archives: &Path) -> Result<String> {
    for entry in fs::read_dir(archives)? {
        let archive = entry?.path();
        let about = said_by("dpkg-deb", &["--show".as_ref(), archive.as_os_str()], archives).await?;
        if let Some((package, version)) = about.trim().split_once('\t')
            && package == name
        {
            return Ok(version.to_owned());
        }
    }
    said_by("dpkg-query", &["--show", "--showformat=${Version}", name], archives).await
}

/// What a program prints.
async fn said_by(program: &str, words: &[impl AsRef<OsStr>], place: &Path) -> Result<String> {
    let mut command = Command::new(program);
    command.args(words).current_dir(place).env("LC_ALL", "C").kill_on_drop(true);
    let done = command.output().await.with_context(|| format!("start {program}"))?;
    let error = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{program} failed ({}): {}", done.status, error.trim());
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}
