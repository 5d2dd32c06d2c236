//! `neversent doctor`: what is wrong, and how to mend it.

mod domain;
mod reports;

use std::io::{self, Write};

use clap::Args;
use serde::Serialize;

use super::{
    Context,
    exit::{Exit, Failure},
    output::{count, json},
    reach,
};
use crate::{
    api::{AccountState, ApiError, ErrorCode, Request, Response},
    config::{Account, Config, Mode, rule_files},
    engine::{Probe, probe},
    secret::{self, Keyring},
};

/// Check configuration, data folder, secrets, servers and store; say of each what is wrong and how to mend it.
///
/// Nothing is changed. Exit status: 0 no problem, else that of the worst one.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
    /// Look instead at what your domains publish against forgery: asks DNS for their SPF and DMARC records, the DKIM keys
    /// seen on your mail, and mail servers; and, where `backscatterer = true` in `[lookups]`, backscatterer.org whether it
    /// lists these
    #[arg(long)]
    domain: bool,
    /// Ask the mail servers of your domains as well whether they refuse an unknown recipient; no mail is sent. You are
    /// asked first
    #[arg(long, requires = "domain")]
    probe: bool,
    /// Ask them without asking you
    #[arg(long, requires = "probe")]
    yes: bool,
}

/// How one thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    /// It works, but less well than it could.
    Hint,
    Problem,
}

/// One thing that was checked.
#[derive(Debug, Serialize)]
struct Finding {
    state: State,
    account: Option<String>,
    what: &'static str,
    text: String,
}

/// Prints each finding as it is made: a check may take its time.
struct Report {
    as_json: bool,
    exit: Exit,
}

impl Report {
    fn add(
        &mut self,
        state: State,
        account: Option<&Account>,
        what: &'static str,
        text: String,
    ) -> io::Result<()> {
        // Errors name their account themselves.
        let prefix = account.map(|account| format!("account `{}`: ", account.name)).unwrap_or_default();
        let text = text.strip_prefix(&prefix).map(str::to_owned).unwrap_or(text);
        let finding = Finding { state, account: account.map(|account| account.name.clone()), what, text };
        let mut out = io::stdout().lock();
        if self.as_json {
            return json(&mut out, &finding);
        }
        let state = match finding.state {
            State::Ok => "ok",
            State::Hint => "hint",
            State::Problem => "PROBLEM",
        };
        let account = finding.account.map(|name| format!("{name}: ")).unwrap_or_default();
        writeln!(out, "{state:<8} {:<14} {account}{}", finding.what, finding.text)
    }

    fn problem(
        &mut self,
        account: Option<&Account>,
        what: &'static str,
        exit: Exit,
        text: String,
    ) -> io::Result<()> {
        self.exit = self.exit.max(exit);
        self.add(State::Problem, account, what, text)
    }
}

/// Runs the command.
pub async fn run(arguments: &Doctor, context: &Context) -> Result<Exit, Failure> {
    let mut report = Report { as_json: arguments.json, exit: Exit::Done };
    let config = match Config::load(&context.paths.config) {
        Ok(config) => {
            let text = format!(
                "{} in {}",
                count(config.accounts.len() as u64, "account"),
                context.paths.config.display()
            );
            report.add(State::Ok, None, "configuration", text)?;
            config
        }
        Err(error) => {
            report.problem(None, "configuration", Exit::Usage, error.to_string())?;
            return Ok(report.exit);
        }
    };
    if arguments.domain {
        domain::run(arguments, &config, context, &mut report).await?;
        return Ok(report.exit);
    }
    match context.paths.make_data_dir() {
        Ok(()) => {
            let text = format!("{} is yours alone", context.paths.data_dir.display());
            report.add(State::Ok, None, "data folder", text)?;
        }
        Err(error) => {
            let failure = Failure::from(error);
            report.problem(None, "data folder", failure.exit, failure.message)?;
        }
    }
    own_rules(context, &mut report).await?;
    let states = store(context, &mut report).await?;
    let keyring = Keyring::system();
    for account in &config.accounts {
        let state = states.iter().find(|(name, _)| *name == account.name).map(|(_, state)| state);
        // An account may have two connections: a running agent has them.
        match state {
            Some(AccountState::Watching(_) | AccountState::Scanning | AccountState::Indexing { .. }) => {
                let text = "the running agent is signed in".to_owned();
                report.add(State::Ok, Some(account), "server", text)?;
            }
            _ => server(account, &keyring, &mut report).await?,
        }
    }
    reports::check(&config, &keyring, &mut report).await?;
    Ok(report.exit)
}

