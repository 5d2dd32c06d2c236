//! The judging table on whole mailboxes: each scenario is a mailbox of its own, and one run of the agent judges its notice.

use agent::api::RecordState;
use it::judging::{Scenario, all};
use it::{MailServer, Options, Rig, date};

use super::clean_up::{double, dovecot};

/// What is said of the notice, by which rule or why not, and the folder that it lies in then.
async fn judged(scenario: &Scenario, server: MailServer) -> (String, String, Vec<String>) {
    server.put("Sent", scenario.sent.iter().cloned()).expect("Sent is filled");
    server.put("INBOX", scenario.ordinary.iter().cloned()).expect("answers come in");
    server.put("INBOX", [scenario.notice.clone()]).expect("the notice comes in");
    let rig = Rig::new(server, &Options::default()).expect("the rig is set up");
    rig.configure_as(&scenario.address, &scenario.grace, &scenario.config).expect("it is configured");
    let running = rig.engine().await.expect("the engine opens");
    let summary = running.engine.once().await.pop().expect("one account");
    assert!(summary.error.is_none(), "{}: the run succeeds: {summary:?}", scenario.name);
    let mut said = Vec::new();
    for state in [RecordState::Judged, RecordState::Undecided, RecordState::Quarantined] {
        said.extend(running.records(state).await.expect("the records"));
    }
    let snapshot = rig.server.snapshot().await.expect("a snapshot");
    let places = snapshot.places(scenario.notice.digest()).into_iter().map(str::to_owned).collect();
    match (said.as_slice(), summary.genuine) {
        ([], 1) => ("genuine".to_owned(), String::new(), places),
        ([one], 0) => {
            (one.verdict.as_str().to_owned(), one.why.clone().unwrap_or_else(|| one.rule.clone()), places)
        }
        _ => ("nothing".to_owned(), format!("{summary:?}"), places),
    }
}

async fn all_are_judged(scenarios: Vec<Scenario>, server: fn() -> MailServer) {
    let mut wrong = Vec::new();
    for scenario in &scenarios {
        let (verdict, by, places) = judged(scenario, server()).await;
        // What rule showed a notice genuine is not kept: it is settled.
        let expected_by = if scenario.verdict == "genuine" { "" } else { scenario.by.as_str() };
        let folder = if scenario.verdict == "backscatter" { "Never Sent" } else { "INBOX" };
        if (verdict.as_str(), by.as_str()) != (scenario.verdict.as_str(), expected_by) || places != [folder] {
            wrong.push(format!(
                "{}: {} by {} in {folder}, not {verdict} by {by} in {places:?}; {}",
                scenario.name, scenario.verdict, scenario.by, scenario.why
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), scenarios.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mailboxes_are_judged_as_the_table_says() {
    let scenarios = all(date::now()).expect("the scenarios are read");
    assert!(scenarios.len() >= 150, "only {} are mailboxes", scenarios.len());
    all_are_judged(scenarios, double).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_third_of_them_on_dovecot() {
    let scenarios = all(date::now()).expect("the scenarios are read").into_iter().step_by(3).collect();
    all_are_judged(scenarios, dovecot).await;
}
