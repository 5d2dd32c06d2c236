//! A running agent: what comes in is judged and moved in the wake-up that brings it.

use std::time::Duration;

use agent::api::{Event, VerdictName};
use agent::engine::Pace;
use agent::imap::Deadlines;
use it::population::{Counts, Population};
use it::{Double, MailServer, Options, Rig, date};

use super::clean_up::{double, dovecot, fill};

/// A mailbox whose index is proved, with nothing in it to move yet.
pub(super) const NOTHING_TO_MOVE: Counts =
    Counts { sent: 200, ordinary: 60, answers: 40, must_stay: 0, undecidable: 0, genuine: 4, backscatter: 0 };

/// Long enough for a loaded machine; what is waited for comes in well under a second.
pub(super) const SOON: Duration = Duration::from_secs(40);

/// Times that let a test see a retry, and a server that never answers.
pub(super) fn impatient() -> Pace {
    Pace {
        deadlines: Deadlines { response: Duration::from_secs(5), ..Deadlines::default() },
        poll: Duration::from_millis(300),
        wait: Duration::from_secs(1),
        hopeless: Duration::from_secs(1),
    }
}

pub(super) fn of_double(server: &MailServer) -> &Double {
    match server {
        MailServer::Double(double) => double,
        MailServer::Dovecot(_) | MailServer::Courier(_) => panic!("this case runs on the double"),
    }
}

pub(super) fn is_moved(event: &Event) -> bool {
    matches!(event, Event::Moved { count, .. } if *count > 0)
}

pub(super) fn at_once() -> Options {
    Options { grace: "0s", ..Options::default() }
}

/// What ends a connection, and its name.
type Cut<'a> = (&'a str, &'a dyn Fn(&Double));

/// The folders in which a mail with this Message-ID lies.
async fn places(server: &MailServer, id: &str) -> Vec<String> {
    let mut bare = server.bare().await.expect("sign in");
    let mut places = Vec::new();
    for folder in bare.folders().await.expect("folders") {
        let uids = bare.examine(&folder).await.expect("examine");
        let mails = bare.mails(&uids).await.expect("mails");
        let count = mails.iter().filter(|(_, mail)| mail.message_id().as_deref() == Some(id)).count();
        places.extend(std::iter::repeat_n(folder, count));
    }
    places
}

async fn one_wake_up(server: MailServer) {
    let now = date::now();
    let mut population = Population::new(2, now, NOTHING_TO_MOVE);
    fill(&server, &population);
    let rig = Rig::new(server, &at_once()).expect("the rig is set up");
    let running = rig.engine().await.expect("the engine opens");
    let mut watched = running.watch().await.expect("the agent watches");

    let real = population.genuine(1, now).pop().expect("something was sent in the last days");
    let real_id = real.mail.message_id().expect("it has an id");
    rig.server.deliver(&real.mail).await.expect("delivered");
    watched
        .until(SOON, |event| matches!(event, Event::Judged { verdict: VerdictName::Genuine, .. }))
        .await
        .expect("the real one is found genuine");

    for forged in population.backscatter(6, now) {
        let id = forged.mail.message_id().expect("it has an id");
        if let MailServer::Double(double) = &rig.server {
            // Both connections have come to rest: what is recorded from here on is this mail's doing.
            double.wait_until(SOON, |double| double.statistics().idling == 2).await.expect("both idle");
            double.clear_record();
        }
        rig.server.deliver(&forged.mail).await.expect("delivered");
        let events = watched.until(SOON, is_moved).await.expect("moved");
        let judged = events
            .iter()
            .position(|event| matches!(event, Event::Judged { verdict: VerdictName::Backscatter, .. }));
        let judged = judged.unwrap_or_else(|| panic!("judged before it is moved: {events:#?}"));
        let between = &events[judged + 1..events.len() - 1];
        assert!(between.is_empty(), "nothing comes between the judgement and the move: {between:#?}");
        assert_eq!(
            places(&rig.server, &id).await,
            ["Never Sent"],
            "{}: it has been moved",
            forged.label.kind
        );
        if let MailServer::Double(double) = &rig.server {
            let log = double.log();
            let moved = log.iter().find(|entry| entry.name == "UID MOVE").expect("it was moved by MOVE");
            let idles = log
                .iter()
                .take_while(|entry| entry.name != "UID MOVE")
                .filter(|entry| entry.connection == moved.connection && entry.name == "IDLE")
                .count();
            assert_eq!(idles, 0, "{}: moved before the connection idles again", forged.label.kind);
        }
    }
    assert_eq!(places(&rig.server, &real_id).await, ["INBOX"], "the real one stays");
    watched.end().await.expect("it ends cleanly");
    if let MailServer::Double(double) = &rig.server {
        assert_eq!(double.violations(), Vec::<String>::new(), "nothing was done that must never be done");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forged_bounce_is_gone_in_one_wake_up_on_dovecot() {
    one_wake_up(dovecot()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forged_bounce_is_gone_in_one_wake_up_on_the_double() {
    one_wake_up(double()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_idle_is_polled() {
    let server = double();
    of_double(&server).set_capabilities(|all| all.idle = false);
    let now = date::now();
    let mut population = Population::new(3, now, NOTHING_TO_MOVE);
    fill(&server, &population);
    let mut rig = Rig::new(server, &at_once()).expect("the rig is set up");
    rig.pace = impatient();
    let running = rig.engine().await.expect("the engine opens");
    let mut watched = running.watch().await.expect("the agent watches");
    let forged = population.backscatter(3, now);
    for sample in &forged {
        rig.server.deliver(&sample.mail).await.expect("delivered");
    }
    watched.until(SOON, is_moved).await.expect("moved");
    let double = of_double(&rig.server);
    double
        .wait_until(SOON, |double| double.mails("Never Sent").len() == forged.len())
        .await
        .expect("all three are moved");
    assert_eq!(double.statistics().commands.get("IDLE"), None, "IDLE is not offered, so not used");
    watched.end().await.expect("it ends cleanly");
    assert_eq!(double.violations(), Vec::<String>::new(), "nothing was done that must never be done");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_end_while_idling_come_back() {
    let now = date::now();
    let mut population = Population::new(4, now, NOTHING_TO_MOVE);
    let server = double();
    fill(&server, &population);
    let mut rig = Rig::new(server, &at_once()).expect("the rig is set up");
    rig.pace = impatient();
    let running = rig.engine().await.expect("the engine opens");
    let mut watched = running.watch().await.expect("the agent watches");
    let double = of_double(&rig.server);
    let cuts: [Cut<'_>; 3] = [
        ("a lost connection", &|double| double.drop_connections()),
        ("a BYE", &|double| double.bye("time to rest")),
        ("a new UIDVALIDITY", &|double| double.new_uid_validity("INBOX")),
    ];
    for (at, (what, cut)) in cuts.iter().enumerate() {
        double.wait_until(SOON, |double| double.statistics().idling > 0).await.expect("it idles");
        cut(double);
        let forged = population.backscatter(1, now).pop().expect("one");
        rig.server.deliver(&forged.mail).await.expect("delivered");
        let moved = watched.until(SOON, is_moved).await;
        assert!(moved.is_ok(), "after {what} the agent comes back and moves what came in: {moved:#?}");
        assert_eq!(double.mails("Never Sent").len(), at + 1, "after {what}: it is in quarantine");
    }
    watched.end().await.expect("it ends cleanly");
    assert_eq!(double.violations(), Vec::<String>::new(), "nothing was done that must never be done");
}
