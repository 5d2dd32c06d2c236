//! Notices that are not settled.

use std::sync::Arc;

use rules::{
    Kind, Notice, UnixTime,
    notice::{Outer, Recipient, ReturnPath},
};

use super::{
    super::{Answers, Fingerprint, LastJudged, MailKey, OpenNotice, guard::lock},
    Bench, address, day,
};

fn notice(recipients: usize) -> Notice {
    let recipient = |n: usize| Recipient {
        address: address(&format!("nobody{n}@far.example")),
        action: None,
        status: None,
        reason: None,
    };
    Notice {
        kind: Kind::Bounce,
        recognised_by: "delivery_report".into(),
        doubtful: false,
        action: None,
        reason: None,
        status: None,
        recipients: (0..recipients).map(recipient).collect(),
        original: None,
        reported_by: None,
        arrival_date: None,
        postmaster_copy: false,
        outer: Outer {
            message_id: None,
            from: None,
            return_path: ReturnPath::Null,
            receivers: Vec::new(),
            subject: "Undelivered".into(),
            date: None,
            trace: Vec::new(),
            authenticated: None,
        },
    }
}

pub(super) fn open(bench: &Bench, uid: u32, recheck_at: Option<Option<UnixTime>>) -> OpenNotice {
    OpenNotice {
        key: MailKey { folder: bench.sent, uid_validity: 1, uid },
        account: bench.account,
        fingerprint: Fingerprint([1; 16]),
        internal_date: day(1),
        size: 10,
        first_seen: day(2),
        notice: Arc::new(notice(uid as usize % 250)),
        last: recheck_at.map(|recheck_at| LastJudged {
            verdict: "undecided".into(),
            rule: "waiting".into(),
            why: Some(rules::Why::Waiting),
            recheck_at,
            wants_refresh: false,
            at: day(3),
            evidence: Vec::new(),
        }),
        answers: Answers::default(),
    }
}

#[test]
fn a_notice_comes_back_as_it_was_however_long() {
    let bench = Bench::new();
    for uid in [0, 1, 30, 200] {
        let kept = open(&bench, uid, None);
        bench.store.put_open(std::slice::from_ref(&kept)).expect("kept");
        assert_eq!(bench.store.open_notice(&kept.key).expect("a look"), Some(kept), "{uid} recipients");
    }
    let mut shorter = open(&bench, 200, Some(None));
    shorter.notice = Arc::new(notice(1));
    bench.store.put_open(std::slice::from_ref(&shorter)).expect("kept");
    let found = bench.store.open_notice(&shorter.key).expect("a look");
    assert_eq!(found.as_ref(), Some(&shorter), "a shorter one leaves nothing of the longer");
    assert_eq!(bench.store.open_count(bench.account).expect("a count"), 4, "four mails");
    bench.store.remove_open(&[shorter.key]).expect("removed");
    assert_eq!(bench.store.open_notice(&shorter.key).expect("a look"), None, "it is settled");
    assert_eq!(bench.store.open_keys(bench.account).expect("a list").len(), 3, "three are left");
}

#[test]
fn a_notice_is_due_when_it_was_never_judged_or_its_time_has_come() {
    let bench = Bench::new();
    let cases = [
        (1, None, true),
        (2, Some(None), false),
        (3, Some(Some(day(10))), true),
        (4, Some(Some(day(10).plus(1))), false),
    ];
    let notices: Vec<_> = cases.iter().map(|(uid, last, _)| open(&bench, *uid, *last)).collect();
    bench.store.put_open(&notices).expect("kept");
    let due = bench.store.due_open(bench.account, day(10)).expect("a list");
    for (uid, last, expected) in cases {
        let is_due = due.iter().any(|key| key.uid == uid);
        assert_eq!(is_due, expected, "judged last: {last:?}");
    }
    assert_eq!(bench.store.open_keys(bench.account).expect("a list").len(), 4, "all are open");
}

#[test]
fn what_stays_undecided_is_written_before_what_goes() {
    let bench = Bench::new();
    let undecided = open(&bench, 1, Some(None));
    let mut condemned = open(&bench, 2, Some(None));
    condemned.last.as_mut().expect("it is judged").verdict = "backscatter".into();
    let unjudged = open(&bench, 3, None);
    let all = [undecided, condemned, unjudged];
    bench.store.put_open(&all).expect("kept");
    bench.store.write_undecided().expect("written");
    let held = |uid: u32| lock(&bench.store.0.pending).notices().any(|notice| notice.key.uid == uid);
    assert_eq!(
        [1, 2, 3].map(held),
        [false, true, true],
        "the condemned need not be written: it goes at once"
    );
    for notice in all {
        let found = bench.store.open_notice(&notice.key).expect("a look");
        assert_eq!(found.as_ref(), Some(&notice), "each is found, written or not");
    }
}
