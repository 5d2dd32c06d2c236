//! Backscatter stands on several legs: with any of them taken away it is never said.

use super::scenario::{ARRIVED, HopFacts, Offset, Scenario, SentFacts, SpfLookUp, StormFacts, all};
use crate::profile::Declared;
use crate::time::{DAY, HOUR};
use crate::{Address, Kind, MessageId, Returned, Verdict};

type Take = fn(&mut Scenario);

fn address(text: &str) -> Address {
    Address::new(text).expect("an address")
}

fn write_to_the_failed(scenario: &mut Scenario, to: &str) {
    let at = Offset(scenario.judge().original_time.expect("a time").since(ARRIVED) - DAY);
    scenario.index.sent.push(SentFacts {
        id: MessageId::new("other@laptop.example.org").expect("an id"),
        at,
        from: address("ada@example.org"),
        to: vec![address(to)],
        subject: "Something else altogether".to_owned(),
    });
}

/// The legs of every condemnation.
const COMMON: [(&str, Take); 14] = [
    ("index readable", |s| s.index.unavailable = Some("a test".to_owned())),
    ("ownership", |s| {
        s.me.own.clear();
        s.me.own_domains.clear();
    }),
    ("not shared", |s| s.me.shared.extend(s.notice.to.iter().chain(&s.notice.delivered_to).cloned())),
    ("a receiver", |s| {
        s.notice.to.clear();
        s.notice.delivered_to.clear();
        s.notice.trace_for.clear();
    }),
    ("no stranger among the receivers", |s| s.notice.to.push(address("stranger@elsewhere.example"))),
    ("grace over", |s| s.now = Offset(s.grace.0.clamp(0, DAY) - 1)),
    ("folders read", |s| {
        s.index.oldest = None;
        s.index.reach_of.clear();
    }),
    ("coverage old enough", |s| s.index.oldest = Some(Offset(HOUR))),
    ("refresh after the grace time", |s| s.index.refreshed = Some(Offset(s.grace.0.clamp(0, DAY) - 1))),
    ("no hole", |s| {
        let time = s.judge().original_time.expect("a time").since(ARRIVED);
        s.index.holes.push((Offset(time - HOUR), Offset(time - HOUR)));
    }),
    ("plausible time", |s| s.notice.arrival_date = Some(Offset(-31 * DAY))),
    ("failed recipient never written to", |s| {
        let failed = s.notice.recipients.first().cloned();
        let failed = if matches!(s.notice.kind, Kind::Bounce | Kind::VirusNotice) {
            failed.or_else(|| s.original.as_ref()?.to.first().cloned())
        } else {
            s.notice.from.clone()
        };
        write_to_the_failed(s, failed.expect("somebody whose mail it was").as_str());
    }),
    ("original not automatic", |s| s.original.get_or_insert_default().automatic = true),
    ("no signature of the own domain", |s| {
        let domain = s.notice.to.first().expect("a receiver").domain().to_owned();
        s.signature = super::scenario::SignatureLookUp::NotAsked;
        s.original.get_or_insert_default().signatures.push((domain, "key".to_owned()));
    }),
];

/// The legs of `never_sent` beside these.
const NEVER_SENT: [(&str, Take); 8] = [
    ("an id", |s| {
        if let Some(original) = &mut s.original {
            original.message_id = None;
            original.standing_id = None;
            original.other_ids.clear();
        }
    }),
    ("the id not in the index", |s| {
        let id = given_id(s);
        write_to_the_failed(s, "x@friends.example");
        s.index.sent.last_mut().expect("a mail").id = id;
    }),
    ("the id not known from References", |s| {
        let known = s.index.sent.first().map(|mail| mail.id.clone());
        s.original.get_or_insert_default().references.extend(known);
    }),
    ("five answers", |s| {
        (s.index.answers, s.index.known) = (4, 4);
        s.index.answers_to.clear();
    }),
    ("95 of 100 answers known", |s| {
        (s.index.answers, s.index.known) = (100, 94);
        s.index.answers_to.clear();
    }),
    ("the id's domain not rewritten", |s| s.index.rewritten.extend(given_id(s).domain())),
    ("the id's domain not own and unseen", |s| s.index.own_unseen.extend(given_id(s).domain())),
    ("the id not declared", |s| s.me.declared.push(Declared::Id(given_id(s).as_str().to_owned()))),
];

