//! What the tray's process does all the time: it hosts the agent or attaches to one that runs already, shows how things are, and
//! tells what is worth a notification.

use std::sync::Arc;
use std::time::Duration;

use agent::api::{ErrorCode, Event, RecordId, Request, Response, SettingsView};
use agent::clock;
use agent::config::Paths;
use agent::desktop::{MenuOrder, Notice, Notices, Seen, Tray, Words, tomorrow};
use agent::host::{Host, HostError};
use agent::lock::LockError;
use agent::report::Order;
use agent::secret::Keyring;
use agent::socket::{self, AskError, Connection};
use anyhow::Context as _;
use rules::time::HOUR;
use tauri::AppHandle;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::level_filters::LevelFilter;

use crate::notify::{Answered, Shown};
use crate::{complain, pages, tray};

/// An agent that could not be hosted or asked is tried again after so long.
const AGAIN: Duration = Duration::from_secs(2);
/// One that cannot be hosted at all, after so long in the end.
const AGAIN_AT_LAST: Duration = Duration::from_secs(60);
/// So long it may take to end cleanly.
const PATIENCE: Duration = Duration::from_secs(12);
/// What is shown is at most so old, while anything happens.
const FRESH: Duration = Duration::from_millis(500);
/// So many events at most wait to be looked at.
const AHEAD: usize = 4_096;
/// Lists are counted at most so often.
const COUNTED: Duration = Duration::from_secs(5);

/// Starts it on a thread of its own; when that ends, so does the program.
///
/// # Errors
/// The system gives no thread.
pub fn start(
    app: AppHandle,
    paths: Paths,
    orders: mpsc::UnboundedReceiver<MenuOrder>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.context("the agent cannot be started")?;
    let work = move || {
        let log = agent::logging::start(Some(&paths.log()), LevelFilter::INFO);
        let _log = log.map_err(|error| complain(&error.into()));
        runtime.block_on(async {
            let (trouble, troubled) = watch::channel(None);
            let host = tokio::spawn(keep_hosting(paths.clone(), stop.clone(), trouble));
            let desk = Desk::new(app.clone(), paths, orders, troubled);
            tokio::select! {
                () = desk.run() => {}
                () = stop.cancelled() => {}
            }
            // The host ends what it began; whoever waits for longer is cut off, and loses nothing by it.
            let _ = tokio::time::timeout(PATIENCE, host).await;
        });
        app.exit(0);
    };
    std::thread::Builder::new().name("desk".into()).spawn(work).context("the agent cannot be started")?;
    Ok(())
}

/// Hosts the agent as long as nobody else does; tells why it cannot be.
async fn keep_hosting(paths: Paths, stop: CancellationToken, trouble: watch::Sender<Option<String>>) {
    let mut again = AGAIN;
    while !stop.is_cancelled() {
        let host = Arc::new(Host::new(paths.clone(), Keyring::system(), stop.clone()));
        match host.run().await {
            Ok(()) => return,
            // A headless one runs: it is asked, and once it ends there is one here.
            Err(HostError::Lock(LockError::Busy { .. })) => {
                trouble.send_replace(None);
                again = AGAIN;
            }
            Err(error) => {
                let error = anyhow::Error::from(error);
                let why = format!("{error:#}");
                if trouble.send_if_modified(|known| known.replace(why.clone()).as_ref() != Some(&why)) {
                    complain(&error);
                }
                again = (again * 2).min(AGAIN_AT_LAST);
            }
        }
        tokio::select! {
            () = tokio::time::sleep(again) => {}
            () = stop.cancelled() => {}
        }
    }
}

struct Desk {
    app: AppHandle,
    paths: Paths,
    orders: mpsc::UnboundedReceiver<MenuOrder>,
    answered: mpsc::UnboundedReceiver<Answered>,
    shown: Shown,
    notices: Notices,
    words: Words,
    seen: Seen,
    counted: Option<Instant>,
    reports_waiting: Vec<RecordId>,
    /// Why the agent cannot be hosted.
    troubled: watch::Receiver<Option<String>>,
}

