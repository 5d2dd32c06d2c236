//! The bare client: async-imap alone, which reads every response into mails and drops them.

use anyhow::{Context as _, Result, anyhow, ensure};
use async_imap::Session;
use futures_util::TryStreamExt as _;
use it::imap_double::uid_set;
use it::{Endpoint, tls};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// Mails moved with one command, as the agent does it.
const BATCH: usize = 200;

/// A client that is signed in.
pub struct Client(Session<TlsStream<TcpStream>>);

impl Client {
    /// Connects by TLS and signs in.
    ///
    /// # Errors
    /// The server can't be reached, or refuses.
    pub async fn sign_in(endpoint: &Endpoint) -> Result<Self> {
        let tcp = TcpStream::connect(("127.0.0.1", endpoint.port)).await.context("connect")?;
        tcp.set_nodelay(true)?;
        let connector = tls::connector(&std::fs::read_to_string(&endpoint.ca_file)?)?;
        let name = endpoint.host.clone().try_into().context("host name")?;
        let mut client = async_imap::Client::new(connector.connect(name, tcp).await.context("TLS")?);
        client.read_response().await?.context("a greeting")?;
        let session = client.login(&endpoint.user, &endpoint.password).await;
        Ok(Self(session.map_err(|(error, _)| anyhow!("sign in: {error}"))?))
    }

    /// Opens a folder for reading, or for moving mail out of it.
    ///
    /// # Errors
    /// The server refuses, or the connection is lost.
    pub async fn open(&mut self, folder: &str, to_change: bool) -> Result<()> {
        if to_change {
            self.0.select(folder).await?;
        } else {
            self.0.examine(folder).await?;
        }
        Ok(())
    }

    /// Fetches items of some mails.
    ///
    /// # Errors
    /// Not `expected` mails came (0.12 takes a refusal for an end), or the connection is lost.
    pub async fn fetch(&mut self, uids: &str, items: &str, expected: usize) -> Result<()> {
        let mut mails = self.0.uid_fetch(uids, items).await?;
        let mut count = 0;
        while mails.try_next().await?.is_some() {
            count += 1;
        }
        ensure!(count == expected, "{count} mails came, not {expected}");
        Ok(())
    }

    /// Moves mails of the open folder to one that is there.
    ///
    /// # Errors
    /// The server refuses, or the connection is lost.
    pub async fn move_uids(&mut self, uids: &[u32], to: &str) -> Result<()> {
        for batch in uids.chunks(BATCH) {
            self.0.uid_mv(uid_set(batch), to).await?;
        }
        Ok(())
    }

    /// Says goodbye.
    ///
    /// # Errors
    /// The connection is lost.
    pub async fn log_out(mut self) -> Result<()> {
        Ok(self.0.logout().await?)
    }
}
