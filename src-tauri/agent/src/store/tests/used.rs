//! Which answers count for the proof by use, and what orphans teach.

use rules::{
    Profile, SentMail, Span, UnixTime,
    read::OrdinaryHeaders,
    sent::{IdDomain, Use},
    time::DAY,
};

use super::{super::Learned, Bench, address, day, id, sent_id};

/// An answer by the person that mail `uid` went to.
fn answer(uid: u32) -> (UnixTime, OrdinaryHeaders) {
    let at = day(i64::from(uid)).plus(3_600);
    (
        at,
        OrdinaryHeaders {
            message_id: Some(id(&format!("<re.{uid}@there.example>"))),
            from: Some(address(&format!("person{uid}@there.example"))),
            to: vec![address("ada@example.org")],
            answers: vec![sent_id(uid)],
            ..OrdinaryHeaders::default()
        },
    )
}

fn used(bench: &Bench) -> (u32, u32) {
    let ever = Span::new(day(-1), day(1_000));
    let Use { answers, known } = bench.store.used(&address("ada@example.org"), ever).expect("a count");
    (answers, known)
}

fn note(bench: &Bench, mails: &[(UnixTime, OrdinaryHeaders)]) {
    bench.store.note_ordinary(bench.account, mails).expect("noted");
}

#[test]
fn only_answers_to_one_own_mail_count() {
    type Edit = fn(&mut OrdinaryHeaders);
    let cases: [(&str, Edit, (u32, u32)); 13] = [
        ("an answer to a mail of the index", |_| {}, (1, 1)),
        ("with a Cc", |m| m.cc.push(address("carl@there.example")), (0, 0)),
        ("to two", |m| m.to.push(address("carl@there.example")), (0, 0)),
        ("to the same address twice", |m| m.to.push(address("ada@example.org")), (1, 1)),
        ("to another address", |m| m.to = vec![address("info@example.org")], (0, 0)),
        ("through a list", |m| m.list = true, (0, 0)),
        ("automatic", |m| m.automatic = true, (0, 0)),
        ("answering nothing", |m| m.answers.clear(), (0, 0)),
        ("from somebody never written to", |m| m.from = Some(address("eve@there.example")), (0, 0)),
        ("from nobody", |m| m.from = None, (0, 0)),
        ("to an unknown id", |m| m.answers = vec![id("lost@example.org")], (1, 0)),
        ("to an id of its own side", |m| m.answers = vec![id("x@mail.there.example")], (0, 0)),
        ("to an id with its domain in lower case", |m| m.answers = vec![id("1.Sent@example.org")], (1, 1)),
    ];
    for (what, edit, expected) in cases {
        let bench = Bench::new();
        bench.read([1], 2, day(2));
        let mut mail = answer(1);
        edit(&mut mail.1);
        note(&bench, &[mail]);
        assert_eq!(used(&bench), expected, "{what}");
    }
}

#[test]
fn what_comes_later_counts_as_what_came_before() {
    let bench = Bench::new();
    note(&bench, &[answer(1), answer(2)]);
    assert_eq!(used(&bench), (0, 0), "nobody was written to yet");
    let mut unknown_id = super::row(1);
    unknown_id.headers.ids = vec![id("another@example.org")];
    bench.store.add_sent(bench.sent, 1..=1, &[unknown_id]).expect("taken in");
    assert_eq!(used(&bench), (1, 0), "its author was, but the id is not known");
    bench.store.add_sent(bench.sent, 2..=2, &[super::row(2)]).expect("taken in");
    assert_eq!(used(&bench), (2, 1), "the second one's is");
    bench.store.add_sent(bench.sent, 1..=1, &[super::row(1)]).expect("taken in");
    assert_eq!(used(&bench), (2, 2), "and the first one's at last");
    note(&bench, &[answer(1), answer(2)]);
    assert_eq!(used(&bench), (2, 2), "noted again, they count once");
    let reopened = bench.store.clone();
    reopened.reopen().expect("opened again");
    bench.store.answers_changed();
    assert_eq!(used(&bench), (2, 2), "read back from the store, they count the same");
}