impl Desk {
    fn new(
        app: AppHandle,
        paths: Paths,
        orders: mpsc::UnboundedReceiver<MenuOrder>,
        troubled: watch::Receiver<Option<String>>,
    ) -> Self {
        let (answers, answered) = mpsc::unbounded_channel();
        Self {
            app,
            paths,
            orders,
            answered,
            shown: Shown::new(answers),
            notices: Notices::default(),
            words: words(None),
            seen: Seen::default(),
            counted: None,
            reports_waiting: Vec::new(),
            troubled,
        }
    }

    async fn run(mut self) {
        self.shown.say_if_there_is_no_tray(&self.paths, &self.words).await;
        loop {
            self.show().await;
            if let Err(AskError::Unknown { source }) = self.attend().await {
                complain(&anyhow::Error::new(source).context("the agent is of another version"));
            }
            let trouble = self.troubled.borrow_and_update().clone();
            if let Some(trouble) = trouble.as_ref().filter(|_| trouble != self.seen.trouble) {
                self.shown.say_trouble(trouble).await;
            }
            self.seen = Seen { trouble, ..Seen::default() };
            tokio::select! {
                () = tokio::time::sleep(AGAIN) => {}
                Ok(()) = self.troubled.changed() => {}
                Some(order) = self.orders.recv() => self.carry_out(order).await,
            }
        }
    }

    /// Attends to an agent for as long as it answers.
    async fn attend(&mut self) -> Result<(), AskError> {
        let mut events = Connection::open(&self.paths.socket()).await?.events(AHEAD).await?;
        self.take_settings().await?;
        let mut due = Some(Instant::now());
        loop {
            tokio::select! {
                event = events.recv() => {
                    let Some(event) = event else { break };
                    self.notices.saw(&event, clock::now());
                    if matches!(event, Event::SettingsChanged) {
                        self.take_settings().await?;
                    }
                    let soon = Instant::now() + FRESH;
                    due = Some(due.map_or(soon, |due| due.min(soon)));
                }
                Some(order) = self.orders.recv() => {
                    self.carry_out(order).await;
                    due = Some(Instant::now());
                }
                Some(answered) = self.answered.recv() => self.answer(answered).await,
                () = at(due) => {
                    let counted = self.look().await?;
                    self.show().await;
                    self.tell().await;
                    // What was too soon to be counted, or to be told, is so later.
                    let waits = !counted || self.notices.waits();
                    due = waits.then(|| Instant::now() + if counted { COUNTED * 2 } else { COUNTED });
                }
            }
        }
        Err(AskError::Ended)
    }

    async fn ask(&self, request: Request) -> Result<Response, AskError> {
        socket::ask(&self.paths.socket(), request).await
    }

    async fn take_settings(&mut self) -> Result<(), AskError> {
        if let Response::Settings(settings) = self.ask(Request::Settings).await? {
            let SettingsView { desktop, .. } = *settings;
            self.words = words(desktop.language.as_deref());
            self.notices.go_by(desktop);
        }
        Ok(())
    }

