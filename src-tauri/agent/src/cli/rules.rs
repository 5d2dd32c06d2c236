//! `neversent rules`: by which rules notices are recognised.

use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{
    Context,
    exit::{Exit, Failure},
    output::{count, json, number, plain, table},
    reach, unexpected, wait,
};
use crate::{
    api::{Request, Response, RuleView},
    config::rule_files,
};

/// Show and check the rules by which notices are recognised.
///
/// Your own rules are the files ending in .toml in the folder `rules` beside the configuration. A rule of yours takes the
/// place of a built-in one of the same id; with `off = true` it only takes it away. The README shows how one is written.
#[derive(Debug, Args)]
pub struct Rules {
    #[command(subcommand)]
    command: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List all rules, and how many notices each has recognised
    List {
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Check your own rules; say of each that is not usable where it stands and what is wrong
    ///
    /// Exit status: 0 all are usable, 2 some are not.
    Check {
        /// Files and folders of rules [default: the folder `rules` beside the configuration]
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Print one JSON object a problem
        #[arg(long)]
        json: bool,
    },
}

/// A problem, as it is printed for programs.
#[derive(Serialize)]
struct Problem<'a> {
    file: &'a str,
    line: usize,
    what: &'a str,
}

/// Runs the command.
pub fn run(arguments: Rules, context: &Context) -> Result<Exit, Failure> {
    match arguments.command {
        Action::List { json: as_json } => wait(async {
            let Response::Rules(rules) = reach::ask(context, Request::Rules).await? else {
                return Err(unexpected());
            };
            list(&rules, as_json)?;
            Ok(Exit::Done)
        }),
        Action::Check { paths, json } => check(paths, json, context),
    }
}

fn list(rules: &[RuleView], as_json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if as_json {
        return rules.iter().try_for_each(|rule| json(&mut out, rule));
    }
    let row = |rule: &RuleView| {
        let from = match (&rule.kind, &rule.file, rule.sure) {
            (None, ..) => "gone",
            (_, Some(_), true) => "yours",
            (_, Some(_), false) => "yours, not sure",
            (_, None, true) => "built in",
            (_, None, false) => "built in, not sure",
        };
        vec![
            plain(&rule.id, 40),
            rule.kind.clone().unwrap_or_else(|| "-".to_owned()),
            number(rule.recognised),
            from.to_owned(),
            plain(&rule.what, 80),
        ]
    };
    let rows: Vec<Vec<String>> = rules.iter().map(row).collect();
    table(&mut out, &["rule", "concludes", "recognised", "from", "what"], &rows)
}

fn check(paths: Vec<PathBuf>, as_json: bool, context: &Context) -> Result<Exit, Failure> {
    rule_files::all_there(&paths).map_err(|what| Failure::new(Exit::Usage, what))?;
    let paths = if paths.is_empty() { vec![context.paths.rules()] } else { paths };
    let (files, mut problems) = rule_files::read(&paths);
    let (rules, wrong) = rules::Rules::with_files(&files);
    problems.extend(wrong);
    let mut out = io::stdout().lock();
    for problem in &problems {
        if as_json {
            json(&mut out, &Problem { file: &problem.file, line: problem.line, what: &problem.what })?;
        } else {
            writeln!(out, "{problem}")?;
        }
    }
    if !as_json {
        for told in rule_files::replaced(&rules) {
            writeln!(out, "note: {told}")?;
        }
        let own = rules.list().filter(|about| about.file.is_some()).count();
        let usable = count(own as u64, "rule");
        let places: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        let broken = count(problems.len() as u64, "problem");
        writeln!(out, "{usable} of your own in {} can be used; {broken}.", places.join(", "))?;
    }
    Ok(if problems.is_empty() { Exit::Done } else { Exit::Usage })
}
