//! Lines of bounded length.

use serde::{Serialize, de::DeserializeOwned};
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// A line, as far as it could be read.
pub enum Line {
    /// A whole line, without its end.
    Whole(Vec<u8>),
    /// A line that is too long; nothing behind it can be trusted.
    TooLong,
    /// The other side is done.
    End,
}

/// Reads a line of at most `longest` bytes.
pub async fn read(from: &mut (impl AsyncBufRead + Unpin), longest: usize) -> std::io::Result<Line> {
    let mut line = Vec::new();
    loop {
        let (used, done) = {
            let buffer = from.fill_buf().await?;
            if buffer.is_empty() {
                // A line that was cut off was not said.
                return Ok(Line::End);
            }
            match buffer.iter().position(|byte| *byte == b'\n') {
                Some(end) => {
                    line.extend(buffer.iter().take(end));
                    (end + 1, true)
                }
                None => {
                    line.extend_from_slice(buffer);
                    (buffer.len(), false)
                }
            }
        };
        from.consume(used);
        if line.len() > longest {
            return Ok(Line::TooLong);
        }
        if done {
            return Ok(Line::Whole(line));
        }
    }
}

/// Writes a value as one line.
pub async fn write(to: &mut (impl AsyncWrite + Unpin), value: &impl Serialize) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    to.write_all(&line).await?;
    to.flush().await
}

/// Reads a value out of a line.
pub fn parse<T: DeserializeOwned>(line: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(line)
}
