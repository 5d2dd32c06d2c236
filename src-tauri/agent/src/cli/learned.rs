//! `neversent learned`: domains of ids that were learned.

use std::io::{self, Write as _};

use clap::{Args, Subcommand};

use super::{
    Context,
    exit::{Exit, Failure},
    output::{json, plain, table},
    reach, unexpected,
};
use crate::api::{LearnedView, LearnedWhat, Request, Response};

/// Show and forget what Neversent has learned of servers that number your mail.
///
/// Some providers write a number (Message-ID) of their own over that of your mail, and some mail of yours is in no Sent
/// folder. What answers such numbers is not called backscatter by its number alone. If a domain was learned that has nothing
/// to do with your mail, forget it.
#[derive(Debug, Args)]
pub struct Learned {
    #[command(subcommand)]
    command: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show the domains
    List {
        /// Print one JSON object a domain
        #[arg(long)]
        json: bool,
    },
    /// Forget a domain; what is seen of it from now on can teach it again
    Forget {
        /// The domain, as the list shows it
        domain: String,
    },
}

/// Runs the command.
pub async fn run(arguments: Learned, context: &Context) -> Result<Exit, Failure> {
    match arguments.command {
        Action::List { json } => list(json, context).await,
        Action::Forget { domain } => match reach::ask(context, Request::Forget { domain }).await? {
            Response::Accepted => Ok(Exit::Done),
            _ => Err(unexpected()),
        },
    }
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
            };
            vec![plain(&one.domain, 60), what.to_owned(), format!("{time} {}", one.time)]
        };
        table(&mut out, &["domain", "what", "time"], &learned.iter().map(row).collect::<Vec<_>>())?;
    }
    Ok(Exit::Done)
}
