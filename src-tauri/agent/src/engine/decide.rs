//! Judges open notices and says what is to be done with each.

use std::collections::{BTreeMap, BTreeSet};

use rules::address::registrable;
use rules::judge::{ASKED_AGAIN, LookedUp};
use rules::notice::Signature;
use rules::storm::{Likeness, Resemblance};
use rules::time::DAY;
use rules::verdict::Asks;
use rules::{
    Action, Case, Evidence, Judgement, Notice, Profile, Proof, Says, SentMail, Span, Subject, Verdict, Why,
    judge,
};

use super::account::Account;
use super::{EngineError, alarm, reports, sources, view};
use crate::config::Mode;
use crate::sentences;
use crate::store::{Answers, LastJudged, MailKey, OpenNotice, OriginalKey, Said};

/// How far from a notice's arrival the subject of its original is sought, in seconds.
const LATELY: i64 = 31 * DAY;

/// What is done with a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// It stays, and is not looked at again.
    Leave,
    /// It stays and waits: for time, for knowledge, or for the user's eye.
    Ask,
    /// It goes to the quarantine.
    Quarantine(Proof),
    /// It stays, and the user is told that the account may be stolen.
    Alarm,
}

/// What is done with a notice of this verdict; only a proof moves a mail, and only in mode `quarantine`.
#[must_use]
pub fn policy(verdict: Verdict, mode: Mode) -> Disposition {
    match (verdict, mode) {
        (Verdict::Genuine(_), _) => Disposition::Leave,
        (Verdict::Backscatter(proof), Mode::Quarantine) => Disposition::Quarantine(proof),
        (Verdict::Backscatter(_), Mode::Observe) | (Verdict::Undecided(_), _) => Disposition::Ask,
        (Verdict::Misused, _) => Disposition::Alarm,
    }
}

/// A notice that is to be moved, with what lets it be: the proof that [`judge_open`] found, or the user's word.
#[derive(Clone, Debug)]
pub struct Condemned {
    open: OpenNotice,
    ground: Ground,
    evidence: Vec<Evidence>,
}

/// What lets a mail be moved.
#[derive(Clone, Debug)]
enum Ground {
    Proof(Proof),
    UsersWord,
}

/// The rule of what the user said was never sent.
pub const USERS_WORD: &str = "users_word";

impl Condemned {
    /// A notice of which the user says that they never sent what it answers; the notice itself where that cannot be moved: what
    /// went through the user's own server is somebody's who can send as the user, and a bounce of it stays in sight.
    ///
    /// # Errors
    /// It went through the user's own server.
    pub fn by_the_user(open: OpenNotice) -> Result<Self, Box<OpenNotice>> {
        if open.last.as_ref().is_some_and(|last| last.verdict == Verdict::Misused.key()) {
            return Err(Box::new(open));
        }
        let said = Evidence::told(USERS_WORD, Says::NotMine, sentences::USERS_WORD.tell([]));
        let found = open.last.iter().flat_map(|last| last.evidence.iter().cloned());
        let evidence = std::iter::once(said).chain(found).collect();
        Ok(Self { open, ground: Ground::UsersWord, evidence })
    }

    /// The notice and where its mail lies.
    #[must_use]
    pub fn open(&self) -> &OpenNotice {
        &self.open
    }

    /// The rule that condemned it.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match &self.ground {
            Ground::Proof(proof) => proof.rule(),
            Ground::UsersWord => USERS_WORD,
        }
    }

    /// Every fact found.
    #[must_use]
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
}

/// What the network can be asked of a notice.
#[derive(Clone, Debug)]
pub struct Question {
    /// Where its mail is.
    pub key: MailKey,
    /// What is asked.
    pub asks: Asks,
}

/// What judging the open notices of an account came to.
#[derive(Debug, Default)]
pub struct Judged {
    /// Notices that are to be moved.
    pub condemned: Vec<Condemned>,
    /// Notices found genuine.
    pub genuine: u32,
    /// Notices that stay undecided.
    pub undecided: u32,
    /// Whether something was learned that may decide others.
    pub learned: bool,
    /// What the network could be asked of those that stay undecided.
    pub questions: Vec<Question>,
}

