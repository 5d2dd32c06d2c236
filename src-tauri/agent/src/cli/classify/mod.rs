//! `neversent classify`: judges mail files. It touches no account and no store, and without `--dns` no network.

mod input;
mod line;
mod mbox;
mod network;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, BufRead, BufWriter, IsTerminal as _, Write},
    ops::ControlFlow,
    path::PathBuf,
};

use clap::Args;
use rules::{
    Address, Case, Evidence, Judgement, Notice, Profile, Reading, Rules, Says, UnixTime,
    judge::LookedUp,
    read::read_sent_headers,
    sent::memory::MemorySent,
    time::{DAY, MINUTE},
};

use self::{
    input::{Found, walk},
    line::Line,
    network::Network,
};
use super::{
    exit::{Exit, Failure},
    output::{count, json, number},
};
use crate::{
    clock,
    config::{NameServer, rule_files},
};

/// The grace time that counts here, in seconds: the default of accounts.
const GRACE: i64 = 10 * MINUTE;
/// So often the network is asked about one notice: of one that bears a forged signature SPF is asked next.
const ASKED: usize = 2;
/// What is read of a sent mail's headers, in bytes.
const LONGEST_HEADERS: usize = 1 << 20;
/// After so many mails the progress is shown.
const STEP: u64 = 1_000;

/// Judge mail files: .eml, mbox, Maildir, or folders of these.
///
/// Each mail is judged by itself, against the sent mail given with --sent and nothing else: no account and no stored
/// data is touched, and without --dns no network is used. Without --sent nothing is known of sent mail, so no mail can be called
/// backscatter.
///
/// Exit status: 0 all files were read, 1 some were not, 2 the command line is wrong.
#[derive(Debug, Args)]
pub struct Classify {
    /// Sent mail (same forms as PATH; may be repeated): all that was sent since the oldest of these mails
    #[arg(long, value_name = "PATH")]
    sent: Vec<PathBuf>,
    /// An address of your own (may be repeated) [default: the Froms of --sent]
    #[arg(long, value_name = "ADDR", value_parser = address)]
    me: Vec<Address>,
    /// A domain of which every address is yours alone (may be repeated)
    #[arg(long = "own-domain", value_name = "D", value_parser = domain)]
    own_domains: Vec<String>,
    /// A file or folder of rules of your own to recognise notices by (may be repeated)
    #[arg(long = "rules", value_name = "PATH")]
    rules: Vec<PathBuf>,
    /// Ask DNS for DKIM keys and SPF records where they may decide a notice; the name servers of the domains learn that
    /// somebody asks
    #[arg(long)]
    dns: bool,
    /// With --dns, the name server to ask (may be repeated) [default: the system's]
    #[arg(long = "name-server", value_name = "IP[:PORT]", requires = "dns")]
    name_servers: Vec<NameServer>,
    /// The time to judge at, by RFC 3339 or in seconds since 1970 [default: after every grace time]
    #[arg(long, value_name = "TIME", value_parser = time, allow_hyphen_values = true)]
    now: Option<UnixTime>,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
    /// Mail files and folders; `-` reads a list of paths from standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

fn address(text: &str) -> Result<Address, String> {
    Address::new(text).ok_or_else(|| "write a bare mail address, such as ada@example.org".to_owned())
}

fn domain(text: &str) -> Result<String, String> {
    let domain = text.trim_end_matches('.').to_lowercase();
    let valid = domain.contains('.') && !domain.contains(['@', ' ']);
    valid.then_some(domain).ok_or_else(|| "write a domain without @, such as example.org".to_owned())
}

fn time(text: &str) -> Result<UnixTime, String> {
    let parsed = text.parse::<i64>().ok().or_else(|| Some(text.parse::<jiff::Timestamp>().ok()?.as_second()));
    parsed.map(UnixTime).ok_or_else(|| "write a time such as 2026-01-31T12:00:00Z".to_owned())
}

/// What is said of one mail.
enum Said {
    Ordinary,
    /// Nothing can be said; the reason.
    Unreadable([Evidence; 1]),
    Notice(Box<Notice>, Box<Judgement>),
}

/// What all mails are judged against.
struct Bench {
    rules: Rules,
    sent: MemorySent,
    profile: Profile,
    network: Option<Network>,
    now: Option<UnixTime>,
}

impl Bench {
    fn new(arguments: &Classify, rules: Rules, sent: MemorySent) -> io::Result<Self> {
        let own: BTreeSet<Address> = if arguments.me.is_empty() {
            sent.senders().clone()
        } else {
            arguments.me.iter().cloned().collect()
        };
        let own_domains = arguments.own_domains.iter().cloned().collect();
        let profile = Profile { own, own_domains, ..Profile::default() };
        let network = arguments.dns.then(|| Network::new(&arguments.name_servers)).transpose()?;
        Ok(Self { rules, sent, profile, network, now: arguments.now })
    }

    /// What is said of a mail.
    fn judge(&self, mail: &[u8]) -> Said {
        match self.rules.read(mail) {
            Reading::Ordinary => Said::Ordinary,
            Reading::Unreadable { why } => Said::Unreadable([Evidence::new("unreadable", Says::Hint, why)]),
            Reading::Notice(notice) => {
                let arrived = self.arrived(&notice);
                let case = Case { notice: &notice, arrived, grace: GRACE };
                // No grace time is longer than a day.
                let now = self.now.unwrap_or(arrived.plus(DAY + 1));
                let mut looked_up = LookedUp::default();
                let judge =
                    |looked_up: &LookedUp| rules::judge(&case, &self.sent, &self.profile, looked_up, now);
                let mut judgement = judge(&looked_up);
                if let Some(network) = &self.network {
                    // What one answer leaves open another may decide.
                    for _ in 0..ASKED {
                        if !network.ask(&judgement.asks, mail, &mut looked_up) {
                            break;
                        }
                        judgement = judge(&looked_up);
                    }
                }
                Said::Notice(notice, Box::new(judgement))
            }
        }
    }

