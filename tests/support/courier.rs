//! A real Courier IMAP server on loopback: it has UIDPLUS and IDLE, and neither MOVE nor SPECIAL-USE nor ID, and
//! keeps all folders below INBOX.
//!
//! Debian's courier-imap and dovecot-imapd exclude each other, so `tests/run` only unpacks Courier's packages. Its
//! sign-in programs look for their settings below `/etc/courier`; so a front signs in, and hands the connection to
//! Courier's own imapd, which then greets with PREAUTH as it does behind its sign-in programs.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio_rustls::TlsAcceptor;

use crate::maildir::Maildir;
use crate::server::Endpoint;
use crate::tls::{Flaw, Identity};

const USER: &str = "ada";
const PASSWORD: &str = "correct-horse";
/// As in the packaged /etc/courier/imapd (courier-imap 5.0.13).
const CAPABILITY: &str =
    "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE";

/// The server; it stops when this is dropped, and its files go.
pub struct Courier {
    port: u16,
    identity: Identity,
    maildir: Maildir,
    runtime: Option<tokio::runtime::Runtime>,
    _directory: tempfile::TempDir,
}

/// Where `tests/run` has unpacked Courier.
fn unpacked() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/courier")
}

/// What every session needs.
struct Site {
    imapd: PathBuf,
    libraries: String,
    home: PathBuf,
    acceptor: TlsAcceptor,
}

impl Courier {
    /// True if Courier is unpacked where [`Courier::start`] looks for it.
    pub fn installed() -> bool {
        unpacked().join("usr/bin/imapd").exists()
    }

    /// Starts a server with an empty INBOX and `INBOX.Sent`.
    ///
    /// # Errors
    /// When Courier is not unpacked (`tests/run` does it), or its mail cannot be laid out.
    pub fn start() -> Result<Self> {
        if !Self::installed() {
            bail!("Courier is missing: `tests/run` unpacks it into target/courier");
        }
        let directory = tempfile::Builder::new().prefix("courier-").tempdir()?;
        let identity = Identity::new(directory.path(), Flaw::None)?;
        let maildir = Maildir::new(&directory.path().join("Maildir"), None)?.unix_lines();
        maildir.put("Sent", [])?;
        let root = unpacked().canonicalize()?;
        let libraries = ["usr/lib", "usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu"]
            .into_iter()
            .chain(["lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu"])
            .map(|folder| root.join(folder).display().to_string())
            .collect::<Vec<_>>()
            .join(":");
        let site = Arc::new(Site {
            imapd: root.join("usr/bin/imapd"),
            libraries,
            home: directory.path().to_owned(),
            acceptor: identity.acceptor()?,
        });
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        runtime.spawn(async move {
            let Ok(listener) = TcpListener::from_std(listener) else { return };
            while let Ok((stream, _)) = listener.accept().await {
                // A session that fails ends, as its client sees.
                tokio::spawn(session(site.clone(), stream));
            }
        });
        Ok(Self { port, identity, maildir, runtime: Some(runtime), _directory: directory })
    }

    /// All that a client needs to sign in.
    pub fn endpoint(&self) -> Endpoint {
        Endpoint::tls(self.port, &self.identity, USER, PASSWORD)
    }

    /// The account's mail on disk.
    pub fn maildir(&self) -> &Maildir {
        &self.maildir
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn session(site: Arc<Site>, stream: TcpStream) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut client = BufReader::new(site.acceptor.accept(stream).await?);
    let Some(tag) = sign_in(&mut client).await? else { return Ok(()) };
    let mut child = Command::new(&site.imapd)
        .arg("Maildir")
        .current_dir(&site.home)
        .env_clear()
        .env("LD_LIBRARY_PATH", &site.libraries)
        .env("HOME", &site.home)
        .env("AUTHENTICATED", USER)
        .env("AUTHADDR", format!("{USER}@example.org"))
        .env("TCPREMOTEIP", "127.0.0.1")
        .env("IMAP_CAPABILITY", CAPABILITY)
        .env("IMAP_KEYWORDS", "1")
        .env("IMAP_ACL", "1")
        .env("IMAP_USELOCKS", "1")
        .env("IMAP_ENHANCEDIDLE", "0")
        .env("IMAP_IDLE_TIMEOUT", "1")
        .env("IMAP_MAILBOX_SANITY_CHECK", "0")
        .env("IMAP_TRASHFOLDERNAME", "Trash")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("start Courier's imapd")?;
    let mut requests = child.stdin.take().context("its standard input")?;
    let mut answers = BufReader::new(child.stdout.take().context("its standard output")?);
    let mut greeting = String::new();
    while !greeting.starts_with("* PREAUTH") {
        greeting.clear();
        ensure!(answers.read_line(&mut greeting).await? > 0, "Courier's imapd ended at once");
    }
    client.write_all(format!("{tag} OK LOGIN Ok.\r\n").as_bytes()).await?;
    client.flush().await?;
    let (mut from_client, mut to_client) = tokio::io::split(client);
    // Either end may close first; then the other is closed as well.
    tokio::select! {
        ended = tokio::io::copy(&mut from_client, &mut requests) => { ended?; }
        ended = carry(&mut answers, &mut to_client) => ended?,
    }
    drop(requests);
    carry(&mut answers, &mut to_client).await?;
    to_client.shutdown().await?;
    child.wait().await?;
    Ok(())
}

/// Hands on what comes at once, so that nothing waits in a buffer of TLS.
async fn carry(
    from: &mut (impl tokio::io::AsyncBufRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
) -> Result<()> {
    loop {
        let bytes = from.fill_buf().await?;
        if bytes.is_empty() {
            return Ok(());
        }
        to.write_all(bytes).await?;
        to.flush().await?;
        let done = bytes.len();
        from.consume(done);
    }
}

/// Greets, and answers until somebody has signed in; returns the tag of that command, which is not answered yet.
async fn sign_in<S: AsyncRead + AsyncWrite + Unpin>(client: &mut BufReader<S>) -> Result<Option<String>> {
    client.write_all(format!("* OK [CAPABILITY {CAPABILITY}] Courier-IMAP ready.\r\n").as_bytes()).await?;
    loop {
        client.flush().await?;
        let mut line = String::new();
        if client.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let (tag, command) = line.trim_end().split_once(' ').unwrap_or((line.trim_end(), ""));
        let signs_in = ["", "\""].map(|quote| format!("LOGIN {quote}{USER}{quote} {quote}{PASSWORD}{quote}"));
        let name = command.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        let answer = match name.as_str() {
            "LOGIN" if signs_in.iter().any(|known| command == known) => return Ok(Some(tag.to_owned())),
            "LOGIN" => format!("{tag} NO Login failed.\r\n"),
            "CAPABILITY" => format!("* CAPABILITY {CAPABILITY}\r\n{tag} OK CAPABILITY completed\r\n"),
            "NOOP" => format!("{tag} OK NOOP completed\r\n"),
            "LOGOUT" => format!("* BYE Courier-IMAP server shutting down\r\n{tag} OK LOGOUT completed\r\n"),
            _ => format!("{tag} BAD sign in first\r\n"),
        };
        client.write_all(answer.as_bytes()).await?;
    }
}
