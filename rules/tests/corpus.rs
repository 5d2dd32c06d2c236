//! Measures reading on a directory of labelled mail, named by `NEVERSENT_CORPUS`.
//!
//! `manifest.tsv` there has a line a mail (path, source, licence, kind, reason, origin of the reason …),
//! `original_ids.tsv` the id that a perfect reader finds.

#![expect(clippy::print_stdout, clippy::indexing_slicing, reason = "a test says what it found, and may fail")]
#![expect(clippy::disallowed_methods, reason = "the test reads its corpus; the crate reads nothing")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use rules::{
    Action, Kind, Notice, Reading, Reason, Triage,
    triage::{Structure, triage},
};

#[derive(Default)]
struct Tally {
    right: usize,
    of: usize,
}

impl Tally {
    fn count(&mut self, right: bool) {
        self.of += 1;
        self.right += usize::from(right);
    }
    fn show(&self, what: &str) {
        let share = 100.0 * self.right as f64 / self.of.max(1) as f64;
        println!("{what:<32} {:>5} of {:>5}  {share:6.2} %", self.right, self.of);
    }
}

fn expected_kind(label: &str) -> Option<Kind> {
    Some(match label {
        "dsn-failed" | "dsn-delayed" | "dsn-relayed" | "nonstandard-bounce" => Kind::Bounce,
        "auto-reply" => Kind::AutoReply,
        "challenge" => Kind::Challenge,
        "virus-notice" => Kind::VirusNotice,
        "list-notice" => Kind::ListNotice,
        "mdn" => Kind::Receipt,
        "arf" => Kind::AbuseReport,
        _ => return None,
    })
}

fn expected_reason(label: &str) -> Option<Reason> {
    Some(match label {
        "user-unknown" | "filtered" | "suspend" | "hasmoved" => Reason::RecipientUnknown,
        "mailbox-full" | "systemfull" => Reason::MailboxFull,
        "spam-rejected" | "badreputation" | "blocked" | "rejected" => Reason::Spam,
        "virus" | "banned-content" => Reason::Virus,
        "policy" | "securityerror" | "authfailure" | "requireptr" | "notcompliantrfc" | "speeding"
        | "toomanyconn" => Reason::Policy,
        "relaying-denied" => Reason::RelayingDenied,
        "message-too-big" => Reason::TooBig,
        "host-unknown" | "notaccept" => Reason::HostUnknown,
        "expired" | "network-error" => Reason::TimedOut,
        _ => return None,
    })
}

fn header_of(mail: &[u8]) -> &[u8] {
    let end = mail.windows(2).position(|pair| pair == b"\n\n").map(|at| at + 2);
    let crlf = mail.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
    &mail[..end.into_iter().chain(crlf).min().unwrap_or(mail.len())]
}

fn shown(notice: &Notice) -> String {
    let id = notice.original.as_ref().and_then(|o| o.message_id.clone().or_else(|| o.standing_id.clone()));
    format!(
        "{:?} {:?} {:?} {:?} {id:?}",
        notice.kind,
        notice.action,
        notice.reason,
        notice.status.map(|s| s.to_string())
    )
}

