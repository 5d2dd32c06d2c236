//! `neversent doctor --domain`: what the user's domains publish against forgery, and what would help.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal as _, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use rand::Rng as _;
use rules::address::registrable;

use super::{Doctor, Report, State};
use crate::api::{Request, Response};
use crate::cli::exit::{Exit, Failure};
use crate::cli::{Context, output::plain, reach, unexpected};
use crate::config::Config;
use crate::lookups::{DmarcSays, Dns, KeySays, Listed, MailHost, SpfSays};
use crate::smtp::{Probed, probe};

/// Where mail servers take mail from each other (RFC 5321 §4.5.4.2).
const SMTP: u16 = 25;
/// Letters of a name that nobody has.
const RANDOM: usize = 20;
/// So long the store is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Keys that are asked about for one domain, those seen last.
const KEYS: usize = 10;

/// Looks at every domain that the user sends from.
///
/// # Errors
/// The user does not want their servers to be asked, or nothing can be printed.
pub async fn run(
    arguments: &Doctor,
    config: &Config,
    context: &Context,
    report: &mut Report,
) -> Result<(), Failure> {
    let dns = Dns::new(&config.lookups.name_servers);
    let profile = config.profile();
    let mut domains: BTreeSet<&str> = profile.own_domains.iter().map(String::as_str).collect();
    domains.extend(profile.own.iter().map(rules::Address::domain));
    let is_ours = |domain: &str| !rules::judge::is_public_mail_domain(domain);
    let ours: Vec<&str> = domains.iter().copied().filter(|domain| is_ours(domain)).collect();
    if arguments.probe && !arguments.yes && !ours.is_empty() {
        ask_first(&ours)?;
    }
    let keys = keys_seen(context, report).await?;
    let mut silent = 0;
    for domain in domains {
        if !is_ours(domain) {
            let text = format!("{domain} is your provider's: what it publishes is not yours to change");
            report.add(State::Ok, None, "domain", text)?;
            continue;
        }
        let spf = dns.spf(domain).await.map(|says| about_spf(domain, &says));
        silent = if spf.is_none() { silent + 1 } else { 0 };
        let unanswered = spf.is_none();
        tell(report, "SPF", domain, spf)?;
        if silent == 2 {
            // It is no domain's fault, and each question waits.
            return Ok(());
        }
        if unanswered {
            continue;
        }
        dkim(&dns, domain, &keys, report).await?;
        tell(report, "DMARC", domain, dns.dmarc(domain).await.map(|says| about_dmarc(domain, says)))?;
        let hosts = servers(&dns, domain, config.lookups.backscatterer, report).await?;
        if arguments.probe {
            probe_all(domain, &hosts, &mut rand::rng(), report).await?;
        }
    }
    Ok(())
}

/// Asks the user before their servers are; without a terminal nobody can answer.
fn ask_first(domains: &[&str]) -> Result<(), Failure> {
    if !io::stdin().is_terminal() {
        let text =
            "--probe connects to the mail servers of your domains; say --yes where you cannot be asked";
        return Err(Failure::new(Exit::Usage, text.to_owned()));
    }
    let mut out = io::stderr().lock();
    write!(
        out,
        "This connects to the mail servers of {} and asks each whether it takes mail for a name that nobody has. No \
         mail is sent, but who runs them may see it. Go on? [y/N] ",
        domains.join(", ")
    )?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        return Ok(());
    }
    Err(Failure::new(Exit::SomeFailed, "nobody was asked".to_owned()))
}

/// The names of the keys seen on the user's mail, with when each was last; none where nothing was kept yet. A locked keyring
/// is not waited for: what is published does not depend on it.
async fn keys_seen(context: &Context, report: &mut Report) -> Result<BTreeMap<String, String>, Failure> {
    if !context.paths.index().exists() {
        return Ok(BTreeMap::new());
    }
    let why = match tokio::time::timeout(PATIENCE, reach::ask(context, Request::Selectors)).await {
        Ok(Ok(Response::Selectors(keys))) => return Ok(keys),
        Ok(Ok(_)) => return Err(unexpected()),
        Ok(Err(Failure { message, .. })) => message,
        Err(_) => "what is known of your sent mail cannot be opened at the moment".to_owned(),
    };
    report.add(
        State::Hint,
        None,
        "DKIM",
        format!("by which keys your mail is signed is not known: {why}"),
    )?;
    Ok(BTreeMap::new())
}

