//! `neversent quarantine`: what was judged, where it is, and back.

use std::io::{self, Write};

use clap::{Args, Subcommand, ValueEnum};

use super::{
    Context,
    exit::{Exit, Failure},
    output::{count, json, local, number, plain, table},
    reach, unexpected,
};
use crate::{
    api::{Changed, PAGE, Purge, RecordId, RecordState, RecordView, Request, Response},
    config::duration_seconds,
};

/// List what was taken out of the inbox or stays undecided; move it, put it back, delete it.
#[derive(Debug, Args)]
pub struct Quarantine {
    #[command(subcommand)]
    command: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List records, the newest first
    List(List),
    /// Show one record with all its evidence
    Show {
        /// The record, as `list` prints it
        id: String,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Move to quarantine what was judged backscatter in mode "observe"
    Apply {
        /// Of this account alone
        #[arg(long, value_name = "NAME")]
        account: Option<String>,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Put mails back where they were; they are never moved again
    Restore {
        /// The records, as `list` prints them
        #[arg(required = true)]
        ids: Vec<String>,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Delete mails from quarantine, for good
    Purge {
        /// The records, as `list` prints them
        #[arg(required_unless_present = "older", conflicts_with = "older")]
        ids: Vec<String>,
        /// All that were moved longer ago, such as 30d
        #[arg(long, value_name = "TIME", value_parser = duration)]
        older: Option<i64>,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
struct List {
    /// Of this account alone
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
    /// In this state alone
    #[arg(long, value_enum)]
    state: Option<StateArgument>,
    /// At most so many
    #[arg(long, default_value_t = 100, value_name = "N")]
    limit: u64,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

/// The states by their names on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum StateArgument {
    /// Judged backscatter, still where it came
    Judged,
    /// In quarantine
    Quarantined,
    /// Put back by the user
    Restored,
    /// Put back by Neversent, which had learned better
    Rescued,
    /// Deleted from quarantine after its time
    Purged,
    /// No longer found in quarantine
    Gone,
    /// Undecided: it stays where it is and needs your eye
    Undecided,
}

impl From<StateArgument> for RecordState {
    fn from(state: StateArgument) -> Self {
        match state {
            StateArgument::Judged => Self::Judged,
            StateArgument::Quarantined => Self::Quarantined,
            StateArgument::Restored => Self::Restored,
            StateArgument::Rescued => Self::Rescued,
            StateArgument::Purged => Self::Purged,
            StateArgument::Gone => Self::Gone,
            StateArgument::Undecided => Self::Undecided,
        }
    }
}

fn duration(text: &str) -> Result<i64, String> {
    duration_seconds(text).ok_or_else(|| "write a time such as 12h or 30d".to_owned())
}

/// What is to be done about reports of mails that are put back and had been sent already, by the name of the report.
async fn reported(restored: &[String], context: &Context) -> Result<Vec<(String, String)>, Failure> {
    if restored.is_empty() {
        return Ok(Vec::new());
    }
    let Response::Reports(reports) = reach::ask(context, Request::Reports).await? else {
        return Err(unexpected());
    };
    let is_about = |id: &RecordId| {
        restored.iter().any(|name| {
            id.0.strip_prefix(name.as_str())
                .is_some_and(|rest| matches!(rest.chars().next(), None | Some('/')))
        })
    };
    let sent =
        reports.into_iter().filter(|report| report.back && report.sent.is_some() && is_about(&report.id));
    let told = sent.map(|report| {
        let why = report.why.map(|why| format!(": {}", plain(&why, 300))).unwrap_or_default();
        (report.id.0, format!("it had been reported already (its report is {}){why}", report.state))
    });
    Ok(told.collect())
}

/// Runs the command.
pub async fn run(arguments: Quarantine, context: &Context) -> Result<Exit, Failure> {
    let ids = |ids: Vec<String>| ids.into_iter().map(RecordId).collect::<Vec<_>>();
    let mut restored = Vec::new();
    let (request, as_json, done) = match arguments.command {
        Action::List(arguments) => return list(arguments, context).await,
        Action::Show { id, json } => return show(id, json, context).await,
        Action::Apply { account, json } => {
            (Request::QuarantineApply { account }, json, "moved to quarantine")
        }
        Action::Restore { ids: names, json } => {
            restored.clone_from(&names);
            (Request::QuarantineRestore { ids: ids(names) }, json, "put back")
        }
        Action::Purge { older: Some(age), json, .. } => {
            (Request::QuarantinePurge { which: Purge::OlderThan(age) }, json, "deleted")
        }
        Action::Purge { ids: names, older: None, json } => {
            (Request::QuarantinePurge { which: Purge::Ids(ids(names)) }, json, "deleted")
        }
    };
    let Response::Changed(changed) = reach::ask(context, request).await? else {
        return Err(unexpected());
    };
    let reported = if as_json { Vec::new() } else { reported(&restored, context).await? };
    let mut out = io::stdout().lock();
    if as_json {
        json(&mut out, &changed)?
    } else {
        write_changed(&mut out, &changed, done)?
    }
    for (name, why) in reported {
        writeln!(out, "{name}: {why}")?;
    }
    Ok(if changed.failed.is_empty() { Exit::Done } else { Exit::SomeFailed })
}

fn write_changed(out: &mut impl Write, changed: &Changed, done: &str) -> io::Result<()> {
    writeln!(out, "{} {done}", count(changed.done, "mail"))?;
    for failed in &changed.failed {
        writeln!(out, "{}: not {done}: {}", failed.id.0, failed.why)?;
    }
    Ok(())
}

async fn list(arguments: List, context: &Context) -> Result<Exit, Failure> {
    let mut left = arguments.limit;
    let mut after = None;
    let mut rows = Vec::new();
    let (mut shown, mut total) = (0_u64, 0);
    while left > 0 {
        let limit = u32::try_from(left).unwrap_or(PAGE).min(PAGE);
        let account = arguments.account.clone();
        let request = match arguments.state {
            Some(StateArgument::Undecided) => Request::Undecided { account, limit, after },
            state => Request::QuarantineList { account, state: state.map(Into::into), limit, after },
        };
        let Response::Records(page) = reach::ask(context, request).await? else {
            return Err(unexpected());
        };
        total = page.total;
        let on_page = page.records.len() as u64;
        shown += on_page;
        left = left.saturating_sub(on_page);
        let mut out = io::stdout().lock();
        for record in &page.records {
            if arguments.json { json(&mut out, record)? } else { rows.push(row(record)) }
        }
        after = page.next;
        if after.is_none() || on_page == 0 {
            break;
        }
    }
    if arguments.json {
        return Ok(Exit::Done);
    }
    let mut out = io::stdout().lock();
    if rows.is_empty() {
        writeln!(out, "There is nothing here.")?;
        return Ok(Exit::Done);
    }
    table(&mut out, &["RECORD", "CAME", "STATE", "FROM", "SUBJECT", "WHY"], &rows)?;
    if shown < total {
        writeln!(out, "{} of {}; --limit shows more", number(shown), number(total))?;
    }
    Ok(Exit::Done)
}

fn row(record: &RecordView) -> Vec<String> {
    vec![
        record.id.0.clone(),
        local(record.arrived),
        record.state.to_string(),
        plain(record.from.as_deref().unwrap_or(""), 30),
        plain(&record.subject, 40),
        plain(&record.sentence, 200),
    ]
}

async fn show(id: String, as_json: bool, context: &Context) -> Result<Exit, Failure> {
    let request = Request::QuarantineShow { id: RecordId(id) };
    let Response::Record(record) = reach::ask(context, request).await? else {
        return Err(unexpected());
    };
    let mut out = io::stdout().lock();
    if as_json {
        json(&mut out, &record)?
    } else {
        write_record(&mut out, &record)?
    }
    Ok(Exit::Done)
}

fn write_record(out: &mut impl Write, record: &RecordView) -> io::Result<()> {
    let text = |text: &Option<String>| plain(text.as_deref().unwrap_or("not told"), 400);
    let mut lines = vec![
        ("record", record.id.0.clone()),
        ("account", record.account.clone()),
        ("folder", record.folder.clone()),
        ("came", local(record.arrived)),
        ("from", text(&record.from)),
        ("subject", plain(&record.subject, 400)),
        ("state", record.state.to_string()),
        ("verdict", format!("{} ({})", record.verdict.as_str(), record.rule)),
    ];
    lines.extend(record.moved_at.map(|at| ("moved", local(at))));
    lines.extend(record.until.map(|at| ("until", local(at))));
    if let Some(original) = &record.original {
        let to: Vec<String> = original.to.iter().map(|address| plain(address, 100)).collect();
        lines.push(("answers", text(&original.subject)));
        lines.push(("  from", text(&original.from)));
        lines.push(("  to", to.join(", ")));
        lines.push(("  date", text(&original.date)));
        lines.push(("  id", text(&original.message_id)));
    }
    for (name, text) in lines {
        writeln!(out, "{name:<9} {text}")?;
    }
    writeln!(out, "\n{}", plain(&record.sentence, 1_000))?;
    for evidence in &record.evidence {
        writeln!(out, "- {}", plain(&evidence.text, 1_000))?;
        if !evidence.detail.is_empty() {
            writeln!(out, "    {}", plain(&evidence.detail, 1_000))?;
        }
    }
    Ok(())
}
