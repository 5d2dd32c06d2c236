//! Random facts: backscatter is only said where all legs hold, by a second reading of the design.

use proptest::prelude::*;
use proptest::sample::select;

use super::scenario::{
    ARRIVED, HopFacts, Offset, Scenario, SentFacts, SignatureLookUp, SpfLookUp, StormFacts, first,
};
use crate::judge::{Case, LookedUp, judge};
use crate::sent::memory::MemorySent;
use crate::time::{DAY, HOUR, MINUTE};
use crate::verdict::Proof;
use crate::{Action, Address, Judgement, Kind, MessageId, Profile, UnixTime, Verdict};

const ADA: &str = "ada@example.org";
const MADE_UP: &str = "qx7zz@example.org";
const SPAM: &str = "f00d.1@forger.example";
const SUBJECT: &str = "Cheap watches for everybody";

fn address(text: &str) -> Address {
    Address::new(text).expect("an address")
}

fn id(text: &str) -> MessageId {
    MessageId::new(text).expect("an id")
}

/// Times at the edges of every span of the design, now and then any at all.
fn offset() -> impl Strategy<Value = Offset> {
    let edges = vec![
        -61 * DAY,
        -31 * DAY,
        -30 * DAY - 1,
        -30 * DAY,
        -2 * DAY,
        -DAY - 5 * MINUTE,
        -DAY,
        -HOUR,
        -5 * MINUTE,
        -1,
        0,
        1,
        10 * MINUTE - 1,
        10 * MINUTE,
        HOUR,
        DAY,
        DAY + 1,
        40 * DAY,
    ];
    prop_oneof![9 => select(edges), 1 => any::<i64>()].prop_map(Offset)
}

/// Mostly nothing, so that enough random facts keep all their legs.
fn rarely<T: Clone + std::fmt::Debug>(
    strategy: impl Strategy<Value = T>,
) -> impl Strategy<Value = Option<T>> {
    proptest::option::weighted(0.15, strategy)
}

type Times = (Option<Offset>, Option<Offset>, Option<Offset>, Option<Offset>, Option<Offset>, Option<Offset>);

fn times() -> impl Strategy<Value = Times> {
    (
        rarely(offset()),
        rarely(offset()),
        rarely(offset()),
        rarely(offset()),
        rarely(offset()),
        rarely(offset()),
    )
}

fn storm() -> impl Strategy<Value = StormFacts> {
    (0..5_u32, 0..5_u32, 8..12_u32, 3..7_u32).prop_map(|(subject, address, alike, networks)| StormFacts {
        condemned_by_subject: subject,
        condemned_by_address: address,
        alike,
        networks,
    })
}

#[derive(Clone, Debug)]
struct Changes {
    times: Times,
    hole: Option<(Offset, Offset)>,
    sent: Option<(Offset, usize, usize, usize)>,
    answers: Option<(u32, u32)>,
    receivers: Vec<usize>,
    switches: u32,
    kind: Option<Kind>,
    action: Option<Option<Action>>,
    id: Option<usize>,
    signature: Option<SignatureLookUp>,
    spf: Option<SpfLookUp>,
    seen: Option<u32>,
    storm: Option<StormFacts>,
}

fn changes() -> impl Strategy<Value = Changes> {
    let kinds = vec![
        Kind::Bounce,
        Kind::AutoReply,
        Kind::Challenge,
        Kind::VirusNotice,
        Kind::ListNotice,
        Kind::Receipt,
        Kind::AbuseReport,
    ];
    let actions = vec![None, Some(Action::Failed), Some(Action::Delayed), Some(Action::Delivered)];
    let spf = vec![SpfLookUp::NoAnswer, SpfLookUp::HardFails, SpfLookUp::HardFails, SpfLookUp::Passes];
    let signatures = vec![SignatureLookUp::NoAnswer, SignatureLookUp::Verifies, SignatureLookUp::Fails];
    let facts = (
        times(),
        rarely((offset(), offset())),
        rarely((offset(), 0..4_usize, 0..4_usize, 0..3_usize)),
        rarely((0..30_u32, 0..30_u32)),
        proptest::collection::vec(0..5_usize, 0..3),
        any::<[bool; 24]>().prop_map(|bits| {
            // Three of four switches stay off.
            bits.chunks(2).enumerate().map(|(n, pair)| u32::from(pair.iter().all(|bit| *bit)) << n).sum()
        }),
    );
    let notice = (
        rarely(select(kinds)),
        rarely(select(actions)),
        rarely(0..4_usize),
        (rarely(select(signatures)), rarely(select(spf))),
        rarely(0..5_u32),
        rarely(storm()),
    );
    (facts, notice).prop_map(|(facts, notice)| {
        let (times, hole, sent, answers, receivers, switches) = facts;
        let (kind, action, id, (signature, spf), seen, storm) = notice;
        Changes {
            times,
            hole,
            sent,
            answers,
            receivers,
            switches,
            kind,
            action,
            id,
            signature,
            spf,
            seen,
            storm,
        }
    })
}

