//! Fetching headers, mails and the list of UIDs; always PEEK, never by sequence number, never by SEARCH.

use std::{collections::BTreeMap, ops::RangeInclusive};

use async_imap::imap_proto::{
    AttributeValue, BodyContentCommon, BodyStructure, MessageSection, Response, SectionPath,
};
use jiff::Timestamp;
use rules::UnixTime;
use rules::triage::Structure;

use super::command::Command;
use super::framing::LITERAL_CAP;
use super::wire::Said;
use super::{Connection, ImapError, UidSet};

/// So much of a mail's headers is fetched, in bytes; what is longer is cut.
pub const HEADER_CAP: u32 = 64 << 10;

/// What to fetch of a mail's headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderSet {
    /// The fields that the sent index keeps.
    Sent,
    /// All headers, with BODYSTRUCTURE: for triage.
    Triage,
    /// Message-ID, Date, From, Subject and Received alone: to recognise a mail again.
    Identity,
}

/// One mail's answer to a header fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedHeaders {
    /// Its UID.
    pub uid: u32,
    /// INTERNALDATE.
    pub internal_date: UnixTime,
    /// RFC822.SIZE in bytes; `u32::MAX` also for more.
    pub size: u32,
    /// Flags as given, `\Deleted` and the like.
    pub flags: Vec<String>,
    /// The header lines asked for, with the empty line behind them.
    pub headers: Vec<u8>,
    /// There were more than [`HEADER_CAP`] bytes of them.
    pub truncated: bool,
    /// Media types of its BODYSTRUCTURE, where asked for and readable.
    pub structure: Option<Structure>,
}

/// One mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedMail {
    /// Its UID.
    pub uid: u32,
    /// INTERNALDATE.
    pub internal_date: UnixTime,
    /// RFC822.SIZE in bytes; `u32::MAX` also for more.
    pub size: u32,
    /// Flags as given.
    pub flags: Vec<String>,
    /// The mail, or its beginning.
    pub bytes: Vec<u8>,
    /// The mail is longer than what was asked for.
    pub truncated: bool,
}

/// The answer to a fetch of several mails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched<T> {
    /// What came, in the order of UIDs.
    pub mails: Vec<T>,
    /// Asked for, and not answered: no such mail, or not now. Absence is not proved by it.
    pub missing: UidSet,
    /// Answered in a form that can't be read: these mails exist. They cost nothing else, not even the session.
    pub unreadable: UidSet,
}

#[derive(Clone, Copy)]
struct Query {
    /// After `(UID INTERNALDATE RFC822.SIZE FLAGS `.
    items: &'static str,
    cap: u32,
    section: Section,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Header,
    Whole,
}

/// Attributes of one mail, collected: servers may tell them in several responses.
#[derive(Default)]
struct Collected {
    date: Option<UnixTime>,
    size: Option<u32>,
    flags: Option<Vec<String>>,
    bytes: Option<Vec<u8>>,
    structure: Option<Structure>,
}

impl Connection {
    /// Fetches headers, several mails a command; the flags of the mails stay as they are.
    ///
    /// # Errors
    /// [`ImapError::NothingSelected`], refusal or loss; what came before is thrown away then.
    pub async fn headers(
        &mut self,
        uids: &UidSet,
        set: HeaderSet,
    ) -> Result<Fetched<FetchedHeaders>, ImapError> {
        let mut fetched = self.fetch(uids, Query::headers(set)).await?;
        if set == HeaderSet::Triage && !fetched.unreadable.is_empty() {
            // Most often it is the structure of a broken mail that can't be read; its headers can.
            let again = self.fetch(&fetched.unreadable.clone(), Query::headers_alone()).await?;
            fetched.mails.extend(again.mails);
            fetched.mails.sort_by_key(|(uid, _)| *uid);
            fetched.unreadable = again.unreadable;
            for range in again.missing.ranges() {
                fetched.missing.insert_range(range.clone());
            }
        }
        Ok(fetched.map(|uid, mail| {
            let (headers, truncated) = cut(mail.bytes?, HEADER_CAP);
            let (internal_date, size) = (mail.date?, mail.size.unwrap_or(u32::MAX));
            let flags = mail.flags.unwrap_or_default();
            Some(FetchedHeaders {
                uid,
                internal_date,
                size,
                flags,
                headers,
                truncated,
                structure: mail.structure,
            })
        }))
    }

