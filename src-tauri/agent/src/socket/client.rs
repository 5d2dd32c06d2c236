//! The other side of the socket: the command line, the tray, the window.

use std::path::{Path, PathBuf};

use tokio::{
    io::BufReader,
    net::{
        UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::mpsc,
};

use super::{LONGEST_ANSWER, Said, line, line::Line, short_name};
use crate::api::{ApiError, Event, Request, Response};

/// The agent could not be asked, or it refused.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// No agent listens there.
    #[error("no agent listens at {}; start one with `neversent run`", path.display())]
    NotRunning {
        /// Where the socket was looked for.
        path: PathBuf,
    },
    /// The socket cannot be used.
    #[error("the agent's socket {} cannot be used; are you the user who started it?", path.display())]
    Io {
        /// Where it lies.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The agent ended before it answered.
    #[error("the agent ended before it answered; see its log, and start it again with `neversent run`")]
    Ended,
    /// It answered something that this program does not know.
    #[error(
        "the agent answered what this program does not know; both must be of one version, so start the agent again"
    )]
    Unknown {
        /// Why it could not be read.
        source: serde_json::Error,
    },
    /// It answered that it cannot.
    #[error(transparent)]
    Refused(#[from] ApiError),
}

/// Asks one question.
///
/// # Errors
/// No agent is there, it ended, or it cannot do it.
pub async fn ask(path: &Path, request: Request) -> Result<Response, AskError> {
    Connection::open(path).await?.ask(request).await
}

/// A connection to the agent, for several questions or for what happens.
#[derive(Debug)]
pub struct Connection {
    path: PathBuf,
    from: BufReader<OwnedReadHalf>,
    to: OwnedWriteHalf,
}

impl Connection {
    /// Opens a connection.
    ///
    /// # Errors
    /// No agent is there, or its socket is somebody else's.
    pub async fn open(path: &Path) -> Result<Self, AskError> {
        use std::io::ErrorKind::{ConnectionRefused, NotFound};

        let (name, _folder) = short_name(path);
        let stream = UnixStream::connect(name).await.map_err(|source| match source.kind() {
            NotFound | ConnectionRefused => AskError::NotRunning { path: path.to_owned() },
            _ => AskError::Io { path: path.to_owned(), source },
        })?;
        let (from, to) = stream.into_split();
        Ok(Self { path: path.to_owned(), from: BufReader::new(from), to })
    }

    /// Asks a question and waits for the answer, however long the work takes.
    ///
    /// # Errors
    /// The agent ended, or it cannot do it.
    pub async fn ask(&mut self, request: Request) -> Result<Response, AskError> {
        line::write(&mut self.to, &request).await.map_err(|source| self.lost(source))?;
        match self.hear().await? {
            Said::Answer(response) => Ok(response),
            Said::Error(error) => Err(error.into()),
            Said::Event(_) => Err(AskError::Ended),
        }
    }

    /// The next event, after [`Request::Subscribe`] was asked.
    ///
    /// # Errors
    /// The agent ended.
    pub async fn event(&mut self) -> Result<Event, AskError> {
        match self.hear().await? {
            Said::Event(event) => Ok(event),
            Said::Error(error) => Err(error.into()),
            Said::Answer(_) => Err(AskError::Ended),
        }
    }

    /// What happens from now on, at most so many events ahead of whoever reads them; their end means that the agent ended.
    ///
    /// # Errors
    /// The agent ended, or does not tell.
    pub async fn events(mut self, ahead: usize) -> Result<mpsc::Receiver<Event>, AskError> {
        self.ask(Request::Subscribe).await?;
        let (send, events) = mpsc::channel(ahead.max(1));
        // A read that is cut off would lose half a line; so it goes on by itself, until nobody reads any more.
        tokio::spawn(async move {
            loop {
                let event = tokio::select! {
                    event = self.event() => event,
                    () = send.closed() => return,
                };
                let Ok(event) = event else { return };
                if send.send(event).await.is_err() {
                    return;
                }
            }
        });
        Ok(events)
    }

    async fn hear(&mut self) -> Result<Said, AskError> {
        match line::read(&mut self.from, LONGEST_ANSWER).await {
            Ok(Line::Whole(line)) => line::parse(&line).map_err(|source| AskError::Unknown { source }),
            Ok(Line::End | Line::TooLong) => Err(AskError::Ended),
            Err(source) => Err(self.lost(source)),
        }
    }

    fn lost(&self, source: std::io::Error) -> AskError {
        use std::io::ErrorKind::{BrokenPipe, ConnectionReset};

        match source.kind() {
            BrokenPipe | ConnectionReset => AskError::Ended,
            _ => AskError::Io { path: self.path.clone(), source },
        }
    }
}
