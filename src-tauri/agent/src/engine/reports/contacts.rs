//! Complaints to whoever answers for a network: whom they could go to, how they would read, and writing them.
//!
//! Nothing is written that was not shown before, and no address is taken from a notice: whoever sends one could name anybody.

use std::net::IpAddr;
use std::path::Path;

use rules::Address;
use rules::time::DAY;

use super::super::account::Account;
use super::super::{Engine, EngineError, blocking};
use super::queue::{new_report, subject_of};
use super::send::is_wanted;
use super::shown::{day, switched_off};
use super::{DRY_RUN, of_name};
use crate::api::{self, Complaint, ContactSource, ContactView, DraftView};
use crate::lookups::{AskFailed, Registries};
use crate::report::{Addressee, Channel, Letter, Report, ReportId, ReportState, Subject, Template, Told};
use crate::store::{Record, Role};

/// So long nothing more is written to an address by itself, in seconds.
const NOT_AGAIN: i64 = 7 * DAY;

impl Engine {
    /// A complaint as it would be written, and whom it could go to; the look-ups that are switched on are made for it.
    pub(in crate::engine) async fn draft(
        &self,
        id: api::RecordId,
        channel: Channel,
        look_up: bool,
    ) -> Result<DraftView, EngineError> {
        let (account, _, subject) = self.about(id, channel).await?;
        let (mut contacts, mut problems) = (Vec::new(), Vec::new());
        let lookups = &self.shared().config.lookups;
        if look_up && !lookups.rdap && !lookups.abuse_contacts {
            problems.push(
                "No look-up of contacts is switched on: set `rdap = true` or `abuse_contacts = true` in `[lookups]`, or name \
                 the address yourself."
                    .to_owned(),
            );
        }
        if look_up && lookups.rdap {
            let registries = Registries::new(lookups.rdap_registries.as_deref());
            match registries.abuse_contacts(subject.address).await {
                Ok(found) => contacts.extend(found.into_iter().map(|address| (address, ContactSource::Rdap))),
                Err(AskFailed(why)) => problems.push(why),
            }
        }
        if look_up && lookups.abuse_contacts {
            match self.shared().dns.abuse_contacts(subject.address).await {
                Some(found) => {
                    contacts.extend(found.into_iter().map(|address| (address, ContactSource::Abusix)))
                }
                None => problems.push(
                    "Nobody answered who keeps the list of abuse contacts; try again later.".to_owned(),
                ),
            }
        }
        let profile = account.profile();
        contacts.retain(|(address, _)| !profile.own.contains(address) && address.as_str().is_ascii());
        if look_up && contacts.is_empty() && problems.is_empty() {
            problems.push(format!("No contact is known for the network of {}.", subject.address));
        }
        let (subject_line, text) = words(&account, &subject, channel).await?;
        Ok(DraftView {
            channel,
            host: subject.address,
            host_name: subject.name,
            contacts: contacts
                .into_iter()
                .map(|(address, by)| ContactView { address: address.to_string(), by })
                .collect(),
            problems,
            subject: subject_line,
            text,
            attached: "The notice itself goes with it, with your address and what came back of the forged mail; of a long one \
                       the end is left out."
                .to_owned(),
        })
    }

    /// Writes a complaint that the user has seen.
    pub(in crate::engine) async fn complain(
        &self,
        id: api::RecordId,
        complaint: Complaint,
    ) -> Result<(), EngineError> {
        let channel = complaint.channel;
        let (account, record, subject) = self.about(id, channel).await?;
        let wrong = |why: &str| EngineError::NotDone(why.to_owned());
        let to = Address::new(complaint.to.trim()).filter(|to| to.as_str().is_ascii());
        let to = to.ok_or_else(|| wrong("there is no such address; write one such as abuse@example.org"))?;
        if account.profile().own.contains(&to) {
            return Err(wrong("this is an address of your own"));
        }
        let letter = Letter::checked(to, complaint.subject, complaint.text)
            .map_err(|error| EngineError::NotDone(format!("the text cannot be sent: {error}")))?;
        let again = complaint.again;
        let owned = account.clone();
        blocking(move || write(&owned, &record, &subject, channel, letter, again)).await?;
        self.shared().ordered.notify_waiters();
        Ok(())
    }

