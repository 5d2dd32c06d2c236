//! Complaints to whoever answers for a network.

use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use super::super::{
    Context,
    exit::{Exit, Failure},
    output::{json, plain},
    reach, unexpected,
};
use super::About;
use crate::api::{Complaint, ContactSource, DraftView, RecordId, Request, Response};
use crate::report::Channel;

async fn draft(id: String, channel: Channel, look_up: bool, context: &Context) -> Result<DraftView, Failure> {
    match reach::ask(context, Request::Draft { id: RecordId(id), channel, look_up }).await? {
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
    let draft = draft(about.id, channel, true, context).await?;
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

/// What is to be written.
pub struct Wish {
    /// The address.
    pub to: String,
    /// A file with the words.
    pub text: Option<PathBuf>,
    /// Even if it was written to lately.
    pub again: bool,
    /// The user need not be asked.
    pub yes: bool,
}

/// Writes the complaint as the user has seen it, and has it sent.
pub async fn write(about: About, wish: Wish, context: &Context) -> Result<Exit, Failure> {
    let (channel, id) = (channel(&about), about.id.clone());
    let Wish { to, text, again, yes } = wish;
    let (subject, text) = match text {
        Some(file) => words(&file).await?,
        None => {
            let draft = draft(about.id, channel, false, context).await?;
            (draft.subject, draft.text)
        }
    };
    if !yes {
        ask_first(&to, &subject, &text)?;
    }
    let complaint = Complaint { channel, to: to.clone(), subject, text, again };
    let request = Request::Complain { id: RecordId(id.clone()), complaint };
    let Response::Accepted = reach::ask(context, request).await? else { return Err(unexpected()) };
    let Response::Changed(_) = reach::ask(context, Request::ReportsSend).await? else {
        return Err(unexpected());
    };
    let report = RecordId(format!("{id}/{}", channel.name()));
    let Response::Report(shown) = reach::ask(context, Request::Report { id: report }).await? else {
        return Err(unexpected());
    };
    let mut out = io::stdout().lock();
    let to = plain(&to, 200);
    let Some(report) = shown.report else { return Err(unexpected()) };
    let why = plain(report.why.as_deref().unwrap_or_default(), 500);
    Ok(match report.state.as_str() {
        "sent" => {
            writeln!(out, "The complaint to {to} is sent.")?;
            Exit::Done
        }
        "approved" | "sending" => {
            writeln!(out, "The complaint to {to} is written and goes by itself. {why}")?;
            Exit::Done
        }
        state => {
            writeln!(out, "The complaint to {to} is {state}: {why}")?;
            Exit::SomeFailed
        }
    })
}

/// Subject and text of a file.
async fn words(file: &Path) -> Result<(String, String), Failure> {
    let wrong = |what: String| Failure::new(Exit::Usage, format!("the file {} {what}", file.display()));
    let read = tokio::fs::read_to_string(file).await;
    let read = read.map_err(|error| wrong(format!("cannot be read: {error}")))?;
    let (first, rest) = read.split_once('\n').unwrap_or((&read, ""));
    let subject = first.trim_end().strip_prefix("Subject:").ok_or_else(|| {
        wrong("does not begin with a line such as `Subject: Backscatter from 192.0.2.1`".to_owned())
    })?;
    Ok((subject.trim().to_owned(), rest.trim().to_owned()))
}

/// Shows what would be written, and asks.
fn ask_first(to: &str, subject: &str, text: &str) -> Result<(), Failure> {
    if !io::stdin().is_terminal() {
        let why =
            "the complaint is shown by `neversent reports contact`; say --yes where you cannot be asked";
        return Err(Failure::new(Exit::Usage, why));
    }
    let mut out = io::stderr().lock();
    writeln!(out, "To: {}\nSubject: {}\n", plain(to, 200), plain(subject, 200))?;
    for line in text.lines() {
        writeln!(out, "{}", plain(line, 20_000))?;
    }
    write!(out, "\nSend this, with the notice attached? [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        return Ok(());
    }
    Err(Failure::new(Exit::SomeFailed, "nothing was written"))
}
