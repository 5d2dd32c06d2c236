//! The sample mail is what its labels say.

use std::collections::{BTreeMap, BTreeSet};

use it::date::DAY;
use it::population::{Class, Counts, Population, people};
use mail_parser::MessageParser;

const NOW: i64 = 1_795_000_000;

fn counted(population: &Population) -> BTreeMap<Class, usize> {
    let mut counts = BTreeMap::new();
    for sample in &population.inbox {
        *counts.entry(sample.label.class).or_default() += 1;
    }
    counts
}

#[test]
fn the_same_seed_makes_the_same_mailbox_and_all_mails_differ() {
    let (one, two) = (Population::new(7, NOW, Counts::default()), Population::new(7, NOW, Counts::default()));
    assert!(one.inbox == two.inbox, "the same seed, the same mails");
    assert!(one.inbox != Population::new(8, NOW, Counts::default()).inbox, "another seed, other mails");
    let digests: BTreeSet<_> = one.inbox_mails().chain(one.sent_mails()).map(|mail| mail.digest()).collect();
    assert_eq!(digests.len(), 8_000, "no two mails are the same");
}

#[test]
fn there_are_as_many_as_asked_for() {
    let population = Population::new(1, NOW, Counts::default());
    let counts = counted(&population);
    assert_eq!(population.sent.len(), 5_000, "sent");
    assert_eq!(counts[&Class::Genuine], 500, "genuine");
    assert_eq!(counts[&Class::Backscatter], 500, "backscatter");
    assert_eq!(counts[&Class::MustStay], 144, "must stay");
    assert_eq!(counts[&Class::BackscatterUndecidable], 20, "undecidable");
    assert_eq!(population.inbox.len(), 3_000, "all");
    let kinds: BTreeSet<_> = population.of(Class::MustStay).map(|sample| sample.label.kind).collect();
    assert_eq!(kinds.len(), 18, "every kind that must stay: {kinds:?}");
    let kinds: BTreeSet<_> = population.of(Class::Backscatter).map(|sample| sample.label.kind).collect();
    assert_eq!(kinds.len(), 23, "every kind of backscatter: {kinds:?}");
    let demo = Population::demo(1, NOW);
    assert_eq!((demo.sent.len(), demo.of(Class::Backscatter).count()), (60, 36), "the small one");
    let kinds: BTreeSet<_> = demo.of(Class::Backscatter).map(|sample| sample.label.kind).collect();
    assert_eq!(kinds.len(), 23, "every kind of backscatter in the small one too: {kinds:?}");
}

/// Backscatter must be provable: nothing in it may touch what the user did.
#[test]
fn backscatter_has_nothing_of_the_user_and_genuine_mail_has() {
    for population in [Population::new(3, NOW, Counts::default()), Population::demo(3, NOW)] {
        let sent: BTreeSet<&str> = population.sent.iter().map(|sent| sent.id.as_str()).collect();
        let domains: BTreeSet<&str> =
            population.sent.iter().flat_map(|sent| &sent.recipients).map(|person| person.domain()).collect();
        let subjects: BTreeSet<&str> = population.sent.iter().map(|sent| sent.subject.as_str()).collect();
        assert!(subjects.len() * 10 > population.sent.len() * 8, "subjects are varied");
        let oldest = population.sent[0].when;
        for sample in &population.inbox {
            let text = String::from_utf8_lossy(&sample.mail.bytes);
            let id = sample.label.original_id.as_deref();
            match sample.label.class {
                Class::Backscatter => {
                    let id = id.expect("an id");
                    assert!(!sent.contains(id), "never sent: {id}");
                    assert!(text.contains(id), "the id stands in the mail: {}", sample.label.kind);
                    assert!(!text.contains("d=example.org"), "never signed by the user's domain");
                    assert!(sample.mail.internal_date - oldest > 2 * DAY, "inside of what is covered");
                    let from = sample.mail.header("From").expect("From");
                    let domain = from.trim_end_matches('>').rsplit(['@', ' ']).next().unwrap_or_default();
                    let provider = ["gmail.com", "googlemail.com"].iter().any(|p| from.contains(p));
                    assert!(provider || !domains.contains(domain), "a stranger's domain: {from}");
                }
                Class::Genuine => {
                    let id = id.expect("an id");
                    assert!(sent.contains(id) && text.contains(id), "{}: {id}", sample.label.kind);
                }
                Class::BackscatterUndecidable => assert_eq!(id, None, "no id"),
                Class::Ordinary | Class::MustStay => {}
            }
            assert!(sample.mail.internal_date <= population.now - 3_600, "all grace times are over");
        }
    }
}

/// At least five answers around each notice prove the coverage.
#[test]
fn answers_prove_the_coverage_at_every_time() {
    for population in [Population::new(5, NOW, Counts::default()), Population::demo(5, NOW)] {
        let answers: Vec<i64> = population
            .of(Class::Ordinary)
            .filter(|sample| sample.label.kind == "answer")
            .map(|sample| sample.mail.internal_date)
            .collect();
        for sample in population.of(Class::Backscatter) {
            let t = sample.mail.internal_date;
            let near = answers.iter().filter(|when| (t - 60 * DAY..t + 30 * DAY).contains(*when)).count();
            assert!(near >= 5, "{near} answers around a notice");
        }
    }
}

#[test]
fn every_mail_can_be_read() {
    let population = Population::new(9, NOW, Counts::default());
    for sample in &population.inbox {
        let kind = sample.label.kind;
        let bytes = &sample.mail.bytes;
        assert!(
            !bytes.windows(2).any(|pair| pair[1] == b'\n' && pair[0] != b'\r'),
            "{kind}: CRLF everywhere"
        );
        let message = MessageParser::default().parse(&bytes[..]).expect("a mail");
        assert!(message.from().is_some() && message.date().is_some(), "{kind}: From and Date");
        let delivered = sample.mail.header("Delivered-To").expect("Delivered-To");
        assert_eq!(delivered, people::ADDRESS, "{kind}: Delivered-To is the mailbox's name");
        let date = message.date().expect("date").to_timestamp();
        assert!((sample.mail.internal_date - date).abs() < 3 * DAY, "{kind}: Date near INTERNALDATE");
        if kind.starts_with("bounce_") && !matches!(kind, "bounce_qmail" | "bounce_exim_text") {
            assert!(message.parts.len() >= 4, "{kind}: text, report and original");
        }
    }
    println!("{:?}", population.inbox.iter().map(|sample| sample.mail.bytes.len()).sum::<usize>() / 3_000);
}
