//! What the user reads: one sentence for each fact, in the order of the table.

mod details;
mod hosts;

use super::facts::{Facts, Reach};
use super::misused::{Hint, Through};
use super::proof::{StormBy, StormProof};
use super::table::Ruling;
use super::when::Source;
use crate::chain;
use crate::profile::{Declared, LeftAlone};
use crate::verdict::Veto;
use crate::{Evidence, IndexUnavailable, Says, Uncovered, UnixTime, Verdict, Why};

pub use hosts::{host_named, listed_as_backscatterer};

/// How much of a text of the mail is quoted, in characters.
const QUOTED: usize = 120;

/// Every fact found, each with its sentence.
pub(super) fn evidence(facts: &Facts<'_>, ruling: &Ruling) -> Vec<Evidence> {
    let mut list = Vec::new();
    list.push(whom(facts));
    ids(facts, &mut list);
    rescues(facts, &mut list);
    kept(facts, &mut list);
    list.extend(facts.through.iter().map(|one| hosts::through(one).with(details::hop(facts))));
    if facts.made_up.is_some() {
        let text = "Nobody ever wrote from or to this address of your domain: it was made up.";
        list.push(
            Evidence::new("made_up", Says::NotMine, text).with(details::addresses(&facts.whom.addresses)),
        );
    }
    list.extend(facts.storm.as_ref().map(|found| storm(found).with(details::storm(facts, found))));
    list.extend(facts.spf.map(|proof| hosts::spf(facts, proof)));
    list.extend(
        chain::follow(facts.notice, facts.profile)
            .and_then(hosts::trace)
            .map(|trace| trace.with(details::trace(facts))),
    );
    list.extend(hosts::authenticated(facts.notice, facts.profile));
    list.push(time(facts));
    if let Some(reach) = &facts.reach {
        list.push(covered(reach).with(details::coverage(facts, reach)));
        list.extend(reach.uses.iter().map(|(address, used)| {
            let (answers, known) = (used.answers, used.known);
            let text = match (used.proves(), answers) {
                (true, u32::MAX) => format!("Your sent mail is taken as complete for {address}."),
                (true, _) => format!(
                    "Your sent mail is complete for {address}: of {answers} answers to your mail, {known} belong to \
                     a mail that is there."
                ),
                (false, 0..5) => format!(
                    "Too few people have answered your mail from {address} to show that your sent mail is complete: \
                     {answers}, and 5 are needed."
                ),
                (false, _) => format!(
                    "Mail of yours seems to be missing: of {answers} answers to mail from {address}, only {known} \
                     belong to a mail in your sent mail."
                ),
            };
            Evidence::new("use", Says::Hint, text).with(details::used(facts, *used))
        }));
    }
    list.extend(facts.vetoes.found.iter().map(|found| veto(facts, found)));
    waiting(facts, ruling, &mut list);
    list
}

/// The one fact there is where the index cannot be read.
pub(super) fn unreadable(unavailable: &IndexUnavailable) -> Evidence {
    let text = format!(
        "Neversent's list of your sent mail cannot be read at the moment ({}), so nothing is moved.",
        quoted(&unavailable.why)
    );
    Evidence::new("index", Says::Hint, text)
}

fn whom(facts: &Facts<'_>) -> Evidence {
    let text = match &facts.whom.own {
        Ok(own) => {
            let names: Vec<&str> = own.addresses().iter().take(5).map(crate::Address::as_str).collect();
            format!("It came for {}: only you send from there.", names.join(", "))
        }
        Err(Why::Shared(address)) => {
            format!("It came for {address}, and others send from this address, too.")
        }
        Err(Why::NotOwn(address)) => {
            format!("It came for {address}, which is not set up as your own address.")
        }
        Err(Why::Role(address)) => format!(
            "It came for {address}, an address that often several people or programs use; it is not set up as yours."
        ),
        Err(_) => "It does not tell which address it came for.".to_owned(),
    };
    Evidence::new("whom", Says::Hint, text).with(details::receivers(facts))
}