/// The notices whose original has the id or the subject of a sent mail; none where the index cannot say so.
///
/// # Errors
/// The store is damaged.
pub fn answering_ours(account: &Account, keys: &[MailKey]) -> Result<Vec<MailKey>, EngineError> {
    let mut ours = Vec::new();
    for key in keys {
        let Some(open) = account.store.open_notice(key)? else { continue };
        let Some(original) = &open.notice.original else { continue };
        let by_id = || original.ids.iter().any(|id| matches!(account.store.sent(id), Ok(Some(_))));
        let lately = Span::around(open.internal_date, LATELY);
        let by_subject = || {
            let subject = original.subject.as_deref().map(Subject::new);
            subject.is_some_and(|it| matches!(account.store.subject_used(&it, lately), Ok(true)))
        };
        ours.extend((by_id() || by_subject()).then_some(*key));
    }
    Ok(ours)
}

/// Judges notices and remembers what was said of each.
///
/// With `apply`, what an account in mode `observe` has judged is moved as well: the user asked for it.
///
/// # Errors
/// The store is damaged; nothing is condemned then.
pub fn judge_open(account: &Account, keys: &[MailKey], apply: bool) -> Result<Judged, EngineError> {
    let profile = account.profile();
    let now = account.server_now();
    let mode = if apply { Mode::Quarantine } else { account.config.mode };
    let (mut judged, mut misused) = (Judged::default(), false);
    let (mut settled, mut open) = (Vec::new(), Vec::new());
    let mut said: BTreeMap<String, u64> = BTreeMap::new();
    for key in keys {
        let Some(mut notice) = account.store.open_notice(key)? else { continue };
        let case = Case {
            notice: &notice.notice,
            arrived: notice.internal_date,
            grace: account.config.grace.seconds(),
        };
        let likeness = Likeness::of(&notice.notice, notice.internal_date, &profile);
        let original = account.store.original_key(&notice.notice, &notice.fingerprint);
        let looked_up = looked_up(account, original, likeness.as_ref(), &notice.answers)?;
        let judgement = judge(&case, &account.store, &profile, &looked_up, now);
        if let Some(likeness) = &likeness {
            let said = said_of(&judgement);
            judged.learned |= account.store.note_seen(original, likeness, said)?;
        }
        for lesson in &judgement.lessons {
            let at = judgement.original_time.unwrap_or(now);
            judged.learned |= account.store.learn(lesson, at, (&account.name, original))?;
        }
        let mut last = remember(&judgement, now);
        let news = notice.last.as_ref().is_none_or(|before| before.verdict != last.verdict);
        if news {
            account.tell(view::judged(account, &notice, &judgement.verdict, &last.rule, &last.evidence));
        }
        let Judgement { verdict, evidence, original_time, asks, .. } = judgement;
        let asks = notice.answers.not_just_asked(asks, now);
        if account.dns.is_some() && !asks.is_empty() {
            // Until it is answered: of a flood not all are asked about at once.
            let before = notice.last.as_ref().and_then(|last| last.recheck_at).filter(|at| *at > now);
            let again = before.unwrap_or(now.plus(ASKED_AGAIN));
            last.recheck_at = Some(last.recheck_at.map_or(again, |at| at.min(again)));
            judged.questions.push(Question { key: *key, asks });
        }
        if news {
            *said.entry(last.verdict.clone()).or_default() += 1;
            let hosts = || sources::behind(&notice.notice, notice.internal_date, &profile);
            if matches!(verdict, Verdict::Backscatter(_)) {
                account.store.count_sources(hosts())?;
            } else if notice.last.as_ref().is_some_and(|before| before.verdict == "backscatter") {
                account.store.discount_sources(hosts())?;
            }
        }
        let rule = rule_of(&verdict);
        let disposition = policy(verdict, mode);
        let alarming = matches!(disposition, Disposition::Alarm);
        // What is to be moved is tried again with every refresh until it has gone.
        last.wants_refresh |= matches!(disposition, Disposition::Quarantine(_));
        let same = notice.last.as_ref().is_some_and(|before| says_the_same(before, &last));
        notice.last = Some(last);
        match disposition {
            Disposition::Leave => {
                alarm::saw_genuine(account, &notice, original_time)?;
                if rule == "own_report" && notice.notice.action == Some(Action::Failed) {
                    let ids = notice.notice.original.as_ref().map(|original| original.ids.as_slice());
                    reports::returned(account, ids.unwrap_or_default())?;
                }
                if rule == "sent" {
                    let signatures = own_signatures(&notice.notice, &profile);
                    account.store.saw_signatures(signatures.map(|signature| (now, signature)))?;
                }
                judged.genuine += 1;
                settled.push(notice.key);
            }
            Disposition::Quarantine(proof) => {
                if !same {
                    open.push(notice.clone());
                }
                judged.condemned.push(Condemned { open: notice, ground: Ground::Proof(proof), evidence });
            }
            Disposition::Ask | Disposition::Alarm => {
                misused |= news && alarming;
                judged.undecided += 1;
                if !same {
                    open.push(notice);
                }
            }
        }
    }
    for (verdict, more) in said {
        account.store.count(account.id, &verdict, more)?;
    }
    account.store.put_open(&open)?;
    if misused {
        alarm::saw_misused(account)?;
    }
    account.store.remove_open(&settled)?;
    Ok(judged)
}

