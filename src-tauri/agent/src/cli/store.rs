//! `neversent store`: backup and check of what Neversent keeps.

use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use clap::{Args, Subcommand};

use super::{
    Context,
    exit::{Exit, Failure},
    output::{json, number},
    reach, unexpected,
};
use crate::api::{Request, Response};

/// Back up, take in and check what Neversent keeps: the index of sent mail and what was decided.
///
/// An export holds no message text and no clear addresses of those you wrote to, only keyed hashes. A running agent
/// writes one a day by itself, into the folder `export` of the data folder.
#[derive(Debug, Args)]
pub struct Store {
    #[command(subcommand)]
    command: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Write an export
    Export {
        /// The file to write [default: a new one in the folder `export` of the data folder]
        path: Option<PathBuf>,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Take in an export; what is known already stays
    Import {
        /// The file to read
        path: PathBuf,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Check the store and the journal, changing nothing
    Check {
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command.
pub async fn run(arguments: Store, context: &Context) -> Result<Exit, Failure> {
    // The agent has a working directory of its own.
    let absolute = |path: PathBuf| {
        std::path::absolute(&path).map_err(|error| {
            Failure::new(Exit::Usage, format!("{} is no file name: {error}", path.display()))
        })
    };
    let (request, as_json) = match arguments.command {
        Action::Export { path, json } => (Request::Export { path: path.map(absolute).transpose()? }, json),
        Action::Import { path, json } => (Request::Import { path: absolute(path)? }, json),
        Action::Check { json } => (Request::Check, json),
    };
    let response = reach::ask(context, request).await?;
    let mut out = io::stdout().lock();
    match response {
        Response::Exported(exported) if as_json => json(&mut out, &exported)?,
        Response::Imported(imported) if as_json => json(&mut out, &imported)?,
        Response::Exported(exported) => {
            let (entries, bytes) = (number(exported.entries), number(exported.bytes));
            writeln!(out, "{entries} entries, {bytes} bytes: {}", exported.path.display())?;
        }
        Response::Imported(imported) => {
            let (new, known) = (number(imported.entries), number(imported.known));
            writeln!(
                out,
                "{new} entries taken in, {known} were known, {} damaged",
                number(imported.damaged)
            )?;
        }
        Response::Checked(check) => {
            if as_json {
                json(&mut out, &check)?;
            } else {
                for part in &check.parts {
                    let state = if part.problem.is_some() { "problem" } else { "ok" };
                    writeln!(out, "{state:<8} {:<9} {}", part.name, part.text)?;
                    if let Some(problem) = &part.problem {
                        writeln!(out, "         {:<9} {problem}", "")?;
                    }
                }
            }
            return Ok(if check.is_sound() { Exit::Done } else { Exit::SomeFailed });
        }
        _ => return Err(unexpected()),
    }
    Ok(Exit::Done)
}
