//! What is covered, and which holes there are.

use proptest::prelude::*;
use rules::{Coverage, Span, UnixTime, time::DAY};

use super::{super::StoreError, Bench, address, day, row};
use crate::imap::FolderName;

fn holes(bench: &Bench) -> Vec<(i64, i64)> {
    let ever = |at: UnixTime| if at.0 == i64::MIN { -1 } else { at.since(day(0)) / DAY };
    let holes = bench.store.holes(bench.account).expect("holes");
    holes.iter().map(|hole| (ever(hole.from), ever(hole.to))).collect()
}

fn coverage(bench: &Bench) -> Coverage {
    bench.store.coverage_of(bench.account).expect("coverage")
}

#[test]
fn gaps_of_the_first_reading_are_holes_unless_too_many_are_missing() {
    let without =
        |gone: &[u32], upto: u32| -> Vec<u32> { (1..upto).filter(|uid| !gone.contains(uid)).collect() };
    // Missing UIDs, UIDNEXT, holes in days (-1: since ever).
    type Case<'a> = (&'a str, &'a [u32], u32, &'a [(i64, i64)]);
    let cases: [Case<'_>; 7] = [
        ("nothing is missing", &[], 41, &[]),
        ("one in the middle", &[20], 41, &[(19, 21)]),
        ("two gaps that touch at one mail", &[20, 22], 41, &[(19, 23)]),
        ("the first", &[1], 41, &[(-1, 2)]),
        ("the last reaches to the refresh", &[40], 41, &[(39, 100)]),
        ("just one in ten", &[11, 12, 13, 14], 41, &[(10, 15)]),
        ("more than one in ten says nothing", &[11, 12, 13, 14, 30], 41, &[]),
    ];
    for (what, gone, uid_next, expected) in cases {
        let bench = Bench::new();
        bench.read(without(gone, uid_next), uid_next, day(100));
        assert_eq!(holes(&bench), expected, "{what}");
        assert!(coverage(&bench).from.is_some(), "{what}: the folder is read, so something is covered");
    }
}

#[test]
fn a_uid_announced_and_never_seen_is_a_hole_however_many_there_are() {
    let bench = Bench::new();
    bench.read(1..=10, 11, day(11));
    bench.read([], 61, day(61));
    assert_eq!(holes(&bench), [(10, 61)], "fifty mails came and went unseen");
    bench.read([70], 71, day(71));
    assert_eq!(holes(&bench), [(10, 70)], "those between are missing as well");
    let covered = coverage(&bench);
    assert!(covered.prove(Span::new(day(3), day(5)), day(71)).is_ok(), "before the hole all is known");
    assert!(covered.prove(Span::new(day(30), day(31)), day(71)).is_err(), "within it nothing is");
    assert!(covered.prove(Span::new(day(71), day(71)), day(71)).is_ok(), "behind it all is known again");
}

#[test]
fn a_mail_that_has_gone_is_a_hole_between_its_neighbours() {
    for (gone, expected) in [
        (vec![5], vec![(4, 6)]),
        (vec![5, 6, 7], vec![(4, 8)]),
        (vec![1], vec![(-1, 2)]),
        (vec![10], vec![(9, 50)]),
        (vec![2, 9], vec![(1, 3), (8, 10)]),
        ((1..=10).collect(), vec![(-1, 50)]),
        (vec![77], vec![]),
    ] {
        let bench = Bench::new();
        bench.read(1..=10, 11, day(11));
        bench.store.sent_gone(bench.sent, &gone, day(50)).expect("noted");
        assert_eq!(holes(&bench), expected, "{gone:?} have gone");
        let left = bench.store.known_sent_uids(bench.sent, 0, 100).expect("UIDs");
        assert!(left.iter().all(|uid| !gone.contains(uid)), "{gone:?} are no longer known: {left:?}");
        let known = bench.store.sent_folder(bench.sent).expect("a look").expect("a folder").known;
        assert_eq!(known as usize, left.len(), "they are counted");
        assert!(bench.store.check().expect("a check").problems.is_empty(), "the store agrees with itself");
    }
}