/// What is known of a notice beside the index, its answers of the network only where these may be asked.
///
/// # Errors
/// The store is damaged.
pub fn looked_up(
    account: &Account,
    original: OriginalKey,
    likeness: Option<&Likeness>,
    answers: &Answers,
) -> Result<LookedUp, EngineError> {
    let resemblance = match likeness {
        Some(likeness) => account.store.resemblance(original, likeness)?,
        None => Resemblance::default(),
    };
    let Answers { own_signature, spf_hard_fails, .. } = *answers;
    Ok(match account.dns {
        Some(_) => LookedUp { own_signature, spf_hard_fails, waits: answers.waits(), resemblance },
        None => LookedUp { resemblance, ..LookedUp::default() },
    })
}

/// The signatures on a mail of the user's that are of a domain of theirs.
fn own_signatures<'n>(notice: &'n Notice, profile: &Profile) -> impl Iterator<Item = &'n Signature> {
    let own: BTreeSet<String> = profile.own.iter().map(|address| registrable(address.domain())).collect();
    let signatures = notice.original.iter().flat_map(|original| &original.signatures);
    signatures.filter(move |signature| own.contains(&registrable(&signature.domain)))
}

fn said_of(judgement: &Judgement) -> Said {
    match &judgement.verdict {
        Verdict::Genuine("sent" | "own_report") => Said::Sent,
        // What the user declared speaks for the mail that shows it, and for no other that is like it.
        Verdict::Genuine("declared") => Said::Other,
        Verdict::Genuine(_) => Said::Genuine,
        Verdict::Backscatter(_) if judgement.of_itself => Said::Condemned,
        Verdict::Backscatter(_) | Verdict::Misused | Verdict::Undecided(_) => Said::Other,
    }
}

/// Whether two judgements differ in nothing but their time: then there is nothing to write.
fn says_the_same(one: &LastJudged, other: &LastJudged) -> bool {
    LastJudged { at: other.at, ..one.clone() } == *other
}

fn remember(judgement: &Judgement, at: rules::UnixTime) -> LastJudged {
    let (verdict, why) = match &judgement.verdict {
        Verdict::Genuine(_) => ("genuine", None),
        Verdict::Backscatter(_) => ("backscatter", None),
        Verdict::Misused => ("misused", None),
        Verdict::Undecided(why) => ("undecided", Some(why.clone())),
    };
    LastJudged {
        verdict: verdict.into(),
        rule: rule_of(&judgement.verdict).to_owned(),
        why,
        recheck_at: judgement.recheck_at,
        wants_refresh: judgement.wants_refresh,
        at,
        evidence: judgement.evidence.clone(),
    }
}

/// The row of the judging table that a verdict stands in.
#[must_use]
pub fn rule_of(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Genuine(rule) => rule,
        Verdict::Backscatter(proof) => proof.rule(),
        Verdict::Misused => "misused",
        Verdict::Undecided(why) => match why {
            Why::LeftAlone(_) => "left_alone",
            Why::OwnAutomatic => "own_automatic",
            Why::Waiting => "waiting",
            _ => "unknown",
        },
    }
}