/// The keys of a domain that were seen on the user's mail.
async fn dkim(
    dns: &Dns,
    domain: &str,
    keys: &BTreeMap<String, String>,
    report: &mut Report,
) -> io::Result<()> {
    let owner = registrable(domain);
    let of_domain =
        |name: &String| name.split_once("._domainkey.").is_some_and(|(_, of)| registrable(of) == owner);
    let mut keys: Vec<(&String, &String)> = keys.iter().filter(|(name, _)| of_domain(name)).collect();
    keys.sort_by_key(|(_, seen)| std::cmp::Reverse(*seen));
    if keys.is_empty() {
        let text = format!(
            "{domain}: no signature (DKIM) was seen on your mail so far; where your mail is signed, others can tell it from \
             forged mail. Whoever runs your mail server can switch it on"
        );
        return report.add(State::Hint, None, "DKIM", text);
    }
    for (name, _) in keys.into_iter().take(KEYS) {
        let said = dns.dkim_key(name).await.map(|says| match says {
            KeySays::Key => (State::Ok, format!("{domain}: your mail is signed; its key is at {name}")),
            KeySays::Nothing => (
                State::Hint,
                format!("{domain}: mail of yours was signed with {name}, and no such key is published any more"),
            ),
            KeySays::Invalid => (
                State::Problem,
                format!(
                    "{domain}: your mail is signed, but the key at {name} is not valid, so nobody can check it; publish it \
                     as whoever signs your mail tells it (RFC 6376)"
                ),
            ),
        });
        tell(report, "DKIM", domain, said)?;
    }
    Ok(())
}

/// Asks the servers of a domain whether they take mail for a name that nobody has.
async fn probe_all(
    domain: &str,
    hosts: &[MailHost],
    random: &mut impl rand::RngCore,
    report: &mut Report,
) -> io::Result<()> {
    let local: String = (0..RANDOM).map(|_| char::from(random.random_range(b'a'..=b'z'))).collect();
    let recipient = format!("{local}@{domain}");
    for MailHost { name, address } in hosts {
        let who = format!("{name} ({address})");
        let (state, text) = match probe(SocketAddr::new(*address, SMTP), &recipient).await {
            Ok(Probed::Refuses) => {
                (State::Ok, format!("{who} refuses unknown recipients while a mail is handed over"))
            }
            Ok(Probed::Takes) => (
                State::Problem,
                format!(
                    "{who} takes mail for names that nobody has at {domain}: if it answers later that there is no such \
                     recipient, it sends backscatter to others; let it refuse them at once (RFC 5321, 3.3). If every \
                     address of the domain is yours, all is well"
                ),
            ),
            Ok(Probed::Later(said)) => {
                (State::Hint, format!("{who} does not say it now ({}); try again later", plain(&said, 200)))
            }
            Ok(Probed::TakesNothing(said)) => (
                State::Hint,
                format!(
                    "{who} takes no mail from this computer ({}), so it cannot be asked from here",
                    plain(&said, 200)
                ),
            ),
            Err(error) => (State::Hint, format!("{who} cannot be asked: {error}")),
        };
        tell(report, "mail server", domain, Some((state, text)))?;
    }
    Ok(())
}

fn tell(
    report: &mut Report,
    what: &'static str,
    domain: &str,
    said: Option<(State, String)>,
) -> io::Result<()> {
    match said {
        Some((State::Problem, text)) => report.problem(None, what, Exit::SomeFailed, text),
        Some((state, text)) => report.add(state, None, what, text),
        None => {
            let text =
                format!("{domain}: its name servers do not answer, or the network does not; ask again");
            report.problem(None, what, Exit::NoConnection, text)
        }
    }
}

