//! `neversent mine`: "this was mine".

use std::io::{self, Write};

use clap::Args;

use super::{
    Context,
    exit::{Exit, Failure},
    output::{count, json, number, plain},
    reach, unexpected,
};
use crate::api::{ProposalView, Proposals, RecordId, Request, Response};

/// Say that a mail answers mail of yours: what tells such mail of yours from others', and what else that would bring back.
///
/// Mail that a script, a device or a service sends in your name is in no folder of sent mail. For the mails that you name
/// this shows by what yours could be known from now on, the narrowest first, and how many other mails that would settle.
/// With --accept one of these is learned: what it settles is put back where it came from, and later bounces of such mail
/// stay in your inbox. `neversent learned forget` takes it back.
#[derive(Debug, Args)]
pub struct Mine {
    /// The mails, as `neversent quarantine list` prints them
    #[arg(required = true)]
    ids: Vec<String>,
    /// Learn the sender of this number in the list
    #[arg(long, value_name = "NUMBER")]
    accept: Option<usize>,
    /// Learn it even if mail of spammers shows it as well
    #[arg(long, requires = "accept")]
    even_so: bool,
    /// Print one JSON object
    #[arg(long, conflicts_with = "accept")]
    json: bool,
}

/// Runs the command.
pub async fn run(arguments: Mine, context: &Context) -> Result<Exit, Failure> {
    let ids: Vec<RecordId> = arguments.ids.into_iter().map(RecordId).collect();
    let Response::Proposals(proposals) = reach::ask(context, Request::Propose { ids }).await? else {
        return Err(unexpected());
    };
    let Some(place) = arguments.accept else {
        let mut out = io::stdout().lock();
        if arguments.json {
            json(&mut out, &proposals)?
        } else {
            write(&mut out, &proposals)?
        }
        return Ok(if proposals.senders.is_empty() { Exit::SomeFailed } else { Exit::Done });
    };
    let chosen = place.checked_sub(1).and_then(|at| proposals.senders.get(at));
    let chosen = chosen.ok_or_else(|| {
        let of = proposals.senders.len();
        Failure::new(Exit::Usage, format!("there is no sender {place} in the list, which has {of}"))
    })?;
    if chosen.proved_otherwise > 0 && !arguments.even_so {
        let mails = count(chosen.proved_otherwise, "mail");
        let text = format!(
            "nothing was learned: {mails} that you surely did not send show \u{201c}{}\u{201d} as well, so spammers write \
             it, too; with --even-so it is learned in spite of that",
            plain(&chosen.text, 200)
        );
        return Err(Failure::new(Exit::SomeFailed, text));
    }
    let sender = chosen.sender.clone();
    match reach::ask(context, Request::Declare { sender }).await? {
        Response::Accepted => {
            let mut out = io::stdout().lock();
            writeln!(out, "Learned: {} is yours. {}", plain(&chosen.text, 200), settled(chosen))?;
            Ok(Exit::Done)
        }
        _ => Err(unexpected()),
    }
}

fn settled(chosen: &ProposalView) -> String {
    match chosen.brings_back {
        0 => "The mail that you named is put back with the next look at the mailbox.".to_owned(),
        others => format!(
            "The mail that you named and {} are put back with the next look at the mailbox.",
            count(others, "other")
        ),
    }
}

fn write(out: &mut impl Write, proposals: &Proposals) -> io::Result<()> {
    if let Some(why) = &proposals.why_none {
        return writeln!(out, "Nothing can be proposed: {why}.");
    }
    writeln!(out, "Mail of yours like this could be known by one of these:")?;
    for (place, view) in (1..).zip(&proposals.senders) {
        writeln!(out, "{place}. {}", plain(&view.text, 200))?;
        let others = match (view.brings_back, view.settles) {
            (0, 0) => "no other mail".to_owned(),
            (back, 0) => format!("{} in quarantine", count(back, "other mail")),
            (0, open) => format!("{} in the inbox", count(open, "other mail")),
            (back, open) => {
                format!("{} in quarantine and {open} in the inbox", count(back, "other mail"))
            }
        };
        writeln!(out, "   shown by {others}")?;
        if view.proved_otherwise > 0 {
            let mails = number(view.proved_otherwise);
            writeln!(
                out,
                "   of these, sent by somebody else for sure: {mails}; so spammers write this, too"
            )?;
        }
        for subject in &view.examples {
            writeln!(out, "     {}", plain(subject, 90))?;
        }
    }
    writeln!(out, "With --accept NUMBER one of them is learned.")
}
