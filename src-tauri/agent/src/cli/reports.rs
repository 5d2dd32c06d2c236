//! `neversent reports`: complaints about the servers that sent backscatter.

use std::io::{self, Write};

use clap::{Args, Subcommand};

use super::{
    Context, account,
    exit::{Exit, Failure},
    output::{count, json, local, number, plain, table},
    reach, unexpected,
};
use crate::{
    api::{RecordId, ReportView, Request, Response},
    report::Order,
    secret::{self, Keyring},
};

/// Show, approve and send reports to SpamCop about the servers that sent you backscatter.
///
/// A report is one mail to the address that SpamCop gave you, with the notice itself attached. You answer for what you
/// report: look at it first. SpamCop then sends you a mail with a link, and only when you have confirmed there does it
/// tell the server's operator. One report is made for each server, kind of notice and day.
#[derive(Debug, Args)]
pub struct Reports {
    #[command(subcommand)]
    command: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List reports, the newest first
    List {
        /// In this state alone, such as waiting or sent
        #[arg(long)]
        state: Option<String>,
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Show one report, or why a mail cannot be reported
    Show {
        /// The mail, as `neversent quarantine list` prints it
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
    /// Store the address that SpamCop gave you for reports in the keyring, from a prompt or standard input
    Address,
}

#[derive(Debug, Args)]
struct Which {
    /// The mails, as the list prints them
    #[arg(required_unless_present = "waiting", conflicts_with = "waiting")]
    ids: Vec<String>,
    /// All that wait
    #[arg(long)]
    waiting: bool,
}

/// Runs the command.
pub async fn run(arguments: Reports, context: &Context) -> Result<Exit, Failure> {
    match arguments.command {
        Action::List { state, json } => list(state, json, context).await,
        Action::Show { id, json } => show(id, json, context).await,
        Action::Approve(which) => order(which, Order::Approve, "approved", context).await,
        Action::Discard(which) => order(which, Order::Discard, "discarded", context).await,
        Action::Undo(which) => order(which, Order::Undo, "waiting again", context).await,
        Action::Send => match reach::ask(context, Request::ReportsSend).await? {
            Response::Changed(changed) => {
                writeln!(
                    io::stdout().lock(),
                    "{} sent; a running agent sends in its own time",
                    count(changed.done, "report")
                )?;
                Ok(Exit::Done)
            }
            _ => Err(unexpected()),
        },
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

async fn all(context: &Context) -> Result<Vec<ReportView>, Failure> {
    match reach::ask(context, Request::Reports).await? {
        Response::Reports(reports) => Ok(reports),
        _ => Err(unexpected()),
    }
}

async fn list(state: Option<String>, as_json: bool, context: &Context) -> Result<Exit, Failure> {
    let mut reports = all(context).await?;
    reports.retain(|report| state.as_ref().is_none_or(|state| report.state == *state));
    let mut out = io::stdout().lock();
    if as_json {
        reports.iter().try_for_each(|report| json(&mut out, report))?;
    } else if reports.is_empty() {
        writeln!(out, "There is no report.")?;
    } else {
        let rows: Vec<Vec<String>> = reports.iter().map(row).collect();
        table(&mut out, &["REPORT", "STATE", "SERVER", "SUBJECT", "OTHERS", "TIME LEFT", "WHY"], &rows)?;
    }
    Ok(Exit::Done)
}

/// The time left while it matters, in hours.
fn time_left(report: &ReportView) -> String {
    match report.state.as_str() {
        "waiting" | "approved" => format!("{} h", report.left / 3_600),
        _ => String::new(),
    }
}

fn server(report: &ReportView) -> String {
    let ip = report.server.map(|ip| ip.to_string()).unwrap_or_default();
    match &report.server_name {
        Some(name) => format!("{} ({ip})", plain(name, 50)),
        None => ip,
    }
}

fn row(report: &ReportView) -> Vec<String> {
    vec![
        report.id.0.clone(),
        report.state.clone(),
        server(report),
        plain(&report.subject, 40),
        number(report.others.into()),
        time_left(report),
        plain(report.why.as_deref().unwrap_or_default(), 200),
    ]
}

async fn show(id: String, as_json: bool, context: &Context) -> Result<Exit, Failure> {
    let Response::Report(shown) = reach::ask(context, Request::Report { id: RecordId(id) }).await? else {
        return Err(unexpected());
    };
    let mut out = io::stdout().lock();
    if as_json {
        json(&mut out, &shown)?;
        return Ok(Exit::Done);
    }
    let Some(report) = shown.report else {
        let why = shown.why_not.unwrap_or_else(|| {
            "There is no report about it yet; `neversent reports approve` makes one.".to_owned()
        });
        writeln!(out, "{why}")?;
        return Ok(Exit::Done);
    };
    for (name, text) in [
        ("report", report.id.0.clone()),
        ("account", report.account.clone()),
        ("state", report.state.clone()),
        ("server", server(&report)),
        ("subject", plain(&report.subject, 400)),
        ("made", local(report.created)),
        ("since", local(report.changed)),
        ("too old", local(report.expires)),
        ("others", number(report.others.into())),
        ("why", plain(report.why.as_deref().unwrap_or_default(), 500)),
        ("id", plain(report.message_id.as_deref().unwrap_or_default(), 400)),
    ] {
        if !text.is_empty() {
            writeln!(out, "{name:<9} {text}")?;
        }
    }
    Ok(Exit::Done)
}

async fn order(which: Which, order: Order, done: &str, context: &Context) -> Result<Exit, Failure> {
    let ids: Vec<RecordId> = if which.waiting {
        all(context)
            .await?
            .into_iter()
            .filter(|report| report.state == "waiting")
            .map(|report| report.id)
            .collect()
    } else {
        which.ids.into_iter().map(RecordId).collect()
    };
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
