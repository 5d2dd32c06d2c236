//! Reads what is new in a watched folder: headers of all, the whole mail of candidates alone.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use rules::notice::Signature;
use rules::read::{OrdinaryHeaders, passed_signatures, read_ordinary_headers};
use rules::triage::Sorted;
use rules::{Profile, Reading, Rules, UnixTime, spamcop};
use tokio::sync::mpsc;

use super::account::Account;
use super::identity::Marks;
use super::moves::there;
use super::scan_back::first_uid;
use super::window::Windows;
use super::withdraw::withdraw;
use super::{EngineError, blocking, reports};
use crate::api::Event;
use crate::config::ReportMode;
use crate::imap::{Connection, FetchedHeaders, FetchedMail, FolderName, HeaderSet, UidSet};
use crate::journal::{Entry, Identity};
use crate::store::{Answers, FolderId, KeptAnswer, MailKey, OpenNotice};

/// The most of one mail that is fetched, in octets: a report stands before what it returns.
const MAIL_CAP: u32 = 1 << 20;
/// The most that is asked for in one command, in octets, so that memory stays flat in a flood.
const BATCH_CAP: u64 = 4 << 20;

/// What a scan found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scanned {
    /// Mails looked at.
    pub mails: u32,
    /// Notices among them that are now to be judged.
    pub notices: u32,
    /// Mails that somebody put back from the quarantine.
    pub put_back: u32,
}

/// Reads what is new in a folder and remembers it: notices as open, of other mail what proves the index.
///
/// `watched`: the folder was watched since the last scan, so what is new has just come in.
///
/// # Errors
/// The connection is lost, the folder cannot be read, or the store is damaged.
pub async fn scan(
    account: &Account,
    connection: &mut Connection,
    id: FolderId,
    name: &FolderName,
    watched: bool,
) -> Result<Scanned, EngineError> {
    let selected = connection.look_into(name).await?;
    let uid_validity = selected.uid_validity.get();
    let known = account.store.inbox(id)?.filter(|inbox| inbox.uid_validity == uid_validity);
    let start = match known {
        Some(inbox) => inbox.next_uid,
        None => first_uid(account, connection, selected.uid_next).await?,
    };
    let mut windows = Windows::new(start, selected.uid_next);
    let progress = |done: u32| {
        if known.is_none() {
            let (account_name, what) = (account.name.clone(), format!("looking through {}", name.display()));
            let (done, total) = (u64::from(done), u64::from(selected.exists));
            account.tell(Event::Progress { account: account_name, what, done, total });
        }
    };
    // The server is kept busy: while it tells of one window, what it told of those before is looked at. Of no more than
    // three is held what was fetched.
    let (hand_over, mut fetched) = mpsc::channel::<Window>(1);
    let fetching = async move {
        let (mut headers, mut mails) = (None, 0);
        loop {
            let window = windows.advance();
            if window.is_none() && headers.is_none() {
                return Ok::<u32, EngineError>(mails);
            }
            let (next, sorted) = tokio::join!(
                fetch_headers(connection, Page::new(account, id, uid_validity), window),
                sort_out(headers.take())
            );
            headers = next?;
            if let Some(Window { mails: found, .. }) = &headers {
                let count = u32::try_from(found.len()).unwrap_or(u32::MAX);
                windows.found(count);
                mails += count;
                found.iter().for_each(|mail| account.saw_arrival(mail.internal_date, watched));
                progress(mails);
            }
            let Some(sorted) = sorted? else { continue };
            // Who takes them has ended with an error, and says so.
            if hand_over.send(fetch_bodies(connection, sorted).await?).await.is_err() {
                return Ok(mails);
            }
        }
    };
    let keeping = async move {
        let mut scanned = Scanned::default();
        while let Some(window) = fetched.recv().await {
            let (notices, put_back) = read_and_keep(account, window).await?;
            scanned.notices += notices;
            scanned.put_back += put_back;
        }
        Ok::<Scanned, EngineError>(scanned)
    };
    let (mails, scanned) = tokio::join!(fetching, keeping);
    let scanned = Scanned { mails: mails?, ..scanned? };
    if known.is_none() || start < selected.uid_next {
        let (store, uid_next) = (account.store.clone(), selected.uid_next);
        blocking(move || Ok(store.set_inbox(id, uid_validity, uid_next)?)).await?;
    }
    Ok(scanned)
}