fn changed(changes: Changes) -> Scenario {
    let mut s = first();
    let on = |n: u32| changes.switches & (1 << n) != 0;
    let (now, refreshed, oldest, arrival, date, grace) = changes.times;
    s.now = now.unwrap_or(s.now);
    s.index.refreshed = refreshed.or(s.index.refreshed);
    s.index.oldest = if on(0) { None } else { oldest.or(s.index.oldest) };
    s.notice.arrival_date = if on(1) { None } else { arrival.or(s.notice.arrival_date) };
    s.grace = grace.unwrap_or(s.grace);
    s.index.holes.extend(changes.hole);
    if let Some((at, which, to, subject)) = changes.sent {
        s.index.sent.push(SentFacts {
            id: id([SPAM, "thread@laptop.example.org", "b@laptop.example.org", "c@laptop.example.org"][which]),
            at,
            from: address(if on(2) { MADE_UP } else { ADA }),
            to: vec![address(["nobody@shop.example", "other@shop.example", "x@else.example", ADA][to])],
            subject: [SUBJECT, "", "Something else"][subject].to_owned(),
        });
    }
    (s.index.answers, s.index.known) = changes.answers.unwrap_or((s.index.answers, s.index.known));
    if !changes.receivers.is_empty() {
        let names = [ADA, MADE_UP, "us@example.com", "stranger@elsewhere.example", "postmaster@example.org"];
        s.notice.to = changes.receivers.iter().map(|n| address(names[*n])).collect();
    }
    if on(3) {
        s.me.shared.insert(address("us@example.com"));
    }
    if on(4) {
        s.me.own.insert(address("us@example.com"));
    }
    if on(5) || changes.receivers.contains(&1) {
        s.me.own_domains.insert("example.org".to_owned());
    }
    if on(6) {
        s.index.ordinary_to.insert(address(MADE_UP));
    }
    if on(7) {
        s.index.rewritten.push("forger.example".to_owned());
    }
    if on(8) {
        s.index.own_unseen.push("forger.example".to_owned());
    }
    s.index.unavailable = on(9).then(|| "a test".to_owned());
    s.notice.kind = changes.kind.unwrap_or(s.notice.kind);
    s.notice.action = changes.action.unwrap_or(s.notice.action);
    s.signature = changes.signature.unwrap_or_default();
    s.spf = changes.spf.unwrap_or_default();
    s.storm = changes.storm.unwrap_or_default();
    if let Some(seen) = changes.seen {
        s.index.relays.insert("203.0.113.66".parse().expect("an address"), seen);
    }
    let original = s.original.as_mut().expect("an original");
    original.date = date.or(original.date);
    match changes.id {
        Some(0) => original.message_id = None,
        Some(1) => (original.message_id, original.standing_id) = (None, Some(id("77@desk.shop.example"))),
        Some(2) => original.references.push(id("thread@laptop.example.org")),
        Some(3) => original.other_ids.push(id("0100@email.amazonses.com")),
        _ => {}
    }
    if on(10) || changes.signature.is_some() {
        original.signatures.push(("example.org".to_owned(), "k".to_owned()));
    }
    if on(11) {
        original.hops.insert(0, HopFacts::default());
    }
    s
}

/// Whether the original is one of a storm.
fn is_storm(s: &Scenario) -> bool {
    let original = s.original.as_ref().expect("an original");
    let hop = original.hops.first().filter(|hop| hop.by == s.notice.reported_by);
    let subject = s.storm.condemned_by_subject >= 3 || s.storm.alike >= 10 && s.storm.networks >= 5;
    let used = s.index.sent.iter().any(|mail| Some(&mail.subject) == original.subject.as_ref());
    let address = hop.is_some_and(|hop| hop.from_ip.is_some()) && s.storm.condemned_by_address >= 3;
    subject && !used || address && s.index.relays.values().all(|seen| *seen == 0)
}

/// Whether SPF shows that the user did not send the original.
fn is_refused_by_spf(s: &Scenario) -> bool {
    let original = s.original.as_ref().expect("an original");
    let straight =
        matches!(original.hops.as_slice(), [hop] if hop.by == s.notice.reported_by && hop.from_ip.is_some());
    let about = match s.notice.kind {
        Kind::AutoReply | Kind::Challenge | Kind::ListNotice => s.notice.from.iter().collect::<Vec<_>>(),
        _ => s.notice.recipients.iter().collect(),
    };
    s.spf == SpfLookUp::HardFails && straight && about.iter().all(|address| original.to.contains(address))
}

