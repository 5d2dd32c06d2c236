//! Mails that no program should fall over: they stay where they are, and hold up no other.

use std::time::{Duration, Instant};

use agent::api::{Event, VerdictName};
use it::imap_double::Setup;
use it::population::{Class, hostile};
use it::{Options, date};

use super::odd_servers::{FEW, misplaced, rig};
use super::watching::of_double;

/// A line so long is far beyond what is fetched of one mail.
const LONG_LINE: usize = 100 << 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_mails_stay_and_the_others_go_on() {
    let now = date::now();
    let (rig, population) = rig(31, Setup::default(), &Options::default());
    let double = of_double(&rig.server);
    let mut hostile: Vec<_> = hostile(now - 7_200, LONG_LINE).into_iter().collect();
    // One of them before all others, the rest after them.
    let mails: Vec<_> = hostile.iter().map(|(_, mail)| mail.clone()).collect();
    double.deliver_all("INBOX", mails);
    let more = population.of(Class::Backscatter).next().expect("one").mail.clone();
    double.deliver("INBOX", it::Mail { internal_date: more.internal_date, ..more });
    let before = double.snapshot();

    let running = rig.engine().await.expect("the engine opens");
    let mut events = running.engine.events();
    let began = Instant::now();
    let summary = running.engine.once().await.pop().expect("one account");
    let took = began.elapsed();
    assert!(summary.error.is_none(), "no mail ends the run: {summary:?}");
    assert!(took < Duration::from_secs(60), "in bounded time: {took:?}");
    let mut of_hostile = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let Event::Judged { verdict, from: Some(from), subject, rule, sentence, .. } = event
            && from.to_lowercase().contains("@hostile.example")
        {
            println!("{verdict:?} by {rule}: {subject}: {sentence}");
            of_hostile.push(verdict);
        }
    }
    for (name, mail) in &hostile {
        println!("{name}: {:?}", double.snapshot().places(mail.digest()));
    }
    assert!(
        of_hostile.iter().all(|verdict| *verdict == VerdictName::Undecided),
        "a hostile mail is ordinary or undecided: {of_hostile:?}"
    );
    let after = double.snapshot();
    assert_eq!(before.contents(), after.contents(), "nothing is lost, doubled or altered");
    for (name, mail) in hostile.drain(..) {
        assert_eq!(after.places(mail.digest()), ["INBOX"], "{name}: it stays");
    }
    assert_eq!(summary.moved as usize, FEW.backscatter + 1, "the others go on: {summary:?}");
    let wrong = misplaced(&double.snapshot(), &population, |sample| match sample.label.class {
        Class::Backscatter if after.places(sample.digest()).len() == 2 => {
            vec!["Never Sent".to_owned(), "Never Sent".to_owned()]
        }
        Class::Backscatter => vec!["Never Sent".to_owned()],
        _ => vec!["INBOX".to_owned()],
    });
    assert!(wrong.is_empty(), "each of the others is where it belongs: {wrong:?}");
    drop(running);
    assert_eq!(rig.once().await.expect("a second run").moved, 0, "a second run moves nothing");
    let bytes = double.statistics().bytes_out;
    assert!(bytes < (LONG_LINE / 4) as u64, "of a long mail only its beginning is fetched: {bytes} octets");
    assert_eq!(double.violations(), Vec::<String>::new(), "nothing was done that must never be done");
}

/// The same by the program, whose memory can be seen.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_mails_cost_no_memory() {
    use tokio::io::{AsyncBufReadExt as _, BufReader};

    let (rig, _) = rig(32, Setup::default(), &Options::default());
    let double = of_double(&rig.server);
    double.deliver_all("INBOX", hostile(date::now() - 7_200, LONG_LINE).into_iter().map(|(_, mail)| mail));
    let mut child = rig
        .program(&["run", "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let watching = async {
        while let Some(line) = lines.next_line().await.expect("output") {
            if line.contains("\"watching\"") {
                return;
            }
        }
        panic!("the program ended");
    };
    tokio::time::timeout(Duration::from_secs(90), watching).await.expect("it comes to watch the inbox");
    let id = child.id().expect("it runs");
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("its status");
    let highest = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a figure");
    let highest: u64 = highest.split_whitespace().nth(1).and_then(|n| n.parse().ok()).expect("a number");
    println!("hostile mails: {highest} KiB at most");
    assert!(highest < 120 << 10, "bounded memory: {highest} KiB");
    child.kill().await.expect("ended");
}