fn about_spf(domain: &str, says: &SpfSays) -> (State, String) {
    let wish = "end it in `-all`, so that servers refuse forged mail, and Neversent can tell it by the host that sent it";
    match says {
        SpfSays::Forbidden => {
            (State::Ok, format!("{domain}: hosts that your record does not name must not send for it"))
        }
        SpfSays::Elsewhere(other) => (State::Ok, format!("{domain}: the record of {other} stands for yours")),
        SpfSays::Doubted => (
            State::Hint,
            format!(
                "{domain}: your record ends in `~all`, which only doubts other hosts; once it names all that you use, {wish}"
            ),
        ),
        SpfSays::Open => (
            State::Hint,
            format!("{domain}: your record says nothing of hosts that it does not name; {wish}"),
        ),
        SpfSays::Nothing => (
            State::Hint,
            format!(
                "{domain}: there is no SPF record; publish one that names the servers you send through, and {wish}"
            ),
        ),
        SpfSays::Everybody => (
            State::Problem,
            format!("{domain}: your record lets everybody send in your name (`+all`); {wish}"),
        ),
        SpfSays::Several => (
            State::Problem,
            format!(
                "{domain}: there are several SPF records, so none of them counts (RFC 7208); make them one"
            ),
        ),
        SpfSays::Invalid => (
            State::Problem,
            format!(
                "{domain}: your SPF record, or one that it names, is not valid, so it does not count (RFC 7208); correct \
                 what is misspelt in it, and name no more than ten others"
            ),
        ),
    }
}

fn about_dmarc(domain: &str, says: DmarcSays) -> (State, String) {
    match says {
        DmarcSays::Reject => (State::Ok, format!("{domain}: forged mail shall be refused")),
        DmarcSays::Quarantine => (
            State::Hint,
            format!(
                "{domain}: forged mail shall be put aside; with `p=reject` it would be refused, and less would come back"
            ),
        ),
        DmarcSays::OnlyTold => (
            State::Hint,
            format!(
                "{domain}: your record only asks to be told of forged mail; when the reports show none of your own, write \
                 `p=reject`, and less will come back"
            ),
        ),
        DmarcSays::Nothing => (
            State::Hint,
            format!(
                "{domain}: there is no DMARC record; begin with `v=DMARC1; p=none; rua=mailto:` and an address for reports \
                 at `_dmarc.{domain}` (RFC 9989)"
            ),
        ),
    }
}

/// The domain's own servers; whether they send backscatter themselves is asked only where the user lets us.
async fn servers(dns: &Dns, domain: &str, may_ask: bool, report: &mut Report) -> io::Result<Vec<MailHost>> {
    let Some(hosts) = dns.mail_hosts(domain).await else {
        tell(report, "mail servers", domain, None)?;
        return Ok(Vec::new());
    };
    if hosts.is_empty() {
        let text = format!("{domain}: no mail server takes its mail");
        report.add(State::Hint, None, "mail servers", text)?;
        return Ok(hosts);
    }
    let names: BTreeSet<&str> = hosts.iter().map(|host| host.name.as_str()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    report.add(State::Ok, None, "mail servers", format!("{domain}: {}", names.join(", ")))?;
    for host in hosts.iter().filter(|_| may_ask) {
        let IpAddr::V4(address) = host.address else { continue };
        let (name, list) = (&host.name, "backscatterer.org");
        let said = match dns.on_backscatterer(address).await {
            Listed::No => (State::Ok, format!("{name} ({address}) is not on {list}")),
            Listed::Yes => (
                State::Problem,
                format!(
                    "{name} ({address}) is on {list}: it sends backscatter to others; let it refuse unknown recipients \
                     while a mail is handed over, and send no answers to forged senders"
                ),
            ),
            Listed::Refused => (
                State::Hint,
                format!("{list} answers no questions of your name server, as of public ones; ask by another"),
            ),
            Listed::NoAnswer => {
                (State::Hint, format!("{list} does not say whether {name} ({address}) is on it"))
            }
        };
        tell(report, "block list", domain, Some(said))?;
    }
    Ok(hosts)
}
