//! `neversent status`.

use std::io::{self, Write};

use clap::Args;

use super::{
    Context,
    exit::{Exit, Failure},
    output::{count, json, number},
    reach, unexpected,
};
use crate::{
    api::{AccountView, Request, Response, StatusView},
    config::Mode,
};

/// Show what each account is doing, how much sent mail is known, and what was found.
#[derive(Debug, Args)]
pub struct Status {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub async fn run(arguments: &Status, context: &Context) -> Result<Exit, Failure> {
    let Response::Status(status) = reach::ask(context, Request::Status).await? else {
        return Err(unexpected());
    };
    let mut out = io::stdout().lock();
    if arguments.json {
        json(&mut out, &status)?
    } else {
        write(&mut out, &status)?
    }
    Ok(Exit::Done)
}

fn write(out: &mut impl Write, status: &StatusView) -> io::Result<()> {
    if !status.running {
        writeln!(out, "No agent is running; start one with `neversent run`.")?;
    }
    for account in &status.accounts {
        writeln!(out)?;
        write_account(out, account)?;
    }
    Ok(())
}

fn write_account(out: &mut impl Write, account: &AccountView) -> io::Result<()> {
    let mode = match account.mode {
        Mode::Observe => "observe: nothing is moved",
        Mode::Quarantine => "quarantine",
    };
    let watched = account.watched.iter().map(|folder| match folder.mails {
        Some(mails) => format!("{} ({})", folder.name, count(mails.into(), "mail")),
        None => folder.name.clone(),
    });
    let watched: Vec<String> = watched.collect();
    let sent = if account.sent_folders.is_empty() {
        "none found".to_owned()
    } else {
        account.sent_folders.join(", ")
    };
    let mut lines = vec![
        ("state", account.state.to_string()),
        ("mode", mode.to_owned()),
        ("watched", watched.join(", ")),
        ("sent mail", format!("{} known, from {sent}", count(account.sent_indexed, "mail"))),
        ("coverage", account.coverage.clone()),
        ("judged", count(account.judged, "mail")),
        ("quarantine", count(account.quarantined, "mail")),
        ("needs your eye", format!("{} undecided", number(account.undecided))),
    ];
    if account.to_apply > 0 {
        let text = format!("{}; `neversent quarantine apply` moves them", count(account.to_apply, "mail"));
        lines.push(("backscatter", text));
    }
    lines.push((
        "traffic",
        format!("{} bytes in, {} out", number(account.bytes_in), number(account.bytes_out)),
    ));
    lines.extend(account.alarm.iter().map(|alarm| ("alarm", alarm.clone())));
    lines.extend(account.problem.iter().map(|problem| ("problem", problem.clone())));
    writeln!(out, "{}", account.name)?;
    for (name, text) in lines {
        writeln!(out, "  {name:<15} {text}")?;
    }
    Ok(())
}
