//! A real Dovecot on loopback, as root or as an ordinary user, with one account and its own CA.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::accounts::{self, Account, free_port};
use crate::lmtp::{Lmtp, greets};
use crate::maildir::Maildir;
use crate::server::Endpoint;
use crate::tls::{Flaw, Identity};

/// How Dovecot is set up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The user's name.
    pub user: String,
    /// The name by which the user signs in, where it is another: their address does as well.
    pub login: Option<String>,
    /// The user's password.
    pub password: String,
    /// Storage limit, as in Dovecot's `quota_rule`: `"10M"`.
    pub quota: Option<String>,
    /// Capabilities announced in place of Dovecot's own (`imap_capability`), to hide MOVE or IDLE.
    pub capability: Option<String>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            user: "ada".to_owned(),
            login: None,
            password: "correct-horse".to_owned(),
            quota: None,
            capability: None,
        }
    }
}

/// The server; it stops when this is dropped, and its files go.
pub struct Dovecot {
    child: Child,
    port: u16,
    lmtp_port: u16,
    identity: Identity,
    setup: Setup,
    maildir: Maildir,
    directory: tempfile::TempDir,
}

const BINARY: &str = "/usr/sbin/dovecot";

/// Who runs what: as root the mail belongs to nobody, else all is the user's own.
struct Owners {
    mail: Account,
    login: String,
    internal: Account,
    root: bool,
}

impl Dovecot {
    /// True if Dovecot with its LMTP server is installed.
    pub fn installed() -> bool {
        Path::new(BINARY).exists() && Path::new("/usr/lib/dovecot/lmtp").exists()
    }

    /// Starts a server with an empty INBOX and `Sent`, and waits until it greets.
    ///
    /// # Errors
    /// When Dovecot is missing (install dovecot-imapd and dovecot-lmtpd) or does not come up in 20 s; its log is
    /// in the text.
    pub fn start(setup: Setup) -> Result<Self> {
        if !Self::installed() {
            bail!("Dovecot is missing: install dovecot-imapd and dovecot-lmtpd");
        }
        let mut tried = 0;
        // A port that was free may be taken before Dovecot binds it.
        loop {
            tried += 1;
            match Self::try_start(setup.clone()) {
                Err(_) if tried < 4 => {}
                result => return result,
            }
        }
    }

