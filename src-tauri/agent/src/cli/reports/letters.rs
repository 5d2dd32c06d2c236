//! Complaints to whoever answers for a network.

use std::io::{self, Write};
use std::path::PathBuf;

use super::super::{
    Context,
    exit::{Exit, Failure},
    output::{json, plain},
    reach, unexpected,
};
use super::About;
use crate::api::{Complaint, ContactSource, DraftView, RecordId, Request, Response};
use crate::report::Channel;

async fn draft(id: String, channel: Channel, context: &Context) -> Result<DraftView, Failure> {
    match reach::ask(context, Request::Draft { id: RecordId(id), channel }).await? {
        Response::Draft(draft) => Ok(*draft),
        _ => Err(unexpected()),
    }
}

fn channel(about: &About) -> Channel {
    if about.injector { Channel::Injector } else { Channel::Operator }
}

/// Prints whom the user could write to, and how that would read.
pub async fn contact(about: About, as_json: bool, context: &Context) -> Result<Exit, Failure> {
    let channel = channel(&about);
    let draft = draft(about.id, channel, context).await?;
    let mut out = io::stdout().lock();
    if as_json {
        json(&mut out, &draft)?;
        return Ok(Exit::Done);
    }
    let name = draft.host_name.as_deref().map(|name| format!(" ({})", plain(name, 80))).unwrap_or_default();
    writeln!(out, "About {}{name}", draft.host)?;
    for contact in &draft.contacts {
        let by = match contact.by {
            ContactSource::Rdap => "the registry of its network",
            ContactSource::Abusix => "Abusix",
        };
        writeln!(out, "Contact: {}, says {by}", plain(&contact.address, 200))?;
    }
    for problem in &draft.problems {
        writeln!(out, "{}", plain(problem, 400))?;
    }
    writeln!(out, "\nSubject: {}\n", plain(&draft.subject, 200))?;
    for line in draft.text.lines() {
        writeln!(out, "{}", plain(line, 20_000))?;
    }
    writeln!(out, "\n{}", draft.attached)?;
    Ok(Exit::Done)
}

/// Writes the complaint and has it sent.
pub async fn write(
    about: About,
    to: String,
    text: Option<PathBuf>,
    again: bool,
    context: &Context,
) -> Result<Exit, Failure> {
    let (channel, id) = (channel(&about), RecordId(about.id.clone()));
    let (subject, text) = match text {
        Some(file) => {
            let read = std::fs::read_to_string(&file).map_err(|error| {
                Failure::new(Exit::Usage, format!("the file {} cannot be read: {error}", file.display()))
            })?;
            let (first, rest) = read.split_once('\n').unwrap_or((&read, ""));
            let subject = first.trim_end().strip_prefix("Subject:").ok_or_else(|| {
                let why = "it does not begin with a line such as `Subject: Backscatter from 192.0.2.1`";
                Failure::new(Exit::Usage, format!("the file {} cannot be used: {why}", file.display()))
            })?;
            (subject.trim().to_owned(), rest.trim().to_owned())
        }
        None => {
            let draft = draft(about.id, channel, context).await?;
            (draft.subject, draft.text)
        }
    };
    let complaint = Complaint { channel, to: to.clone(), subject, text, again };
    let Response::Accepted = reach::ask(context, Request::Complain { id, complaint }).await? else {
        return Err(unexpected());
    };
    let Response::Changed(sent) = reach::ask(context, Request::ReportsSend).await? else {
        return Err(unexpected());
    };
    let mut out = io::stdout().lock();
    let done = if sent.done > 0 { "is sent" } else { "is written; it is sent by itself" };
    writeln!(
        out,
        "The complaint to {} {done}; `neversent reports list` shows what becomes of it.",
        plain(&to, 200)
    )?;
    Ok(Exit::Done)
}
