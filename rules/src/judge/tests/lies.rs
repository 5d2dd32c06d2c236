//! What a spammer can write into a mail: no lie makes it the user's, none condemns real mail, and in a storm none helps.

use super::scenario::{HopFacts, Offset, Scenario, SignatureLookUp, StormFacts, all, first};
use crate::time::DAY;
use crate::{Address, MessageId, Verdict};

type Tell = fn(&mut Scenario);

fn below(scenario: &mut Scenario, helo: &str, by: &str) {
    let Some(original) = &mut scenario.original else { return };
    original.hops.push(HopFacts {
        by: Some(by.to_owned()),
        from_ip: "192.0.2.44".parse().ok(),
        helo: Some(helo.to_owned()),
        with: Some("ESMTPSA".to_owned()),
        ..HopFacts::default()
    });
}

fn refer_to(scenario: &mut Scenario, ids: Vec<MessageId>) {
    if let Some(original) = &mut scenario.original {
        original.references.extend(ids);
    }
}

/// Lies that leave what is true of a mail where it is.
const BESIDE_THE_TRUTH: [(&str, Tell); 9] = [
    ("a HELO of the user's server", |s| {
        let hop = s.original.as_mut().and_then(|original| original.hops.first_mut());
        if let Some(hop) = hop {
            hop.helo = Some("smtp.example.org".to_owned());
        }
    }),
    ("a line by which the user's server took it from somebody signed in", |s| {
        below(s, "laptop.example.org", "smtp.example.org");
    }),
    ("a line by which a provider took it", |s| below(s, "laptop", "mail-wr1-f41.google.com")),
    ("a public id of the user's in References", |s| {
        let ids = s.index.sent.iter().map(|sent| sent.id.clone()).take(1).collect();
        refer_to(s, ids);
    }),
    ("made-up ids in References", |s| {
        refer_to(s, MessageId::new("<ref.1@forger.example>").into_iter().collect())
    }),
    ("a notice that a provider says is real", |s| {
        s.notice.authenticated = Some("mx.example.org; dmarc=pass header.from=example.org".to_owned());
    }),
    ("a notice that a provider says is forged", |s| {
        s.notice.authenticated = Some("mx.example.org; dmarc=fail header.from=example.org".to_owned());
    }),
    ("a signature of the user's domain", |s| {
        if let Some(original) = &mut s.original {
            original.signatures.push(("example.org".to_owned(), "s1".to_owned()));
        }
    }),
    ("marks of every program", |s| {
        if let Some(original) = &mut s.original {
            original.marks.extend([("x-mailer".to_owned(), "Microsoft Outlook 16.0".to_owned())]);
        }
    }),
];

/// Lies that take the place of what is true.
const INSTEAD_OF_THE_TRUTH: [(&str, Tell); 7] = [
    ("a claim to be automatic", |s| {
        if let Some(original) = &mut s.original {
            original.automatic = true;
        }
    }),
    ("mail to the user From another", |s| {
        if let Some(original) = &mut s.original {
            original.from = Address::new("bank@bank.example");
            original.to = s.notice.to.clone();
        }
    }),
    ("a Date of long ago", |s| {
        if let Some(original) = &mut s.original {
            original.date = Some(Offset(-29 * DAY));
        }
    }),
    ("an id of the user's domain", |s| with_id(s, "<777.x@example.org>")),
    ("an id of the user's machine", |s| with_id(s, "<777.x@laptop.example.org>")),
    ("an id of a service that numbers everybody's mail", |s| with_id(s, "<777@email.amazonses.com>")),
    ("no id at all", |s| {
        if let Some(original) = &mut s.original {
            original.message_id = None;
        }
    }),
];

fn with_id(scenario: &mut Scenario, id: &str) {
    if let Some(original) = &mut scenario.original {
        original.message_id = MessageId::new(id);
    }
}

fn told(scenario: &Scenario, tell: Tell) -> Verdict {
    let mut scenario = scenario.clone();
    tell(&mut scenario);
    scenario.judge().verdict
}

#[test]
fn no_lie_makes_a_forged_mail_the_users() {
    let forged: Vec<Scenario> =
        all().into_iter().filter(|s| matches!(s.judge().verdict, Verdict::Backscatter(_))).collect();
    assert!(forged.len() > 50, "there are {} forged mails", forged.len());
    for scenario in &forged {
        for (lie, tell) in BESIDE_THE_TRUTH.iter().chain(&INSTEAD_OF_THE_TRUTH) {
            let verdict = told(scenario, *tell);
            assert!(
                matches!(verdict, Verdict::Backscatter(_) | Verdict::Undecided(_)),
                "{}, with {lie}: {verdict:?}",
                scenario.name
            );
        }
    }
}

#[test]
fn no_lie_condemns_a_real_mail() {
    let real: Vec<Scenario> =
        all().into_iter().filter(|s| matches!(s.judge().verdict, Verdict::Genuine(_))).collect();
    assert!(real.len() > 40, "there are {} real mails", real.len());
    for scenario in &real {
        for (lie, tell) in BESIDE_THE_TRUTH {
            let verdict = told(scenario, tell);
            assert!(
                !matches!(verdict, Verdict::Backscatter(_)),
                "{}, with {lie}: {verdict:?}",
                scenario.name
            );
        }
    }
}

#[test]
fn in_a_storm_no_lie_helps() {
    let mut storm = first();
    storm.storm = StormFacts { condemned_by_subject: 3, ..StormFacts::default() };
    // A copied signature is found out by a look-up; without one it stays, for a real one would mean a stolen account.
    storm.signature = SignatureLookUp::Fails;
    for (lie, tell) in BESIDE_THE_TRUTH.iter().chain(&INSTEAD_OF_THE_TRUTH) {
        let verdict = told(&storm, *tell);
        assert!(matches!(verdict, Verdict::Backscatter(_)), "with {lie}: {verdict:?}");
    }
}
