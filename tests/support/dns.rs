//! A real name server on loopback, dnsmasq, with the records that a test gives it.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Where the package puts it, which is not on the way of ordinary users' commands.
const BINARY: &str = "/usr/sbin/dnsmasq";
/// Ports are tried so often: another program can take one before the server does.
const TRIES: usize = 5;

/// The server; it ends when this is dropped. It knows what it was given, and that nothing else is below `.example` and `.org`.
pub struct NameServer {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    _server: Child,
    _records: tempfile::NamedTempFile,
}

impl NameServer {
    /// Starts a server with these records, each as a line of dnsmasq's configuration: `txt-record=example.org,"v=spf1 -all"`.
    ///
    /// # Errors
    /// When dnsmasq is not installed (`tests/run` does it), or does not take the records.
    pub async fn start(records: &[String]) -> Result<Self> {
        let mut failed = None;
        for _ in 0..TRIES {
            match Self::try_start(records).await {
                Ok(started) => return Ok(started),
                Err(error) => failed = Some(error),
            }
        }
        Err(failed.context("no port was tried")?)
    }

    async fn try_start(records: &[String]) -> Result<Self> {
        // Free for UDP and TCP at this moment.
        let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = udp.local_addr()?;
        drop((std::net::TcpListener::bind(address)?, udp));
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), records.join("\n") + "\n")?;
        let mut server = Command::new(BINARY)
            // Neither a service nor another user, and nothing of the machine's own settings.
            .args(["--no-daemon", "--no-resolv", "--no-hosts", "--no-poll", "--log-queries"])
            .args(["--bind-interfaces", "--listen-address=127.0.0.1", "--local=/example/", "--local=/org/"])
            .arg(format!("--port={}", address.port()))
            .arg(format!("--conf-file={}", file.path().display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("start dnsmasq; `tests/run` installs it")?;
        let mut said = BufReader::new(server.stderr.take().context("a pipe")?).lines();
        let mut all = String::new();
        let started = async {
            while let Some(line) = said.next_line().await? {
                all.push_str(&line);
                if line.contains("started, version") {
                    return Ok(());
                }
            }
            bail!("dnsmasq ended: {all}")
        };
        tokio::time::timeout(Duration::from_secs(20), started).await.context("dnsmasq does not start")??;
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = asked.clone();
        // Whatever else it says is read, so that it never waits for us.
        tokio::spawn(async move {
            while let Ok(Some(line)) = said.next_line().await {
                if let Some((_, question)) = line.split_once(": query[") {
                    kept.lock().unwrap_or_else(PoisonError::into_inner).push(question.to_owned());
                }
            }
        });
        Ok(Self { address, asked, _server: server, _records: file })
    }

    /// Whether it was asked about a name, up to now; it tells so before it answers.
    pub fn was_asked(&self, name: &str) -> bool {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.iter().any(|question| question.contains(&format!("] {name} ")))
    }

    /// Where it answers.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The lines for the table of look-ups by which the agent asks this server.
    pub fn lookups(&self) -> String {
        format!("dkim_spf = true\nname_servers = [\"{}\"]", self.address)
    }
}
