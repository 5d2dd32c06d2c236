//! A real Postfix on loopback, which signs users in by the lab's Dovecot and delivers their mail there.
//!
//! `tests/run` only unpacks its package: installed, it would be the mail server of this machine.

mod configuration;

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, Result, bail, ensure};

use crate::accounts::{Account, free_port, is_root};
use crate::dovecot::Dovecot;
use crate::lmtp::{Lmtp, greets};
use crate::tls::{Flaw, Identity};

use configuration::{DROP_GROUP, OWNER, libraries, main_cf, master_cf, transport};

/// Ports are tried so often: another program can take one before the server does.
const TRIES: usize = 4;
/// How long it may take to start, or to deliver.
const PATIENCE: Duration = Duration::from_secs(30);
/// What root does for a server.
const RUN: &str = include_str!("postfix/run.sh");

/// How Postfix is set up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The domains whose mail is kept, for [`Postfix::kept`].
    pub kept: Vec<String>,
    /// The addresses to which delivery fails for good after their mail was taken, as POSIX regular expressions.
    pub failing: Vec<String>,
    /// The longest mail that it takes, in octets.
    pub size_limit: usize,
}

impl Default for Setup {
    fn default() -> Self {
        Self { kept: vec!["spam.spamcop.net".to_owned()], failing: Vec::new(), size_limit: 10_240_000 }
    }
}

/// The server; it stops when this is dropped, and its files go.
pub struct Postfix {
    submission: u16,
    inbound: u16,
    identity: Identity,
    credentials: (String, String),
    server: Child,
    folder: tempfile::TempDir,
}

/// Where `tests/run` has unpacked it.
fn unpacked() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/postfix")
}

impl Postfix {
    /// Starts a server for the users of a Dovecot, and waits until it greets.
    ///
    /// # Errors
    /// When Postfix is not unpacked (`tests/run` does it), may not be run as root, or does not come up.
    pub fn start(mailbox: &Dovecot, setup: &Setup) -> Result<Self> {
        let root = unpacked().canonicalize().context("`tests/run` unpacks Postfix into target/postfix")?;
        let mut failed = None;
        for _ in 0..TRIES {
            match Self::try_start(&root, mailbox, setup) {
                Ok(started) => return Ok(started),
                Err(error) => failed = Some(error),
            }
        }
        Err(failed.context("no port was tried")?)
    }

    fn try_start(programs: &Path, mailbox: &Dovecot, setup: &Setup) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("postfix-").tempdir()?;
        let root = folder.path();
        // Whoever owns the queue passes through.
        fs::set_permissions(root, fs::Permissions::from_mode(0o711))?;
        let as_root = is_root()?;
        let keeper = if as_root { Account::of("nobody")? } else { Account::own()? };
        let identity = Identity::new(root, Flaw::None)?;
        fs::write(root.join("tls.pem"), format!("{}{}", identity.key_pem(), identity.certificate_pem()))?;
        let (submission, inbound) = (free_port()?, free_port()?);
        let files = [
            ("transport", transport(setup)),
            ("main.cf", main_cf(root, programs, mailbox, setup, keeper.ids)),
            ("master.cf", master_cf(submission, inbound)),
        ];
        for (name, text) in files {
            let mut file = File::create(root.join(name))?;
            file.write_all(text.as_bytes())?;
            // Postfix waits until nobody has written its files for two seconds.
            file.set_modified(SystemTime::now() - Duration::from_secs(60))?;
        }
        // Root would make it for root alone.
        File::create(root.join("maillog"))?;
        let mut command = if as_root { Command::new("sh") } else { Command::new("sudo") };
        if !as_root {
            command.args(["-n", "sh"]);
        }
        let server = command
            .args(["-c", RUN, "sh"])
            .arg(root)
            .args([OWNER, DROP_GROUP, &keeper.user, &keeper.group])
            .arg("env")
            .arg(format!("LD_LIBRARY_PATH={}", libraries(programs)))
            .arg(programs.join("usr/lib/postfix/sbin/master"))
            .arg("-c")
            .arg(root)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(File::create(root.join("stderr"))?)
            .spawn()
            .context("Postfix runs as root: run the tests as root, or install sudo")?;
        let (user, password) = mailbox.credentials();
        let credentials = (user.to_owned(), password.to_owned());
        let mut postfix = Self { submission, inbound, identity, credentials, server, folder };
        postfix.wait_ready(as_root)?;
        Ok(postfix)
    }

    fn wait_ready(&mut self, as_root: bool) -> Result<()> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Some(status) = self.server.try_wait()? {
                let log = self.log();
                ensure!(
                    as_root || !log.contains("sudo:"),
                    "Postfix runs as root: run the tests as root, or allow this user sudo without a password: {log}"
                );
                bail!("Postfix ended with {status}: {log}");
            }
            if [self.submission, self.inbound].into_iter().all(greets) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("Postfix did not come up: {}", self.log())
    }

    /// What Postfix logged so far.
    pub fn log(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        format!("{}{}", read("stderr"), read("maillog"))
    }

    /// Where users hand their mail in, by STARTTLS and with their Dovecot password.
    pub fn submission(&self) -> u16 {
        self.submission
    }

    /// Where it takes mail for `example.org` from anybody.
    pub fn inbound(&self) -> u16 {
        self.inbound
    }

    /// The user's name for signing in, and their password: those of the Dovecot.
    pub fn credentials(&self) -> (&str, &str) {
        (&self.credentials.0, &self.credentials.1)
    }

    /// The PEM file of the CA.
    pub fn ca_file(&self) -> &Path {
        self.identity.ca_file()
    }

    /// The `smtp` line of an account that sends by it.
    pub fn smtp_toml(&self) -> String {
        format!(
            "smtp = {{ host = \"localhost\", port = {}, security = \"starttls\", ca_file = {:?} }}",
            self.submission,
            self.ca_file()
        )
    }

    /// Hands a mail in as somebody outside does, to a user of `example.org`; the null sender is the empty text.
    ///
    /// # Errors
    /// When it refuses the mail.
    pub async fn deliver(&self, from: &str, to: &str, mail: &[u8]) -> Result<()> {
        Lmtp::connect_smtp(self.inbound).await?.deliver(from, to, mail).await
    }

    /// The mails to the kept domains so far, in no order and with the line ends of Unix; the recipient of each is in the
    /// `Delivered-To` that Postfix puts on top.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn kept(&self) -> Result<Vec<Vec<u8>>> {
        let new = self.folder.path().join("kept/Maildir/new");
        if !new.exists() {
            return Ok(Vec::new());
        }
        fs::read_dir(new)?.map(|entry| Ok(fs::read(entry?.path())?)).collect()
    }

    /// Waits until so many mails are kept, and returns them all.
    ///
    /// # Errors
    /// They are not within half a minute; the log is in the text.
    pub async fn until_kept(&self, count: usize) -> Result<Vec<Vec<u8>>> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            let kept = self.kept()?;
            if kept.len() >= count {
                return Ok(kept);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!("{count} mails are not delivered: {}", self.log())
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // At the end of its input, root's shell stops the server and waits for it.
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}
