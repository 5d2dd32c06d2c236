//! Sample mail, varied like the wild and made by a seed: the user's own sent mail, real answers of machines to
//! it, backscatter of every kind, notices that must stay all the same, and ordinary mail.
//!
//! The label of a sample stands beside the mail, never in it.

mod backscatter;
mod bounce;
mod genuine;
mod hostile;
mod letter;
mod must_stay;
mod ordinary;
pub mod people;
mod prng;
mod reply;
mod sent;

use crate::date::{DAY, HOUR};
use crate::mail::{Digest, Mail};
pub use backscatter::Campaign;
pub use hostile::hostile;
pub use prng::Prng;
pub use sent::SentMail;

/// What must become of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// No notice; stays.
    Ordinary,
    /// Answers a mail of the sent index; stays.
    Genuine,
    /// Answers a forged mail, provably; moves.
    Backscatter,
    /// Answers a forged mail, and nothing proves it; stays, undecided.
    BackscatterUndecidable,
    /// A notice that no index knows and that must stay.
    MustStay,
}

/// What a sample is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What must become of it.
    pub class: Class,
    /// The kind within the class.
    pub kind: &'static str,
    /// The Message-ID that it answers, without brackets.
    pub original_id: Option<String>,
    /// T, the time of the original as the notice tells it (its reporter's Arrival-Date and hop), else INTERNALDATE;
    /// Unix seconds.
    pub time: i64,
    /// Why it is of this class.
    pub why: &'static str,
}

/// A mail and its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The mail.
    pub mail: Mail,
    /// What it is.
    pub label: Label,
}

impl Sample {
    fn new(mail: Mail, class: Class, kind: &'static str, original: Option<&str>, why: &'static str) -> Self {
        let time = mail.internal_date;
        Self { mail, label: Label { class, kind, original_id: original.map(str::to_owned), time, why } }
    }

    fn about(mut self, time: i64) -> Self {
        self.label.time = time;
        self
    }

    /// The digest by which a snapshot knows it.
    pub fn digest(&self) -> Digest {
        self.mail.digest()
    }
}

/// How many of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Sent mails.
    pub sent: usize,
    /// Mails of the inbox that are neither genuine nor backscatter, all that follow counted in.
    pub ordinary: usize,
    /// Of these: answers to the user alone, which prove the coverage by use.
    pub answers: usize,
    /// Of these: notices that must stay.
    pub must_stay: usize,
    /// Of these: backscatter that nothing proves.
    pub undecidable: usize,
    /// Genuine notices.
    pub genuine: usize,
    /// Backscatter that must be moved.
    pub backscatter: usize,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            sent: 5_000,
            ordinary: 2_000,
            answers: 80,
            must_stay: 144,
            undecidable: 20,
            genuine: 500,
            backscatter: 500,
        }
    }
}

/// A whole mailbox.
#[derive(Clone, Debug)]
pub struct Population {
    /// The folder of sent mail, oldest first.
    pub sent: Vec<SentMail>,
    /// The inbox, oldest first.
    pub inbox: Vec<Sample>,
    /// The time for which it is made, Unix seconds.
    pub now: i64,
    prng: Prng,
}

/// How far back the sent mail reaches.
const SENT_DAYS: i64 = 80;

/// How far back the inbox reaches: its notices must lie well inside of what the sent mail covers.
const INBOX_DAYS: i64 = 66;

impl Population {
    /// Makes a mailbox of 80 days before `now`.
    pub fn new(seed: u64, now: i64, counts: Counts) -> Self {
        Self::over(seed, now, counts, SENT_DAYS, INBOX_DAYS)
    }

    /// A small one for showing: 60 sent mails, ten answers, real bounces, every kind of backscatter.
    pub fn demo(seed: u64, now: i64) -> Self {
        let counts = Counts {
            sent: 60,
            ordinary: 40,
            answers: 10,
            must_stay: 6,
            undecidable: 1,
            genuine: 9,
            backscatter: 36,
        };
        Self::over(seed, now, counts, 40, 20)
    }