    fn try_start(setup: Setup) -> Result<Self> {
        let directory = tempfile::Builder::new().prefix("dovecot-").tempdir()?;
        let root = directory.path().to_owned();
        let owners = owners()?;
        let identity = Identity::new(&root, Flaw::None)?;
        fs::write(root.join("cert.pem"), identity.certificate_pem())?;
        fs::write(root.join("key.pem"), identity.key_pem())?;
        fs::write(root.join("users"), format!("{}:{{PLAIN}}{}::::::\n", setup.user, setup.password))?;
        for name in ["run", "state", "mail"] {
            fs::create_dir(root.join(name))?;
        }
        let owner = owners.root.then_some(owners.mail.ids);
        // Others may pass through, not look: the mail's owner has to reach its Maildir, and a mail server the sign-in's socket.
        fs::set_permissions(&root, fs::Permissions::from_mode(0o711))?;
        if let Some((user, group)) = owner {
            chown(root.join("mail"), Some(user), Some(group))?;
        }
        let maildir = Maildir::new(&root.join("mail").join(&setup.user), owner)?;
        let (port, lmtp_port) = (free_port()?, free_port()?);
        let config = root.join("dovecot.conf");
        fs::write(&config, configuration(&root, &setup, &owners, port, lmtp_port))?;
        let child = Command::new(BINARY)
            .args(["-F", "-c"])
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(root.join("stderr"))?)
            .spawn()
            .context("start Dovecot")?;
        let mut dovecot = Self { child, port, lmtp_port, identity, setup, maildir, directory };
        dovecot.wait_ready()?;
        Ok(dovecot)
    }

    fn wait_ready(&mut self) -> Result<()> {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(20) {
            if let Some(status) = self.child.try_wait()? {
                bail!("Dovecot ended with {status}: {}", self.log());
            }
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() && greets(self.lmtp_port) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("Dovecot did not come up: {}", self.log())
    }

    /// What Dovecot logged so far.
    pub fn log(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.directory.path().join(name)).unwrap_or_default();
        format!("{}{}", read("stderr"), read("dovecot.log"))
    }

    /// All that a client needs to sign in.
    pub fn endpoint(&self) -> Endpoint {
        let (login, password) = self.credentials();
        Endpoint::tls(self.port, &self.identity, login, password)
    }

    /// The account's mail on disk.
    pub fn maildir(&self) -> &Maildir {
        &self.maildir
    }

    /// Delivers mails over LMTP on one connection; their INTERNALDATE becomes now.
    ///
    /// # Errors
    /// When Dovecot refuses one.
    pub async fn lmtp(&self, mails: &[&[u8]]) -> Result<()> {
        let mut lmtp = Lmtp::connect(self.lmtp_port).await?;
        for mail in mails {
            lmtp.deliver("", &format!("{}@example.org", self.setup.user), mail).await?;
        }
        Ok(())
    }

    /// The port of the LMTP server.
    pub fn lmtp_port(&self) -> u16 {
        self.lmtp_port
    }

    /// The socket at which other servers ask whether a password is right, whoever runs them.
    pub fn auth_socket(&self) -> PathBuf {
        self.directory.path().join("run/auth-client")
    }

    /// The user's name for signing in, and their password.
    pub fn credentials(&self) -> (&str, &str) {
        (self.setup.login.as_ref().unwrap_or(&self.setup.user), &self.setup.password)
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // SIGTERM to this very master, which ends its own children; `doveadm stop` would sleep three seconds.
        let stop = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status();
        let began = Instant::now();
        if stop.is_ok_and(|status| status.success()) {
            while began.elapsed() < Duration::from_secs(5) {
                if matches!(self.child.try_wait(), Ok(Some(_))) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn owners() -> Result<Owners> {
    if accounts::is_root()? {
        return Ok(Owners {
            mail: Account::of("nobody")?,
            login: "dovenull".to_owned(),
            internal: Account::of("dovecot")?,
            root: true,
        });
    }
    let own = Account::own()?;
    Ok(Owners { mail: own.clone(), login: own.user.clone(), internal: own, root: false })
}

fn configuration(root: &Path, setup: &Setup, owners: &Owners, port: u16, lmtp_port: u16) -> String {
    let root = root.display();
    let no_chroot = if owners.root { "" } else { "chroot =" };
    let Owners { mail, login, internal, .. } = owners;
    let mut text = format!(
        "base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = required
ssl_cert = <{root}/cert.pem
ssl_key = <{root}/key.pem
default_login_user = {login}
default_internal_user = {internal_user}
default_internal_group = {internal_group}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{root}/mail/%n
mail_max_userip_connections = 100
auth_username_format = %Ln
auth_mechanisms = plain login
postmaster_address = postmaster@example.org
hostname = mx.example.org
lda_mailbox_autocreate = yes
passdb {{
  driver = passwd-file
  args = {root}/users
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={root}/mail/%n
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
}}
service imap-login {{
  {no_chroot}
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
}}
service auth {{
  unix_listener auth-client {{
    mode = 0666
  }}
}}
service anvil {{
  {no_chroot}
}}
service stats {{
  {no_chroot}
}}
",
        internal_user = internal.user,
        internal_group = internal.group,
        mail_user = mail.user,
        mail_group = mail.group,
    );
    if let Some(limit) = &setup.quota {
        text.push_str(&format!(
            "mail_plugins = quota\nprotocol imap {{\n  mail_plugins = quota imap_quota\n}}\n\
             plugin {{\n  quota = count:User quota\n  quota_vsizes = yes\n  quota_rule = *:storage={limit}\n}}\n"
        ));
    }
    if let Some(capability) = &setup.capability {
        text.push_str(&format!("imap_capability = {capability}\n"));
    }
    text
}
