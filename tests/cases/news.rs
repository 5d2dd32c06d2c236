//! Mail that comes in between two commands of a running agent.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use agent::api::Event;
use it::imap_double::Moment;
use it::population::Class;
use it::{MailServer, Options, Population, Rig, date};

use super::clean_up::{SMALL, double};

/// A mail that comes between the scan's look and IDLE is told by no IDLE: the answer to opening the folder again
/// is all that tells of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_that_comes_right_before_idle_is_judged_at_once() {
    let population = Population::new(21, date::now(), SMALL);
    let server = double();
    server.put("Sent", population.sent_mails()).expect("Sent is filled");
    let there = population.inbox.iter().filter(|sample| sample.label.class != Class::Backscatter);
    server.put("INBOX", there.map(|sample| sample.mail.clone())).expect("the inbox is filled");
    let rig = Rig::new(server, &Options::default()).expect("the rig is set up");
    let MailServer::Double(double) = &rig.server else { panic!("a double") };
    let (reached, at_the_point) = mpsc::channel();
    let (go_on, told) = mpsc::channel();
    let (opened, told) = (AtomicUsize::new(0), std::sync::Mutex::new(told));
    double.on_command(move |event| {
        if event.name == "EXAMINE"
            && event.line.contains("INBOX")
            && event.moment == Moment::Received
            // The first look is the scan's, the second comes right before IDLE.
            && opened.fetch_add(1, Ordering::SeqCst) == 1
        {
            let _ = reached.send(());
            let _ = told.lock().expect("one waits").recv_timeout(Duration::from_secs(30));
        }
    });
    let running = rig.engine().await.expect("the engine opens");
    let mut watched = running.watch().await.expect("the agent watches");
    let reached = tokio::task::spawn_blocking(move || at_the_point.recv_timeout(Duration::from_secs(30)));
    reached.await.expect("a thread").expect("the inbox is opened once more before the agent waits");
    let late = population.of(Class::Backscatter).next().expect("backscatter");
    rig.server.put("INBOX", [late.mail.clone()]).expect("a mail comes in just now");
    go_on.send(()).expect("the double waits");
    watched
        .until(Duration::from_secs(30), |event| matches!(event, Event::Moved { .. }))
        .await
        .expect("it is moved at once, not when IDLE is armed again");
    watched.end().await.expect("it ends cleanly");
    let after = rig.server.snapshot().await.expect("a snapshot");
    assert_eq!(after.places(late.digest()), ["Never Sent"], "and lies in quarantine");
}
