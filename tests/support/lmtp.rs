//! A small LMTP client (RFC 2033).

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// A connection to a server's LMTP port on loopback.
pub struct Lmtp {
    stream: BufReader<TcpStream>,
}

impl Lmtp {
    /// Connects and says LHLO.
    ///
    /// # Errors
    /// When the server can't be reached or refuses.
    pub async fn connect(port: u16) -> Result<Self> {
        let stream =
            BufReader::new(TcpStream::connect(("127.0.0.1", port)).await.context("connect to LMTP")?);
        let mut lmtp = Self { stream };
        lmtp.answer('2').await?;
        lmtp.say("LHLO mx.example.org", '2').await?;
        Ok(lmtp)
    }

    /// Delivers one mail from the empty sender, or from this one.
    ///
    /// # Errors
    /// When the server refuses it.
    pub async fn deliver(&mut self, from: &str, to: &str, mail: &[u8]) -> Result<()> {
        self.say(&format!("MAIL FROM:<{from}>"), '2').await?;
        self.say(&format!("RCPT TO:<{to}>"), '2').await?;
        self.say("DATA", '3').await?;
        let mut octets = Vec::with_capacity(mail.len() + 8);
        for line in mail.split_inclusive(|byte| *byte == b'\n') {
            if line.starts_with(b".") {
                octets.push(b'.');
            }
            octets.extend_from_slice(line);
        }
        if !octets.ends_with(b"\r\n") {
            octets.extend_from_slice(b"\r\n");
        }
        octets.extend_from_slice(b".\r\n");
        self.stream.get_mut().write_all(&octets).await?;
        self.answer('2').await
    }

    async fn say(&mut self, line: &str, expected: char) -> Result<()> {
        self.stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).await?;
        self.answer(expected).await.with_context(|| format!("at {line}"))
    }

    async fn answer(&mut self, expected: char) -> Result<()> {
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).await?;
            ensure!(line.starts_with(expected), "LMTP: {}", line.trim_end());
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(());
            }
        }
    }
}
