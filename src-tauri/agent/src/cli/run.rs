//! `neversent run`: the agent in the foreground.

use std::{
    io::{self, IsTerminal as _, Write},
    sync::Arc,
    time::Duration,
};

use clap::Args;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::{
        broadcast::{Receiver, error::RecvError},
        oneshot,
    },
};
use tokio_util::sync::CancellationToken;

use super::{
    Context,
    exit::{Exit, Failure},
    output::{count, json, number, plain},
};
use crate::{
    api::{ApiError, Event, VerdictName},
    config::Config,
    engine::Engine,
    host::{Host, SocketFile},
    lock::DataDirLock,
    secret::Keyring,
    socket::{self, Answer as _},
};

/// Run the agent in the foreground: read sent mail, judge what comes in, move backscatter.
///
/// What it does is printed as it happens; logs go to standard error on a terminal, else into files in the data folder.
/// Ctrl-C or SIGTERM end it cleanly within 5 seconds. While it runs, all other commands ask it.
#[derive(Debug, Args)]
pub struct Run {
    /// Bring the index up to date, judge what is in the watched folders, act, and end; what is inside its grace time
    /// stays
    #[arg(long)]
    once: bool,
    /// Judge and tell, but change nothing on the server
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

/// How long the engine may take to end, once it is told to.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long somebody may take to read what was printed last.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Runs the command.
pub async fn run(arguments: &Run, context: &Context) -> Result<Exit, Failure> {
    // What is wrong with it is said before anything begins.
    let config = context.config()?;
    let stop = CancellationToken::new();
    let signals = tokio::spawn(end_on_signal(stop.clone())?);
    let ended = if arguments.once {
        once(arguments, context, config, stop).await
    } else {
        watch(arguments, context, stop).await
    };
    signals.abort();
    ended
}

/// Watches until told to stop.
async fn watch(arguments: &Run, context: &Context, stop: CancellationToken) -> Result<Exit, Failure> {
    let host = Host::new(context.paths.clone(), Keyring::system(), stop.clone());
    let host = Arc::new(if arguments.dry_run { host.changing_nothing() } else { host });
    let printer = start_printer(host.events(), arguments.json)?;
    let ended = {
        let work = host.run();
        tokio::pin!(work);
        tokio::select! {
            ended = &mut work => Some(ended),
            () = stop.cancelled() => tokio::time::timeout(PATIENCE + PATIENCE, &mut work).await.ok(),
        }
    };
    drop(host);
    let printed = tokio::time::timeout(LAST_WORDS, printer).await;
    ended.ok_or_else(cut_off)??;
    match printed {
        Ok(Ok(Err(error))) => Err(error.into()),
        _ => Ok(Exit::Done),
    }
}

/// Looks once at every account.
async fn once(
    arguments: &Run,
    context: &Context,
    config: Config,
    stop: CancellationToken,
) -> Result<Exit, Failure> {
    context.paths.make_data_dir()?;
    let lock = DataDirLock::acquire(&context.paths)?;
    let listener = socket::listen(&context.paths, &lock)?;
    let _socket = SocketFile::of(&context.paths);
    let open = Engine::open_for_once(config, context.paths.clone(), lock, Keyring::system(), stop.clone());
    // An engine waits for a locked keyring; a signal must end that, too.
    let engine = tokio::select! {
        engine = open => Arc::new(engine?),
        () = stop.cancelled() => return Ok(Exit::Done),
    };
    let printer = start_printer(engine.events(), arguments.json)?;
    let closed = CancellationToken::new();
    let server = tokio::spawn(socket::serve(listener, Arc::clone(&engine), closed.clone()));
    if arguments.dry_run {
        engine.change_nothing();
    }
    let ended = {
        let work = engine.once();
        tokio::pin!(work);
        tokio::select! {
            ended = &mut work => Some(ended),
            () = stop.cancelled() => tokio::time::timeout(PATIENCE, &mut work).await.ok(),
        }
    };
    closed.cancel();
    let _ = tokio::time::timeout(PATIENCE, server).await;
    engine.close().await;
    drop(engine);
    let printed = tokio::time::timeout(LAST_WORDS, printer).await;
    let summaries = ended.ok_or_else(cut_off)?;
    if let Ok(Ok(Err(error))) = printed {
        return Err(error.into());
    }
    let mut exit = Exit::Done;
    for summary in summaries {
        let Some(error) = summary.error else { continue };
        let error = of_account(&summary.account, error.into());
        exit = exit.max(error.code.into());
        let _ = writeln!(io::stderr(), "neversent: {}", error.message);
    }
    Ok(exit)
}

fn cut_off() -> Failure {
    Failure::new(
        Exit::SomeFailed,
        "the work did not end in 5 seconds and was cut off; nothing is lost by that",
    )
}

/// The error with the account's name before it, where it does not stand there yet.
fn of_account(account: &str, mut error: ApiError) -> ApiError {
    if !error.message.starts_with("account ") {
        error.message = format!("account \u{201c}{account}\u{201d}: {}", error.message);
    }
    error
}

/// Ends the work at the first Ctrl-C or SIGTERM, and the program at the second.
fn end_on_signal(stop: CancellationToken) -> Result<impl Future<Output = ()>, Failure> {
    let failed = |error| Failure::new(Exit::SomeFailed, format!("signals cannot be heard: {error}"));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    Ok(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if stop.is_cancelled() {
                // 128 + SIGINT, as shells count; the journal makes any moment safe to end at.
                std::process::exit(130);
            }
            stop.cancel();
        }
    })
}