    /// Fetches one mail, at most `cap` bytes of it; `None` where there is no such mail, or it can't be read.
    ///
    /// # Errors
    /// As [`Connection::headers`].
    pub async fn mail(&mut self, uid: u32, cap: u32) -> Result<Option<FetchedMail>, ImapError> {
        Ok(self.mails(&UidSet::one(uid), cap).await?.mails.pop())
    }

    /// Fetches mails, at most `cap` bytes of each (16 MiB less one at the utmost); all of them are held in memory.
    ///
    /// # Errors
    /// As [`Connection::headers`].
    pub async fn mails(&mut self, uids: &UidSet, cap: u32) -> Result<Fetched<FetchedMail>, ImapError> {
        let cap = cap.min(u32::try_from(LITERAL_CAP).unwrap_or(u32::MAX) - 1);
        let query = Query { items: "BODY.PEEK[]", cap, section: Section::Whole };
        Ok(self.fetch(uids, query).await?.map(|uid, mail| {
            let (bytes, truncated) = cut(mail.bytes?, cap);
            let (internal_date, size) = (mail.date?, mail.size.unwrap_or(u32::MAX));
            let flags = mail.flags.unwrap_or_default();
            Some(FetchedMail { uid, internal_date, size, flags, bytes, truncated })
        }))
    }

    /// Lists the UIDs that exist in a range, in ascending order; up to `u32::MAX` means all from its start on.
    ///
    /// # Errors
    /// As [`Connection::headers`].
    pub async fn uids(&mut self, range: RangeInclusive<u32>) -> Result<Vec<u32>, ImapError> {
        self.must_be_open()?;
        let asked = UidSet::range(range.clone());
        let Some(first) = asked.ranges().first() else { return Ok(vec![]) };
        let command = Command::new("UID FETCH").arg("").number(u64::from(*first.start())).more(":");
        let command = match *first.end() {
            // `n:*` names the last mail even where it is below n.
            u32::MAX => command.more("*"),
            end => command.number(u64::from(end)),
        };
        let mut told = UidSet::default();
        self.wire.run(&command.arg("(UID)"), &mut |said| told.extend_told(&said)).await?;
        Ok(told.iter().filter(|uid| asked.contains(*uid)).collect())
    }

    /// Lists those of some UIDs that are in the open folder with their INTERNALDATE, in ascending order.
    ///
    /// # Errors
    /// As [`Connection::headers`].
    pub async fn dates(&mut self, uids: &UidSet) -> Result<Vec<(u32, UnixTime)>, ImapError> {
        self.must_be_open()?;
        let mut dates = BTreeMap::new();
        for asked in uids.commands() {
            let command = Command::new("UID FETCH").uids(&asked).arg("(UID INTERNALDATE)");
            self.wire
                .run(&command, &mut |said| {
                    if let Said::Response(Response::Fetch(_, attributes)) = said {
                        let uid = uid_of(attributes).filter(|uid| asked.contains(*uid));
                        let date = attributes.iter().find_map(|attribute| match attribute {
                            AttributeValue::InternalDate(date) => date_of(date),
                            _ => None,
                        });
                        dates.extend(uid.zip(date));
                    }
                })
                .await?;
        }
        Ok(dates.into_iter().collect())
    }