/// Forgets open notices whose mail is no longer in the folder, or has another number there since it was
/// renumbered: nothing is left to be decided, or the scan finds it anew. To be called before a scan.
///
/// # Errors
/// The connection is lost, the folder cannot be read, or the store is damaged.
pub async fn forget_gone(
    account: &Account,
    connection: &mut Connection,
    id: FolderId,
    name: &FolderName,
) -> Result<(), EngineError> {
    let owned = account.clone();
    let keys = blocking(move || Ok(owned.store.open_keys(owned.id)?)).await?;
    let mut keys: Vec<MailKey> = keys.into_iter().filter(|key| key.folder == id).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let uid_validity = connection.look_into(name).await?.uid_validity.get();
    let uids: Vec<u32> =
        keys.iter().filter(|key| key.uid_validity == uid_validity).map(|key| key.uid).collect();
    let there: BTreeSet<u32> = there(connection, &uids).await?.into_iter().collect();
    keys.retain(|key| key.uid_validity != uid_validity || !there.contains(&key.uid));
    let owned = account.clone();
    blocking(move || {
        let mut fingerprints = Vec::new();
        for key in keys.iter().filter(|key| key.uid_validity == uid_validity) {
            fingerprints.extend(owned.store.open_notice(key)?.map(|open| open.fingerprint));
        }
        // Somebody took it out of the folder, another agent perhaps: should it come back, that was the user.
        if !fingerprints.is_empty() {
            owned.record_all(&[Entry::Met { account: owned.name.clone(), fingerprints }], true)?;
        }
        Ok(owned.store.remove_open(&keys)?)
    })
    .await
}

/// What one window of a scan leaves to remember.
struct Page {
    rules: Rules,
    folder: FolderId,
    uid_validity: u32,
    /// Whose mail is the user's own.
    user: Arc<Profile>,
    ordinary: Vec<(UnixTime, OrdinaryHeaders)>,
    /// DKIM signatures on mail of the user's own that came here.
    signatures: Vec<(UnixTime, Signature)>,
    notices: Vec<Found>,
    /// SpamCop's answers to reports, where any are sent.
    answers: Option<Vec<KeptAnswer>>,
    unreadable: u32,
}

impl Page {
    fn new(account: &Account, folder: FolderId, uid_validity: u32) -> Self {
        let reported = account.spamcop.mode != ReportMode::Off;
        let mut page = Self::empty(account.rules.clone(), Arc::new(account.profile()), folder, uid_validity);
        page.answers = reported.then(Vec::new);
        page
    }

    fn empty(rules: Rules, user: Arc<Profile>, folder: FolderId, uid_validity: u32) -> Self {
        let (ordinary, signatures, notices) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            rules,
            folder,
            uid_validity,
            user,
            ordinary,
            signatures,
            notices,
            answers: None,
            unreadable: 0,
        }
    }

    /// An empty one for mails of the same folder.
    fn alike(&self) -> Self {
        let empty = Self::empty(self.rules.clone(), self.user.clone(), self.folder, self.uid_validity);
        Self { answers: self.answers.as_ref().map(|_| Vec::new()), ..empty }
    }

    fn add(&mut self, other: Self) {
        self.ordinary.extend(other.ordinary);
        self.signatures.extend(other.signatures);
        self.notices.extend(other.notices);
        if let Some(answers) = &mut self.answers {
            answers.extend(other.answers.unwrap_or_default());
        }
        self.unreadable += other.unreadable;
    }

    fn add_ordinary(&mut self, mail: &FetchedHeaders, headers: OrdinaryHeaders) {
        if headers.from.as_ref().is_some_and(|from| self.user.own.contains(from)) {
            let signatures = passed_signatures(&mail.headers, &self.user.own_servers).into_iter();
            self.signatures.extend(signatures.map(|signature| (mail.internal_date, signature)));
        }
        self.ordinary.push((mail.internal_date, headers));
    }
}