#[test]
fn nothing_is_covered_before_every_folder_is_read_to_its_end() {
    let bench = Bench::new();
    bench.store.add_sent(bench.sent, 1..=10, &(1..=10).map(row).collect::<Vec<_>>()).expect("taken in");
    assert_eq!(coverage(&bench), Coverage::none(), "it was not read to its end");
    bench.read([], 11, day(11));
    assert_eq!(coverage(&bench).from, Some(day(1)), "it is now, from its oldest mail on");
    let other = bench.store.folder(bench.account, &FolderName("Sent Items".into())).expect("a folder");
    let own = [address("ada@example.org")];
    bench.store.set_sent_folders(bench.account, &[bench.sent, other], &own, day(12)).expect("set");
    assert_eq!(coverage(&bench), Coverage::none(), "a new folder is not read yet");
    bench.store.start_sent_folder(other, 9, UnixTime(0)).expect("begun");
    assert_eq!(coverage(&bench), Coverage::none(), "nor is it when it is begun");
    bench.store.sent_refreshed(other, 1, day(10)).expect("an empty folder");
    assert_eq!(coverage(&bench).from, Some(day(1)), "an empty folder takes nothing away");
    assert_eq!(coverage(&bench).refreshed, day(10), "the folder refreshed first decides");
    bench.store.set_sent_folders(bench.account, &[bench.sent], &own, day(20)).expect("set");
    assert_eq!(holes(&bench), [(10, 20)], "what came into the dropped folder was not seen");
    bench.store.set_sent_folders(bench.account, &[], &own, day(21)).expect("set");
    assert_eq!(coverage(&bench), Coverage::none(), "no folder, no coverage");
}

#[test]
fn a_refresh_that_has_not_asked_for_everything_is_refused() {
    let bench = Bench::new();
    let refused = bench.store.sent_refreshed(bench.sent, 11, day(11));
    assert!(matches!(refused, Err(StoreError::NotRead { from: 1, to: 11 })), "nothing was read: {refused:?}");
    let refused = bench.store.add_sent(bench.sent, 5..=10, &[row(5)]);
    assert!(
        matches!(refused, Err(StoreError::NotRead { from: 1, to: 5 })),
        "1 to 4 were left out: {refused:?}"
    );
    let other = bench.store.folder(bench.account, &FolderName("Other".into())).expect("a folder");
    let refused = bench.store.sent_refreshed(other, 1, day(1));
    assert!(matches!(refused, Err(StoreError::NotStarted)), "it was never begun: {refused:?}");
    assert_eq!(coverage(&bench), Coverage::none(), "nothing is covered after all that");
}

#[test]
fn a_new_uidvalidity_forgets_uids_and_keeps_ids() {
    use rules::SentMail;
    let bench = Bench::new();
    bench.read((1..=10).filter(|uid| *uid != 5).chain(11..=30), 31, day(31));
    assert_eq!(holes(&bench), [(4, 6)], "UID 5 is missing");
    bench.store.start_sent_folder(bench.sent, 2, day(32)).expect("begun anew");
    assert_eq!(coverage(&bench), Coverage::none(), "nothing is covered until it is read again");
    let folder = bench.store.sent_folder(bench.sent).expect("a look").expect("a folder");
    assert_eq!((folder.uid_validity, folder.next_uid, folder.known), (2, 1, 0), "its UIDs are forgotten");
    assert!(bench.store.sent(&super::sent_id(10)).expect("a look").is_some(), "ids stay known");
    bench.read(1..=9, 10, day(40));
    assert_eq!(coverage(&bench).from, Some(day(1)), "it is covered again");
    let missing = [(4, 6), (31, 32)];
    assert_eq!(holes(&bench), missing, "what was missing is, and what came and went unseen may be");
}

#[test]
fn a_server_set_back_to_a_backup_is_read_again() {
    let bench = Bench::new();
    bench.read(1..=20, 21, day(21));
    bench.store.sent_refreshed(bench.sent, 15, day(22)).expect("noted");
    let folder = bench.store.sent_folder(bench.sent).expect("a look").expect("a folder");
    assert!(!folder.complete && folder.next_uid == 1, "UIDs 15 to 20 will stand for other mail: {folder:?}");
    assert_eq!(coverage(&bench), Coverage::none(), "nothing is covered until then");
}

