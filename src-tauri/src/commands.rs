//! What the window asks of the program: everything by the agent's API, and what a web page cannot do itself.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use agent::api::{ApiError, ErrorCode, Event, RecordId, Request, Response};
use agent::browser;
use agent::config::Paths;
use agent::report::Order;
use agent::socket::{self, AskError, Connection};
use serde::Deserialize;
use tauri::ipc::Channel;
use tauri::{AppHandle, State};
use tauri_plugin_autostart::ManagerExt as _;
use tauri_plugin_dialog::DialogExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;

/// Where a report's owner signs in.
const SPAMCOP: &str = "https://www.spamcop.net/";
/// Events are handed on at most ten times a second.
const TOGETHER: Duration = Duration::from_millis(100);
/// So many at most.
const AHEAD: usize = 1_000;
/// An agent that is away is looked for again after so long.
const AGAIN: Duration = Duration::from_secs(1);

/// Who hears what happens.
#[derive(Default)]
pub struct Listener(Mutex<Option<AbortHandle>>);

impl Listener {
    fn becomes(&self, task: Option<AbortHandle>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = std::mem::replace(&mut *kept, task) {
            before.abort();
        }
    }
}

fn told(error: AskError) -> ApiError {
    match error {
        AskError::Refused(error) => error,
        other => ApiError::new(ErrorCode::Ending, other.to_string()),
    }
}

fn failed(error: impl std::fmt::Display) -> ApiError {
    ApiError::new(ErrorCode::FileFailed, error.to_string())
}

/// Asks the agent.
#[tauri::command]
pub async fn ask(request: Request, paths: State<'_, Paths>) -> Result<Response, ApiError> {
    socket::ask(&paths.socket(), request).await.map_err(told)
}

/// From now on the window hears what happens.
#[tauri::command]
pub async fn subscribe(
    channel: Channel<Vec<Event>>,
    paths: State<'_, Paths>,
    listener: State<'_, Listener>,
) -> Result<(), ApiError> {
    let task = tokio::spawn(follow(paths.inner().clone(), channel));
    listener.becomes(Some(task.abort_handle()));
    Ok(())
}

/// It hears no more.
#[tauri::command]
pub fn unsubscribe(listener: State<'_, Listener>) {
    listener.becomes(None);
}

/// Hands on what happens, and comes back by itself when the agent does.
async fn follow(paths: Paths, channel: Channel<Vec<Event>>) {
    let mut away = false;
    loop {
        if let Ok(mut events) = events(&paths).await {
            // What happened meanwhile nobody heard.
            if std::mem::take(&mut away) && channel.send(vec![Event::Missed { count: 0 }]).is_err() {
                return;
            }
            let mut batch = Vec::new();
            while events.recv_many(&mut batch, AHEAD).await > 0 {
                if channel.send(std::mem::take(&mut batch)).is_err() {
                    return;
                }
                tokio::time::sleep(TOGETHER).await;
            }
        }
        if !std::mem::replace(&mut away, true) {
            // The window shows by that that nobody answers.
            let _ = channel.send(vec![Event::Missed { count: 0 }]);
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn events(paths: &Paths) -> Result<mpsc::Receiver<Event>, AskError> {
    Connection::open(&paths.socket()).await?.events(AHEAD).await
}

/// A page that may be opened; the window itself follows no link.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// Where the user's account with SpamCop is.
    SpamcopAccount,
    /// Where a report is confirmed.
    Report(RecordId),
}

/// Opens a page in the user's browser.
#[tauri::command]
pub async fn open_page(what: Page, paths: State<'_, Paths>) -> Result<(), ApiError> {
    let page = match what {
        Page::SpamcopAccount => SPAMCOP.to_owned(),
        Page::Report(id) => {
            let asked =
                socket::ask(&paths.socket(), Request::Report { id: id.clone() }).await.map_err(told)?;
            let link = match asked {
                Response::Report(shown) => shown.report.and_then(|report| report.link),
                _ => None,
            };
            let link =
                link.ok_or_else(|| ApiError::new(ErrorCode::NotNow, "SpamCop has sent no link for it"))?;
            let order = Request::ReportsOrder { ids: vec![id], order: Order::Open };
            socket::ask(&paths.socket(), order).await.map_err(told)?;
            link.to_string()
        }
    };
    let shown = browser::show(&page).await;
    shown.map_err(|error| failed(format!("{page} could not be opened ({error}); open it in your browser")))
}

/// Lets the user choose a file to write.
async fn chosen(app: &AppHandle, suggested: &str) -> Option<PathBuf> {
    let (tell, told) = oneshot::channel();
    app.dialog().file().set_file_name(suggested).save_file(move |file| {
        let _ = tell.send(file);
    });
    told.await.ok().flatten()?.into_path().ok()
}

/// Lets the user choose a file that the agent is to write.
#[tauri::command]
pub async fn choose_new_file(suggested: String, app: AppHandle) -> Result<Option<PathBuf>, ApiError> {
    Ok(chosen(&app, &suggested).await)
}

/// Writes a text into a file of the user's choice.
#[tauri::command]
pub async fn keep_text(suggested: String, text: String, app: AppHandle) -> Result<Option<PathBuf>, ApiError> {
    let Some(path) = chosen(&app, &suggested).await else { return Ok(None) };
    let mut options = tokio::fs::OpenOptions::new();
    #[cfg(unix)]
    options.mode(0o600);
    let unwritten = |error| failed(format!("{} cannot be written: {error}", path.display()));
    let mut file = options.write(true).create(true).truncate(true).open(&path).await.map_err(unwritten)?;
    file.write_all(text.as_bytes()).await.map_err(unwritten)?;
    file.sync_all().await.map_err(unwritten)?;
    Ok(Some(path))
}

/// Whether the program starts with the desktop.
#[tauri::command]
pub fn autostart(app: AppHandle) -> Result<bool, ApiError> {
    app.autolaunch().is_enabled().map_err(failed)
}

/// Has the program start with the desktop, or not.
#[tauri::command]
pub fn set_autostart(on: bool, app: AppHandle) -> Result<(), ApiError> {
    let launch = app.autolaunch();
    if on { launch.enable() } else { launch.disable() }.map_err(failed)
}

/// Ends the whole program.
#[tauri::command]
pub fn quit(app: AppHandle) {
    app.exit(crate::window::QUIT);
}