fn minutes_ok(s: &Scenario) -> bool {
    if is_storm(s) {
        return s.index.refreshed.is_some_and(|refreshed| refreshed.0 >= 0);
    }
    let grace = s.grace.0.clamp(0, DAY);
    s.now.0 >= grace && s.index.refreshed.is_some_and(|refreshed| refreshed.0 >= grace)
}

/// A second, plainer reading of the design; says which leg is missing.
fn missing_leg(s: &Scenario, proof: &Proof) -> Option<&'static str> {
    let original = s.original.as_ref().expect("an original");
    let hop = original.hops.first().filter(|hop| hop.by == s.notice.reported_by).and_then(|hop| hop.date);
    let t = s.notice.arrival_date.or(hop).unwrap_or(Offset(0)).0;
    let ids: Vec<&MessageId> =
        original.message_id.iter().chain(&original.standing_id).chain(&original.other_ids).collect();
    let sent_in_30_days = |mail: &&SentFacts| mail.at.0 >= t - 30 * DAY && mail.at.0 <= t;
    let failed = if matches!(s.notice.kind, Kind::AutoReply | Kind::Challenge | Kind::ListNotice) {
        s.notice.from.clone().expect("a From")
    } else {
        s.notice.recipients.first().cloned().expect("a failed recipient")
    };
    let domain_of = |id: &&MessageId| id.as_str().split('@').next_back().map(str::to_owned);
    let begins =
        original.date.map(|date| date.0).filter(|date| *date <= t && *date >= t - 30 * DAY).unwrap_or(t)
            - DAY;
    let uncovered = |from: i64, to: i64| {
        s.index.oldest.is_none_or(|oldest| oldest.0 > from)
            || s.index.refreshed.is_none_or(|refreshed| refreshed.0 < to)
            || s.index.holes.iter().any(|(a, b)| a.0.min(b.0) <= to && a.0.max(b.0) >= from)
    };
    let own = |address: &Address| {
        s.me.own.contains(address)
            || s.me.own_domains.contains(address.domain()) && address.as_str() != "postmaster@example.org"
    };
    let reaches = s.index.oldest.is_some_and(|oldest| oldest.0 <= begins)
        && s.index.refreshed.is_some_and(|refreshed| refreshed.0 >= t);
    let (storm, spf) = (is_storm(s), is_refused_by_spf(s));
    let proved = matches!(proof, Proof::NeverSentProved(_));
    let lifted = storm && !uncovered(begins, t);
    let common = [
        ("index", s.index.unavailable.is_none()),
        ("receivers", !s.notice.to.is_empty()),
        ("own", s.notice.to.iter().all(own)),
        ("shared", !s.notice.to.iter().any(|address| s.me.shared.contains(address))),
        ("time", (-30 * DAY..=DAY).contains(&t)),
        ("grace", minutes_ok(s)),
        ("covered", if proved { reaches } else { !uncovered(begins, t) }),
        ("ids", !s.index.sent.iter().any(|mail| ids.contains(&&mail.id))),
        ("references", storm || !s.index.sent.iter().any(|mail| original.references.contains(&mail.id))),
        (
            "subject",
            lifted || !s.index.sent.iter().filter(sent_in_30_days).any(|mail| mail.subject == SUBJECT),
        ),
        (
            "recipient",
            lifted
                || !s
                    .index
                    .sent
                    .iter()
                    .filter(sent_in_30_days)
                    .any(|mail| mail.to.iter().any(|to| to.domain() == failed.domain())),
        ),
        (
            "rewritten",
            lifted
                || !ids.iter().filter_map(domain_of).any(|domain| {
                    !proved && (domain.ends_with("amazonses.com") || s.index.rewritten.contains(&domain))
                        || s.index.own_unseen.contains(&domain)
                }),
        ),
        ("signature", original.signatures.is_empty() || s.signature == SignatureLookUp::Fails),
        ("own id", lifted || original.message_id.is_some() || original.standing_id.is_none()),
        ("automatic", storm || spf || !original.automatic),
        ("kind", !matches!(s.notice.kind, Kind::Receipt | Kind::AbuseReport)),
        ("failure", s.notice.kind != Kind::Bounce || s.notice.action != Some(Action::Delivered)),
        ("relay", original.hops.len() > 1 || s.index.relays.values().all(|seen| *seen == 0)),
    ];
    let made_up = address(MADE_UP);
    let own = match proof {
        Proof::NeverSent(_) => vec![
            ("an id", !ids.is_empty()),
            ("five answers", s.index.answers >= 5),
            ("95 of 100", s.index.known * 100 >= s.index.answers * 95 && s.index.known <= s.index.answers),
        ],
        Proof::NeverSentProved(_) => vec![("a storm or SPF", storm || spf)],
        Proof::MadeUp(_) => vec![
            ("made up", s.notice.to.iter().all(|address| *address == made_up && !s.me.own.contains(address))),
            ("kind", storm || matches!(s.notice.kind, Kind::Bounce | Kind::VirusNotice)),
            ("ordinary mail", !s.index.ordinary_to.contains(&made_up)),
            ("From", !s.index.sent.iter().any(|mail| mail.from == made_up)),
        ],
    };
    common.into_iter().chain(own).find(|(_, holds)| !holds).map(|(leg, _)| leg)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn backscatter_stands_on_all_its_legs(changes in changes()) {
        let scenario = changed(changes);
        let judgement = scenario.judge();
        if let Verdict::Backscatter(proof) = &judgement.verdict {
            let missing = missing_leg(&scenario, proof);
            prop_assert_eq!(missing, None, "{:?} without this leg", judgement.verdict);
            prop_assert!(judgement.recheck_at.is_none(), "a condemned notice waits for nothing");
            prop_assert!(judgement.lessons.is_empty(), "nothing is learned from backscatter");
        }
        if scenario.index.unavailable.is_some() {
            prop_assert_eq!(judgement.verdict.decided_by(), "index_unavailable", "whatever else is known");
        }
        if let Some(at) = judgement.recheck_at {
            prop_assert!(at > scenario.now.time(), "judged again at {} is judged at once", at);
        }
    }

    /// With the look-ups switched off a verdict is the same or undecided.
    #[test]
    fn a_look_up_never_turns_a_verdict_round(changes in changes()) {
        let scenario = changed(changes);
        let mut without = scenario.clone();
        (without.signature, without.spf) = (SignatureLookUp::NotAsked, SpfLookUp::NotAsked);
        let (asked, unasked) = (scenario.judge().verdict, without.judge().verdict);
        // One that is condemned with and without may be so for more reasons.
        let stays_or_undecided = asked.key() == unasked.key() || matches!(unasked, Verdict::Undecided(_));
        prop_assert!(stays_or_undecided, "{:?} without the look-up, {:?} with it", unasked, asked);
    }
}

