//! Measures reading and judging on a directory of labelled mail.
//!
//! `manifest.tsv` there has a line a mail: its path, source, licence, kind, reasons, where these come from, and more;
//! `original_ids.tsv` the ids of the original that a perfect reader finds, `none` where there is none.

mod labels;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use rules::judge::LookedUp;
use rules::read::SentHeaders;
use rules::sent::memory::MemorySent;
use rules::time::{DAY, MINUTE};
use rules::triage::{Structure, triage};
use rules::{
    Action, Address, Case, Kind, MailDate, MessageId, Notice, Profile, Reading, Triage, UnixTime, Verdict,
    judge,
};

use labels::{expected_kind, expected_reason};

/// How often something was right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Right.
    pub right: usize,
    /// Of so many.
    pub of: usize,
}

impl Tally {
    fn count(&mut self, right: bool) {
        self.of += 1;
        self.right += usize::from(right);
    }

    /// The share that is right, in percent; of nothing all is right.
    #[must_use]
    pub fn share(self) -> f64 {
        if self.of == 0 { 100.0 } else { 100.0 * self.right as f64 / self.of as f64 }
    }
}

/// What was measured.
#[derive(Debug, Default)]
pub struct Measured {
    seen: Tally,
    kind: Tally,
    action: Tally,
    reason: Tally,
    id: Tally,
    no_id: Tally,
    ham: Tally,
    spam: Tally,
    not_backscatter: Tally,
    passed_by: Tally,
    candidates: Tally,
    readable: Tally,
    twice: Tally,
    fetched: Tally,
    of_kind: BTreeMap<String, Tally>,
    /// A line for each mail that was read otherwise than it is labelled.
    pub misread: Vec<String>,
}

/// A figure with its bar.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was counted.
    pub what: String,
    /// How often it was right.
    pub tally: Tally,
    /// What is asked for, in percent.
    pub bar: Option<f64>,
    /// What the best peer reaches on other mail of the same kinds.
    pub peer: &'static str,
}

impl Row {
    /// Whether the bar is kept.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.bar.is_none_or(|bar| self.tally.share() >= bar)
    }
}

/// Reads every mail of the manifest, and compares.
///
/// # Errors
/// A table or a mail is missing.
pub fn measure(root: &Path) -> Result<Measured> {
    let table = |name: &str| {
        let path = root.join(name);
        std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))
    };
    let ids: BTreeMap<String, Vec<String>> = table("original_ids.tsv")?
        .lines()
        .skip(1)
        .map(|line| {
            let mut fields = line.split('\t');
            let path = fields.next().unwrap_or_default().to_owned();
            let all = fields.flat_map(|field| field.split([' ', ','])).filter(|id| !id.is_empty());
            (path, all.map(|id| id.trim_matches(['<', '>']).to_owned()).collect())
        })
        .collect();
    let mut measured = Measured::default();
    for line in table("manifest.tsv")?.lines().skip(1) {
        let mut fields = line.split('\t');
        let (Some(path), Some(label)) = (fields.next(), fields.nth(2)) else {
            bail!("a line of the manifest lacks its kind: {line}");
        };
        let reasons =
            Reasons { all: fields.next().unwrap_or_default(), origin: fields.next().unwrap_or_default() };
        let mail = std::fs::read(root.join(path)).with_context(|| format!("{path} cannot be read"))?;
        measured.mail(path, label, &reasons, ids.get(path).map(Vec::as_slice), &mail);
    }
    Ok(measured)
}

/// The reasons that a mail is labelled with.
struct Reasons<'a> {
    all: &'a str,
    /// Where they come from; `regex`: guessed from the text, which proves nothing.
    origin: &'a str,
}

impl Measured {
    fn mail(&mut self, path: &str, label: &str, reasons: &Reasons<'_>, ids: Option<&[String]>, mail: &[u8]) {
        let reading = rules::read(mail);
        self.twice.count(reading == rules::read(mail));
        self.readable.count(!matches!(reading, Reading::Unreadable { .. }));
        let structure = Structure { media_types: rules::read::media_types(mail) };
        let candidate = triage(header_of(mail), Some(&structure)) == Triage::Candidate;
        let notice = match reading {
            Reading::Notice(notice) => Some(*notice),
            Reading::Ordinary => None,
            Reading::Unreadable { why } => {
                self.misread.push(format!("unreadable\t{path}\t{label}\t{why}"));
                None
            }
        };
        // Whatever it is labelled: what reading calls a notice must have been fetched.
        self.fetched.count(candidate || notice.is_none());
        match expected_kind(label) {
            Some(kind) => {
                self.candidates.count(candidate);
                self.notice(path, label, kind, reasons, ids, notice);
            }
            None => {
                self.passed_by.count(!candidate);
                let tally = if label == "ham" { &mut self.ham } else { &mut self.spam };
                tally.count(notice.is_none());
                self.not_backscatter.count(notice.as_ref().is_none_or(|notice| !is_condemned(notice)));
                if let Some(notice) = notice {
                    self.misread.push(format!("taken for a notice\t{path}\t{label}\t{}", shown(&notice)));
                }
            }
        }
    }