#[test]
fn the_corpus_is_read() {
    let Some(root) = std::env::var_os("NEVERSENT_CORPUS").map(PathBuf::from) else {
        println!("NEVERSENT_CORPUS is not set: nothing is measured");
        return;
    };
    let table = |name: &str| std::fs::read_to_string(root.join(name)).expect("the corpus has its tables");
    let ids: BTreeMap<String, Vec<String>> = table("original_ids.tsv")
        .lines()
        .skip(1)
        .map(|line| {
            let mut fields = line.split('\t');
            let path = fields.next().unwrap_or_default().to_owned();
            let all = fields.flat_map(|field| field.split([' ', ','])).filter(|id| !id.is_empty());
            (path, all.map(str::to_owned).collect())
        })
        .collect();
    let (mut seen, mut kind, mut reason, mut action) =
        (Tally::default(), Tally::default(), Tally::default(), Tally::default());
    let (mut id_right, mut id_false, mut ordinary, mut spam) =
        (Tally::default(), Tally::default(), Tally::default(), Tally::default());
    let (mut triaged_ham, mut triaged_notice) = (Tally::default(), Tally::default());
    let mut by_kind: BTreeMap<&str, Tally> = BTreeMap::new();
    let manifest = table("manifest.tsv");
    for line in manifest.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (path, label, reasons, origin) = (fields[0], fields[3], fields[4], fields[5]);
        let mail = std::fs::read(root.join(path)).expect("a mail of the manifest");
        let reading = rules::read(&mail);
        assert_eq!(reading, rules::read(&mail), "{path} is read the same twice");
        let notice = match &reading {
            Reading::Notice(notice) => Some(notice),
            Reading::Ordinary => None,
            Reading::Unreadable { why } => panic!("{path}: {why}"),
        };
        let structure = Structure { media_types: rules::read::media_types(&mail) };
        let candidate = triage(header_of(&mail), Some(&structure)) == Triage::Candidate;
        assert!(candidate || notice.is_none(), "{path} is a notice, so it is a candidate");
        let Some(expected) = expected_kind(label) else {
            triaged_ham.count(!candidate);
            let tally = if label == "ham" { &mut ordinary } else { &mut spam };
            tally.count(notice.is_none());
            if let Some(notice) = notice {
                println!("FALSE\t{path}\t{label}\t{}", shown(notice));
            }
            continue;
        };
        triaged_notice.count(candidate);
        seen.count(notice.is_some());
        kind.count(notice.is_some_and(|notice| notice.kind == expected));
        let tally = by_kind.entry(label).or_default();
        tally.count(notice.is_some_and(|notice| notice.kind == expected));
        let Some(notice) = notice else {
            println!("UNSEEN\t{path}\t{label}");
            continue;
        };
        if notice.kind != expected {
            println!("KIND\t{path}\t{label}\t{}", shown(notice));
        }
        let wanted_action = match label {
            "dsn-failed" => Some(Action::Failed),
            "dsn-delayed" => Some(Action::Delayed),
            "dsn-relayed" => Some(Action::Relayed),
            _ => None,
        };
        if let Some(wanted) = wanted_action {
            action.count(notice.action == Some(wanted));
            if notice.action != Some(wanted) {
                println!("ACTION\t{path}\t{label}\t{}", shown(notice));
            }
        }
        let wanted: Vec<Reason> = reasons.split(',').filter_map(expected_reason).collect();
        if origin != "regex"
            && expected == Kind::Bounce
            && !wanted.is_empty()
            && notice.action != Some(Action::Delayed)
        {
            let right = notice.reason.is_some_and(|reason| wanted.contains(&reason))
                || notice
                    .recipients
                    .iter()
                    .any(|one| one.reason.is_some_and(|reason| wanted.contains(&reason)));
            reason.count(right);
            if !right {
                println!("REASON\t{path}\t{reasons}\t{}", shown(notice));
            }
        }
        if let Some(wanted) = ids.get(path) {
            let original = notice.original.as_ref();
            let found = original
                .and_then(|o| o.message_id.as_ref().or(o.standing_id.as_ref()).map(ToString::to_string));
            let given =
                found.as_ref().is_some_and(|id| wanted.iter().any(|one| one.trim_matches(['<', '>']) == id));
            if wanted.iter().any(|one| one == "none") {
                id_false.count(found.is_none() || given);
                if found.is_some() && !given {
                    println!("IDNONE\t{path}\t{label}\t{}", shown(notice));
                }
            } else {
                id_right.count(given);
                if !given {
                    println!("ID\t{path}\t{label}\t{}\twanted {wanted:?}", shown(notice));
                }
            }
        }
    }
    for (what, tally) in [
        ("notices seen", &seen),
        ("right kind", &kind),
        ("action of reports", &action),
        ("reason", &reason),
        ("original id", &id_right),
        ("no id where there is none", &id_false),
        ("ham left alone", &ordinary),
        ("spam left alone", &spam),
        ("ordinary by triage", &triaged_ham),
        ("notices that are candidates", &triaged_notice),
    ] {
        tally.show(what);
    }
    for (label, tally) in &by_kind {
        tally.show(label);
    }
}