fn ids(facts: &Facts<'_>, list: &mut Vec<Evidence>) {
    if let Some((id, at)) = &facts.ids.mail {
        let text = format!("It answers a mail that you sent: it is in your sent mail, of {}.", day(*at));
        list.push(Evidence::new("sent", Says::Mine, text).with(details::ids([id])));
    }
    if let Some((id, at)) = &facts.ids.report {
        let text = format!("It answers a complaint that Neversent sent for you on {}.", day(*at));
        list.push(Evidence::new("own_report", Says::Mine, text).with(details::ids([id])));
    }
    if let Some(id) = &facts.ids.referenced {
        let text = "It mentions a mail of yours, but does not say that it answers it.";
        list.push(Evidence::new("references", Says::Hint, text).with(details::references(id)));
    }
    if facts.ids.absent().is_some() {
        let whole = facts
            .reach
            .as_ref()
            .is_some_and(|reach| reach.covered.is_ok() && reach.uses.iter().all(|(_, used)| used.proves()));
        let (says, text) = if whole {
            (
                Says::NotMine,
                "The mail that it answers is not in your sent mail, which is complete for its time.",
            )
        } else {
            (Says::Hint, "The mail that it answers was not found in your sent mail.")
        };
        list.push(Evidence::new("never_sent", says, text).with(details::ids(facts.ids.given())));
    } else if facts.ids.given().is_empty() {
        let text = "It does not tell the number of the mail that it answers, so this cannot be looked up.";
        list.push(Evidence::new("no_id", Says::Hint, text).with(details::returned(facts)));
    }
}

fn rescues(facts: &Facts<'_>, list: &mut Vec<Evidence>) {
    if facts.copy_found && facts.ids.mail.is_none() {
        let text = "You sent a mail with this subject to this person at this time; a server on the way gave it \
                    another number.";
        list.push(Evidence::new("rewritten", Says::Mine, text).with(details::ids(facts.ids.given())));
    }
    if let Some(declared) = facts.declared {
        let what = sender(declared);
        let text = format!("You said that {what} is yours.");
        list.push(Evidence::new("declared", Says::Mine, text).with(declared.to_string()));
    }
}

/// A declared sender in words.
pub(super) fn sender(declared: &Declared) -> String {
    match declared {
        Declared::Relay(address) => format!("mail that comes from the server {address}"),
        Declared::Id(pattern) => format!("mail numbered {}", quoted(pattern)),
        Declared::Header(pattern) => format!("mail marked {}", quoted(pattern)),
        Declared::Dkim(selector) => format!("mail signed with {}", quoted(selector)),
    }
}

fn kept(facts: &Facts<'_>, list: &mut Vec<Evidence>) {
    if facts.notice.doubtful {
        let text = "Only rules that are not sure of it take this mail for a notice; so it is not moved.";
        list.push(Evidence::new("doubtful", Says::Hint, text).with(details::kind(facts)));
    }
    if let Some(kind) = facts.left_alone {
        let what = match kind {
            LeftAlone::AbuseReport => "a report about abuse or about mail in the name of your domain",
            LeftAlone::PostmasterCopy => "a copy for the postmaster, about somebody else's mail",
            LeftAlone::Receipt => "a receipt",
            LeftAlone::SuccessReport => "a report that a mail arrived",
        };
        let text = format!("It is {what}.");
        list.push(Evidence::new("left_alone", Says::Hint, text).with(details::kind(facts)));
    }
    if facts.original.is_some_and(|original| original.automatic) {
        let text = "The mail that it answers was sent by a program, perhaps by your own automatic reply.";
        list.push(Evidence::new("own_automatic", Says::Hint, text));
    }
    if facts.forward {
        let text = "The mail that it answers came from somebody else and was for you: perhaps you forward your mail.";
        list.push(Evidence::new("own_automatic", Says::Hint, text));
    }
}

fn storm(storm: &StormProof) -> Evidence {
    let others = storm.others;
    let text = match storm.by {
        StormBy::Subject => format!(
            "It is one of a storm: at least {} mails with the same subject, within three days of it, were not sent by you.",
            others.condemned_by_subject
        ),
        StormBy::Networks => format!(
            "It is one of a storm: at least {} mails with the same subject came from {} different networks within three days, and \
             you never used this subject.",
            others.alike, others.networks
        ),
        StormBy::Address(address) => format!(
            "It is one of a storm: the mail that it answers came from {address}, and so did at least {} mails within three days \
             that were not sent by you.",
            others.condemned_by_address
        ),
    };
    Evidence::new("storm", Says::NotMine, text)
}

