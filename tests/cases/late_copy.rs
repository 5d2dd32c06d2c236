//! A bounce can be faster than the copy of the mail that it answers: the sent copy then comes later, and what it
//! proves still counts.

use std::time::Duration;

use agent::api::{Event, VerdictName};
use it::imap_double::Moment;
use it::population::people::ADDRESS;
use it::population::{Counts, Sample};
use it::{Mail, MailServer, Options, Population, Rig, date};

use super::clean_up::{double, dovecot, fill};
use super::power_cut;

/// A mailbox in which use proves that the index is whole.
pub(super) const PROVED: Counts =
    Counts { sent: 40, ordinary: 24, answers: 20, must_stay: 0, undecidable: 0, genuine: 0, backscatter: 0 };
const MINUTE: Duration = Duration::from_secs(60);

/// The copy in Sent of the mail that this notice answers, saved at `when`.
fn copy_of(notice: &Sample, when: i64) -> Mail {
    let id = notice.label.original_id.as_deref().expect("the notice tells an id");
    let text = format!(
        "Date: {}\r\nFrom: Ada <{ADDRESS}>\r\nTo: somebody@elsewhere.example\r\nSubject: What I wrote\r\n\
         Message-ID: <{id}>\r\n\r\nHere it is.\r\n",
        date::header(when, 0)
    );
    Mail::new(text.into_bytes(), when).flagged("\\Seen")
}

fn rig(server: MailServer, population: &Population, grace: &'static str) -> Rig {
    fill(&server, population);
    Rig::new(server, &Options { grace, ..Options::default() }).expect("the rig is set up")
}

/// The folder that has the mail with this Message-ID.
async fn place(rig: &Rig, notice: &Sample) -> Vec<String> {
    let snapshot = rig.server.snapshot().await.expect("a snapshot");
    snapshot.places(notice.digest()).into_iter().map(str::to_owned).collect()
}

fn is_judged(event: &Event, as_what: VerdictName) -> bool {
    matches!(event, Event::Judged { verdict, .. } if *verdict == as_what)
}

