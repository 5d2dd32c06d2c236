//! Settings, as they are shown and changed.

use std::io::Write as _;
use std::path::Path;

use super::{Host, Hosted};
use crate::api::{
    AccountSettings, ApiError, ComplaintSettings, ErrorCode, Event, LookUpSettings, SettingsChange,
    SettingsView, SpamCopSettings,
};
use crate::config::{Config, EditError, changed};

impl From<EditError> for ApiError {
    fn from(error: EditError) -> Self {
        let code = match error {
            EditError::NoSuchAccount(_) => ErrorCode::NoSuchAccount,
            EditError::Unreadable { .. } | EditError::Wrong(_) => ErrorCode::Configuration,
        };
        Self::new(code, error.to_string())
    }
}

impl Host {
    /// All settings; where the file is wrong, those that the engine goes by.
    pub(super) async fn settings(&self) -> SettingsView {
        let (config, problem) = match Config::load_begun(&self.paths.config) {
            Ok(config) => (Some(config), None),
            Err(error) => {
                let running = match self.hosted() {
                    Hosted::Engine(engine) => Some(engine.shared().config.clone()),
                    Hosted::Nothing(_) | Hosted::Opening => None,
                };
                (running, Some(error.to_string()))
            }
        };
        let config = config.or_else(|| Config::parse_begun("version = 1\n", &self.paths.config).ok());
        let mut view = SettingsView {
            file: self.paths.config.clone(),
            data: self.paths.data_dir.clone(),
            problem,
            accounts: Vec::new(),
            lookups: LookUpSettings::of(&crate::config::LookUps::default()),
            spamcop: SpamCopSettings::of(&crate::config::SpamCop::default(), false),
            complaints: ComplaintSettings::of(&crate::config::Complaints::default()),
            desktop: crate::config::Desktop::default(),
        };
        if let Some(config) = config {
            view.accounts = config.accounts.iter().map(AccountSettings::of).collect();
            view.lookups = LookUpSettings::of(&config.lookups);
            view.spamcop =
                SpamCopSettings::of(&config.spamcop, self.has_submit_address(&config.spamcop).await);
            view.complaints = ComplaintSettings::of(&config.complaints);
            view.desktop = config.desktop;
        }
        view
    }

    /// Writes a part of the settings, and goes by it from then on.
    pub(super) async fn change(&self, change: SettingsChange) -> Result<SettingsView, ApiError> {
        let turn = self.changing.lock().await;
        let (file, wanted) = (self.paths.config.clone(), change.clone());
        let (before, text) = blocking(move || {
            let before = match std::fs::read_to_string(&file) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
                text => text.map_err(|error| failed(&file, "read", &error))?,
            };
            let text = changed(&before, &file, &wanted)?;
            Ok((before, text))
        })
        .await?;
        // First: an account without its password would be refused at the server.
        let stored = self.store_secrets(&change).await?;
        // What is as it was needs no new connections.
        if text == before && !stored {
            return Ok(self.settings().await);
        }
        let file = self.paths.config.clone();
        blocking(move || write(&file, &text).map_err(|error| failed(&file, "written", &error))).await?;
        drop(turn);
        if let SettingsChange::Desktop(_) = change {
            self.tell(Event::SettingsChanged);
        } else {
            // What is asked from now on is answered by what is new.
            self.set(Hosted::Opening);
            self.changed.notify_waiters();
        }
        Ok(self.settings().await)
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let ended = tokio::task::spawn_blocking(work).await;
    ended
        .unwrap_or_else(|error| Err(ApiError::new(ErrorCode::FileFailed, format!("it was cut off: {error}"))))
}

fn failed(file: &Path, what: &str, error: &std::io::Error) -> ApiError {
    let text =
        format!("{} cannot be {what}: {error}; check the rights and the space of its folder", file.display());
    ApiError::new(ErrorCode::FileFailed, text)
}

/// Puts a text in the place of a file, so that there is the old one or the new one, whenever the power goes.
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    // Where it is a link, what it leads to is changed.
    let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let next = file.with_extension("toml.new");
    let mut options = std::fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut new = options.write(true).create(true).truncate(true).open(&next)?;
    if let Ok(before) = file.metadata() {
        new.set_permissions(before.permissions())?;
    }
    new.write_all(text.as_bytes())?;
    new.sync_all()?;
    std::fs::rename(&next, &file)?;
    std::fs::File::open(folder)?.sync_all()
}