    /// A file has no INTERNALDATE: its top Received line stands for it, else its Date.
    fn arrived(&self, notice: &Notice) -> UnixTime {
        let received = notice.outer.trace.first().and_then(|hop| hop.date);
        received.or(notice.outer.date).map_or_else(|| self.now.unwrap_or_else(clock::now), |date| date.at)
    }
}

/// Runs the command.
pub fn run(arguments: &Classify) -> Result<Exit, Failure> {
    let mut list = io::stdin().lock();
    let mut out = BufWriter::new(io::stdout().lock());
    let mut progress = Progress::new();
    let mut exit = Exit::Done;
    let rules = own_rules(&arguments.rules, &mut exit)?;
    let sent = read_sent(&arguments.sent, &mut list, &mut progress, &mut exit);
    let bench = Bench::new(arguments, rules, sent)?;
    let counts = print(arguments, &bench, &mut list, &mut out, &mut progress)?;
    progress.end();
    if !arguments.json {
        let total: u64 = counts.values().sum();
        let each: Vec<String> =
            counts.iter().map(|(name, mails)| format!("{} {name}", number(*mails))).collect();
        let _ = writeln!(io::stderr(), "{}: {}", count(total, "mail"), each.join(", "));
    }
    Ok(if counts.contains_key(FAILED) { Exit::SomeFailed } else { exit })
}

/// The built-in rules and those of files; a rule that is not usable is told of and left out.
fn own_rules(paths: &[PathBuf], exit: &mut Exit) -> Result<Rules, Failure> {
    rule_files::all_there(paths).map_err(|what| Failure::new(Exit::Usage, what))?;
    let (files, mut problems) = rule_files::read(paths);
    let (rules, wrong) = Rules::with_files(&files);
    problems.extend(wrong);
    for problem in problems {
        *exit = Exit::SomeFailed;
        let _ = writeln!(io::stderr(), "neversent: {problem}");
    }
    Ok(rules)
}

/// How files that could not be read are counted.
const FAILED: &str = "failed";

/// Judges and prints mail by mail; counts the verdicts.
fn print(
    arguments: &Classify,
    bench: &Bench,
    list: &mut impl BufRead,
    out: &mut impl Write,
    progress: &mut Progress,
) -> io::Result<BTreeMap<&'static str, u64>> {
    let mut counts = BTreeMap::new();
    let mut written = Ok(());
    let _ = walk(&arguments.paths, list, &mut |found: Found<'_>| {
        progress.step("judged");
        let (path, index) = (found.path, found.index);
        let judged = found.mail.map(|mail| bench.judge(mail));
        let line = match &judged {
            Ok(Said::Ordinary) => Line::ordinary(path, index),
            Ok(Said::Unreadable(why)) => Line::unreadable(path, index, why),
            Ok(Said::Notice(notice, judgement)) => {
                Line::notice(path, index, notice, judgement, &bench.profile)
            }
            Err(error) => Line::failed(path, index, error),
        };
        *counts.entry(line.verdict().unwrap_or(FAILED)).or_insert(0) += 1;
        let printed = if arguments.json { json(out, &line) } else { line.write_plain(out) };
        // Whoever names paths one by one waits for the line of each.
        written = printed.and_then(|()| out.flush());
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    written?;
    out.flush()?;
    Ok(counts)
}

/// Reads the headers of all sent mail. A file that cannot be read may hold the one mail that counts: then what is
/// left is not all that was sent, so nothing is taken as known to be complete.
fn read_sent(
    paths: &[PathBuf],
    list: &mut impl BufRead,
    progress: &mut Progress,
    exit: &mut Exit,
) -> MemorySent {
    let mut mails = Vec::new();
    let _ = walk(paths, list, &mut |found: Found<'_>| {
        progress.step("sent mails read");
        match found.mail {
            Ok(mail) => {
                let headers = read_sent_headers(headers(mail));
                let at = headers.date.map_or_else(clock::now, |date| date.at);
                mails.push((headers, at));
            }
            Err(error) => {
                *exit = Exit::SomeFailed;
                let path = found.path.display();
                let text = "so the sent mail is not known to be complete";
                let _ = writeln!(io::stderr(), "neversent: --sent {path}: {error}; {text}");
            }
        }
        ControlFlow::Continue(())
    });
    let mut sent = MemorySent::whole(mails);
    if *exit != Exit::Done {
        sent.coverage = rules::Coverage::none();
    }
    sent
}

/// The headers of a mail, up to the first empty line.
fn headers(mail: &[u8]) -> &[u8] {
    let end = mail
        .windows(2)
        .enumerate()
        .find(|(at, pair)| *pair == b"\n\n" || (*pair == b"\n\r" && mail.get(at + 2) == Some(&b'\n')))
        .map_or(mail.len(), |(at, _)| at + 1);
    mail.get(..end.min(LONGEST_HEADERS)).unwrap_or(mail)
}

/// A count on standard error, where that is a terminal and the output is not.
struct Progress {
    shown: bool,
    done: u64,
}

impl Progress {
    fn new() -> Self {
        Self { shown: io::stderr().is_terminal() && !io::stdout().is_terminal(), done: 0 }
    }

    fn step(&mut self, what: &str) {
        self.done += 1;
        if self.shown && self.done.is_multiple_of(STEP) {
            let _ = write!(io::stderr(), "\r{} {what} ", number(self.done));
        }
    }

    fn end(&self) {
        if self.shown && self.done >= STEP {
            let _ = writeln!(io::stderr());
        }
    }
}

#[cfg(test)]
mod tests;