/// The legs of `made_up` beside the common ones.
const MADE_UP: [(&str, Take); 4] = [
    ("not configured", |s| s.me.own.extend(s.notice.to.clone())),
    ("no ordinary mail", |s| s.index.ordinary_to.extend(s.notice.to.clone())),
    ("never a From", |s| {
        write_to_the_failed(s, "x@friends.example");
        s.index.sent.last_mut().expect("a mail").from = s.notice.to.first().cloned().expect("a receiver");
    }),
    ("a bounce or virus notice", |s| s.notice.kind = Kind::AutoReply),
];

/// What a storm lifts: without these it stays backscatter.
const LIFTED: [&str; 5] = [
    "grace over",
    "refresh after the grace time",
    "no hole",
    "failed recipient never written to",
    "original not automatic",
];

/// The legs of what a storm condemns beside the others of the common ones.
const STORM: [(&str, Take); 4] = [
    ("the storm", |s| s.storm = StormFacts::default()),
    ("a look into the Sent folders since it came", |s| s.index.refreshed = Some(Offset(-1))),
    ("the subject never used, or the address never", |s| {
        write_to_the_failed(s, "x@friends.example");
        let subject = s.original.as_ref().and_then(|original| original.subject.clone());
        s.index.sent.last_mut().expect("a mail").subject = subject.expect("a subject");
        s.index.relays.insert("203.0.113.66".parse().expect("an address"), 1);
    }),
    ("surely a notice", |s| s.notice.doubtful = true),
];

/// What the proof by SPF lifts.
const LIFTED_BY_SPF: [&str; 2] = ["no hole", "original not automatic"];

/// The legs of what SPF condemns beside the others of the common ones.
const SPF: [(&str, Take); 6] = [
    ("the answer", |s| s.spf = SpfLookUp::Passes),
    ("an answer at all", |s| s.spf = SpfLookUp::NoAnswer),
    ("no further line in the trace", |s| {
        s.original.get_or_insert_default().hops.push(HopFacts::default());
    }),
    ("a line that the reporting server wrote", |s| {
        s.original
            .get_or_insert_default()
            .hops
            .iter_mut()
            .for_each(|hop| hop.by = Some("x.example".to_owned()));
    }),
    ("all of the header", |s| s.original.get_or_insert_default().returned = Returned::Excerpt),
    ("written to whom the notice is about", |s| {
        s.original.get_or_insert_default().to = vec![address("forwarded@elsewhere.example")];
    }),
];

fn given_id(scenario: &Scenario) -> MessageId {
    let original = scenario.original.as_ref().expect("an original");
    original.message_id.iter().chain(&original.standing_id).next().cloned().expect("an id")
}

#[test]
fn without_any_one_leg_nothing_is_called_backscatter() {
    let mut tried = 0;
    for mut scenario in all() {
        let Verdict::Backscatter(proof) = scenario.judge().verdict else { continue };
        let proofs = scenario.storm != StormFacts::default() || scenario.spf == SpfLookUp::HardFails;
        if proof.rule() != "never_sent_proved" && proofs {
            // It would be condemned by one proof without a leg of the other.
            continue;
        }
        let own: &[(&str, Take)] = match proof.rule() {
            "never_sent_proved" if scenario.spf == SpfLookUp::HardFails => &SPF,
            "never_sent_proved" => &STORM,
            "made_up" => {
                // Without it the same notice could stand on the legs of `never_sent` instead.
                (scenario.index.answers, scenario.index.known) = (0, 0);
                scenario.index.answers_to.clear();
                &MADE_UP
            }
            _ => &NEVER_SENT,
        };
        let lifted: &[&str] = match (proof.rule(), scenario.spf) {
            ("never_sent_proved", SpfLookUp::HardFails) => &LIFTED_BY_SPF,
            ("never_sent_proved", _) => &LIFTED,
            _ => &[],
        };
        let common = COMMON.iter().filter(|(leg, _)| !lifted.contains(leg));
        for (leg, take) in common.chain(own) {
            let mut lame = scenario.clone();
            take(&mut lame);
            let verdict = lame.judge().verdict;
            tried += 1;
            assert!(
                !matches!(verdict, Verdict::Backscatter(_)),
                "{}: without the leg {leg:?} it is still {verdict:?}",
                scenario.name
            );
        }
    }
    assert!(tried > 300, "only {tried} were tried");
}
