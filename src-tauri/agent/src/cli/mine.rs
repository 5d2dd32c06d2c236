//! `neversent mine`: "this was mine".

use std::io::{self, Write};

use clap::Args;
use rules::profile::Declared;

use super::{
    Context,
    exit::{Exit, Failure},
    output::{count, json, number, plain},
    reach, unexpected,
};
use crate::api::{Proposals, RecordId, Request, Response};

/// Say that a mail answers mail of yours: what tells such mail of yours from others', and what else that would bring back.
///
/// Mail that a script, a device or a service sends in your name is in no folder of sent mail. For the mails that you name
/// this shows by what yours could be known from now on, the narrowest first, and how many other mails that would settle.
/// With --accept one of these is learned: the mails that you named and what else it settles are put back where they came
/// from, and later bounces of such mail stay in your inbox. `neversent learned forget` takes it back.
#[derive(Debug, Args)]
pub struct Mine {
    /// The mails, as `neversent quarantine list` prints them
    #[arg(required = true)]
    ids: Vec<String>,
    /// Learn this sender of those that are shown, such as relay:192.0.2.1
    #[arg(long, value_name = "SENDER")]
    accept: Option<Declared>,
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
    let request = Request::Propose { ids: ids.clone() };
    let Response::Proposals(proposals) = reach::ask(context, request).await? else {
        return Err(unexpected());
    };
    let mut out = io::stdout().lock();
    match arguments.accept {
        None if arguments.json => json(&mut out, &proposals)?,
        None => write(&mut out, &proposals)?,
        Some(sender) => return accept(sender, ids, &proposals, arguments.even_so, context).await,
    }
    Ok(if proposals.senders.is_empty() { Exit::SomeFailed } else { Exit::Done })
}

async fn accept(
    sender: Declared,
    ids: Vec<RecordId>,
    proposals: &Proposals,
    even_so: bool,
    context: &Context,
) -> Result<Exit, Failure> {
    let Some(chosen) = proposals.senders.iter().find(|view| view.sender == sender) else {
        let why = match &proposals.why_none {
            Some(why) => format!("nothing can be learned of this: {why}"),
            None => format!("{sender} is none of those that `neversent mine` shows for this"),
        };
        return Err(Failure::new(Exit::SomeFailed, plain(&why, 500)));
    };
    if chosen.seem_forged > 0 && !even_so {
        let mails = count(chosen.seem_forged, "other mail");
        let text = format!(
            "nothing was learned: {mails} that seem to be spammers' show \u{201c}{}\u{201d} as well; with --even-so it is \
             learned in spite of that",
            plain(&chosen.text, 200)
        );
        return Err(Failure::new(Exit::SomeFailed, text));
    }
    // First the mails that were named, whatever their age: of these the user is sure.
    let quarantined: Vec<RecordId> = ids.into_iter().filter(|id| id.0.starts_with('q')).collect();
    let asked = quarantined.len();
    let back = match asked {
        0 => None,
        _ => Some(reach::ask(context, Request::QuarantineRestore { ids: quarantined }).await),
    };
    let Response::Accepted = reach::ask(context, Request::Declare { sender }).await? else {
        return Err(unexpected());
    };
    let mut out = io::stdout().lock();
    writeln!(out, "Learned: {} is yours.", plain(&chosen.text, 200))?;
    let more = chosen.brings_back;
    if more > 0 {
        writeln!(out, "{} put back with the next look at the mailbox.", will_be(more, "other mail"))?;
    }
    match back {
        None => Ok(Exit::Done),
        Some(Ok(Response::Changed(changed))) => {
            writeln!(out, "{} that you named: put back.", count(changed.done, "mail"))?;
            for failed in &changed.failed {
                writeln!(out, "{}: not put back: {}", failed.id.0, failed.why)?;
            }
            Ok(if changed.failed.is_empty() { Exit::Done } else { Exit::SomeFailed })
        }
        Some(Ok(_)) => Err(unexpected()),
        Some(Err(failure)) => Err(Failure::new(
            failure.exit,
            format!("it was learned, but what you named could not be put back yet: {}", failure.message),
        )),
    }
}

/// "1 other mail is", "3 other mails are".
fn will_be(of: u64, thing: &str) -> String {
    format!("{} {}", count(of, thing), if of == 1 { "is" } else { "are" })
}

fn write(out: &mut impl Write, proposals: &Proposals) -> io::Result<()> {
    if let Some(why) = &proposals.why_none {
        return writeln!(out, "Nothing can be proposed: {why}.");
    }
    writeln!(out, "Mail of yours like this could be known by one of these:")?;
    for view in &proposals.senders {
        writeln!(out, "{}", plain(&view.sender.to_string(), 400))?;
        let anybody = if view.forgeable { "; anybody can write that into a mail" } else { "" };
        writeln!(out, "    {}{anybody}", plain(&view.text, 200))?;
        let others = match (view.brings_back, view.settles) {
            (0, 0) => "no other mail".to_owned(),
            (back, 0) => format!("{} in quarantine", count(back, "other mail")),
            (0, open) => format!("{} in the inbox", count(open, "other mail")),
            (back, open) => {
                format!("{} in quarantine and {} in the inbox", count(back, "other mail"), number(open))
            }
        };
        writeln!(out, "    shown by {others}")?;
        if view.seem_forged > 0 {
            let mails = number(view.seem_forged);
            writeln!(out, "    {mails} of these seem to be spammers', who then write this as well")?;
        }
        for subject in &view.examples {
            writeln!(out, "      {}", plain(subject, 90))?;
        }
    }
    writeln!(out, "With --accept SENDER one of them is learned.")
}
