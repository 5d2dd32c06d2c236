//! A flood of notices to a running agent: memory stays flat and the bytes on the wire grow with the mails alone.
//!
//! `NEVERSENT_FLOOD=10000 cargo test --release -p it a_flood -- --nocapture` runs it at full size and prints the
//! figures.

use std::process::Stdio;
use std::time::{Duration, Instant};

use it::population::{Counts, Population};
use it::{Options, Rig, date};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout};

use super::clean_up::{double, fill};
use super::watching::{NOTHING_TO_MOVE, of_double};

/// Mails that come in at once.
const BURST: usize = 200;
/// What one burst may take on a loaded machine.
const BURST_AT_MOST: Duration = Duration::from_secs(120);

/// What the events of the program have told so far.
#[derive(Debug, Default)]
struct Told {
    genuine: usize,
    backscatter: usize,
    undecided: usize,
    moved: u64,
    errors: Vec<String>,
}

async fn read_until(
    lines: &mut Lines<BufReader<ChildStdout>>,
    told: &mut Told,
    mut met: impl FnMut(&Told, &serde_json::Value) -> bool,
) {
    let reading = async {
        while let Some(line) = lines.next_line().await.expect("standard output") {
            let event: serde_json::Value = serde_json::from_str(&line).expect("a JSON object a line");
            match event["judged"]["verdict"].as_str() {
                Some("genuine") => told.genuine += 1,
                Some("backscatter") => told.backscatter += 1,
                Some(_) => told.undecided += 1,
                None => {}
            }
            told.moved += event["moved"]["count"].as_u64().unwrap_or(0);
            told.errors.extend(event["error"]["text"].as_str().map(str::to_owned));
            if met(told, &event) {
                return;
            }
        }
        panic!("the program ended: {told:?}");
    };
    if tokio::time::timeout(BURST_AT_MOST, reading).await.is_err() {
        panic!("what is waited for did not come: {told:?}");
    }
}

/// Resident memory now and at its highest, in KiB.
fn memory(child: &Child) -> (u64, u64) {
    let id = child.id().expect("it runs");
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("its status");
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
    };
    (field("VmRSS:"), field("VmHWM:"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_costs_no_more_than_its_mails() {
    let total: usize = std::env::var("NEVERSENT_FLOOD").map_or(2_000, |n| n.parse().expect("a number"));
    let now = date::now();
    let counts = Counts { sent: 1_000, ..NOTHING_TO_MOVE };
    let mut population = Population::new(5, now, counts);
    let server = double();
    fill(&server, &population);
    let rig = Rig::new(server, &Options { grace: "0s", ..Options::default() }).expect("the rig is set up");
    let double = of_double(&rig.server);
    let mut child = rig
        .program(&["run", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let mut told = Told::default();
    read_until(&mut lines, &mut told, |_, event| !event["state_changed"]["state"]["watching"].is_null())
        .await;
    let before = told.genuine;

    let real_of_burst = BURST / 20;
    let bursts = total / BURST;
    let (mut figures, mut real) = (vec![(0, memory(&child), 0)], Vec::new());
    let began = Instant::now();
    double.clear_record();
    for burst in 1..=bursts {
        let mut mails = population.genuine(real_of_burst, now);
        real.extend(mails.iter().map(it::population::Sample::digest));
        let forged = population.backscatter(BURST - real_of_burst, now);
        mails.extend(forged);
        double.deliver_all("INBOX", mails.into_iter().map(|sample| sample.mail));
        let (genuine, moved) = (before + burst * real_of_burst, (burst * (BURST - real_of_burst)) as u64);
        read_until(&mut lines, &mut told, |told, _| told.genuine >= genuine && told.moved >= moved).await;
        let statistics = double.statistics();
        figures.push((burst * BURST, memory(&child), statistics.bytes_in + statistics.bytes_out));
    }
    for (mails, (now, highest), bytes) in &figures {
        println!("{mails:>6} mails: {now:>7} KiB resident, {highest:>7} KiB at most, {bytes:>10} bytes");
    }
    println!("{total} mails in {:.1} s", began.elapsed().as_secs_f64());

    assert_eq!(told.undecided, 0, "each is judged, and none is left undecided");
    assert_eq!(told.backscatter, bursts * (BURST - real_of_burst), "each forged one is judged once");
    assert_eq!(double.mails("Never Sent").len(), bursts * (BURST - real_of_burst), "all of them are moved");
    let snapshot = double.snapshot();
    for digest in real {
        assert_eq!(snapshot.places(digest), ["INBOX"], "a real one stays where it was");
    }
    let (middle, end) = (&figures[bursts / 2], &figures[bursts]);
    assert!(
        end.1.0 <= middle.1.0 + middle.1.0 / 5 + 4_096,
        "memory is flat: {} KiB at half, {} KiB at the end",
        middle.1.0,
        end.1.0
    );
    let (first, second) = (middle.2, end.2 - middle.2);
    assert!(second * 5 <= first * 6, "bytes grow with the mails: {first} then {second}");
    assert_eq!(double.violations(), Vec::<String>::new(), "nothing was done that must never be done");
    assert_eq!(told.errors, Vec::<String>::new(), "nothing went wrong");
    let id = child.id().expect("it runs").to_string();
    let asked = std::process::Command::new("kill").args(["-TERM", &id]).status().expect("kill");
    assert!(asked.success(), "it can be told to end");
    let ended = tokio::time::timeout(Duration::from_secs(5), child.wait()).await;
    assert!(ended.expect("within 5 seconds").expect("it ends").success(), "a clean end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_read_what_is_printed_holds_up_nothing() {
    let mut population = Population::new(6, date::now(), Counts { sent: 300, ..NOTHING_TO_MOVE });
    let server = double();
    fill(&server, &population);
    let rig = Rig::new(server, &Options { grace: "0s", ..Options::default() }).expect("the rig is set up");
    let double = of_double(&rig.server);
    let mut command = rig.program(&["run", "--json"]);
    // A pipe takes 64 KiB; what is printed of so many notices is several times that.
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
    let watching = double.wait_until(BURST_AT_MOST, |double| double.statistics().idling >= 2).await;
    watching.expect("both connections come to rest");
    let left = double.mails("INBOX").len();
    for burst in 0..6 {
        let forged = population.backscatter(100, date::now());
        double.deliver_all("INBOX", forged.into_iter().map(|sample| sample.mail));
        let cleaned = double.wait_until(BURST_AT_MOST, |double| double.mails("INBOX").len() <= left).await;
        cleaned.unwrap_or_else(|error| panic!("burst {burst} is not moved: {error}"));
    }
    let id = child.id().expect("it runs").to_string();
    let asked = std::process::Command::new("kill").args(["-TERM", &id]).status().expect("kill");
    assert!(asked.success(), "it can be told to end");
    let ended = tokio::time::timeout(Duration::from_secs(5), child.wait()).await;
    assert!(ended.expect("within 5 seconds").expect("it ends").success(), "a clean end");
}
