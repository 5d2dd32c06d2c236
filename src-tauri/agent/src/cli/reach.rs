//! How a command reaches an engine: over the socket where an agent runs, else by opening the data directory itself.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Context, exit::Failure};
use crate::{
    api::{Request, Response},
    engine::Engine,
    lock::{DataDirLock, LockError},
    secret::Keyring,
    socket::{self, Answer, AskError},
};

/// How long a command waits for an agent that is just starting or ending.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it looks.
const LOOK: Duration = Duration::from_millis(100);

/// Asks the running agent, or, where none runs, an engine opened for this one request.
pub async fn ask(context: &Context, request: Request) -> Result<Response, Failure> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    context.paths.make_data_dir()?;
    loop {
        match DataDirLock::acquire(&context.paths) {
            Ok(lock) => return ask_here(context, lock, request).await,
            Err(LockError::Busy { path, pid }) => {
                match socket::ask(&context.paths.socket(), request.clone()).await {
                    Err(AskError::NotRunning { .. }) if tokio::time::Instant::now() < deadline => {
                        tokio::time::sleep(LOOK).await;
                    }
                    Err(AskError::NotRunning { .. }) => return Err(LockError::Busy { path, pid }.into()),
                    answered => return Ok(answered?),
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
}

async fn ask_here(context: &Context, lock: DataDirLock, request: Request) -> Result<Response, Failure> {
    let (config, paths) = (context.config()?, context.paths.clone());
    let engine = Engine::open(config, paths, lock, Keyring::system(), CancellationToken::new()).await?;
    let response = engine.answer(request).await;
    engine.close().await;
    Ok(response?)
}
