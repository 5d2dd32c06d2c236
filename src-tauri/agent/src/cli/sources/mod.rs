//! `neversent sources`: where backscatter comes from.

mod lists;

use std::io::{self, Write};

use clap::{Args, ValueEnum};

use super::{
    Context,
    exit::{Exit, Failure},
    output::{json, number, plain, table},
    reach, unexpected,
};
use crate::{
    api::{Request, Response, SourceView},
    store::Role,
};

/// Show the servers that backscatter came from, and the hosts that handed the forged mail on.
///
/// A backscatterer is the server that sent you notices of mail that you never sent. An injector is the host that handed
/// such mail to its first real relay, as far as the traces in those notices show; lines of a trace that may be forged are
/// left out, so that blame does not fall on a server that they name. What was judged since Neversent began is counted.
///
/// The lists for mail servers are text to be looked at and put in place by you; nothing is installed anywhere. They concern
/// notices (mail with a null sender) alone: servers that send backscatter send real mail as well.
#[derive(Debug, Args)]
pub struct Sources {
    /// Print one JSON object a source
    #[arg(long, conflicts_with_all = ["csv", "list"])]
    json: bool,
    /// Print CSV with a heading (RFC 4180)
    #[arg(long, conflicts_with = "list")]
    csv: bool,
    /// Print the addresses of backscatterers, as they are or as rules for a mail server
    #[arg(long = "as", value_name = "FORM")]
    list: Option<List>,
    /// Only these
    #[arg(long, value_name = "ROLE", conflicts_with = "list")]
    role: Option<WhichRole>,
}

/// The forms in which the addresses of backscatterers are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum List {
    /// One address a line
    Ips,
    /// For Postfix: main.cf and two tables
    Postfix,
    /// For Exim: a host list and an ACL
    Exim,
    /// For a mailbox: a Sieve script that marks notices of these servers
    Sieve,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum WhichRole {
    /// Servers that sent notices of mail that you never sent
    Backscatterer,
    /// Hosts that handed such mail on
    Injector,
}

impl WhichRole {
    fn role(self) -> Role {
        match self {
            Self::Backscatterer => Role::Backscatterer,
            Self::Injector => Role::Injector,
        }
    }
}

/// Runs the command.
pub async fn run(arguments: &Sources, context: &Context) -> Result<Exit, Failure> {
    let Response::Sources(view) = reach::ask(context, Request::Sources).await? else {
        return Err(unexpected());
    };
    let (mut sources, problem) = (view.sources, view.problem);
    sources.retain(|source| arguments.role.is_none_or(|wanted| source.role == wanted.role()));
    let mut out = io::stdout().lock();
    if arguments.json {
        sources.iter().try_for_each(|source| json(&mut out, source))?;
    } else if arguments.csv {
        write_csv(&mut out, &sources)?;
    } else if let Some(form) = arguments.list {
        lists::write(&mut out, form, &lists::addresses(&sources))?;
    } else {
        write_plain(&mut out, &sources)?;
    }
    match problem {
        Some(problem) => Err(Failure::new(Exit::SomeFailed, problem)),
        None => Ok(Exit::Done),
    }
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Backscatterer => "backscatterer",
        Role::Injector => "injector",
    }
}

/// Whether backscatterer.org lists it, where that is known.
fn listed(source: &SourceView) -> &'static str {
    match source.listed {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
}

fn network(source: &SourceView) -> String {
    source.network.as_ref().map(|network| format!("AS{} {}", network.asn, network.name)).unwrap_or_default()
}

fn write_plain(out: &mut impl Write, sources: &[SourceView]) -> io::Result<()> {
    if sources.is_empty() {
        return writeln!(out, "No backscatter was found yet.");
    }
    let row = |source: &SourceView| {
        vec![
            role_name(source.role).to_owned(),
            source.ip.map(|ip| ip.to_string()).unwrap_or_default(),
            plain(source.host.as_ref().or(source.name.as_ref()).map_or("", String::as_str), 50),
            plain(source.helo.as_deref().unwrap_or_default(), 40),
            if source.claimed_to_be_you { "yes" } else { "" }.to_owned(),
            listed(source).to_owned(),
            plain(&network(source), 40),
            number(source.count),
            source.first_seen.clone(),
            source.last_seen.clone(),
        ]
    };
    let heading = [
        "role",
        "address",
        "host name",
        "called itself",
        "as you",
        "listed",
        "network",
        "mails",
        "first",
        "last",
    ];
    table(out, &heading, &sources.iter().map(row).collect::<Vec<_>>())
}

/// RFC 4180; what a spreadsheet would take for a formula is written as text.
fn write_csv(out: &mut impl Write, sources: &[SourceView]) -> io::Result<()> {
    writeln!(out, "role,ip,name,helo,claimed_to_be_you,count,first_seen,last_seen,host,listed,network\r")?;
    for source in sources {
        let fields = [
            role_name(source.role).to_owned(),
            source.ip.map(|ip| ip.to_string()).unwrap_or_default(),
            source.name.clone().unwrap_or_default(),
            source.helo.clone().unwrap_or_default(),
            source.claimed_to_be_you.to_string(),
            source.count.to_string(),
            source.first_seen.clone(),
            source.last_seen.clone(),
            source.host.clone().unwrap_or_default(),
            listed(source).to_owned(),
            network(source),
        ];
        let line: Vec<String> = fields.iter().map(|field| csv_field(field)).collect();
        writeln!(out, "{}\r", line.join(","))?;
    }
    Ok(())
}

fn csv_field(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    let formula = text.starts_with(['=', '+', '-', '@']);
    let text = if formula { format!("'{text}") } else { text };
    if text.contains([',', ';', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::csv_field;

    #[test]
    fn names_that_strangers_chose_are_harmless_in_a_spreadsheet() {
        for (name, expected) in [
            ("mx.shop.example", "mx.shop.example"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=cmd()", "'=cmd()"),
            ("a\r\nb", "ab"),
        ] {
            assert_eq!(csv_field(name), expected, "{name:?}");
        }
    }
}
