//! A small LMTP client (RFC 2033), which speaks SMTP (RFC 5321) as well: for one recipient they differ in the greeting alone.

use std::io::Read as _;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// A connection to a server's LMTP or SMTP port on loopback.
pub struct Lmtp {
    stream: BufReader<TcpStream>,
}

impl Lmtp {
    /// Connects and says LHLO.
    ///
    /// # Errors
    /// When the server can't be reached or refuses.
    pub async fn connect(port: u16) -> Result<Self> {
        Self::greet(port, "LHLO mx.example.org").await
    }

    /// Connects to a server's SMTP port and says EHLO.
    ///
    /// # Errors
    /// When the server can't be reached or refuses.
    pub async fn connect_smtp(port: u16) -> Result<Self> {
        Self::greet(port, "EHLO mx.elsewhere.example").await
    }

    async fn greet(port: u16, hello: &str) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.context("connect to the mail server")?;
        let mut lmtp = Self { stream: BufReader::new(stream) };
        lmtp.answer('2').await?;
        lmtp.say(hello, '2').await?;
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

    /// Sends a command and reads its answer.
    ///
    /// # Errors
    /// When the answer is of another kind than expected; it is in the text.
    pub async fn say(&mut self, line: &str, expected: char) -> Result<()> {
        self.stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).await?;
        self.answer(expected).await.with_context(|| format!("at {line}"))
    }

    async fn answer(&mut self, expected: char) -> Result<()> {
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).await?;
            ensure!(line.starts_with(expected), "the mail server answered {}", line.trim_end());
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(());
            }
        }
    }
}

/// Whether a server on loopback greets as one of LMTP or SMTP does.
pub(crate) fn greets(port: u16) -> bool {
    let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", port)) else { return false };
    let mut greeting = [0; 3];
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    stream.read_exact(&mut greeting).is_ok() && greeting == *b"220"
}