#[test]
fn an_answer_to_a_mail_that_was_met_does_not_count() {
    let bench = Bench::new();
    bench.read(1..=3, 4, day(4));
    let mut follow_up = answer(1);
    follow_up.1.answers = vec![id("first@elsewhere.example")];
    note(&bench, &[follow_up]);
    assert_eq!(used(&bench), (1, 0), "what it answers is not known");
    let mut first = answer(3);
    first.1.message_id = Some(id("first@elsewhere.example"));
    first.1.answers.clear();
    note(&bench, &[first]);
    assert_eq!(used(&bench), (0, 0), "it answers a mail that came in");
    let mut copy = answer(2);
    copy.1 = OrdinaryHeaders {
        message_id: Some(sent_id(2)),
        from: Some(address("ada@example.org")),
        to: vec![address("ada@example.org")],
        ..OrdinaryHeaders::default()
    };
    note(&bench, &[copy, answer(2)]);
    assert_eq!(used(&bench), (1, 1), "a copy of the user's own mail is not met");
    let mut foreign = answer(3);
    foreign.1.message_id = Some(sent_id(2));
    foreign.1.answers.clear();
    note(&bench, &[foreign]);
    assert_eq!(used(&bench), (0, 0), "met later, an answer that counted counts no more");
    bench.store.answers_changed();
    assert_eq!(used(&bench), (0, 0), "and the same when it is worked out anew");
}

#[test]
fn answers_count_in_their_span_and_prove_the_index() {
    let bench = Bench::new();
    bench.read(1..=40, 41, day(41));
    note(&bench, &(1..=40).map(answer).collect::<Vec<_>>());
    let within = |from: i64, to: i64| {
        bench.store.used(&address("ada@example.org"), Span::new(day(from), day(to))).expect("a count")
    };
    assert_eq!(within(10, 15), Use { answers: 5, known: 5 }, "one a day, an hour after midnight");
    assert!(within(10, 15).proves(), "five of five");
    assert_eq!(within(15, 10), Use::default(), "an empty span");
    let mut lost = answer(12);
    lost.1.message_id = Some(id("re.lost@there.example"));
    lost.1.answers = vec![id("lost@example.org")];
    note(&bench, &[lost]);
    assert_eq!(within(10, 15), Use { answers: 6, known: 5 }, "one of six is not known");
    assert!(!within(10, 15).proves(), "five of six do not prove it");
}

#[test]
fn answers_from_a_provider_count_where_own_ids_are_of_it() {
    let bench = Bench::new();
    let mut mail = super::row(1);
    mail.headers.recipients = vec![address("bob@gmail.com")];
    mail.headers.ids = vec![id("abc@mail.gmail.com")];
    let mut reply = answer(1);
    reply.1.from = Some(address("bob@gmail.com"));
    reply.1.answers = vec![id("abc@mail.gmail.com")];
    note(&bench, &[reply.clone()]);
    bench.store.add_sent(bench.sent, 1..=1, &[mail]).expect("taken in");
    assert_eq!(used(&bench), (1, 1), "the user's own ids are of this provider, too");
    let bench = Bench::new();
    let mut mail = super::row(1);
    mail.headers.recipients = vec![address("bob@gmail.com")];
    bench.store.add_sent(bench.sent, 1..=1, &[mail]).expect("taken in");
    note(&bench, &[reply]);
    assert_eq!(used(&bench), (0, 0), "they are not: it follows up to mail of its own side");
}

/// Orphans: who answers, on which day, which id.
fn orphans(bench: &Bench, of: &[(u32, i64, &str)]) {
    for (n, (person, at, lost)) in of.iter().enumerate() {
        let mut mail = answer(*person);
        mail.0 = day(*at);
        mail.1.message_id = Some(id(&format!("orphan.{n}@there.example")));
        mail.1.answers = vec![id(lost)];
        note(bench, &[mail]);
    }
}