    fn over(seed: u64, now: i64, counts: Counts, sent_days: i64, inbox_days: i64) -> Self {
        let mut prng = Prng::new(seed);
        // Times are whole seconds, and the newest lie past every grace time.
        let latest = now - HOUR;
        let sent = sent::sent(&mut prng, counts.sent, now - sent_days * DAY, latest - HOUR);
        let mut population = Self { sent, inbox: Vec::new(), now, prng };
        let begin = now - inbox_days * DAY;
        let answered: Vec<SentMail> =
            population.sent.iter().filter(|mail| mail.when > begin).cloned().collect();
        // Answers are spread over the whole time, since use proves coverage only around each notice.
        let spread = |at: usize, of: usize| answered.get(at * answered.len() / of.max(1));
        let mut inbox = Vec::new();
        let prng = &mut population.prng;
        for at in 0..counts.answers {
            inbox.extend(spread(at, counts.answers).map(|sent| ordinary::answer(prng, sent, latest)));
        }
        for at in 0..counts.genuine {
            inbox.extend(spread(at, counts.genuine).map(|sent| genuine::one(prng, at, sent, latest)));
        }
        for at in 0..counts.must_stay {
            inbox.extend(spread(at, counts.must_stay).map(|sent| {
                let when = (sent.when + prng.seconds(3_600, 6 * DAY)).min(latest);
                must_stay::one(prng, at, sent, when)
            }));
        }
        for _ in 0..counts.undecidable {
            let when = prng.seconds(begin, latest);
            inbox.push(backscatter::without_id(prng, when));
        }
        for at in 0..counts.backscatter {
            let when = prng.seconds(begin, latest);
            inbox.push(backscatter::one(prng, at, when));
        }
        let wanted = counts.ordinary + counts.genuine + counts.backscatter;
        let mut kind = 0;
        while inbox.len() < wanted {
            let when = prng.seconds(begin, latest);
            inbox.extend(ordinary::one(prng, kind, when));
            kind += 1;
        }
        inbox.truncate(wanted);
        inbox.sort_by_key(|sample| sample.mail.internal_date);
        population.inbox = inbox;
        population
    }

    /// The sent mails as they lie in the folder.
    pub fn sent_mails(&self) -> impl Iterator<Item = Mail> {
        self.sent.iter().map(|sent| sent.sample.mail.clone())
    }

    /// The mails of the inbox.
    pub fn inbox_mails(&self) -> impl Iterator<Item = Mail> {
        self.inbox.iter().map(|sample| sample.mail.clone())
    }

    /// The samples of one class.
    pub fn of(&self, class: Class) -> impl Iterator<Item = &Sample> {
        self.inbox.iter().filter(move |sample| sample.label.class == class)
    }

    /// So many more pieces of backscatter of all kinds that come in at `when`.
    pub fn backscatter(&mut self, count: usize, when: i64) -> Vec<Sample> {
        (0..count).map(|at| backscatter::one(&mut self.prng, at, when)).collect()
    }

    /// So many more genuine notices that come in at `when`, for mails sent in the days before; none if there are
    /// none.
    pub fn genuine(&mut self, count: usize, when: i64) -> Vec<Sample> {
        let recent: Vec<SentMail> =
            self.sent.iter().filter(|sent| (when - 3 * DAY..when).contains(&sent.when)).cloned().collect();
        let mut samples = Vec::new();
        for at in 0..count {
            samples.extend(recent.get(at % recent.len().max(1)).map(|sent| self.genuine_for(sent, at, when)));
        }
        samples
    }

    /// A genuine notice for this sent mail that comes in at `when`; `kind` counts through all kinds.
    pub fn genuine_for(&mut self, sent: &SentMail, kind: usize, when: i64) -> Sample {
        let mut sample = genuine::one(&mut self.prng, kind, sent, when);
        sample.mail.internal_date = when;
        sample
    }

    /// An answer to this sent mail from one of its recipients, before `latest`.
    pub fn answer_to(&mut self, sent: &SentMail, latest: i64) -> Sample {
        ordinary::answer(&mut self.prng, sent, latest)
    }

    /// A campaign of so many subjects that forges the user's address.
    pub fn campaign(&mut self, subjects: usize) -> Campaign {
        Campaign::new(&mut self.prng, subjects)
    }

    /// One notice that answers a mail of a campaign.
    pub fn of_campaign(&mut self, campaign: &Campaign, kind: usize, when: i64) -> Sample {
        campaign.notice(&mut self.prng, kind, when)
    }

    /// Another mail of the user, sent at `when`, not yet in [`Population::sent`].
    pub fn send(&mut self, when: i64) -> Option<SentMail> {
        sent::sent(&mut self.prng, 1, when, when + 1).pop()
    }
}
