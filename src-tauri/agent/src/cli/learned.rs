//! `neversent learned`: domains of ids that were learned, and senders that the user declared.

use std::io::{self, Write as _};

use clap::{Args, Subcommand};

use super::{
    Context,
    exit::{Exit, Failure},
    output::{json, number, plain, table},
    reach, unexpected,
};
use crate::api::{LearnedView, LearnedWhat, Request, Response};

/// Show and forget what Neversent has learned of your mail.
///
/// Some providers write a number (Message-ID) of their own over that of your mail, and some mail of yours is in no Sent
/// folder. What answers such numbers is not called backscatter by its number alone. If a domain was learned that has nothing
/// to do with your mail, forget it. Senders that you accepted with `neversent mine` are shown as well.
#[derive(Debug, Args)]
pub struct Learned {
    #[command(subcommand)]
    command: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show what was learned
    List {
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Forget a domain or a sender; what is seen of a domain from now on can teach it again
    Forget {
        /// The domain or sender, as the list shows it
        name: String,
    },
}

/// Runs the command.
pub async fn run(arguments: Learned, context: &Context) -> Result<Exit, Failure> {
    match arguments.command {
        Action::List { json } => list(json, context).await,
        Action::Forget { name } => match reach::ask(context, Request::Forget { name }).await? {
            Response::Accepted => Ok(Exit::Done),
            _ => Err(unexpected()),
        },
    }
}

fn by_account(one: &LearnedView) -> String {
    let accounts: Vec<String> = one.accounts.iter().map(|(name, mails)| format!("{name}: {mails}")).collect();
    plain(&accounts.join(", "), 100)
}

async fn list(as_json: bool, context: &Context) -> Result<Exit, Failure> {
    let Response::Learned(learned) = reach::ask(context, Request::Learned).await? else {
        return Err(unexpected());
    };
    let mut out = io::stdout().lock();
    if as_json {
        learned.iter().try_for_each(|one| json(&mut out, one))?;
    } else if learned.is_empty() {
        writeln!(out, "Nothing was learned yet.")?;
    } else {
        let row = |one: &LearnedView| {
            let (what, time) = match one.what {
                LearnedWhat::Rewritten => ("its numbers are written over yours", "since"),
                LearnedWhat::OwnUnseen => ("mail of yours with its numbers is in no Sent folder", "until"),
                LearnedWhat::Declared => ("you said that mail of this sender is yours", "since"),
            };
            vec![
                // Whole: it is what `forget` is given.
                plain(&one.name, 500),
                what.to_owned(),
                one.mails.map(number).unwrap_or_default(),
                by_account(one),
                format!("{time} {}", one.time),
            ]
        };
        table(
            &mut out,
            &["what", "meaning", "mails", "accounts", "time"],
            &learned.iter().map(row).collect::<Vec<_>>(),
        )?;
    }
    Ok(Exit::Done)
}
