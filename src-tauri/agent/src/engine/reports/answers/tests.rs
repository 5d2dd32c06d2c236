//! Answers and the reports that they are brought to: late, twice, in any order, forged.

use rules::MessageId;
use rules::spamcop::{Answer, Link};

use super::*;
use crate::report::Addressee;
use crate::store::RecordId;

const NOW: UnixTime = UnixTime(1_795_800_000);

fn link(number: u32) -> Link {
    format!("https://www.spamcop.net/sc?id=z{number}z{}z", "0".repeat(32)).parse().expect("a link")
}

fn report(record: u64, state: ReportState) -> Report {
    Report {
        record: RecordId(record),
        account: "home".to_owned(),
        to: Addressee::SpamCop,
        state,
        changed: NOW,
        created: NOW,
        expires: NOW.plus(DAY),
        sent: Some(NOW.minus(60)),
        by_itself: false,
        quick: false,
        others: 0,
    }
}

fn id(record: u64) -> String {
    format!("r{record}@example.org")
}

fn sent(record: u64) -> Report {
    report(record, ReportState::Sent { message_id: id(record) })
}

fn answer(said: Said, names: &[u64], vouched_for: bool) -> KeptAnswer {
    let names = names.iter().map(|record| MessageId::new(&id(*record)).expect("an id")).collect();
    KeptAnswer { answer: Answer { said, names, vouched_for }, came: NOW }
}

fn accepted(number: u32) -> Said {
    Said::Accepted(vec![link(number)])
}

