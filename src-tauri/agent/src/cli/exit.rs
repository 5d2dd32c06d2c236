//! How a command ends.

use std::process::ExitCode;

use crate::{
    api::{ApiError, ErrorCode},
    config::{ConfigError, DataDirError},
    engine::EngineError,
    host::HostError,
    lock::LockError,
    logging::LogError,
    secret::SecretError,
    socket::{AskError, ListenError},
};

/// The exit status of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// All was done.
    Done = 0,
    /// Some of it failed.
    SomeFailed = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// A server refused the sign-in.
    SignInRefused = 3,
    /// A server could not be reached.
    NoConnection = 4,
    /// The store is damaged and could not be set aside.
    StoreDamaged = 5,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<ErrorCode> for Exit {
    fn from(code: ErrorCode) -> Self {
        match code {
            ErrorCode::Configuration | ErrorCode::BadRequest | ErrorCode::NoSuchAccount => Self::Usage,
            ErrorCode::SignInRefused | ErrorCode::NoSecret => Self::SignInRefused,
            ErrorCode::NoConnection => Self::NoConnection,
            ErrorCode::StoreDamaged => Self::StoreDamaged,
            ErrorCode::NoSuchRecord
            | ErrorCode::NotNow
            | ErrorCode::ServerFailed
            | ErrorCode::FileFailed
            | ErrorCode::Ending => Self::SomeFailed,
        }
    }
}

/// Why a command failed: what is printed, and the exit status.
#[derive(Debug)]
pub struct Failure {
    /// The exit status.
    pub exit: Exit,
    /// What failed and what to do.
    pub message: String,
}

impl Failure {
    /// A failure in words.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    /// An error with its causes.
    fn of(exit: Exit, error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { exit, message: format!("{:#}", anyhow::Error::new(error)) }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::of(Exit::Usage, error)
    }
}

impl From<DataDirError> for Failure {
    fn from(error: DataDirError) -> Self {
        Self::of(Exit::Usage, error)
    }
}

impl From<LockError> for Failure {
    fn from(error: LockError) -> Self {
        Self::of(Exit::SomeFailed, error)
    }
}

impl From<LogError> for Failure {
    fn from(error: LogError) -> Self {
        Self::of(Exit::SomeFailed, error)
    }
}

impl From<ListenError> for Failure {
    fn from(error: ListenError) -> Self {
        Self::of(Exit::SomeFailed, error)
    }
}

impl From<HostError> for Failure {
    fn from(error: HostError) -> Self {
        match error {
            HostError::DataDir(error) => error.into(),
            HostError::Lock(error) => error.into(),
            HostError::Listen(error) => error.into(),
            HostError::Engine(error) => error.into(),
        }
    }
}

impl From<SecretError> for Failure {
    fn from(error: SecretError) -> Self {
        Self { exit: Exit::SignInRefused, message: error.to_string() }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        ApiError::from(error).into()
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self { exit: error.code.into(), message: error.message }
    }
}

impl From<AskError> for Failure {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Refused(error) => error.into(),
            other => Self::of(Exit::SomeFailed, other),
        }
    }
}

/// Whoever read the output has closed it, as `head` does: nothing is wrong. Else writing failed.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Self::new(Exit::Done, String::new()),
            _ => Self::new(Exit::SomeFailed, format!("the output cannot be written: {error}")),
        }
    }
}
