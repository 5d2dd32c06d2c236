//! Asks the network what may decide a notice that the index leaves undecided.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use rules::UnixTime;
use rules::judge::{ASKED_AGAIN, LookUp, Waits};
use rules::read::returned_header;
use rules::time::DAY;
use rules::verdict::Asks;
use tokio::time::{Instant, timeout_at};

use super::account::Account;
use super::decide::Question;
use super::folders::Folders;
use super::{EngineError, blocking};
use crate::imap::Connection;
use crate::lookups::Dns;
use crate::store::{Answers, MailKey};

/// So long all the questions of a round may take: meanwhile the inbox is not watched.
const ONE_ROUND: Duration = Duration::from_secs(30);
/// Notices that are asked about at once.
const AT_ONCE: usize = 8;
/// Mails that are fetched once more in a round, for the signatures of their originals.
const FETCHED: usize = 50;
/// The most of one mail that is fetched for that, in octets: what is returned stands behind a short report.
const MAIL_CAP: u32 = 256 << 10;

impl Answers {
    /// What may be asked now: not what nobody answered a moment ago.
    pub fn not_just_asked(&self, mut asks: Asks, now: UnixTime) -> Asks {
        let lately = self.asked.is_some_and(|(_, last)| now.since(last).abs() < ASKED_AGAIN);
        if lately && self.own_signature == LookUp::NoAnswer {
            asks.signed_by.clear();
        }
        if lately && self.spf_hard_fails == LookUp::NoAnswer {
            asks.spf = None;
        }
        asks
    }

    /// How long an answer is waited for.
    pub fn waits(&self) -> Option<Waits> {
        self.asked.map(|(first, last)| Waits { until: first.plus(DAY), again: last.plus(ASKED_AGAIN) })
    }
}

/// What was answered of what was asked; none of what there was no time to ask.
#[derive(Clone, Copy)]
struct Answered {
    spf: Option<LookUp<bool>>,
    signature: Option<LookUp<bool>>,
}

/// Asks, and remembers what was answered; returns the notices that were asked about.
///
/// Whoever does not answer in time has not answered, and is asked again by and by.
///
/// # Errors
/// The connection is lost, or the store is damaged.
pub async fn ask(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    questions: Vec<Question>,
) -> Result<Vec<MailKey>, EngineError> {
    let Some(dns) = account.dns.clone().filter(|_| !questions.is_empty()) else { return Ok(Vec::new()) };
    let until = Instant::now() + ONE_ROUND;
    let mut headers = returned_headers(account, connection, folders, &questions, until).await?;
    let answered: Vec<(MailKey, Answered)> = stream::iter(questions)
        .map(|Question { key, asks }| {
            let (dns, header) = (&dns, headers.remove(&key));
            async move { (key, answers(dns, asks, header, until).await) }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let owned = account.clone();
    blocking(move || keep(&owned, &answered)).await
}

/// The headers of the originals whose signatures are asked about, as they came back; nothing of those for which there was
/// no time.
async fn returned_headers(
    account: &Account,
    connection: &mut Connection,
    folders: &Folders,
    questions: &[Question],
    until: Instant,
) -> Result<BTreeMap<MailKey, Option<Vec<u8>>>, EngineError> {
    let signed = questions.iter().filter(|question| !question.asks.signed_by.is_empty());
    let mut wanted: Vec<MailKey> = signed.map(|question| question.key).take(FETCHED).collect();
    wanted.sort_unstable();
    let (mut headers, mut opened) = (BTreeMap::new(), None);
    for key in wanted {
        if Instant::now() >= until {
            break;
        }
        let Some((_, name)) = folders.watch.iter().find(|(id, _)| *id == key.folder) else { continue };
        if opened.is_none_or(|(folder, _)| folder != key.folder) {
            opened = Some((key.folder, connection.look_into(name).await?.uid_validity.get()));
        }
        if opened != Some((key.folder, key.uid_validity)) {
            continue;
        }
        let Some(mail) = connection.mail(key.uid, MAIL_CAP).await? else { continue };
        let cut = u32::try_from(mail.bytes.len()).unwrap_or(u32::MAX) >= MAIL_CAP;
        headers.insert(key, blocking(move || Ok(returned_header(&mail.bytes, cut))).await?);
    }
    tracing::debug!(account = account.name, mails = headers.len(), "fetched again for their signatures");
    Ok(headers)
}

async fn answers(dns: &Dns, asks: Asks, header: Option<Option<Vec<u8>>>, until: Instant) -> Answered {
    let mut answered = Answered { spf: None, signature: None };
    let in_time = || Instant::now() < until;
    // First: a signature that verifies says more than any host can.
    if let Some(header) = header.filter(|_| in_time()) {
        let header = header.unwrap_or_default();
        let asked = timeout_at(until, dns.signature_verifies(&header, &asks.signed_by)).await;
        answered.signature = Some(asked.unwrap_or(LookUp::NoAnswer));
    }
    if let Some(question) = asks.spf.as_ref().filter(|_| in_time()) {
        let asked = timeout_at(until, dns.spf_hard_fails(question)).await;
        answered.spf = Some(asked.unwrap_or(LookUp::NoAnswer));
    }
    answered
}

fn keep(account: &Account, answered: &[(MailKey, Answered)]) -> Result<Vec<MailKey>, EngineError> {
    let now = account.server_now();
    let (mut open, mut keys) = (Vec::new(), Vec::new());
    for (key, Answered { spf, signature }) in answered {
        if spf.is_none() && signature.is_none() {
            continue;
        }
        let Some(mut notice) = account.store.open_notice(key)? else { continue };
        let Answers { own_signature, spf_hard_fails, asked } = notice.answers;
        notice.answers = Answers {
            own_signature: signature.unwrap_or(own_signature),
            spf_hard_fails: spf.unwrap_or(spf_hard_fails),
            asked: Some((asked.map_or(now, |(first, _)| first), now)),
        };
        keys.push(*key);
        open.push(notice);
    }
    account.store.put_open(&open)?;
    Ok(keys)
}