/// A notice found, and how to recognise its mail.
struct Found {
    key: MailKey,
    marks: Marks,
    size: u32,
    internal_date: UnixTime,
    notice: rules::Notice,
}

/// A window of a scan under way: what is to be remembered of it so far, and its mails that are still to be looked at.
struct Window {
    page: Page,
    /// Behind its last UID.
    next_uid: u32,
    mails: Vec<FetchedHeaders>,
    /// The mails themselves, of the last batch.
    bodies: Vec<FetchedMail>,
}

async fn fetch_headers(
    connection: &mut Connection,
    mut page: Page,
    window: Option<RangeInclusive<u32>>,
) -> Result<Option<Window>, EngineError> {
    let Some(window) = window else { return Ok(None) };
    let next_uid = window.end().saturating_add(1);
    let fetched = connection.headers(&UidSet::range(window), HeaderSet::Triage).await?;
    page.unreadable = u32::try_from(fetched.unreadable.len()).unwrap_or(u32::MAX);
    Ok(Some(Window { page, next_uid, mails: fetched.mails, bodies: Vec::new() }))
}

/// Triage: ordinary mail goes on the page; what could be a notice is left. One half is looked at beside the other.
async fn sort_out(window: Option<Window>) -> Result<Option<Window>, EngineError> {
    let Some(mut window) = window else { return Ok(None) };
    let mut first = std::mem::take(&mut window.mails);
    let second = first.split_off(first.len() / 2);
    let half = |mails: Vec<FetchedHeaders>| {
        let page = window.page.alike();
        blocking(move || Ok(sort_some(page, mails)))
    };
    let (first, second) = tokio::try_join!(half(first), half(second))?;
    for (page, candidates) in [first, second] {
        window.page.add(page);
        window.mails.extend(candidates);
    }
    Ok(Some(window))
}

fn sort_some(mut page: Page, mails: Vec<FetchedHeaders>) -> (Page, Vec<FetchedHeaders>) {
    let mut candidates = Vec::new();
    for mail in mails {
        // What the user has marked as deleted is none of our business any more.
        if mail.flags.iter().any(|flag| flag.eq_ignore_ascii_case("\\Deleted")) {
            continue;
        }
        match page.rules.sort(&mail.headers, mail.structure.as_ref()) {
            // What SpamCop says became of a report stands in the mail itself.
            Sorted::Ordinary(headers)
                if page.answers.is_some() && headers.from.as_ref().is_some_and(spamcop::is_sender) =>
            {
                candidates.push(mail);
            }
            Sorted::Ordinary(headers) => page.add_ordinary(&mail, *headers),
            Sorted::Candidate => candidates.push(mail),
        }
    }
    (page, candidates)
}

/// Fetches the candidates of a window. All batches but the last are read at once, so that no more than one is held.
async fn fetch_bodies(connection: &mut Connection, mut window: Window) -> Result<Window, EngineError> {
    let mut rest = std::mem::take(&mut window.mails).into_iter().peekable();
    while rest.peek().is_some() {
        window = window.read().await?;
        let mut octets = 0_u64;
        while let Some(mail) = rest.next_if(|mail| {
            octets += u64::from(mail.size.min(MAIL_CAP));
            window.mails.is_empty() || octets <= BATCH_CAP
        }) {
            window.mails.push(mail);
        }
        let set: UidSet = window.mails.iter().map(|mail| mail.uid).collect();
        let fetched = connection.mails(&set, MAIL_CAP).await?;
        window.page.unreadable += u32::try_from(fetched.unreadable.len()).unwrap_or(u32::MAX);
        window.bodies = fetched.mails;
    }
    Ok(window)
}

impl Window {
    /// Reads the mails that were fetched, onto its page; one half of them beside the other.
    async fn read(mut self) -> Result<Self, EngineError> {
        let mut first = std::mem::take(&mut self.mails);
        if first.is_empty() {
            return Ok(self);
        }
        let second = first.split_off(first.len() / 2);
        let bodies = Arc::new(std::mem::take(&mut self.bodies));
        let half = |mails: Vec<FetchedHeaders>| {
            let (mut page, bodies) = (self.page.alike(), bodies.clone());
            blocking(move || {
                page.read(mails, &bodies);
                Ok(page)
            })
        };
        let (first, second) = tokio::try_join!(half(first), half(second))?;
        for page in [first, second] {
            self.page.add(page);
        }
        Ok(self)
    }
}