/// The states that an answer brings about, as words with their reports.
fn told(
    answer: &KeptAnswer,
    reports: &[Report],
    now: UnixTime,
) -> Result<Vec<(u64, &'static str)>, &'static str> {
    match fate(answer, reports, now) {
        Fate::Tells(told) => Ok(told.iter().map(|(report, state)| (report.record.0, state.name())).collect()),
        Fate::Kept => Err("kept"),
        Fate::Dropped => Err("dropped"),
    }
}

#[test]
fn an_answer_goes_to_the_report_that_it_names() {
    let reports = [sent(1), sent(2), sent(3)];
    assert_eq!(
        told(&answer(accepted(9), &[2], false), &reports, NOW),
        Ok(vec![(2, "needs_confirmation")]),
        "by its id"
    );
    let stranger = answer(accepted(9), &[7], true);
    assert_eq!(
        told(&stranger, &reports, NOW),
        Err("kept"),
        "one that the user made by hand: its link is shown"
    );
    assert_eq!(told(&stranger, &reports, NOW.plus(4 * DAY)), Err("dropped"), "as long as SpamCop takes it");
    assert_eq!(
        told(&answer(accepted(9), &[7], false), &reports, NOW),
        Err("dropped"),
        "nobody vouches for it"
    );
    assert_eq!(
        told(&answer(accepted(9), &[], false), &reports[..1], NOW),
        Err("dropped"),
        "it could be forged"
    );
}

#[test]
fn one_without_a_name_tells_of_no_report() {
    let one = answer(accepted(9), &[], true);
    assert_eq!(told(&one, &[sent(1)], NOW), Err("kept"), "it can be about one that the user made by hand");
    assert_eq!(told(&one, &[sent(1)], NOW.plus(4 * DAY)), Err("dropped"), "its link is shown for three days");
    for said in [Said::Reported, Said::Refused(Refusal::TooOld)] {
        let unnamed = answer(said, &[], true);
        assert_eq!(told(&unnamed, &[sent(1)], NOW), Err("dropped"), "it has no link that could be shown");
    }
}

#[test]
fn repeated_and_in_any_order_they_say_the_same() {
    let confirm =
        report(1, ReportState::NeedsConfirmation { message_id: id(1), link: link(9), opened: Some(NOW) });
    assert_eq!(
        told(&answer(accepted(8), &[1], true), std::slice::from_ref(&confirm), NOW),
        Err("dropped"),
        "the first link stays"
    );
    let error = answer(Said::Refused(Refusal::Other), &[1], true);
    assert_eq!(told(&error, &[confirm], NOW), Err("dropped"), "a page is better than an error");
    let refused = report(
        1,
        ReportState::Refused {
            why: String::new(),
            before: Some(Before { message_id: id(1), maybe_sent: false }),
        },
    );
    assert_eq!(
        told(&answer(accepted(9), &[1], false), &[refused], NOW),
        Ok(vec![(1, "needs_confirmation")]),
        "even if the error came first"
    );
    let done = report(1, ReportState::Done { message_id: id(1), ended: Ended::Confirmed });
    assert_eq!(told(&answer(accepted(9), &[1], true), &[done], NOW), Err("dropped"), "what is done stays so");
    let sending = report(1, ReportState::Sending { message_id: id(1) });
    assert_eq!(
        told(&answer(accepted(9), &[1], true), &[sending], NOW),
        Err("kept"),
        "until its sending is written down"
    );
    let cut_off = report(1, ReportState::CutOff { message_id: id(1) });
    assert_eq!(
        told(&answer(accepted(9), &[1], false), &[cut_off], NOW),
        Ok(vec![(1, "needs_confirmation")]),
        "so it was sent"
    );
    for state in [
        ReportState::Refused { why: String::new(), before: None },
        ReportState::Withdrawn,
        ReportState::Waiting { held: false },
    ] {
        let named = answer(accepted(9), &[1], false);
        assert_eq!(told(&named, &[report(1, state)], NOW), Err("dropped"), "it was never sent under that id");
    }
}

#[test]
fn every_word_of_spamcop_has_its_state_and_its_remedy() {
    for (said, state) in [
        (Said::Reported, "done"),
        (Said::Refused(Refusal::ReportedAlready), "done"),
        (Said::Refused(Refusal::TooOld), "refused"),
        (Said::Refused(Refusal::NoBody), "refused"),
        (Said::Refused(Refusal::TooBig), "refused"),
        (Said::Refused(Refusal::AddressBounced), "refused"),
        (Said::Refused(Refusal::Mailhosts), "refused"),
        (Said::Refused(Refusal::QuickDisabled), "refused"),
        (Said::Refused(Refusal::NoSource), "refused"),
        (Said::Refused(Refusal::Unreadable), "refused"),
        (Said::Refused(Refusal::Other), "refused"),
    ] {
        assert_eq!(
            told(&answer(said.clone(), &[1], false), &[sent(1)], NOW),
            Ok(vec![(1, state)]),
            "{said:?}"
        );
        if let Said::Refused(refusal) = said {
            assert!(remedy(refusal).len() > 20, "{refusal:?}: what to do is said in words");
        }
    }
    // One that waits to be sent again has arrived after all: that is the end of it.
    for maybe_sent in [false, true] {
        let waiting = ReportState::Approved {
            not_before: NOW,
            tries: 1,
            why: None,
            by_user: true,
            before: Some(Before { message_id: id(1), maybe_sent }),
        };
        let reports = [report(1, waiting)];
        for (said, state) in [(accepted(9), "needs_confirmation"), (Said::Reported, "done")] {
            assert_eq!(
                told(&answer(said, &[1], false), &reports, NOW),
                Ok(vec![(1, state)]),
                "it is not sent again"
            );
        }
        let refused = told(&answer(Said::Refused(Refusal::Other), &[1], false), &reports, NOW);
        let expected = if maybe_sent { Ok(vec![(1, "refused")]) } else { Err("dropped") };
        assert_eq!(refused, expected, "unless it answers the try before");
    }
    let fault = answer(Said::Refused(Refusal::NoSource), &[1, 2], false);
    assert_eq!(told(&fault, &[sent(1), sent(2)], NOW), Err("dropped"), "which of them is meant is not told");
    let both = answer(Said::Reported, &[1, 2], false);
    let expected = Ok(vec![(1, "done"), (2, "done")]);
    assert_eq!(told(&both, &[sent(1), sent(2), sent(3)], NOW), expected, "a summary names each");
    let links = answer(Said::Accepted(vec![link(1), link(2)]), &[1, 2], true);
    assert_eq!(told(&links, &[sent(1), sent(2)], NOW), Err("kept"), "which is whose is not told");
}