/// The user's rules; without any there is nothing to tell.
async fn own_rules(context: &Context, report: &mut Report) -> io::Result<()> {
    let folder = context.paths.rules();
    let loaded = tokio::task::spawn_blocking(move || rule_files::load(&folder)).await;
    let (rules, problems) = loaded.map_err(io::Error::other)?;
    for problem in &problems {
        report.problem(None, "rules", Exit::Usage, problem.to_string())?;
    }
    for told in rule_files::replaced(&rules) {
        report.add(State::Hint, None, "rules", told)?;
    }
    let own = rules.list().filter(|about| about.file.is_some()).count();
    if own > 0 {
        let text =
            format!("{} of your own in {}", count(own as u64, "rule"), context.paths.rules().display());
        report.add(State::Ok, None, "rules", text)?;
    }
    Ok(())
}

/// The store and the journal; returns what a running agent does with each account.
async fn store(context: &Context, report: &mut Report) -> io::Result<Vec<(String, AccountState)>> {
    match reach::ask(context, Request::Check).await {
        Ok(Response::Checked(check)) => {
            for part in check.parts {
                match part.problem {
                    None => report.add(State::Ok, None, "store", format!("{}: {}", part.name, part.text))?,
                    Some(problem) => {
                        let text = format!("{}: {}: {problem}", part.name, part.text);
                        report.problem(None, "store", Exit::SomeFailed, text)?;
                    }
                }
            }
        }
        Ok(_) => report.problem(None, "store", Exit::SomeFailed, super::unexpected().message)?,
        Err(failure) => report.problem(None, "store", failure.exit, failure.message)?,
    }
    let running = match crate::socket::ask(&context.paths.socket(), Request::Status).await {
        Ok(Response::Status(status)) => {
            status.accounts.into_iter().map(|account| (account.name, account.state)).collect()
        }
        _ => Vec::new(),
    };
    Ok(running)
}

async fn server(account: &Account, keyring: &Keyring, report: &mut Report) -> io::Result<()> {
    let credentials = match secret::credentials(account, keyring).await {
        Ok(credentials) => credentials,
        Err(error) => return report.problem(Some(account), "secret", Exit::SignInRefused, error.to_string()),
    };
    report.add(State::Ok, Some(account), "secret", "it can be had".to_owned())?;
    match probe(account, &credentials).await.map_err(ApiError::from) {
        Ok(probe) => {
            let text =
                format!("{} port {}: signed in as {}", account.imap.host, account.imap.port, account.user);
            report.add(State::Ok, Some(account), "server", text)?;
            for (state, what, text) in findings(account, &probe) {
                match state {
                    State::Problem => report.problem(Some(account), what, Exit::SomeFailed, text)?,
                    State::Ok | State::Hint => report.add(state, Some(account), what, text)?,
                }
            }
            Ok(())
        }
        Err(error) => {
            let what = if error.code == ErrorCode::SignInRefused { "sign-in" } else { "server" };
            report.problem(Some(account), what, error.code.into(), error.message)
        }
    }
}

/// What a server lacks, and what that means.
const CAPABILITIES: [(&str, &str); 4] = [
    ("IDLE", "new mail is noticed by asking each minute"),
    ("MOVE", "a move is a copy and a deletion, which takes a little longer"),
    ("SPECIAL-USE", "Sent folders are found by their names; if one is missing, name it in `sent`"),
    ("QUOTA", "there is no warning before the mailbox is full"),
];