impl Page {
    /// Reads candidates, of which the server has sent these.
    fn read(&mut self, candidates: Vec<FetchedHeaders>, bodies: &[FetchedMail]) {
        for mail in candidates {
            // Gone between the two commands: somebody else moved it.
            let Some(body) = bodies.iter().find(|body| body.uid == mail.uid) else { continue };
            match self.rules.read(&body.bytes) {
                Reading::Ordinary => {
                    if let Some(answers) = &mut self.answers {
                        let answer = spamcop::read(&body.bytes, &self.user.own_servers);
                        answers.extend(answer.map(|answer| KeptAnswer { answer, came: mail.internal_date }));
                    }
                    self.add_ordinary(&mail, read_ordinary_headers(&mail.headers));
                }
                Reading::Unreadable { .. } => self.unreadable += 1,
                Reading::Notice(notice) => self.notices.push(Found {
                    key: MailKey { folder: self.folder, uid_validity: self.uid_validity, uid: mail.uid },
                    marks: Marks::of(&mail.headers),
                    size: mail.size,
                    internal_date: mail.internal_date,
                    notice: *notice,
                }),
            }
        }
    }
}

/// Reads what is left of a window, remembers its page, and that it is done; returns how many notices it had, and how
/// many of its mails somebody put back.
async fn read_and_keep(account: &Account, window: Window) -> Result<(u32, u32), EngineError> {
    let Window { page, next_uid, .. } = window.read().await?;
    let owned = account.clone();
    let (notices, put_back, unreadable) = blocking(move || {
        let (found, unreadable) = (page.notices.len(), page.unreadable);
        let (store, id) = (&owned.store, owned.id);
        let first_seen = owned.server_now();
        let (mut open, mut put_back) = (Vec::new(), Vec::new());
        let mut recognised: BTreeMap<String, u64> = BTreeMap::new();
        for found in page.notices {
            let fingerprint = found.marks.fingerprint(store, found.size, found.internal_date);
            if store.was_put_back(id, &fingerprint)? {
                continue;
            }
            if store.was_in_quarantine(id, &fingerprint)? {
                put_back.push(fingerprint);
                continue;
            }
            *recognised.entry(found.notice.recognised_by.clone()).or_default() += 1;
            let identity = Identity { fingerprint, size: found.size, internal_date: found.internal_date };
            open.push(OpenNotice {
                key: found.key,
                account: id,
                fingerprint: identity.fingerprint,
                internal_date: identity.internal_date,
                size: identity.size,
                first_seen,
                notice: Arc::new(found.notice),
                last: None,
                answers: Answers::default(),
            });
        }
        if !put_back.is_empty() {
            let entry = Entry::PutBack { account: owned.name.clone(), fingerprints: put_back.clone() };
            owned.record_all(&[entry], true)?;
            let mut back = Vec::new();
            for fingerprint in &put_back {
                back.extend(store.record_by_fingerprint(id, fingerprint)?);
            }
            withdraw(&owned, &back)?;
        }
        store.note_ordinary(id, &page.ordinary)?;
        store.saw_signatures(page.signatures.iter().map(|(at, signature)| (*at, signature)))?;
        store.count_rules(&recognised)?;
        store.put_open(&open)?;
        let answers = page.answers.unwrap_or_default();
        if !answers.is_empty() {
            reports::take(&owned, answers);
        }
        store.set_inbox(page.folder, page.uid_validity, next_uid)?;
        let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
        Ok((count(found), count(put_back.len()), unreadable))
    })
    .await?;
    if unreadable > 0 {
        let text = format!("{unreadable} mails could not be read as mail; they stay where they are");
        account.tell(Event::Error { account: Some(account.name.clone()), text });
    }
    Ok((notices, put_back))
}