/// Prints on a thread of its own, and says at the end how that went: whoever does not read what is printed holds up
/// the printing alone. On a thread of the runtime it once took the account's task with it.
fn start_printer(
    events: Receiver<Event>,
    as_json: bool,
) -> Result<oneshot::Receiver<io::Result<()>>, Failure> {
    let (done, printed) = oneshot::channel();
    let printer = std::thread::Builder::new().name("print".to_owned());
    let started = printer.spawn(move || {
        let _ = done.send(print(events, as_json));
    });
    started
        .map_err(|error| Failure::new(Exit::SomeFailed, format!("the system gives no thread: {error}")))?;
    Ok(printed)
}

/// Prints what happens until the engine is gone.
fn print(mut events: Receiver<Event>, as_json: bool) -> io::Result<()> {
    let mut told = Told::default();
    loop {
        let event = match events.blocking_recv() {
            Ok(event) => event,
            Err(RecvError::Lagged(count)) => Event::Missed { count },
            Err(RecvError::Closed) => return Ok(()),
        };
        let mut out = io::stdout().lock();
        if as_json {
            json(&mut out, &event)?;
        } else {
            told.write(&mut out, &event)?;
        }
        out.flush()?;
    }
}

/// What people are told; progress goes to standard error, on a terminal in place.
#[derive(Default)]
struct Told {
    in_progress: bool,
}

impl Told {
    fn write(&mut self, out: &mut impl Write, event: &Event) -> io::Result<()> {
        let terminal = io::stderr().is_terminal();
        if self.in_progress && !matches!(event, Event::Progress { .. }) {
            let _ = writeln!(io::stderr());
            self.in_progress = false;
        }
        match event {
            Event::StateChanged { account, state } => writeln!(out, "{account}: {state}"),
            // Said by the state and by progress already.
            Event::Judged { verdict: VerdictName::Ordinary, .. } => Ok(()),
            Event::Judged { account, verdict, from, subject, sentence, .. } => {
                let from = plain(from.as_deref().unwrap_or("nobody"), 60);
                let (verdict, subject) = (verdict.as_str(), plain(subject, 60));
                writeln!(out, "{account}: {verdict}: “{subject}” from {from}")?;
                writeln!(out, "    {}", plain(sentence, 300))
            }
            Event::Moved { account, count: mails } => {
                writeln!(out, "{account}: {} to quarantine", count(*mails, "mail"))
            }
            Event::Restored { account, count: mails } => {
                writeln!(out, "{account}: {} put back", count(*mails, "mail"))
            }
            Event::Rescued { account, count: mails, why } => {
                writeln!(out, "{account}: {} put back: {}", count(*mails, "mail"), plain(why, 300))
            }
            Event::Report { account, id, state } => writeln!(out, "{account}: report {} is {state}", id.0),
            Event::SettingsChanged => Ok(()),
            Event::Digest { text } => writeln!(out, "{text}"),
            Event::Alarm { account, text } => {
                let _ = writeln!(io::stderr(), "{account}: is your account stolen? {}", plain(text, 1_000));
                Ok(())
            }
            Event::Error { account, text } => {
                let account = account.as_deref().unwrap_or("neversent");
                let _ = writeln!(io::stderr(), "{account}: {text}");
                Ok(())
            }
            Event::Progress { account, what, done, total } => {
                let text = format!("{account}: {what}: {} of {}", number(*done), number(*total));
                if terminal {
                    let _ = write!(io::stderr(), "\r{text} ");
                    self.in_progress = true;
                }
                Ok(())
            }
            Event::Missed { count } => {
                let _ =
                    writeln!(io::stderr(), "neversent: {} events were too fast to be shown", number(*count));
                Ok(())
            }
        }
    }
}
