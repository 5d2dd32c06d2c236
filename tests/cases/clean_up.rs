//! The main job: an inbox is cleaned of backscatter, and of nothing else.

use std::collections::BTreeMap;

use it::imap_double::{Double, Setup};
use it::population::{Class, Counts};
use it::{Digest, Dovecot, MailServer, Options, Population, Rig, Snapshot, date};

/// A mailbox a tenth as large as the one that the promises are shown on.
pub(super) const SMALL: Counts = Counts {
    sent: 500,
    ordinary: 240,
    answers: 40,
    must_stay: 48,
    undecidable: 4,
    genuine: 50,
    backscatter: 50,
};

pub(super) fn double() -> MailServer {
    MailServer::Double(Double::start(Setup::default()).expect("the double starts"))
}

pub(super) fn dovecot() -> MailServer {
    MailServer::Dovecot(Dovecot::start(Default::default()).expect("Dovecot starts"))
}

/// Puts a population into a server's folders.
pub(super) fn fill(server: &MailServer, population: &Population) {
    server.put("Sent", population.sent_mails()).expect("Sent is filled");
    server.put("INBOX", population.inbox_mails()).expect("the inbox is filled");
}

/// Says of every mail where it is, and fails unless it is where its class says, unaltered, and there alone.
pub(super) fn check_places(before: &Snapshot, after: &Snapshot, population: &Population, moved: bool) {
    assert_eq!(before.contents(), after.contents(), "no mail, flag or date is lost, doubled or altered");
    let mut wrong: BTreeMap<(Class, &str), Vec<(&str, String)>> = BTreeMap::new();
    for sample in &population.inbox {
        let wanted = if moved && sample.label.class == Class::Backscatter { "Never Sent" } else { "INBOX" };
        let places = after.places(sample.digest());
        if places != [wanted] {
            wrong.entry((sample.label.class, sample.label.kind)).or_default().push((
                sample.label.why,
                format!("{places:?} {}", sample.mail.message_id().unwrap_or_default()),
            ));
        }
    }
    assert!(wrong.is_empty(), "mails that are not where they belong: {wrong:#?}");
}

pub(super) fn digests(population: &Population, class: Class) -> Vec<Digest> {
    population.of(class).map(it::population::Sample::digest).collect()
}

async fn cleans(server: MailServer, counts: Counts) {
    let population = Population::new(1, date::now(), counts);
    fill(&server, &population);
    let rig = Rig::new(server, &Options::default()).expect("the rig is set up");
    let before = rig.server.snapshot().await.expect("a snapshot");
    let first = rig.once().await.expect("the first run succeeds");
    let after = rig.server.snapshot().await.expect("a snapshot");
    check_places(&before, &after, &population, true);
    let backscatter = digests(&population, Class::Backscatter).len();
    assert_eq!(first.moved as usize, backscatter, "all backscatter is moved, and counted: {first:?}");
    super::must_stay::check_reasons(&rig, &population, &first).await;
    let second = rig.once().await.expect("the second run succeeds");
    assert_eq!(second.moved, 0, "a second run moves nothing");
    let again = rig.server.snapshot().await.expect("a snapshot");
    assert_eq!(after, again, "a second run changes nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_small_inbox_on_the_double() {
    cleans(double(), SMALL).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_thousand_mails_on_dovecot() {
    cleans(dovecot(), Counts::default()).await;
}
