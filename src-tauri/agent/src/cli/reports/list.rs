//! Lists reports and shows one.

use std::io::{self, Write};

use clap::Args;
use rules::Kind;

use super::super::{
    Context,
    exit::{Exit, Failure},
    output::{json, local, number, plain, table},
    reach, unexpected,
};
use crate::api::{RecordId, ReportView, Request, Response};

/// Which reports are meant; all that is said must hold.
#[derive(Debug, Args)]
pub struct Filter {
    /// In this state
    #[arg(long, value_parser = [
        "waiting", "approved", "sending", "cut_off", "sent", "needs_confirmation", "done", "refused", "expired", "discarded",
        "withdrawn",
    ])]
    pub state: Option<String>,
    /// About this server: its address, its name, or a domain that its name is in
    #[arg(long)]
    server: Option<String>,
    /// About notices of this kind: bounce, auto_reply, challenge or virus_notice
    #[arg(long, value_parser = kind)]
    kind: Option<Kind>,
    /// Of this account
    #[arg(long)]
    account: Option<String>,
    /// To these
    #[arg(long, value_parser = ["spamcop", "operator", "injector"])]
    channel: Option<String>,
}

fn kind(text: &str) -> Result<Kind, String> {
    serde_json::from_value(serde_json::Value::from(text))
        .map_err(|_| "there is no such kind; write bounce, auto_reply, challenge or virus_notice".to_owned())
}

impl Filter {
    /// Nothing is said, so that all are meant.
    pub fn is_empty(&self) -> bool {
        let Self { state, server, kind, account, channel } = self;
        state.is_none() && server.is_none() && kind.is_none() && account.is_none() && channel.is_none()
    }

    /// Whether a report is meant.
    pub fn holds(&self, report: &ReportView) -> bool {
        let of_server = |wanted: &String| {
            let wanted = wanted.to_lowercase();
            let name = report.server_name.as_deref().unwrap_or_default().to_lowercase();
            report.server.is_some_and(|ip| wanted.parse() == Ok(ip))
                || name == wanted
                || name.ends_with(&format!(".{wanted}"))
        };
        self.state.as_ref().is_none_or(|state| report.state == *state)
            && self.server.as_ref().is_none_or(of_server)
            && self.kind.is_none_or(|kind| report.kind == Some(kind))
            && self.account.as_ref().is_none_or(|account| report.account == *account)
            && self.channel.as_ref().is_none_or(|channel| report.channel.name() == channel)
    }
}

/// All reports.
pub async fn all(context: &Context) -> Result<Vec<ReportView>, Failure> {
    match reach::ask(context, Request::Reports).await? {
        Response::Reports(reports) => Ok(reports),
        _ => Err(unexpected()),
    }
}

/// Prints the reports that are meant.
pub async fn list(filter: &Filter, as_json: bool, context: &Context) -> Result<Exit, Failure> {
    let mut reports = all(context).await?;
    reports.retain(|report| filter.holds(report));
    let Response::Unmatched(unmatched) = reach::ask(context, Request::Unmatched).await? else {
        return Err(unexpected());
    };
    let mut out = io::stdout().lock();
    if as_json {
        reports.iter().try_for_each(|report| json(&mut out, report))?;
        return Ok(Exit::Done);
    }
    if reports.is_empty() {
        writeln!(out, "There is no report.")?;
    } else {
        let rows: Vec<Vec<String>> = reports.iter().map(row).collect();
        let head = ["REPORT", "TO", "STATE", "SERVER", "SUBJECT", "OTHERS", "TIME LEFT", "WHY"];
        table(&mut out, &head, &rows)?;
    }
    if filter.is_empty() && !unmatched.is_empty() {
        writeln!(out, "\nSpamCop also sent links, and it is not known for which report:")?;
        for answer in unmatched {
            for link in answer.links {
                writeln!(out, "{}  {link}", local(answer.came))?;
            }
        }
    }
    Ok(Exit::Done)
}

/// The time left while it matters, in hours.
fn time_left(report: &ReportView) -> String {
    match report.state.as_str() {
        "waiting" | "approved" | "sent" | "needs_confirmation" => format!("{} h", report.left / 3_600),
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
        plain(report.to.as_deref().unwrap_or("SpamCop"), 40),
        report.state.clone(),
        server(report),
        plain(&report.subject, 40),
        number(report.others.into()),
        time_left(report),
        plain(report.why.as_deref().unwrap_or_default(), 200),
    ]
}

/// Prints one report, or why there is none.
pub async fn show(id: String, as_json: bool, context: &Context) -> Result<Exit, Failure> {
    let Response::Report(shown) = reach::ask(context, Request::Report { id: RecordId(id.clone()) }).await?
    else {
        return Err(unexpected());
    };
    let mut out = io::stdout().lock();
    if as_json {
        json(&mut out, &shown)?;
        return Ok(Exit::Done);
    }
    let Some(report) = shown.report else {
        let why = shown.why_not.unwrap_or_else(|| {
            let makes = if id.contains('/') { "write" } else { "approve" };
            format!("There is no report about it yet; `neversent reports {makes}` makes one.")
        });
        writeln!(out, "{why}")?;
        return Ok(Exit::Done);
    };
    let time = |at: Option<rules::UnixTime>| at.map(local).unwrap_or_default();
    for (name, text) in [
        ("report", report.id.0.clone()),
        ("account", report.account.clone()),
        ("to", plain(report.to.as_deref().unwrap_or("SpamCop"), 400)),
        ("state", report.state.clone()),
        ("server", server(&report)),
        ("subject", plain(&report.subject, 400)),
        ("made", local(report.created)),
        ("since", local(report.changed)),
        ("sent", time(report.sent)),
        ("too old", local(report.expires)),
        ("others", number(report.others.into())),
        ("why", plain(report.why.as_deref().unwrap_or_default(), 500)),
        ("link", report.link.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("opened", time(report.opened)),
        ("id", plain(report.message_id.as_deref().unwrap_or_default(), 400)),
    ] {
        if !text.is_empty() {
            writeln!(out, "{name:<9} {text}")?;
        }
    }
    Ok(Exit::Done)
}