#[test]
fn uids_asked_for_beyond_the_last_are_asked_for_again() {
    let bench = Bench::new();
    let rows: Vec<_> = (1..=10).map(row).collect();
    bench.store.add_sent(bench.sent, 1..=500, &rows).expect("a whole window");
    bench.store.sent_refreshed(bench.sent, 11, day(11)).expect("noted");
    let folder = bench.store.sent_folder(bench.sent).expect("a look").expect("a folder");
    assert_eq!((folder.next_uid, folder.complete), (11, true), "UID 11 is still to come");
    assert!(holes(&bench).is_empty(), "UIDs that were never given out are no gaps");
}

#[test]
fn what_was_left_out_before_the_horizon_is_not_covered() {
    let bench = Bench::new();
    bench.store.set_fact_horizon(day(50));
    bench.read(1..=100, 101, day(101));
    assert_eq!(coverage(&bench).from, Some(day(81)), "vetoes look back 31 days, to the horizon");
}

#[test]
fn an_address_is_covered_by_every_account_that_sends_as_it() {
    use rules::{Profile, SentMail};
    let bench = Bench::new();
    bench.read(1..=10, 11, day(11));
    let of = |text: &str| bench.store.coverage(&address(text)).expect("coverage");
    assert_eq!(of("ada@example.org").from, Some(day(1)), "the account sends as it");
    assert_eq!(of("eve@example.com"), Coverage::none(), "nobody sends as it");
    bench.store.set_profile(&Profile { own_domains: ["example.com".into()].into(), ..Profile::default() });
    assert_eq!(of("eve@example.com").from, Some(day(1)), "at an own domain all accounts count");
    let second = bench.store.account("work").expect("an account");
    assert_eq!(of("eve@example.com"), Coverage::none(), "the second account has read nothing");
    assert_eq!(of("ada@example.org").from, Some(day(1)), "and does not send as this one");
    let sent = bench.store.folder(second, &FolderName("Sent".into())).expect("a folder");
    bench.store.set_sent_folders(second, &[sent], &[], day(12)).expect("set");
    bench.store.start_sent_folder(sent, 1, UnixTime(0)).expect("begun");
    bench.store.add_sent(sent, 1..=1, &[row(3)]).expect("taken in");
    assert_eq!(of("ada@example.org"), Coverage::none(), "a From shows that the second sends as it, too");
    bench.store.keep_accounts(&[bench.account]).expect("kept");
    assert_eq!(of("ada@example.org").from, Some(day(1)), "an account that is no longer there is not asked");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// However a folder is read, and whatever goes: a span is covered only if no mail of it is missing.
    #[test]
    fn no_span_with_a_missing_mail_is_covered(
        there in proptest::collection::vec(proptest::bool::weighted(0.95), 20..120),
        window in 1_u32..60,
        gone in proptest::collection::btree_set(1_u32..120, 0..5),
    ) {
        let bench = Bench::new();
        let uid_next = u32::try_from(there.len()).unwrap() + 1;
        let mut first = 1;
        while first < uid_next {
            let last = (first + window - 1).min(uid_next - 1);
            let rows: Vec<_> = (first..=last).filter(|uid| there[*uid as usize - 1]).map(row).collect();
            bench.store.add_sent(bench.sent, first..=last, &rows).unwrap();
            first = last + 1;
        }
        bench.store.sent_refreshed(bench.sent, uid_next, day(200)).unwrap();
        let gone: Vec<u32> = gone.into_iter().filter(|uid| *uid < uid_next).collect();
        bench.store.sent_gone(bench.sent, &gone, day(201)).unwrap();
        bench.store.sent_refreshed(bench.sent, uid_next, day(201)).unwrap();
        let missing = there.iter().filter(|there| !**there).count();
        let says_nothing = missing * 10 > there.len();
        let covered = bench.store.coverage_of(bench.account).unwrap();
        for uid in 1..uid_next {
            let span = Span::new(day(i64::from(uid)).minus(DAY), day(i64::from(uid)));
            let was_gone = gone.contains(&uid) && there[uid as usize - 1];
            let never_seen = !there[uid as usize - 1] && !says_nothing;
            if was_gone || never_seen {
                prop_assert!(covered.prove(span, day(201)).is_err(), "UID {} is missing", uid);
            }
        }
        prop_assert!(bench.store.check().unwrap().problems.is_empty(), "the store agrees with itself");
    }
}
