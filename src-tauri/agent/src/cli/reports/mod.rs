//! `neversent reports`: complaints about the servers that sent backscatter.

mod letters;
mod list;
mod take;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{
    Context, account,
    exit::{Exit, Failure},
    output::count,
    reach, unexpected,
};
use crate::{
    api::{RecordId, ReportView, Request, Response},
    browser,
    report::Order,
    secret::{self, Keyring},
};
use list::{Filter, all};

/// Show, approve and send reports about the servers that sent you backscatter.
///
/// A report is one mail to the address that SpamCop gave you, with the notice itself attached. You answer for what you
/// report: look at it first. SpamCop then sends you a mail with a link, and only when you have confirmed there does it
/// tell the server's operator. One report is made for each server, kind of notice and day.
///
/// Besides, you can write to whoever answers for the network of such a server yourself.
#[derive(Debug, Args)]
pub struct Reports {
    #[command(subcommand)]
    command: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List reports, the newest first
    List {
        #[command(flatten)]
        filter: Filter,
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Show one report, or why a mail cannot be reported
    Show {
        /// The report, or the mail, as `neversent quarantine list` prints it
        id: String,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Send these; a mail without a report gets one
    Approve(Which),
    /// Do not send these
    Discard(Which),
    /// Let these wait again: what was approved and not sent, or discarded
    Undo(Which),
    /// Send now what is approved
    Send,
    /// Open SpamCop's pages of these in the browser, to confirm them there
    Open {
        #[command(flatten)]
        which: Which,
        /// Print the links and open nothing
        #[arg(long)]
        print: bool,
    },
    /// Say that you have confirmed these on SpamCop's pages
    Done {
        #[command(flatten)]
        which: Which,
        /// All whose pages you had opened
        #[arg(long, conflicts_with_all = ["ids", "waiting", "state", "server", "kind", "account", "channel"])]
        opened: bool,
    },
    /// Show what was reported by itself on the last day on which anything was
    Digest,
    /// Show whom you could write to about a mail, and how the complaint would read
    Contact {
        #[command(flatten)]
        about: About,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Write the complaint that `contact` shows, and send it
    Write {
        #[command(flatten)]
        about: About,
        /// The address that it goes to
        #[arg(long)]
        to: String,
        /// Other words: a file that begins with a line `Subject: …` and an empty line
        #[arg(long)]
        text: Option<PathBuf>,
        /// Even if you wrote to this address within the last week
        #[arg(long)]
        again: bool,
        /// Send it without showing it and asking you
        #[arg(long)]
        yes: bool,
    },
    /// Save a mail in quarantine as it is, to report it elsewhere
    Save {
        /// The mail, as `neversent quarantine list` prints it
        id: String,
        /// The file; there must be none yet
        file: PathBuf,
    },
    /// Put a mail in quarantine on the clipboard, to paste it into a form
    Copy {
        /// The mail, as `neversent quarantine list` prints it
        id: String,
    },
    /// Store the address that SpamCop gave you for reports in the keyring, from a prompt or standard input
    Address,
}

/// What a complaint is about.
#[derive(Debug, Args)]
struct About {
    /// The mail, as `neversent quarantine list` prints it
    id: String,
    /// About the host that handed the forged mail on, not about the server that sent the notice
    #[arg(long)]
    injector: bool,
}

#[derive(Debug, Args)]
struct Which {
    /// The reports, as the list prints them
    ids: Vec<String>,
    /// All that wait
    #[arg(long, conflicts_with_all = ["ids", "state"])]
    waiting: bool,
    #[command(flatten)]
    filter: Filter,
}

impl Which {
    /// The reports that are meant: where they are not named and no state is, those in `states`, which the order is for.
    async fn ids(self, states: &[&str], context: &Context) -> Result<Vec<RecordId>, Failure> {
        let Self { ids, waiting, mut filter } = self;
        if waiting {
            filter.state = Some("waiting".to_owned());
        }
        match (ids.is_empty(), filter.is_empty()) {
            (false, true) => Ok(ids.into_iter().map(RecordId).collect()),
            (true, false) => {
                let of_state =
                    |report: &ReportView| filter.state.is_some() || states.contains(&report.state.as_str());
                let reports = all(context).await?.into_iter();
                Ok(reports.filter(|it| filter.holds(it) && of_state(it)).map(|report| report.id).collect())
            }
            (true, true) => Err(Failure::new(
                Exit::Usage,
                "name reports as `neversent reports list` prints them, or say which: --waiting, --state, --server, --kind",
            )),
            (false, false) => Err(Failure::new(Exit::Usage, "name reports, or say which; not both")),
        }
    }
}

/// Runs the command.
pub async fn run(arguments: Reports, context: &Context) -> Result<Exit, Failure> {
    match arguments.command {
        Action::List { filter, json } => list::list(&filter, json, context).await,
        Action::Show { id, json } => list::show(id, json, context).await,
        Action::Approve(which) => {
            order(which.ids(&["waiting"], context).await?, Order::Approve, "approved", context).await
        }
        Action::Discard(which) => {
            order(which.ids(&["waiting", "approved"], context).await?, Order::Discard, "discarded", context)
                .await
        }
        Action::Undo(which) => {
            order(
                which.ids(&["approved", "discarded"], context).await?,
                Order::Undo,
                "waiting again",
                context,
            )
            .await
        }
        Action::Open { which, print } => {
            open(which.ids(&["needs_confirmation"], context).await?, print, context).await
        }
        Action::Done { which, opened } => {
            let ids = if opened {
                let reports = all(context).await?.into_iter();
                reports.filter(|report| report.opened.is_some()).map(|report| report.id).collect()
            } else {
                which.ids(&["needs_confirmation"], context).await?
            };
            order(ids, Order::Done, "done", context).await
        }
        Action::Send => match reach::ask(context, Request::ReportsSend).await? {
            Response::Changed(changed) => {
                let mut out = io::stdout().lock();
                writeln!(
                    out,
                    "{} sent; a running agent sends in its own time",
                    count(changed.done, "report")
                )?;
                Ok(Exit::Done)
            }
            _ => Err(unexpected()),
        },
        Action::Digest => match reach::ask(context, Request::Digest).await? {
            Response::Digest(text) => {
                let text = text.unwrap_or_else(|| "Nothing was ever reported by itself.".to_owned());
                writeln!(io::stdout().lock(), "{text}")?;
                Ok(Exit::Done)
            }
            _ => Err(unexpected()),
        },
        Action::Contact { about, json } => letters::contact(about, json, context).await,
        Action::Write { about, to, text, again, yes } => {
            letters::write(about, letters::Wish { to, text, again, yes }, context).await
        }
        Action::Save { id, file } => take::save(id, file, context).await,
        Action::Copy { id } => take::copy(id, context).await,
        Action::Address => {
            let text = account::read_secret("The address that SpamCop gave you for reports: ")?;
            secret::store_submit_code(text, &Keyring::system())
                .await
                .map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
            writeln!(io::stdout().lock(), "Stored in the keyring.")?;
            Ok(Exit::Done)
        }
    }
}

async fn order(ids: Vec<RecordId>, order: Order, done: &str, context: &Context) -> Result<Exit, Failure> {
    let Response::Changed(changed) = reach::ask(context, Request::ReportsOrder { ids, order }).await? else {
        return Err(unexpected());
    };
    let mut out = io::stdout().lock();
    writeln!(out, "{} {done}", count(changed.done, "report"))?;
    for failed in &changed.failed {
        writeln!(out, "{}: not {done}: {}", failed.id.0, failed.why)?;
    }
    Ok(if changed.failed.is_empty() { Exit::Done } else { Exit::SomeFailed })
}

/// Opens SpamCop's pages, and has written down which were.
async fn open(ids: Vec<RecordId>, print: bool, context: &Context) -> Result<Exit, Failure> {
    let reports = all(context).await?;
    let mut out = io::stdout().lock();
    let mut exit = Exit::Done;
    for id in ids {
        let report: Option<&ReportView> = reports.iter().find(|report| report.id == id);
        let Some((report, link)) = report.and_then(|report| Some((report, report.link.as_ref()?))) else {
            writeln!(out, "{}: SpamCop has sent no link for it", id.0)?;
            exit = Exit::SomeFailed;
            continue;
        };
        if report.back {
            writeln!(out, "{}: {}", id.0, report.why.as_deref().unwrap_or_default())?;
        }
        writeln!(out, "{link}")?;
        if print {
            continue;
        }
        if let Err(error) = browser::show(&link.to_string()).await {
            writeln!(out, "{}: no browser could be started ({error}); open the link yourself", id.0)?;
            exit = Exit::SomeFailed;
            continue;
        }
        let request = Request::ReportsOrder { ids: vec![id.clone()], order: Order::Open };
        let Response::Changed(changed) = reach::ask(context, request).await? else {
            return Err(unexpected());
        };
        for failed in &changed.failed {
            writeln!(out, "{}: that its page was opened is not written down: {}", failed.id.0, failed.why)?;
            exit = Exit::SomeFailed;
        }
    }
    Ok(exit)
}