    /// Looks how things are; says whether all was counted.
    async fn look(&mut self) -> Result<bool, AskError> {
        match self.ask(Request::Status).await {
            Ok(Response::Status(status)) => {
                self.seen.accounts = status.accounts;
                self.seen.running = true;
                self.seen.opening = false;
                self.seen.trouble = None;
            }
            Ok(_) => {}
            // It is being opened.
            Err(AskError::Refused(error)) if error.code == ErrorCode::NotNow => {
                self.seen.opening = true;
                // After a while that is told which the user may have to do something about: unlock the keyring.
                self.seen.trouble = Some(error.to_string());
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
        if self.counted.is_some_and(|counted| counted.elapsed() < COUNTED) {
            return Ok(false);
        }
        self.counted = Some(Instant::now());
        self.seen.needs_eye = match self.ask(Request::Groups).await {
            Ok(Response::Groups(groups)) => groups.len() as u64,
            _ => 0,
        };
        self.reports_waiting = match self.ask(Request::Reports).await {
            Ok(Response::Reports(reports)) => reports
                .into_iter()
                .filter(|report| report.state == "waiting")
                .map(|report| report.id)
                .collect(),
            _ => Vec::new(),
        };
        self.seen.reports = self.reports_waiting.len() as u64;
        Ok(true)
    }

    async fn show(&self) {
        let (tray, dark) = (Tray::of(&self.seen, &self.words), self.shown.panel_is_dark().await);
        let app = self.app.clone();
        let show = move || tray::report(tray::show(&app, tray, dark).map_err(anyhow::Error::from));
        if let Err(error) = self.app.run_on_main_thread(show) {
            complain(&error.into());
        }
    }

    /// Tells what is due.
    async fn tell(&mut self) {
        let (now, offset) = (clock::now(), clock_offset());
        if let Some(due) = self.notices.due(now, offset, &self.words) {
            let can_report = self.seen.reports > 0 && !due.urgent;
            self.shown.show(due, can_report, &self.words).await;
        }
    }

    async fn carry_out(&self, order: MenuOrder) {
        let now = clock::now();
        let request = match order {
            MenuOrder::Check => Request::CheckNow { account: None },
            MenuOrder::PauseHour => Request::Pause { until: Some(now.plus(HOUR)) },
            MenuOrder::PauseTomorrow => Request::Pause { until: Some(tomorrow(now, clock_offset())) },
            MenuOrder::Resume => Request::Resume,
            MenuOrder::Open | MenuOrder::Eye | MenuOrder::Reports | MenuOrder::Quit => return,
        };
        self.say_if_failed(self.ask(request).await).await;
    }

    /// What was ordered and cannot be done is said where it was ordered.
    async fn say_if_failed(&self, asked: Result<Response, AskError>) {
        if let Err(error) = asked {
            let error = anyhow::Error::from(error);
            self.shown.say_trouble(&format!("{error:#}")).await;
            complain(&error);
        }
    }

    /// The user has answered a notification.
    async fn answer(&self, answered: Answered) {
        let at = match answered {
            Answered::Show(Notice::Alarm(_)) => pages::EYE,
            Answered::Show(Notice::SignIn(_)) => pages::ACCOUNTS,
            Answered::Show(Notice::Digest(_)) => pages::REPORTS,
            Answered::Show(_) => pages::NEVER_SENT,
            Answered::ReportAll => {
                let ids = self.reports_waiting.clone();
                let approved = self.ask(Request::ReportsOrder { ids, order: Order::Approve }).await;
                if let Ok(Response::Changed(changed)) = &approved
                    && let Some(failed) = changed.failed.first()
                {
                    self.shown.say_trouble(&failed.why).await;
                }
                self.say_if_failed(approved).await;
                pages::REPORTS
            }
        };
        let app = self.app.clone();
        let open = move || tray::report(tray::open_window(&app, Some(at)));
        if let Err(error) = self.app.run_on_main_thread(open) {
            complain(&error.into());
        }
    }
}

/// Ready at a moment; never, where there is none.
async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// Words in the language that was chosen, else in that of the desktop (POSIX, `LANGUAGE` first as gettext has it).
fn words(chosen: Option<&str>) -> Words {
    let from_desktop = ["LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"];
    let wanted: Vec<String> = from_desktop.iter().filter_map(|name| std::env::var(name).ok()).collect();
    Words::of(chosen.into_iter().chain(wanted.iter().flat_map(|list| list.split(':'))))
}

/// So many seconds the user's clock is ahead of UTC.
fn clock_offset() -> i64 {
    i64::from(jiff::Zoned::now().offset().seconds())
}