    async fn fetch(&mut self, uids: &UidSet, query: Query) -> Result<Fetched<(u32, Collected)>, ImapError> {
        self.must_be_open()?;
        let mut collected: BTreeMap<u32, Collected> = BTreeMap::new();
        let mut unreadable = UidSet::default();
        for asked in uids.commands() {
            let command = Command::new("UID FETCH")
                .uids(&asked)
                .arg("(UID INTERNALDATE RFC822.SIZE FLAGS")
                .arg(query.items)
                // One more than wanted: tells a cut mail from one of just this length, whatever RFC822.SIZE says.
                .more("<0.")
                .number(u64::from(query.cap) + 1)
                .more(">)");
            self.wire
                .run(&command, &mut |said| match said {
                    Said::Response(Response::Fetch(_, attributes)) => {
                        let uid = uid_of(attributes).filter(|uid| asked.contains(*uid));
                        if let Some(uid) = uid {
                            collected.entry(uid).or_default().take(attributes, query.section);
                        }
                    }
                    Said::Unreadable(head) => {
                        let uid = uid_in(head).filter(|uid| asked.contains(*uid));
                        uid.into_iter().for_each(|uid| unreadable.insert(uid));
                    }
                    Said::Response(_) => {}
                })
                .await?;
        }
        // Flags that another program changes meanwhile come by themselves, for a mail or for none of ours.
        let mails: Vec<_> = collected
            .into_iter()
            .filter(|(_, mail)| mail.bytes.is_some() || mail.date.is_some() || mail.size.is_some())
            .collect();
        let answered: UidSet = mails.iter().map(|(uid, _)| *uid).collect();
        let unreadable = unreadable.without(&answered);
        let missing = uids.without(&answered).without(&unreadable);
        Ok(Fetched { mails, missing, unreadable })
    }

    pub(super) fn must_be_open(&self) -> Result<(), ImapError> {
        self.selected.as_ref().map(|_| ()).ok_or(ImapError::NothingSelected)
    }
}

impl Fetched<(u32, Collected)> {
    /// Makes mails of what was collected; what is incomplete exists, and can't be read.
    fn map<T>(mut self, make: impl Fn(u32, Collected) -> Option<T>) -> Fetched<T> {
        let mut mails = Vec::with_capacity(self.mails.len());
        for (uid, collected) in self.mails {
            match make(uid, collected) {
                Some(mail) => mails.push(mail),
                None => self.unreadable.insert(uid),
            }
        }
        Fetched { mails, missing: self.missing, unreadable: self.unreadable }
    }
}

impl Query {
    fn headers(set: HeaderSet) -> Self {
        let items = match set {
            HeaderSet::Sent => concat!(
                "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID DATE SUBJECT TO CC BCC FROM SENDER RESENT-MESSAGE-ID ",
                "RESENT-FROM RESENT-TO RESENT-CC RESENT-BCC X-MICROSOFT-ORIGINAL-MESSAGE-ID ",
                "X-GOOGLE-ORIGINAL-MESSAGE-ID X-ORIGINAL-MESSAGE-ID ORIGINAL-MESSAGE-ID ORIGIN-MESSAGEID)]"
            ),
            HeaderSet::Triage => "BODYSTRUCTURE BODY.PEEK[HEADER]",
            HeaderSet::Identity => "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID DATE FROM SUBJECT RECEIVED)]",
        };
        Self { items, cap: HEADER_CAP, section: Section::Header }
    }

    fn headers_alone() -> Self {
        Self { items: "BODY.PEEK[HEADER]", cap: HEADER_CAP, section: Section::Header }
    }
}

