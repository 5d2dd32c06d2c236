//! A real Dovecot holds a whole sample mailbox.

use std::time::Instant;

use it::population::{Counts, Population};
use it::{Dovecot, Kept, MailServer, Snapshot, date};

fn expected(population: &Population) -> Snapshot {
    let sent = population.sent_mails().map(|mail| ("Sent", mail));
    let inbox = population.inbox_mails().map(|mail| ("INBOX", mail));
    let mut kept: Vec<Kept> = sent
        .chain(inbox)
        .map(|(folder, mail)| Kept {
            folder: folder.to_owned(),
            digest: mail.digest(),
            flags: mail.flags,
            internal_date: mail.internal_date,
        })
        .collect();
    kept.sort();
    Snapshot(kept)
}

#[tokio::test]
async fn what_is_put_into_the_maildir_is_what_a_client_sees() {
    if !Dovecot::installed() {
        println!("left out: Dovecot is not installed");
        return;
    }
    let began = Instant::now();
    let dovecot = Dovecot::start(it::dovecot::Setup { quota: Some("500M".into()), ..Default::default() });
    let server = MailServer::Dovecot(dovecot.expect("dovecot"));
    println!("started in {:?}", began.elapsed());
    let population = Population::new(2, date::now(), Counts::default());
    let began = Instant::now();
    server.put("Sent", population.sent_mails()).expect("put");
    server.put("INBOX", population.inbox_mails()).expect("put");
    println!("8,000 mails put in {:?}", began.elapsed());
    let began = Instant::now();
    let snapshot = server.snapshot().await.expect("snapshot");
    println!("snapshot in {:?}", began.elapsed());
    assert!(snapshot == expected(&population), "every octet, flag and INTERNALDATE is as it was put");

    let mut bare = server.bare().await.expect("sign in");
    let quota = bare.ok("GETQUOTAROOT INBOX").await.expect("quota");
    assert!(quota.line("STORAGE").is_some(), "the limit is told: {quota:?}");
    let some: Vec<_> = population.inbox.iter().take(300).map(|sample| sample.digest()).collect();
    let some = some.into_iter().collect();
    server.drag("INBOX", "Never Sent", &some).await.expect("drag");
    let after = server.snapshot().await.expect("snapshot");
    assert_eq!(after.folder("Never Sent").count(), 300, "moved by another client");
    assert!(after.contents() == snapshot.contents(), "a move alters nothing");
    let began = Instant::now();
    drop(server);
    println!("stopped in {:?}", began.elapsed());
}

#[tokio::test]
async fn lmtp_delivers_now() {
    if !Dovecot::installed() {
        println!("left out: Dovecot is not installed");
        return;
    }
    let dovecot = Dovecot::start(Default::default()).expect("dovecot");
    let now = date::now();
    let mut population = Population::demo(4, now);
    let samples = population.backscatter(40, now);
    let mails: Vec<&[u8]> = samples.iter().map(|sample| &sample.mail.bytes[..]).collect();
    dovecot.lmtp(&mails).await.expect("deliver");
    let server = MailServer::Dovecot(dovecot);
    let snapshot = server.snapshot().await.expect("snapshot");
    assert_eq!(snapshot.folder("INBOX").count(), 40, "all are there");
    assert!(snapshot.0.iter().all(|kept| kept.internal_date >= now), "INTERNALDATE is the time of delivery");
}
