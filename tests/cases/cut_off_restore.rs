//! A mail that was on its way back when the power went is in one place afterwards.

use agent::api::{RecordState, Request, Response};
use agent::journal::{Entry, Journal, Offset, Place, RestoreReason};
use agent::store::RecordId;
use it::imap_double::{Double, Setup};
use it::{MailServer, Options, Population, Rig, date};

use super::clean_up::{SMALL, fill};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copied_back_but_not_taken_from_the_quarantine() {
    let double = Double::start(Setup::default()).expect("the double starts");
    double.set_capabilities(|can| can.moves = false);
    let population = Population::new(3, date::now(), SMALL);
    let server = MailServer::Double(double);
    fill(&server, &population);
    let rig = Rig::new(server, &Options::default()).expect("the rig is set up");
    let before = rig.server.snapshot().await.expect("a snapshot");
    rig.once().await.expect("the first run succeeds");

    // As after a power cut between COPY and EXPUNGE: the intent is written, the copy is in both folders.
    let MailServer::Double(double) = &rig.server else { unreachable!("it is the double") };
    let to_next = double.uids("INBOX").expect("the inbox is there");
    let journal = Journal::open(&rig.paths().journal()).expect("the journal opens").journal;
    let mut moved: Vec<(RecordId, Place)> = Vec::new();
    journal
        .replay(Offset(0), |_, entry| {
            if let Some(Entry::Moved { record, place: Some(place) }) = entry {
                moved.push((record, place));
            }
        })
        .expect("the journal is read");
    let (record, from) = moved.first().copied().expect("something was moved");
    let (_, copy) = double
        .mails("Never Sent")
        .into_iter()
        .find(|(uid, _)| *uid == from.uid)
        .expect("the mail is where the journal says");
    let digest = copy.digest();
    journal
        .append(&[Entry::Restore {
            record,
            from,
            to_next: Place { uid_validity: to_next.0, uid: to_next.1 },
            reason: RestoreReason::User,
            at: rules::UnixTime(date::now()),
        }])
        .expect("the intent is written");
    double.deliver("INBOX", copy);
    drop(journal);

    rig.once().await.expect("the next run settles it");
    let after = rig.server.snapshot().await.expect("a snapshot");
    assert_eq!(after.places(digest), ["INBOX"], "it is back, and only there");
    assert_eq!(before.contents(), after.contents(), "no mail, flag or date is lost, doubled or altered");
    let running = rig.engine().await.expect("the engine opens");
    let request =
        Request::QuarantineList { account: None, state: Some(RecordState::Restored), limit: 10, after: None };
    let Response::Records(page) = running.ask(request).await.expect("a list") else {
        panic!("a list answers a list")
    };
    assert_eq!(page.total, 1, "it counts as put back by the user, and is never moved again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn put_back_without_uidplus_after_a_mail_program_has_expunged_the_original() {
    let double = Double::start(Setup::default()).expect("the double starts");
    double.set_capabilities(|can| (can.moves, can.uidplus) = (false, false));
    let population = Population::new(4, date::now(), SMALL);
    let server = MailServer::Double(double);
    fill(&server, &population);
    let options = Options { more: "without_uidplus = true".into(), ..Options::default() };
    let rig = Rig::new(server, &options).expect("the rig is set up");
    rig.once().await.expect("the run succeeds");
    let MailServer::Double(double) = &rig.server else { unreachable!("it is the double") };
    let expunged = double.expunge("INBOX", |mail| mail.flags.contains("\\Deleted"));
    assert!(!expunged.is_empty(), "originals were marked");

    let running = rig.engine().await.expect("the engine opens");
    let records = running.records(RecordState::Quarantined).await.expect("a list");
    let ids: Vec<_> = records.into_iter().map(|record| record.id).collect();
    let wanted = ids.len() as u64;
    let answer = running.ask(Request::QuarantineRestore { ids }).await.expect("an answer");
    let Response::Changed(changed) = answer else { panic!("a restore answers what it changed") };
    assert_eq!((changed.done, changed.failed.len()), (wanted, 0), "all are put back: {:?}", changed.failed);
    let back = double.mails("INBOX");
    for mail in &expunged {
        let same = back.iter().filter(|(_, there)| there.digest() == mail.digest());
        let flags: Vec<_> = same.map(|(_, there)| there.flags.contains("\\Deleted")).collect();
        assert_eq!(flags, [false], "it is in the inbox once, and not marked as deleted");
    }
}
