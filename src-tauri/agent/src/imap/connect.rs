//! From a host name to a signed-in connection.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use async_imap::imap_proto::Status;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::capabilities::{Capabilities, Namespace};
use super::command::Command;
use super::guard::Traffic;
use super::sign_in::sign_in;
use super::tls::{Trust, encrypt};
use super::wire::{Heard, Said, Stream, Wire};
use super::{Connection, Credentials, Deadlines, ImapError, Loss, Security, Server};

/// NAT boxes forget a silent connection after some minutes, and tell nobody.
const KEEPALIVE_AFTER: Duration = Duration::from_secs(60);
const KEEPALIVE_EVERY: Duration = Duration::from_secs(20);
/// How long a server may take over LOGOUT; nothing depends on it.
const GOODBYE: Duration = Duration::from_secs(3);

impl Connection {
    /// Connects, signs in, and asks what the server offers.
    ///
    /// # Errors
    /// Every [`ImapError`] but those of folders and mails; [`ImapError::class`] says what to do.
    pub async fn open(
        server: &Server,
        credentials: &Credentials,
        deadlines: Deadlines,
    ) -> Result<Self, ImapError> {
        let trust = Trust::of(server).await?;
        Self::open_with(server, &trust, credentials, deadlines).await
    }

    /// [`Connection::open`] for whoever has read the roots already, for more than one connection.
    ///
    /// # Errors
    /// As of [`Connection::open`].
    pub async fn open_with(
        server: &Server,
        trust: &Trust,
        credentials: &Credentials,
        deadlines: Deadlines,
    ) -> Result<Self, ImapError> {
        let stream = tcp(server, deadlines.connect).await?;
        let stream = match server.security {
            Security::Tls => within(deadlines.connect, server, encrypt(stream, server, trust)).await?,
            Security::StartTls | Security::None => stream,
        };
        Self::over(stream, server, trust, credentials, deadlines).await
    }

    /// Signs in over a stream on which the server's greeting comes next.
    pub(super) async fn over(
        stream: Stream,
        server: &Server,
        trust: &Trust,
        credentials: &Credentials,
        deadlines: Deadlines,
    ) -> Result<Self, ImapError> {
        let traffic = Arc::new(Traffic::default());
        let mut wire = Wire::new(stream, Arc::clone(&traffic), deadlines.response);
        wire.set_patience(Some(deadlines.connect));
        let mut signed_in = greeting(&mut wire, &server.host).await?;
        if server.security == Security::StartTls {
            if signed_in {
                // RFC 9051 §11: a PREAUTH before STARTTLS keeps a client in clear text.
                return Err(ImapError::Injected { host: server.host.clone() });
            }
            let stream = start_tls(wire, server).await?;
            let stream = within(deadlines.connect, server, encrypt(stream, server, trust)).await?;
            wire = Wire::new(stream, traffic, deadlines.response);
            signed_in = false;
        }
        if !signed_in {
            let offered = Capabilities::ask(&mut wire).await?;
            sign_in(&mut wire, &offered, credentials, &server.host).await?;
        }
        let capabilities = Capabilities::ask(&mut wire).await?;
        let mut connection = Self { wire, capabilities, namespace: Namespace::default(), selected: None };
        connection.introduce().await?;
        Ok(connection)
    }

    /// Says goodbye and closes; takes three seconds at most, and can't fail.
    pub async fn log_out(mut self) {
        let _ = timeout(GOODBYE, async {
            if self.wire.is_usable() {
                let _ = self.wire.run(&Command::new("LOGOUT"), &mut |_| {}).await;
            }
            self.wire.close().await;
        })
        .await;
    }
}

async fn tcp(server: &Server, patience: Duration) -> Result<Stream, ImapError> {
    let Server { host, port, .. } = server;
    let unreachable = |kind| ImapError::Unreachable { host: host.clone(), port: *port, kind };
    let found = timeout(patience, lookup_host((host.as_str(), *port))).await;
    let addresses: Vec<SocketAddr> = match found {
        Ok(Ok(found)) => found.collect(),
        Ok(Err(_)) => vec![],
        Err(_) => return Err(unreachable(io::ErrorKind::TimedOut)),
    };
    if addresses.is_empty() {
        return Err(ImapError::UnknownHost { host: host.clone() });
    }
    if server.security == Security::None && !addresses.iter().all(|a| a.ip().is_loopback()) {
        return Err(ImapError::NotLoopback { host: host.clone() });
    }
    // A dead IPv6 path must leave time for IPv4.
    let each = patience / u32::try_from(addresses.len()).unwrap_or(1).clamp(1, 3);
    let mut kind = io::ErrorKind::TimedOut;
    for address in addresses {
        match timeout(each, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                let keepalive = TcpKeepalive::new().with_time(KEEPALIVE_AFTER).with_interval(KEEPALIVE_EVERY);
                // Without them a dead link is found by the deadlines alone, only later.
                let _ = SockRef::from(&stream).set_tcp_keepalive(&keepalive);
                let _ = stream.set_nodelay(true);
                return Ok(Box::new(stream));
            }
            Ok(Err(error)) => kind = error.kind(),
            Err(_) => kind = io::ErrorKind::TimedOut,
        }
    }
    Err(unreachable(kind))
}

async fn within<T>(
    patience: Duration,
    server: &Server,
    handshake: impl Future<Output = Result<T, ImapError>>,
) -> Result<T, ImapError> {
    let kind = io::ErrorKind::TimedOut;
    let late = |_| ImapError::Unreachable { host: server.host.clone(), port: server.port, kind };
    timeout(patience, handshake).await.map_err(late)?
}

/// Reads the greeting; says whether the connection is signed in already (PREAUTH).
async fn greeting(wire: &mut Wire, host: &str) -> Result<bool, ImapError> {
    let mut foreign = false;
    let said = wire.next("the greeting", &mut |said| foreign |= matches!(said, Said::Unreadable(_))).await;
    let not_imap = || ImapError::NotImap { host: host.to_owned() };
    match said {
        Err(ImapError::Lost { how: Loss::Bye(text), .. }) => Err(ImapError::TurnedAway { text }),
        _ if foreign => Err(not_imap()),
        Err(lost) => Err(lost),
        Ok(Heard::Status(Status::Ok)) => Ok(false),
        Ok(Heard::Status(Status::PreAuth)) => Ok(true),
        Ok(_) => Err(not_imap()),
    }
}

/// Asks for TLS; gives the stream back at the very byte where the handshake begins.
async fn start_tls(mut wire: Wire, server: &Server) -> Result<Stream, ImapError> {
    let offered = Capabilities::ask(&mut wire).await?;
    if !offered.has("STARTTLS") {
        return Err(ImapError::NoStartTls { host: server.host.clone() });
    }
    match wire.run(&Command::new("STARTTLS"), &mut |_| {}).await {
        Ok(()) => {}
        Err(ImapError::Refused { .. }) => {
            return Err(ImapError::NoStartTls { host: server.host.clone() });
        }
        Err(lost) => return Err(lost),
    }
    wire.into_stream_if_drained().ok_or_else(|| ImapError::Injected { host: server.host.clone() })
}
