//! The judging table on scenarios, each with every single leg taken away, and on random facts.

mod declarable;
mod hostile;
mod legs;
mod lies;
mod random;
mod scenario;

use crate::judge::SENTENCES;
use crate::sentence::Told;
use crate::verdict::Lesson;
use crate::{Says, Verdict};
use scenario::{Scenario, all};

#[test]
fn every_scenario_gets_its_verdict() {
    let scenarios = all();
    assert!(scenarios.len() >= 80, "only {} scenarios were read", scenarios.len());
    let wrong: Vec<String> = scenarios.iter().flat_map(check).collect();
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn scenarios_have_names_of_their_own() {
    let mut names: Vec<String> = all().into_iter().map(|scenario| scenario.name).collect();
    names.sort();
    let repeated = names.windows(2).find(|pair| pair[0] == pair[1]);
    assert_eq!(repeated, None, "two scenarios of one name cannot be told apart");
}

#[test]
fn every_verdict_explains_itself_in_whole_sentences() {
    for scenario in all() {
        let judgement = scenario.judge();
        assert!(!judgement.evidence.is_empty(), "{}: no evidence at all", scenario.name);
        for fact in &judgement.evidence {
            let text = &fact.text;
            assert!(text.ends_with('.') && text.len() > 15, "{}: {text:?} is no sentence", scenario.name);
            assert!(text.chars().count() < 400, "{}: {text:?} is too long to be read", scenario.name);
            let known = |told: &Told| SENTENCES.iter().any(|pattern| pattern.key == told.key);
            assert!(fact.told.as_ref().is_some_and(known), "{}: {text:?} is English alone", scenario.name);
        }
        let speaks = |says| judgement.evidence.iter().any(|fact| fact.says == says);
        match judgement.verdict {
            Verdict::Genuine(_) => assert!(speaks(Says::Mine), "{}: nothing says mine", scenario.name),
            Verdict::Backscatter(_) => {
                assert!(speaks(Says::NotMine), "{}: nothing says not mine", scenario.name);
            }
            Verdict::Misused => {
                assert!(speaks(Says::ThroughMyServer), "{}: nothing says through", scenario.name);
            }
            Verdict::Undecided(_) => {}
        }
    }
}

fn check(scenario: &Scenario) -> Vec<String> {
    let judgement = scenario.judge();
    let expect = &scenario.expect;
    let mut wrong = Vec::new();
    let mut differs = |what: &str, expected: String, found: String| {
        if expected != found {
            wrong.push(format!(
                "{}: {what} should be {expected}, is {found}; {}",
                scenario.name, scenario.why
            ));
        }
    };
    differs("the verdict", expect.verdict.clone(), judgement.verdict.key().to_owned());
    differs("the rule", expect.by.clone(), judgement.verdict.decided_by().to_owned());
    if let Some(named) = &expect.names {
        let reason = format!("{:?}", judgement.verdict);
        let shown = if reason.contains(named) { named.clone() } else { reason };
        differs("what the reason names", named.clone(), shown);
    }
    for rule in &expect.evidence {
        let found = judgement.evidence.iter().any(|fact| fact.rule == rule.as_str());
        differs(&format!("evidence of {rule}"), "true".to_owned(), found.to_string());
    }
    for rule in &expect.silent {
        let found = judgement.evidence.iter().any(|fact| fact.rule == rule.as_str());
        differs(&format!("evidence of {rule}"), "false".to_owned(), found.to_string());
    }
    let recheck = expect.recheck.map(|at| at.time().to_string());
    differs(
        "the recheck",
        format!("{recheck:?}"),
        format!("{:?}", judgement.recheck_at.map(|at| at.to_string())),
    );
    differs("the wish for a refresh", expect.wants_refresh.to_string(), judgement.wants_refresh.to_string());
    if let Some(time) = expect.time {
        let found = judgement.original_time.map(|at| at.to_string());
        differs("the original's time", format!("{:?}", Some(time.time().to_string())), format!("{found:?}"));
    }
    if let Some(from) = expect.from {
        let found = judgement.span.map(|span| span.from.to_string());
        differs(
            "the start of the span",
            format!("{:?}", Some(from.time().to_string())),
            format!("{found:?}"),
        );
    }
    let learned: Vec<String> = judgement
        .lessons
        .iter()
        .map(|lesson| match lesson {
            Lesson::RewrittenDomain(domain) => domain.clone(),
            Lesson::Relay(ip) => ip.to_string(),
        })
        .collect();
    differs("the lessons", format!("{:?}", expect.lessons), format!("{learned:?}"));
    wrong
}