    /// What a complaint about a mail would be about.
    async fn about(
        &self,
        id: api::RecordId,
        channel: Channel,
    ) -> Result<(Account, Record, Subject), EngineError> {
        let accounts = self.accounts(None)?;
        let (account, record, subject) = blocking(move || {
            let (account, record) = of_name(&accounts, &id)?;
            let subject = subject_of(account, &record, channel, account.server_now())?;
            Ok((account.clone(), record, subject))
        })
        .await?;
        if channel == Channel::SpamCop {
            let why = "a report to SpamCop needs no words; `neversent reports approve` sends it";
            return Err(EngineError::NotDone(why.to_owned()));
        }
        if !is_wanted(&account, channel) {
            return Err(EngineError::NotDone(switched_off(channel).to_owned()));
        }
        let subject = subject.map_err(|why| EngineError::NotDone(why.sentence().to_owned()))?;
        Ok((account, record, subject))
    }
}

/// The words about a host, by the user's template or ours.
async fn words(
    account: &Account,
    subject: &Subject,
    channel: Channel,
) -> Result<(String, String), EngineError> {
    let injector = channel == Channel::Injector;
    let complaints = &account.complaints;
    let file = if injector { &complaints.injector_text } else { &complaints.operator_text };
    let template = match file {
        None => Template::built_in(complaints.language, injector),
        Some(file) => Template::read(&read(file).await?),
    };
    let name = file.as_ref().map_or_else(|| "the template".to_owned(), |file| file.display().to_string());
    let wrong = |error| EngineError::NotDone(format!("{name} cannot be used: {error}"));
    let owned = account.clone();
    let address = subject.address;
    let count = blocking(move || incidents(&owned, address, channel)).await?;
    let told = Told {
        address,
        name: subject.name.as_deref(),
        me: &account.config.address,
        date: subject.received,
        count,
    };
    template.and_then(|template| template.filled(&told)).map_err(wrong)
}

async fn read(file: &Path) -> Result<String, EngineError> {
    tokio::fs::read_to_string(file).await.map_err(|error| {
        EngineError::NotDone(format!("the template {} cannot be read: {error}", file.display()))
    })
}

/// How many notices a host stands behind, one at least.
///
/// # Errors
/// The store cannot be used.
pub fn incidents(account: &Account, address: IpAddr, channel: Channel) -> Result<u64, EngineError> {
    let role = if channel == Channel::Injector { Role::Injector } else { Role::Backscatterer };
    let sources = account.store.sources()?;
    let of_host = sources.iter().filter(|source| {
        source.role == role && source.ip.map(|ip| ip.to_canonical()) == Some(address.to_canonical())
    });
    Ok(of_host.map(|source| source.count).sum::<u64>().max(1))
}

fn write(
    account: &Account,
    record: &Record,
    subject: &Subject,
    channel: Channel,
    letter: Letter,
    again: bool,
) -> Result<(), EngineError> {
    let wrong = |why: String| EngineError::NotDone(why);
    if account.dry_run {
        return Err(wrong(DRY_RUN.to_owned()));
    }
    let now = account.server_now();
    let reports = account.store.reports()?;
    let mut to_them =
        reports.iter().filter(|report| report.to.letter().is_some_and(|known| known.to == letter.to));
    let counts = |report: &&Report| {
        let lately = report.sent.is_some_and(|at| now.since(at) < NOT_AGAIN);
        lately || report.state.is_pending() || matches!(report.state, ReportState::Sending { .. })
    };
    if let (Some(before), false) = (to_them.find(counts), again) {
        let when = day(before.sent.unwrap_or(before.created));
        return Err(wrong(format!(
            "you wrote to this address on {when} already; nobody reads a second complaint in a week. To write all the same: \
             --again"
        )));
    }
    let seen = account.store.report(ReportId { record: record.id, channel })?;
    if seen.as_ref().is_some_and(|report| report.state.may_be_sent() || report.state.is_pending()) {
        return Err(wrong(
            "there is a complaint about this mail already; `neversent reports list` shows it".to_owned(),
        ));
    }
    let to = match channel {
        Channel::Injector => Addressee::Injector(letter),
        Channel::Operator | Channel::SpamCop => Addressee::Operator(letter),
    };
    let report = new_report(account, record, to, subject, now).with(ReportState::approved(now, true), now);
    if account.change_report(seen.as_ref(), report)? {
        return Ok(());
    }
    Err(wrong("its complaint has just changed; look again".to_owned()))
}
