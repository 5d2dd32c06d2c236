//! A real SMTP server on loopback, chasquid, as an ordinary user.
//!
//! `tests/run` only unpacks its package: installed, it would be a mail server of this machine.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;

use crate::tls::{Flaw, Identity};

const NAME: &str = "mx.example.org";
/// Ports are tried so often: another program can take one before the server does.
const TRIES: usize = 5;
/// The user's name for sending.
pub const USER: &str = "ada@example.org";
/// The password for sending.
pub const PASSWORD: &str = "correct-horse";

/// The server; it ends when this is dropped, and its files go.
pub struct Chasquid {
    smtp: SocketAddr,
    submission: SocketAddr,
    tls: SocketAddr,
    identity: Identity,
    /// How many mails it has handed to their receivers.
    handed: watch::Receiver<usize>,
    server: Child,
    folder: tempfile::TempDir,
}

/// Where `tests/run` has unpacked its programs.
fn unpacked() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/chasquid/usr/bin")
}

impl Chasquid {
    /// Starts a server that has mail for `ada@example.org`, with `catch_all` for every name there, and for every name at
    /// `spam.spamcop.net`; it takes mail from whoever signs in as [`USER`], of at most a megabyte.
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
        let spamcop = root.join("domains/spam.spamcop.net");
        for path in [&certs, &domain, &spamcop, &root.join("mails")] {
            fs::create_dir_all(path)?;
        }
        fs::write(certs.join("fullchain.pem"), identity.certificate_pem())?;
        fs::write(certs.join("privkey.pem"), identity.key_pem())?;
        if catch_all {
            fs::write(domain.join("aliases"), "*: ada\n")?;
        }
        // All that comes for SpamCop goes to one user of theirs.
        fs::write(spamcop.join("aliases"), "*: desk\n")?;
        let keep = root.join("keep");
        fs::write(
            &keep,
            format!(
                "#!/bin/sh\ncd '{}' && cat > \"$$.new\" && mv \"$$.new\" \"$$.eml\"\n",
                root.join("mails").display()
            ),
        )?;
        fs::set_permissions(&keep, fs::Permissions::from_mode(0o755))?;
        let ports = [(); 3].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)));
        let mut addresses = Vec::new();
        for port in &ports {
            addresses.push(port.as_ref().map_err(|error| anyhow::anyhow!("no port: {error}"))?.local_addr()?);
        }
        drop(ports);
        let [smtp, submission, tls] = addresses.as_slice() else { bail!("three ports") };
        let data = root.join("data");
        let config = format!(
            "hostname: \"{NAME}\"\nsmtp_address: \"{smtp}\"\nsubmission_address: \"{submission}\"\n\
             submission_over_tls_address: \"{tls}\"\nmax_data_size_mb: 1\ndata_dir: \"{}\"\nmail_log_path: \"<stderr>\"\n\
             mail_delivery_agent_bin: \"{}\"\n",
            data.display(),
            keep.display()
        );
        fs::write(root.join("chasquid.conf"), config)?;
        for user in [USER, "desk@spam.spamcop.net"] {
            let added = Command::new(unpacked().join("chasquid-util"))
                .arg(format!("-C={}", root.display()))
                .args(["user-add", user, &format!("--password={PASSWORD}")])
                .output()
                .await
                .context("start chasquid-util; `tests/run` unpacks it")?;
            ensure!(added.status.success(), "{user}: {}", String::from_utf8_lossy(&added.stderr));
        }
        let mut server = Command::new(unpacked().join("chasquid"))
            .arg(format!("-config_dir={}", root.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("start chasquid; `tests/run` unpacks it")?;
        let mut said = BufReader::new(server.stderr.take().context("a pipe")?).lines();
        let (mut all, mut listening) = (String::new(), 0);
        let started = async {
            while let Some(line) = said.next_line().await? {
                all.push_str(&line);
                all.push('\n');
                listening += usize::from(line.contains("daemon listening on"));
                if listening == 3 {
                    return Ok(());
                }
            }
            bail!("chasquid ended: {all}")
        };
        tokio::time::timeout(Duration::from_secs(20), started).await.context("chasquid does not start")??;
        let (tell, handed) = watch::channel(0);
        // Whatever else it says is read, so that it never waits for us.
        tokio::spawn(async move {
            while let Ok(Some(line)) = said.next_line().await {
                if line.contains(" to=") && line.trim_end().ends_with(" sent") {
                    tell.send_modify(|count| *count += 1);
                }
            }
        });
        let (smtp, submission, tls) = (*smtp, *submission, *tls);
        Ok(Self { smtp, submission, tls, identity, handed, server, folder })
    }

    /// Ends the server; its files stay.
    ///
    /// # Errors
    /// It cannot be ended.
    pub async fn stop(&mut self) -> Result<()> {
        Ok(self.server.kill().await?)
    }

    /// Where it takes mail from other servers.
    pub fn smtp(&self) -> SocketAddr {
        self.smtp
    }

    /// The `smtp` line of an account that sends by it: with TLS from the beginning, or by STARTTLS.
    pub fn smtp_toml(&self, from_the_beginning: bool) -> String {
        let (port, security) =
            if from_the_beginning { (self.tls.port(), "tls") } else { (self.submission.port(), "starttls") };
        format!(
            "smtp = {{ host = \"localhost\", port = {port}, security = \"{security}\", ca_file = {:?} }}",
            self.identity.ca_file()
        )
    }

    /// Waits until so many mails have been delivered, and returns them all.
    ///
    /// # Errors
    /// They are not within half a minute.
    pub async fn until_delivered(&self, count: usize) -> Result<Vec<Vec<u8>>> {
        let mut handed = self.handed.clone();
        let enough = handed.wait_for(|handed| *handed >= count);
        tokio::time::timeout(Duration::from_secs(30), enough).await.context("they are not delivered")??;
        self.delivered()
    }

    /// The mails that it has delivered so far, in no order.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn delivered(&self) -> Result<Vec<Vec<u8>>> {
        let mut mails = Vec::new();
        for entry in fs::read_dir(self.folder.path().join("mails"))? {
            let path = entry?.path();
            if path.extension().is_some_and(|it| it == "eml") {
                mails.push(fs::read(path)?);
            }
        }
        Ok(mails)
    }
}
