//! The agent's side of the socket.

use std::{future::Future, path::PathBuf, sync::Arc};

use tokio::{
    io::BufReader,
    net::{UnixListener, UnixStream, unix::OwnedWriteHalf},
    sync::broadcast::{Receiver, error::RecvError},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{LONGEST_REQUEST, Said, line, line::Line, short_name};
use crate::{
    api::{ApiError, ErrorCode, Event, Request, Response},
    config::Paths,
};

/// Who answers requests: the engine.
pub trait Answer: Send + Sync + 'static {
    /// Answers a request; [`Request::Subscribe`] never comes here.
    fn answer(&self, request: Request) -> impl Future<Output = Result<Response, ApiError>> + Send;

    /// What happens from now on.
    fn events(&self) -> Receiver<Event>;
}

/// The local socket cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("the local socket {} cannot be opened; check the rights and the space of its folder", path.display())]
pub struct ListenError {
    path: PathBuf,
    source: std::io::Error,
}

/// Opens the socket of the data directory. Whoever calls this has its lock: a socket that is there already was
/// left by an agent that ended abruptly, and is replaced.
///
/// # Errors
/// The socket cannot be made or its rights cannot be set.
pub fn listen(paths: &Paths, _lock: &crate::lock::DataDirLock) -> Result<UnixListener, ListenError> {
    let path = paths.socket();
    let failed = |source| ListenError { path: path.clone(), source };
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let (name, _folder) = short_name(&path);
    let listener = UnixListener::bind(name).map_err(failed)?;
    // The folder is 0700 already, so nobody can come in between.
    let rights: std::fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&path, rights).map_err(failed)?;
    Ok(listener)
}

/// Answers on the socket until the token is cancelled; requests under way are answered first.
pub async fn serve<A: Answer>(listener: UnixListener, answer: Arc<A>, stop: CancellationToken) {
    let connections = TaskTracker::new();
    loop {
        let stream = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match stream {
            Ok((stream, _)) => {
                let (answer, stop) = (Arc::clone(&answer), stop.clone());
                connections.spawn(async move {
                    if let Err(error) = converse(stream, &*answer, &stop).await {
                        tracing::debug!(%error, "a client of the local socket left");
                    }
                });
            }
            Err(error) => {
                // Out of file descriptors, most likely: accepting again at once would only spin.
                tracing::warn!(%error, "a client of the local socket could not be accepted");
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            }
        }
    }
    connections.close();
    connections.wait().await;
}

async fn converse<A: Answer>(
    stream: UnixStream,
    answer: &A,
    stop: &CancellationToken,
) -> std::io::Result<()> {
    let (from, mut to) = stream.into_split();
    let mut from = BufReader::new(from);
    loop {
        let line = tokio::select! {
            () = stop.cancelled() => return Ok(()),
            line = line::read(&mut from, LONGEST_REQUEST) => line?,
        };
        let said = match line {
            Line::End => return Ok(()),
            Line::TooLong => {
                let error =
                    ApiError::new(ErrorCode::BadRequest, "the request is too long; ask for less at a time");
                return line::write(&mut to, &Said::Error(error)).await;
            }
            Line::Whole(line) => match line::parse::<Request>(&line) {
                Ok(Request::Subscribe) => {
                    let events = answer.events();
                    line::write(&mut to, &Said::Answer(Response::Accepted)).await?;
                    return tell(events, &mut to, &mut from, stop).await;
                }
                Ok(request) => match answer.answer(request).await {
                    Ok(response) => Said::Answer(response),
                    Err(error) => Said::Error(error),
                },
                Err(error) => Said::Error(ApiError::new(
                    ErrorCode::BadRequest,
                    format!(
                        "this agent does not know that request ({error}); both programs must be of one version"
                    ),
                )),
            },
        };
        line::write(&mut to, &said).await?;
    }
}

async fn tell(
    mut events: Receiver<Event>,
    to: &mut OwnedWriteHalf,
    from: &mut BufReader<tokio::net::unix::OwnedReadHalf>,
    stop: &CancellationToken,
) -> std::io::Result<()> {
    loop {
        let event = tokio::select! {
            () = stop.cancelled() => return Ok(()),
            // A subscriber says nothing more; what ends here is the connection.
            _ = line::read(from, LONGEST_REQUEST) => return Ok(()),
            event = events.recv() => event,
        };
        let event = match event {
            Ok(event) => event,
            Err(RecvError::Lagged(count)) => Event::Missed { count },
            Err(RecvError::Closed) => return Ok(()),
        };
        line::write(to, &Said::Event(event)).await?;
    }
}