#[test]
fn random_facts_reach_every_verdict() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut found = std::collections::BTreeMap::<String, u32>::new();
    for _ in 0..4_000 {
        let scenario = changed(changes().new_tree(&mut runner).expect("a value").current());
        *found.entry(scenario.judge().verdict.decided_by().to_owned()).or_default() += 1;
    }
    for rule in [
        "never_sent",
        "never_sent_proved",
        "made_up",
        "sent",
        "rewritten",
        "misused",
        "waiting",
        "uncovered",
        "veto",
        "shared",
    ] {
        let times = found.get(rule).copied().unwrap_or(0);
        assert!(
            times >= 5,
            "{rule} came out {times} times of 4000: the property above would test nothing: {found:?}"
        );
    }
}

#[test]
fn without_sent_mail_nothing_is_never_sent() {
    let scenario = first();
    let known = scenario.judge_with(&scenario.sent());
    assert!(matches!(known.verdict, Verdict::Backscatter(_)), "with sent mail: {:?}", known.verdict);
    let unknown = scenario.judge_with(&MemorySent::whole([]));
    assert_eq!(unknown.verdict.decided_by(), "uncovered", "without any sent mail nothing is known");
}

#[test]
fn sent_mail_for_classify_is_whole_since_its_oldest() {
    use crate::read::SentHeaders;
    let judged = |oldest: i64| -> Judgement {
        let scenario = first();
        let headers = SentHeaders { ids: vec![id("a@laptop.example.org")], ..SentHeaders::default() };
        let sent = MemorySent::whole([(headers, ARRIVED.plus(oldest))]);
        let notice = scenario.notice();
        let case = Case { notice: &notice, arrived: ARRIVED, grace: 600 };
        let profile = Profile { own: [address(ADA)].into(), ..Profile::default() };
        judge(&case, &sent, &profile, &LookedUp::default(), UnixTime(i64::MAX))
    };
    assert_eq!(judged(-2 * DAY).verdict.decided_by(), "never_sent", "the span lies after the oldest mail");
    assert_eq!(judged(-HOUR).verdict.decided_by(), "uncovered", "the span begins before the oldest mail");
}