    fn notice(
        &mut self,
        path: &str,
        label: &str,
        kind: Kind,
        reasons: &Reasons<'_>,
        ids: Option<&[String]>,
        notice: Option<Notice>,
    ) {
        self.seen.count(notice.is_some());
        let right = notice.as_ref().is_some_and(|notice| notice.kind == kind);
        self.kind.count(right);
        self.of_kind.entry(label.to_owned()).or_default().count(right);
        let Some(notice) = notice else {
            self.misread.push(format!("not seen\t{path}\t{label}"));
            return;
        };
        let mut misread = |what: &str, wanted: &str| {
            self.misread.push(format!("{what}\t{path}\t{label}\t{}\t{wanted}", shown(&notice)));
        };
        if !right {
            misread("kind", "");
        }
        let action = match label {
            "dsn-failed" => Some(Action::Failed),
            "dsn-delayed" => Some(Action::Delayed),
            "dsn-relayed" => Some(Action::Relayed),
            _ => None,
        };
        if let Some(action) = action {
            let right = notice.action == Some(action);
            self.action.count(right);
            if !right {
                misread("action", "");
            }
        }
        let wanted: Vec<_> = reasons.all.split(',').filter_map(expected_reason).collect();
        let failed = kind == Kind::Bounce && notice.action != Some(Action::Delayed);
        if reasons.origin != "regex" && failed && !wanted.is_empty() {
            let mut told = notice.recipients.iter().filter_map(|one| one.reason).chain(notice.reason);
            let right = told.any(|reason| wanted.contains(&reason));
            self.reason.count(right);
            if !right {
                misread("reason", reasons.all);
            }
        }
        let Some(wanted) = ids else { return };
        let original = notice.original.as_ref();
        let found = original.and_then(|one| one.message_id.as_ref().or(one.standing_id.as_ref()));
        let given = found.is_some_and(|id| wanted.contains(&id.to_string()));
        if wanted.iter().any(|id| id == "none") {
            let right = found.is_none() || given;
            self.no_id.count(right);
            if !right {
                misread("an id where there is none", "");
            }
        } else {
            self.id.count(given);
            if !given {
                misread("original id", &wanted.join(" "));
            }
        }
    }

    /// The figures that matter, with their bars.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let row = |what: &str, tally: Tally, bar: Option<f64>, peer: &'static str| Row {
            what: what.to_owned(),
            tally,
            bar,
            peer,
        };
        let mut rows = vec![
            row("notices seen", self.seen, Some(99.5), "90.4 % (VBounce)"),
            row("right kind", self.kind, Some(98.5), "80.4 % (Sisimai)"),
            row("right reason of a failure", self.reason, Some(95.0), "82.4 % (Sisimai)"),
            row("right id of the original", self.id, Some(99.0), "86.8 % (Sisimai)"),
            row("no id where there is none", self.no_id, Some(100.0), ""),
            row("ordinary mail left alone", self.ham, Some(99.9), ""),
            row("spam left alone", self.spam, Some(99.9), ""),
            row("ordinary mail and spam never called backscatter", self.not_backscatter, Some(100.0), ""),
            row("right action of a report", self.action, None, ""),
            row("ordinary mail and spam never fetched whole", self.passed_by, None, ""),
            row("notices fetched whole", self.candidates, Some(100.0), ""),
            row("mails that can be read", self.readable, Some(100.0), ""),
            row("mails read the same twice", self.twice, Some(100.0), ""),
            row("what is taken for a notice is fetched whole", self.fetched, Some(100.0), ""),
        ];
        rows.extend(
            self.of_kind.iter().map(|(kind, tally)| row(&format!("right kind: {kind}"), *tally, None, "")),
        );
        rows
    }

    /// The figures as a table of Markdown.
    #[must_use]
    pub fn table(&self) -> String {
        let mut table = String::from(
            "| | right | of | share | bar | best peer, on other mail |\n|---|---|---|---|---|---|\n",
        );
        for Row { what, tally, bar, peer } in self.rows() {
            let bar = bar.map(|bar| format!("{bar} %")).unwrap_or_default();
            // Writing to a string cannot fail.
            let _ = writeln!(
                table,
                "| {what} | {} | {} | {:.2} % | {bar} | {peer} |",
                tally.right,
                tally.of,
                tally.share()
            );
        }
        table
    }
}

fn header_of(mail: &[u8]) -> &[u8] {
    let end = |blank: &[u8]| {
        mail.windows(blank.len()).position(|window| window == blank).map(|at| at + blank.len())
    };
    let end = end(b"\n\n").into_iter().chain(end(b"\r\n\r\n")).min();
    mail.get(..end.unwrap_or(mail.len())).unwrap_or(mail)
}

fn shown(notice: &Notice) -> String {
    let original = notice.original.as_ref();
    let id = original.and_then(|one| one.message_id.as_ref().or(one.standing_id.as_ref()));
    let id = id.map(ToString::to_string).unwrap_or_default();
    let (by, kind, action, reason) = (&notice.recognised_by, notice.kind, notice.action, notice.reason);
    format!("{kind:?} {action:?} {reason:?} {id} by {by}")
}

/// Whether a notice would be moved from the mailbox of whoever it came to, who sends mail from all its addresses and keeps
/// all of it: nobody's is moved sooner.
fn is_condemned(notice: &Notice) -> bool {
    let own: Vec<Address> = notice.outer.receivers.iter().map(|(_, address)| address.clone()).collect();
    let arrived = notice.outer.trace.first().and_then(|hop| hop.date).or(notice.outer.date);
    let arrived = arrived.map_or(UnixTime(0), |date| date.at);
    let at = arrived.minus(400 * DAY);
    let sent = SentHeaders {
        ids: MessageId::new("an-old-mail@laptop.example.org").into_iter().collect(),
        from: own.clone(),
        date: Some(MailDate { at, offset_minutes: 0 }),
        ..SentHeaders::default()
    };
    let sent = MemorySent::whole([(sent, at)]);
    let profile = Profile { own: own.into_iter().collect(), ..Profile::default() };
    let case = Case { notice, arrived, grace: 10 * MINUTE };
    let judgement = judge(&case, &sent, &profile, &LookedUp::default(), arrived.plus(DAY));
    matches!(judgement.verdict, Verdict::Backscatter(_))
}