impl Collected {
    fn take(&mut self, attributes: &[AttributeValue<'_>], wanted: Section) {
        for attribute in attributes {
            match attribute {
                AttributeValue::InternalDate(date) => self.date = date_of(date).or(self.date),
                AttributeValue::Rfc822Size(size) => self.size = Some(*size),
                AttributeValue::Flags(flags) => {
                    self.flags = Some(flags.iter().map(|flag| flag.clone().into_owned()).collect());
                }
                AttributeValue::BodySection { section, data, .. } => {
                    let section = match section {
                        None => Section::Whole,
                        Some(SectionPath::Full(MessageSection::Header)) => Section::Header,
                        Some(_) => continue,
                    };
                    if section == wanted {
                        // NIL: RFC 3501 §7.4.2 has no other way to say "nothing there".
                        self.bytes = Some(data.as_deref().unwrap_or_default().to_vec());
                    }
                }
                AttributeValue::BodyStructure(body) => {
                    let mut structure = Structure::default();
                    media_types(body, &mut structure.media_types);
                    self.structure = Some(structure);
                }
                _ => {}
            }
        }
    }
}

/// Collects the media types of a structure; the sieve has capped its depth.
fn media_types(body: &BodyStructure<'_>, types: &mut Vec<String>) {
    let name = |common: &BodyContentCommon<'_>| {
        format!("{}/{}", common.ty.ty, common.ty.subtype).to_ascii_lowercase()
    };
    match body {
        BodyStructure::Basic { common, .. } | BodyStructure::Text { common, .. } => types.push(name(common)),
        BodyStructure::Message { common, body, .. } => {
            types.push(name(common));
            media_types(body, types);
        }
        BodyStructure::Multipart { common, bodies, .. } => {
            types.push(name(common));
            bodies.iter().for_each(|body| media_types(body, types));
        }
    }
}

fn cut(mut bytes: Vec<u8>, cap: u32) -> (Vec<u8>, bool) {
    let cap = usize::try_from(cap).unwrap_or(usize::MAX);
    let truncated = bytes.len() > cap;
    bytes.truncate(cap);
    (bytes, truncated)
}

fn uid_of(attributes: &[AttributeValue<'_>]) -> Option<u32> {
    attributes.iter().find_map(|a| if let AttributeValue::Uid(uid) = a { Some(*uid) } else { None })
}

/// The UID in the first bytes of a FETCH that can't be read; we ask for it first, and servers answer in this order.
fn uid_in(head: &[u8]) -> Option<u32> {
    let text: String = head.iter().take(128).map(|b| char::from(*b)).collect::<String>().to_ascii_uppercase();
    let (_, items) = text.strip_prefix("* ")?.split_once(" FETCH (")?;
    let (before, uid) = items.split_once("UID ")?;
    // Behind a string anything may follow that a mail's author wrote.
    if before.contains(['"', '{']) {
        return None;
    }
    uid.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// A `date-time` of RFC 3501 §9, such as ` 1-Feb-2024 10:00:00 +0100`.
fn date_of(text: &str) -> Option<UnixTime> {
    let at = Timestamp::strptime("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?;
    Some(UnixTime(at.as_second()))
}

impl UidSet {
    /// Adds the UID that a FETCH response tells.
    pub(super) fn extend_told(&mut self, said: &Said<'_>) {
        if let Said::Response(Response::Fetch(_, attributes)) = said
            && let Some(uid) = uid_of(attributes)
        {
            self.insert(uid);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_dates_are_read() {
        let cases = [
            ("01-Feb-2024 10:00:00 +0100", Some(1_706_778_000)),
            (" 1-Feb-2024 10:00:00 +0100", Some(1_706_778_000)),
            ("17-Jul-1996 02:44:25 -0700", Some(837_596_665)),
            ("31-Feb-2024 10:00:00 +0000", None),
            ("yesterday", None),
        ];
        for (text, expected) in cases {
            assert_eq!(date_of(text), expected.map(UnixTime), "{text:?}");
        }
    }

    #[test]
    fn the_uid_of_an_unreadable_answer_is_never_taken_from_the_mail() {
        let cases = [
            ("* 4 FETCH (UID 17 INTERNALDATE NIL)", Some(17)),
            ("* 4 FETCH (FLAGS (\\Seen) UID 17 X", Some(17)),
            ("* 4 FETCH (BODYSTRUCTURE (\"UID 99 \" ", None),
            ("* 4 EXPUNGE", None),
            ("* XUID 5", None),
        ];
        for (head, expected) in cases {
            assert_eq!(uid_in(head.as_bytes()), expected, "{head:?}");
        }
    }
}