fn time(facts: &Facts<'_>) -> Evidence {
    let at = moment(facts.time.at);
    let text = match (facts.time.plausible, facts.time.source) {
        (false, _) => format!(
            "It says that the mail was sent on {at}, which cannot be: it came too long before or after."
        ),
        (true, Source::ArrivalDate) => {
            format!("The mail that it answers reached the other server on {at}, says its report.")
        }
        (true, Source::ReportersHop) => format!("The mail that it answers reached the other server on {at}."),
        (true, Source::Notice) => {
            format!("It does not tell when the mail was sent, so its own time counts: {at}.")
        }
    };
    Evidence::new("time", Says::Hint, text).with(details::time(facts))
}

fn covered(reach: &Reach) -> Evidence {
    let text = match &reach.covered {
        Ok(covered) => format!(
            "All that you sent from {} to {} is known.",
            moment(covered.span().from),
            moment(covered.span().to)
        ),
        Err(Uncovered::NotRead) => "Your sent mail has not been read to its end yet.".to_owned(),
        Err(Uncovered::BeforeOldest { oldest }) => {
            format!("What you sent before {} is not known: your sent mail begins there.", moment(*oldest))
        }
        Err(Uncovered::Stale { refreshed, .. }) => {
            format!("Your sent mail was last read on {}, which is not late enough.", moment(*refreshed))
        }
        Err(Uncovered::Hole(hole)) => format!(
            "A mail that you sent between {} and {} is no longer in your sent mail: this could answer it.",
            moment(hole.from.min(hole.to)),
            moment(hole.from.max(hole.to))
        ),
    };
    Evidence::new("covered", Says::Hint, text)
}

fn veto(facts: &Facts<'_>, veto: &Veto) -> Evidence {
    let valid = facts
        .through
        .iter()
        .any(|through| matches!(through, Through::Signature | Through::Maybe(Hint::SignatureForAnother)));
    let (says, text) = match veto {
        Veto::SubjectUsed => (Says::Mine, "You used this subject in the 30 days before.".to_owned()),
        Veto::WroteTo(address) => (Says::Mine, format!("You wrote to {address} in the 30 days before.")),
        Veto::WroteToDomain(domain) => {
            (Says::Mine, format!("You wrote to somebody at {} in the 30 days before.", quoted(domain)))
        }
        Veto::RewrittenDomain(domain) => (
            Says::Hint,
            format!(
                "The mail's number was given by {}, a server that may do so with yours, too.",
                quoted(domain)
            ),
        ),
        Veto::OwnUnseenDomain(domain) => (
            Says::Hint,
            format!(
                "People answer mail of yours numbered by {} that is in no folder of sent mail.",
                quoted(domain)
            ),
        ),
        Veto::UncheckedSignature(domain) => (
            Says::Hint,
            format!(
                "The mail that it answers bears a signature of {}, your own domain, which {}.",
                quoted(domain),
                if valid { "is valid" } else { "could not be checked" }
            ),
        ),
        Veto::NoticesOwnId(domain) => (
            Says::Hint,
            format!(
                "The number that it answers to was given by its own sender, {}, as web forms do.",
                quoted(domain)
            ),
        ),
    };
    Evidence::new("veto", says, text).with(details::veto(facts, veto))
}

fn waiting(facts: &Facts<'_>, ruling: &Ruling, list: &mut Vec<Evidence>) {
    if facts.grace_over().is_none() {
        let text = format!(
            "Your copy of the mail may still come: until {} nothing is moved.",
            moment(facts.grace.ends)
        );
        list.push(Evidence::new("waiting", Says::Hint, text));
    }
    if let Some(look_up) = facts.look_up {
        let text = format!(
            "A question to the network is not answered yet; it is waited for until {}.",
            moment(look_up.until)
        );
        list.push(Evidence::new("waiting", Says::Hint, text));
    }
    if ruling.wants_refresh && matches!(ruling.verdict, Verdict::Undecided(Why::Waiting)) {
        let text = "Your sent mail is read again before this is decided.";
        list.push(Evidence::new("waiting", Says::Hint, text));
    }
}

/// A text of the mail as it may stand in a sentence: cut, and without characters that hide or turn others.
fn quoted(text: &str) -> String {
    let hides = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
    };
    text.chars().filter(|c| !hides(*c)).take(QUOTED).collect()
}

/// The day of a time, in UTC.
fn day(at: UnixTime) -> String {
    at.to_string().split('T').next().unwrap_or_default().to_owned()
}

/// A time to the minute, in UTC.
fn moment(at: UnixTime) -> String {
    let text = at.to_string();
    match text.trim_end_matches('Z').split_once('T') {
        Some((day, time)) => {
            let minute: String = time.chars().take(5).collect();
            format!("{day} {minute} UTC")
        }
        None => text,
    }
}