#[test]
fn three_orphans_of_two_people_teach_their_domain_for_ninety_days() {
    type Case<'a> = (&'a str, &'a [(u32, i64, &'a str)], i64, IdDomain);
    let shop = ["a@shop.example", "b@shop.example", "c@shop.example"];
    let three = [(1, 100, shop[0]), (2, 101, shop[1]), (2, 110, shop[2])];
    let cases: [Case<'_>; 8] = [
        ("three of two", &three, 111, IdDomain::OwnUnseen),
        ("ninety days later", &three, 200, IdDomain::OwnUnseen),
        ("ninety-one days later", &three, 201, IdDomain::Unknown),
        ("two are not enough", &three[..2], 111, IdDomain::Unknown),
        (
            "nor are three of one",
            &[(1, 100, shop[0]), (1, 101, shop[1]), (1, 102, shop[2])],
            111,
            IdDomain::Unknown,
        ),
        (
            "nor are three far apart",
            &[(1, 10, shop[0]), (2, 80, shop[1]), (2, 150, shop[2])],
            151,
            IdDomain::Unknown,
        ),
        (
            "the receiver's own domain is never taught",
            &[(1, 100, "a@example.org"), (2, 101, "b@example.org"), (3, 102, "c@example.org")],
            111,
            IdDomain::Unknown,
        ),
        (
            "nor is a provider's",
            &[(1, 100, "a@mail.gmail.com"), (2, 101, "b@mail.gmail.com"), (3, 102, "c@mail.gmail.com")],
            111,
            IdDomain::Unknown,
        ),
    ];
    for (what, of, at, expected) in cases {
        let bench = Bench::new();
        bench.read(1..=3, 4, day(4));
        orphans(&bench, of);
        for domain in ["shop.example", "example.org", "mail.gmail.com"] {
            let taught = bench.store.id_domain(domain, day(at)).expect("a look");
            let here = of.iter().any(|(_, _, lost)| lost.ends_with(domain));
            let expected = if here { expected } else { IdDomain::Unknown };
            assert_eq!(taught, expected, "{what}: {domain}");
        }
    }
}

#[test]
fn a_taught_domain_is_listed_and_can_be_unlearned() {
    let bench = Bench::new();
    bench.read(1..=3, 4, day(4));
    orphans(&bench, &[(1, 100, "a@shop.example"), (2, 101, "b@shop.example"), (2, 110, "c@shop.example")]);
    let until = day(110).plus(90 * DAY);
    let listed = Learned::OwnUnseen { domain: "shop.example".into(), until, answers: 3 };
    assert_eq!(bench.store.learned().expect("a list"), [listed], "it is listed");
    assert_eq!(used(&bench), (3, 0), "three answers name unknown ids");
    bench.store.unlearn_domain("shop.example", day(120)).expect("unlearned");
    assert_eq!(bench.store.learned().expect("a list"), [], "it is gone");
    let taught = bench.store.id_domain("shop.example", day(111)).expect("a look");
    assert_eq!(taught, IdDomain::Unknown, "it teaches no more");
    assert_eq!(used(&bench), (0, 0), "the user said that it is not theirs");
}

#[test]
fn the_mailboxs_name_is_what_stands_on_nearly_all_mail() {
    let to = |name: &str| {
        let headers = OrdinaryHeaders { delivered_to: vec![address(name)], ..OrdinaryHeaders::default() };
        (day(1), headers)
    };
    let bench = Bench::new();
    note(&bench, &vec![to("box17@host.example"); 19]);
    let names = || bench.store.mailbox_names(bench.account).expect("names");
    assert!(names().is_empty(), "nineteen mails are too few");
    note(&bench, &[to("box17@host.example")]);
    assert_eq!(names(), [address("box17@host.example")], "twenty of twenty");
    note(&bench, &[to("ada@example.org"), to("bea@example.org")]);
    assert_eq!(names(), [address("box17@host.example")], "twenty of twenty-two");
    note(&bench, &[to("cleo@example.org")]);
    assert!(names().is_empty(), "twenty of twenty-three are less than nine in ten");
}

#[test]
fn ordinary_mail_is_remembered_by_whom_it_came_to() {
    let bench = Bench::new();
    let mut mail = answer(1);
    mail.1.cc = vec![address("cc@example.org")];
    mail.1.delivered_to = vec![address("box@host.example")];
    note(&bench, &[mail]);
    for (text, expected) in [
        ("ada@example.org", true),
        ("cc@example.org", true),
        ("box@host.example", true),
        ("person1@there.example", false),
    ] {
        let came = bench.store.ordinary_mail_came_to(&address(text)).expect("a look");
        assert_eq!(came, expected, "{text}");
    }
}

#[test]
fn thousands_of_calls_are_fast() {
    let bench = Bench::new();
    bench.read(1..=2_000, 2_001, day(2_001));
    note(&bench, &(1..=2_000).map(answer).collect::<Vec<_>>());
    bench.store.set_profile(&Profile::default());
    let began = std::time::Instant::now();
    for n in 0..5_000 {
        let span = Span::new(day(n % 1_900), day(n % 1_900 + 90));
        let used = bench.store.used(&address("ada@example.org"), span).expect("a count");
        assert!(used.proves(), "ninety a quarter");
    }
    let taken = began.elapsed();
    println!("5,000 calls: {taken:?}");
    assert!(taken.as_secs() < 3, "they took {taken:?}");
}
