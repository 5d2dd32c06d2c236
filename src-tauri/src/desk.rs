//! What the tray's process does all the time: it hosts the agent or attaches to one that runs already, shows how things are, and
//! tells what is worth a notification.

use std::sync::Arc;
use std::time::Duration;

use agent::api::{ErrorCode, Event, RecordId, Request, Response, SettingsView};
use agent::clock;
use agent::config::Paths;
use agent::desktop::{MenuOrder, Notice, Notices, Seen, Tray, Words, tomorrow};
use agent::host::{Host, HostError};
use agent::report::Order;
use agent::secret::Keyring;
use agent::socket::{self, AskError, Connection};
use anyhow::Context as _;
use rules::time::HOUR;
use tauri::AppHandle;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::level_filters::LevelFilter;

use crate::notify::{Answered, Shown};
use crate::{complain, pages, tray};

/// An agent that could not be hosted or asked is tried again after so long.
const AGAIN: Duration = Duration::from_secs(2);
/// So long it may take to end cleanly.
const PATIENCE: Duration = Duration::from_secs(12);
/// What is shown is at most so old, while anything happens.
const FRESH: Duration = Duration::from_millis(500);
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
            let host = tokio::spawn(keep_hosting(paths.clone(), stop.clone()));
            let desk = Desk::new(app.clone(), paths, orders);
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

/// Hosts the agent as long as nobody else does.
async fn keep_hosting(paths: Paths, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let host = Arc::new(Host::new(paths.clone(), Keyring::system(), stop.clone()));
        match host.run().await {
            Ok(()) => return,
            // A headless one runs: it is asked, and once it ends there is one here.
            Err(HostError::Lock(_)) => {}
            Err(error) => complain(&error.into()),
        }
        tokio::select! {
            () = tokio::time::sleep(AGAIN) => {}
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
}

impl Desk {
    fn new(app: AppHandle, paths: Paths, orders: mpsc::UnboundedReceiver<MenuOrder>) -> Self {
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
        }
    }

    async fn run(mut self) {
        self.shown.say_if_there_is_no_tray(&self.paths, &self.words).await;
        loop {
            self.show().await;
            if let Err(AskError::Unknown { source }) = self.attend().await {
                complain(&anyhow::Error::new(source).context("the agent is of another version"));
            }
            self.seen = Seen::default();
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Attends to an agent for as long as it answers.
    async fn attend(&mut self) -> Result<(), AskError> {
        let mut connection = Connection::open(&self.paths.socket()).await?;
        connection.ask(Request::Subscribe).await?;
        let (send, mut events) = mpsc::unbounded_channel();
        // A read that is cut off would lose half a line.
        let reader = tokio::spawn(async move {
            while let Ok(event) = connection.event().await {
                if send.send(event).is_err() {
                    break;
                }
            }
        });
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
                    due.get_or_insert_with(|| Instant::now() + FRESH);
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
        reader.abort();
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
            }
            Ok(_) => {}
            // It is being opened.
            Err(AskError::Refused(error)) if error.code == ErrorCode::NotNow => return Ok(false),
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
        if let Err(error) = self.ask(request).await {
            complain(&error.into());
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
                if let Err(error) = approved {
                    complain(&error.into());
                }
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
