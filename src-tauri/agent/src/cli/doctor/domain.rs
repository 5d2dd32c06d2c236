//! `neversent doctor --domain`: what the user's domains publish against forgery, and what would help.

use std::collections::BTreeSet;
use std::io;
use std::net::IpAddr;

use super::{Report, State};
use crate::cli::exit::Exit;
use crate::config::Config;
use crate::lookups::{DmarcSays, Dns, Listed, SpfSays};

/// Looks at every domain that the user sends from.
pub async fn run(config: &Config, report: &mut Report) -> io::Result<()> {
    let dns = Dns::new(&config.lookups.name_servers);
    let profile = config.profile();
    let mut domains: BTreeSet<&str> = profile.own_domains.iter().map(String::as_str).collect();
    domains.extend(profile.own.iter().map(rules::Address::domain));
    let mut silent = 0;
    for domain in domains {
        if rules::judge::is_public_mail_domain(domain) {
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
        tell(report, "DMARC", domain, dns.dmarc(domain).await.map(|says| about_dmarc(domain, says)))?;
        servers(&dns, domain, config.lookups.backscatterer, report).await?;
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
async fn servers(dns: &Dns, domain: &str, may_ask: bool, report: &mut Report) -> io::Result<()> {
    let Some(hosts) = dns.mail_hosts(domain).await else { return tell(report, "mail servers", domain, None) };
    if hosts.is_empty() {
        let text = format!("{domain}: no mail server takes its mail");
        return report.add(State::Hint, None, "mail servers", text);
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
    Ok(())
}