/// What a probe shows.
fn findings(account: &Account, probe: &Probe) -> Vec<(State, &'static str, String)> {
    let mut found = Vec::new();
    let can = |name: &str| probe.capabilities.iter().any(|one| one.eq_ignore_ascii_case(name));
    for (name, means) in CAPABILITIES {
        // Most servers that find special uses say so by LIST alone.
        if !can(name) {
            found.push((State::Hint, "server", format!("it has no {name}: {means}")));
        }
    }
    if !can("UIDPLUS") {
        found.push(match (account.without_uidplus, account.mode) {
            (true, _) => (
                State::Hint,
                "server",
                "it has no UIDPLUS: as you agreed, a moved mail is marked \\Deleted and never expunged".to_owned(),
            ),
            (false, Mode::Observe) => (
                State::Hint,
                "server",
                "it has no UIDPLUS: nothing can be moved until you agree, by without_uidplus = true, that a mail is \
                 copied to quarantine and marked \\Deleted where it was"
                    .to_owned(),
            ),
            (false, Mode::Quarantine) => (
                State::Problem,
                "server",
                "it has no UIDPLUS, so nothing is moved; write without_uidplus = true if a mail may be copied to \
                 quarantine and marked \\Deleted where it was"
                    .to_owned(),
            ),
        });
    }
    if probe.sent.is_empty() {
        let text = "no Sent folder was found, so nothing can be called backscatter; name yours in `sent`";
        found.push((State::Problem, "sent folders", text.to_owned()));
    } else {
        found.push((State::Ok, "sent folders", probe.sent.join(", ")));
    }
    if probe.missing.is_empty() {
        found.push((State::Ok, "watched", account.watch.join(", ")));
    } else {
        let text = format!("there is no folder {}; correct `watch`", probe.missing.join(", "));
        found.push((State::Problem, "watched", text));
    }
    let quarantine = &account.quarantine;
    let text = if probe.quarantine {
        format!("`{quarantine}` is there")
    } else {
        format!("`{quarantine}` will be made")
    };
    found.push((State::Ok, "quarantine", text));
    if let Some(full) = probe.full {
        let text = format!("the mailbox is {full} % full");
        found.push(if full >= 80 {
            (State::Hint, "space", format!("{text}; make room, or let `keep` be shorter"))
        } else {
            (State::Ok, "space", text)
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(more: &str) -> Account {
        let text = format!(
            "version = 1\n[[account]]\nname = \"home\"\naddress = \"ada@example.org\"\n\
             imap = {{ host = \"imap.example.org\" }}\n{more}\n"
        );
        let config = Config::parse(&text, std::path::Path::new("config.toml")).expect("a configuration");
        config.accounts.into_iter().next().expect("an account")
    }

    fn shown(capabilities: &[&str]) -> Probe {
        Probe {
            capabilities: capabilities.iter().map(|name| (*name).to_owned()).collect(),
            folders: Vec::new(),
            sent: vec!["Sent".to_owned()],
            missing: Vec::new(),
            quarantine: true,
            full: Some(40),
        }
    }

    const ALL: [&str; 5] = ["IDLE", "MOVE", "SPECIAL-USE", "QUOTA", "UIDPLUS"];

    #[test]
    fn what_a_server_lacks_is_explained() {
        let worst = |more: &str, probe: &Probe| {
            let found = findings(&account(more), probe);
            let problems = found.iter().filter(|(state, ..)| *state == State::Problem).count();
            let hints = found.iter().filter(|(state, ..)| *state == State::Hint).count();
            (problems, hints)
        };
        assert_eq!(worst("", &shown(&ALL)), (0, 0), "nothing is wrong");
        assert_eq!(worst("", &shown(&["UIDPLUS"])), (0, 4), "all four are hints");
        assert_eq!(worst("", &shown(&ALL[..4])), (0, 1), "nothing is moved in mode observe");
        assert_eq!(worst("mode = \"quarantine\"", &shown(&ALL[..4])), (1, 0), "nothing can be moved");
        let agreed = "mode = \"quarantine\"\nwithout_uidplus = true";
        assert_eq!(worst(agreed, &shown(&ALL[..4])), (0, 1), "the user agreed");
        assert_eq!(worst("", &Probe { sent: Vec::new(), ..shown(&ALL) }), (1, 0), "no Sent folder");
        assert_eq!(
            worst("", &Probe { missing: vec!["Junk".into()], ..shown(&ALL) }),
            (1, 0),
            "a watched one is gone"
        );
        assert_eq!(worst("", &Probe { full: Some(80), ..shown(&ALL) }), (0, 1), "nearly full");
    }
}