async fn stays_until_the_copy_is_there(server: MailServer, counts: Counts, grace: &'static str) {
    let now = date::now();
    let mut population = Population::new(6, now, counts);
    let notice = population.backscatter(1, now).remove(0);
    let rig = rig(server, &population, grace);
    let running = rig.engine().await.expect("the engine opens");
    let mut watched = running.watch().await.expect("it watches");
    rig.server.put("INBOX", [notice.mail.clone()]).expect("the bounce comes in");
    let seen =
        watched.until(MINUTE, |event| matches!(event, Event::Judged { .. })).await.expect("it is judged");
    assert!(
        seen.iter().any(|event| is_judged(event, VerdictName::Undecided)),
        "nothing proves yet that its original was never sent: {seen:?}"
    );
    assert_eq!(place(&rig, &notice).await, ["INBOX"], "so it stays");
    rig.server.put("Sent", [copy_of(&notice, now - 20)]).expect("the copy is saved");
    watched.until(MINUTE, |event| is_judged(event, VerdictName::Genuine)).await.expect("the copy decides");
    watched.end().await.expect("the agent ends");
    drop(running);
    let summary = rig.once().await.expect("a further run succeeds");
    assert_eq!(summary.moved, 0, "a genuine bounce is not moved later either");
    assert_eq!(place(&rig, &notice).await, ["INBOX"], "it is where it was");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bounce_within_its_grace_time_waits_for_its_copy() {
    stays_until_the_copy_is_there(double(), PROVED, "10m").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bounce_within_its_grace_time_waits_for_its_copy_on_dovecot() {
    stays_until_the_copy_is_there(dovecot(), PROVED, "10m").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_grace_a_bounce_stays_while_use_proves_nothing() {
    stays_until_the_copy_is_there(double(), Counts { answers: 0, ..PROVED }, "0s").await;
}

/// Backscatter of all kinds as far as anybody knows, with flags.
fn notices(population: &mut Population, now: i64) -> Vec<Sample> {
    let mut notices = population.backscatter(12, now - 3_600);
    for (notice, flag) in notices.iter_mut().zip(["\\Seen", "\\Flagged", "\\Answered"].into_iter().cycle()) {
        notice.mail = notice.mail.clone().flagged(flag);
    }
    notices
}

async fn brought_back_while_watching(server: MailServer) {
    let now = date::now();
    let mut population = Population::new(7, now, PROVED);
    let notices = notices(&mut population, now);
    let rig = rig(server, &population, "0s");
    let running = rig.engine().await.expect("the engine opens");
    let mut watched = running.watch().await.expect("it watches");
    rig.server.put("INBOX", notices.iter().map(|notice| notice.mail.clone())).expect("they come in");
    let mut moved = 0;
    let is_moved = |event: &Event| {
        if let Event::Moved { count, .. } = event {
            moved += count;
        }
        moved == 12
    };
    watched.until(MINUTE, is_moved).await.expect("all are taken out");
    rig.server
        .put("Sent", notices.iter().map(|notice| copy_of(notice, now - 3_700)))
        .expect("copies are saved");
    let mut back = 0;
    let is_back = |event: &Event| {
        if let Event::Rescued { count, .. } = event {
            back += count;
        }
        back == 12
    };
    watched.until(MINUTE, is_back).await.expect("all come back by themselves");
    // One more that goes shows that the agent has looked at those that came back, and left them.
    let marker = population.backscatter(1, now - 3_600).remove(0);
    rig.server.put("INBOX", [marker.mail.clone()]).expect("one more comes in");
    watched.until(MINUTE, |event| matches!(event, Event::Moved { .. })).await.expect("that one goes");
    watched.end().await.expect("the agent ends");
    drop(running);
    came_back_unaltered(&rig, &notices).await;
    assert_eq!(rig.once().await.expect("a further run succeeds").moved, 0, "they are never moved again");
    came_back_unaltered(&rig, &notices).await;
}

async fn came_back_unaltered(rig: &Rig, notices: &[Sample]) {
    let snapshot = rig.server.snapshot().await.expect("a snapshot");
    for notice in notices {
        let kept: Vec<_> = snapshot.0.iter().filter(|kept| kept.digest == notice.digest()).collect();
        let [kept] = kept.as_slice() else { panic!("{}: once and once alone: {kept:?}", notice.label.kind) };
        assert_eq!(kept.folder, "INBOX", "{}: the copy brings it back", notice.label.kind);
        assert_eq!(kept.flags, notice.mail.flags, "{}: with its flags", notice.label.kind);
        assert_eq!(kept.internal_date, notice.mail.internal_date, "{}: and its date", notice.label.kind);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_comes_after_the_move_brings_the_mail_back() {
    brought_back_while_watching(double()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_comes_after_the_move_brings_the_mail_back_on_dovecot() {
    brought_back_while_watching(dovecot()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_comes_between_two_runs_brings_the_mail_back() {
    let now = date::now();
    let mut population = Population::new(8, now, PROVED);
    let notices = notices(&mut population, now);
    let rig = rig(double(), &population, "0s");
    rig.server.put("INBOX", notices.iter().map(|notice| notice.mail.clone())).expect("they come in");
    assert_eq!(
        rig.once().await.expect("the first run succeeds").moved,
        12,
        "nothing tells them from backscatter"
    );
    rig.server
        .put("Sent", notices.iter().map(|notice| copy_of(notice, now - 3_700)))
        .expect("copies are saved");
    assert_eq!(rig.once().await.expect("the second run succeeds").rescued, 12, "the copies bring them back");
    came_back_unaltered(&rig, &notices).await;
    let third = rig.once().await.expect("the third run succeeds");
    assert_eq!((third.moved, third.rescued), (0, 0), "that is all there is to do");
    came_back_unaltered(&rig, &notices).await;
}

/// The index knows the copy, but the agent dies before it has noted that the mail is to come back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rescue_that_was_cut_off_is_made_up_for() {
    let now = date::now();
    let mut population = Population::new(9, now, PROVED);
    let notices = notices(&mut population, now);
    // Before the intent is written, before its outcome is, and after that.
    for (command, moment) in
        [("STATUS", Moment::Received), ("UID MOVE", Moment::Executed), ("LOGOUT", Moment::Received)]
    {
        let rig = rig(double(), &population, "0s");
        rig.server.put("INBOX", notices.iter().map(|notice| notice.mail.clone())).expect("they come in");
        assert_eq!(rig.once().await.expect("the first run succeeds").moved, 12, "they go");
        let copies = notices.iter().map(|notice| copy_of(notice, now - 3_700));
        rig.server.put("Sent", copies).expect("copies are saved");
        let what = format!("killed at {command}, {moment:?}");
        assert!(
            power_cut::killed(&rig, move |e| e.name == command && e.moment == moment).await,
            "{what}: that moment comes"
        );
        rig.once().await.expect("a run after it succeeds");
        came_back_unaltered(&rig, &notices).await;
        assert_eq!(rig.once().await.expect("a further run succeeds").moved, 0, "{what}: none goes again");
        came_back_unaltered(&rig, &notices).await;
    }
}
