//! One connection: cuts commands out of the octets, asks for literals, writes and counts.

use anyhow::{Result, bail};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Anything that octets come from and go to.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A command with its literals, as it came.
#[derive(Debug)]
pub(super) struct Frame {
    pub bytes: Vec<u8>,
    /// The lines without their literals.
    pub line: String,
}

impl Frame {
    /// The tag and the rest of the line; both empty for an empty line.
    pub(super) fn tag_and_rest(&self) -> (&str, &str) {
        self.line.split_once(' ').unwrap_or((&self.line, ""))
    }

    /// The command's name in capitals, with the word after UID.
    pub(super) fn name(&self) -> String {
        let mut words = self.tag_and_rest().1.split_ascii_whitespace();
        let first = words.next().unwrap_or_default().to_ascii_uppercase();
        match words.next() {
            Some(second) if first == "UID" => format!("UID {}", second.to_ascii_uppercase()),
            _ => first,
        }
    }
}

pub(super) struct Wire {
    stream: Box<dyn Stream>,
    read: Vec<u8>,
    /// Octets of `read` that are whole lines and literals of the command under way.
    scanned: usize,
    line: String,
    pub byte_at_a_time: bool,
}

/// A command may be as long as a mail of 200 MB in an APPEND.
const LONGEST_LITERAL: usize = 200 << 20;

impl Wire {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self { stream, read: Vec::new(), scanned: 0, line: String::new(), byte_at_a_time: false }
    }

    /// Gives the stream back for STARTTLS; what was read ahead in clear text is dropped (CVE-2011-0411).
    pub(super) fn into_stream(self) -> Box<dyn Stream> {
        self.stream
    }

    /// Reads on until a whole command is there; none at the end of the stream. Safe to cancel.
    pub(super) async fn command(&mut self) -> Result<Option<Frame>> {
        loop {
            if let Some(frame) = self.cut().await? {
                return Ok(Some(frame));
            }
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Ok(None);
            }
        }
    }

    async fn cut(&mut self) -> Result<Option<Frame>> {
        loop {
            let rest = self.read.get(self.scanned..).unwrap_or_default();
            let Some(end) = rest.iter().position(|byte| *byte == b'\n') else { return Ok(None) };
            let line = String::from_utf8_lossy(rest.get(..end).unwrap_or_default()).into_owned();
            let line = line.trim_end_matches('\r');
            let Some((length, synchronising)) = literal_length(line) else {
                self.scanned += end + 1;
                self.line.push_str(line);
                let after = self.read.split_off(self.scanned);
                let bytes = std::mem::replace(&mut self.read, after);
                self.scanned = 0;
                return Ok(Some(Frame { bytes, line: std::mem::take(&mut self.line) }));
            };
            if length > LONGEST_LITERAL {
                bail!("literal too large");
            }
            let line_end = self.scanned + end + 1;
            let wanted = line_end + length;
            if self.read.len() < wanted {
                if synchronising && self.read.len() == line_end {
                    self.stream.write_all(b"+ go on\r\n").await?;
                    self.stream.flush().await?;
                }
                self.read.reserve(wanted - self.read.len());
                while self.read.len() < wanted {
                    if self.stream.read_buf(&mut self.read).await? == 0 {
                        return Ok(None);
                    }
                }
            }
            self.line.push_str(line);
            self.scanned = wanted;
        }
    }

    pub(super) async fn write(&mut self, octets: &[u8]) -> Result<()> {
        if self.byte_at_a_time {
            for byte in octets {
                self.stream.write_all(std::slice::from_ref(byte)).await?;
                self.stream.flush().await?;
            }
        } else {
            self.stream.write_all(octets).await?;
            self.stream.flush().await?;
        }
        Ok(())
    }

    pub(super) async fn close(&mut self) {
        let _ = self.stream.shutdown().await;
    }
}

fn literal_length(line: &str) -> Option<(usize, bool)> {
    let (_, inner) = line.strip_suffix('}')?.rsplit_once('{')?;
    match inner.strip_suffix(['+', '-']) {
        Some(number) => Some((number.parse().ok()?, false)),
        None => Some((inner.parse().ok()?, true)),
    }
}
