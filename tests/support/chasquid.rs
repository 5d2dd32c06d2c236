//! A real SMTP server on loopback, chasquid, as an ordinary user.
//!
//! `tests/run` only unpacks its package: installed, it would be a mail server of this machine.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::tls::{Flaw, Identity};

const NAME: &str = "mx.example.org";
/// Ports are tried so often: another program can take one before the server does.
const TRIES: usize = 5;

/// The server; it ends when this is dropped, and its files go.
pub struct Chasquid {
    smtp: SocketAddr,
    _server: Child,
    _folder: tempfile::TempDir,
}

/// Where `tests/run` has unpacked its programs.
fn unpacked() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/chasquid/usr/bin")
}

impl Chasquid {
    /// Starts a server that has mail for `ada@example.org`; with `catch_all` for every name there.
    ///
    /// # Errors
    /// When chasquid is not unpacked (`tests/run` does it), or does not start.
    pub async fn start(catch_all: bool) -> Result<Self> {
        let mut failed = None;
        for _ in 0..TRIES {
            match Self::try_start(catch_all).await {
                Ok(started) => return Ok(started),
                Err(error) => failed = Some(error),
            }
        }
        Err(failed.context("no port was tried")?)
    }

    async fn try_start(catch_all: bool) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let root = folder.path();
        let identity = Identity::new(root, Flaw::None)?;
        let (certs, domain) = (root.join("certs").join(NAME), root.join("domains/example.org"));
        fs::create_dir_all(&certs)?;
        fs::create_dir_all(&domain)?;
        fs::write(certs.join("fullchain.pem"), identity.certificate_pem())?;
        fs::write(certs.join("privkey.pem"), identity.key_pem())?;
        if catch_all {
            fs::write(domain.join("aliases"), "*: ada\n")?;
        }
        let smtp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let data = root.join("data");
        let config = format!(
            "hostname: \"{NAME}\"\nsmtp_address: \"{smtp}\"\ndata_dir: \"{}\"\nmail_log_path: \"<stderr>\"\n\
             mail_delivery_agent_bin: \"/bin/false\"\n",
            data.display()
        );
        fs::write(root.join("chasquid.conf"), config)?;
        let user = Command::new(unpacked().join("chasquid-util"))
            .arg(format!("-C={}", root.display()))
            .args(["user-add", "ada@example.org", "--password=correct-horse"])
            .output()
            .await
            .context("start chasquid-util; `tests/run` unpacks it")?;
        ensure!(user.status.success(), "a user cannot be added: {}", String::from_utf8_lossy(&user.stderr));
        let mut server = Command::new(unpacked().join("chasquid"))
            .arg(format!("-config_dir={}", root.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("start chasquid; `tests/run` unpacks it")?;
        let mut said = BufReader::new(server.stderr.take().context("a pipe")?).lines();
        let mut all = String::new();
        let started = async {
            while let Some(line) = said.next_line().await? {
                all.push_str(&line);
                all.push('\n');
                if line.contains("listening on") {
                    return Ok(());
                }
            }
            bail!("chasquid ended: {all}")
        };
        tokio::time::timeout(Duration::from_secs(20), started).await.context("chasquid does not start")??;
        // Whatever else it says is read, so that it never waits for us.
        tokio::spawn(async move { while let Ok(Some(_)) = said.next_line().await {} });
        Ok(Self { smtp, _server: server, _folder: folder })
    }

    /// Where it takes mail from other servers.
    pub fn smtp(&self) -> SocketAddr {
        self.smtp
    }
}
