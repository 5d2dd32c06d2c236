//! What must stay stays, and for the right reason.

use std::collections::{BTreeMap, BTreeSet};

use agent::api::{RecordState, RecordView, VerdictName};
use agent::engine::OnceSummary;
use it::population::people::ADDRESS;
use it::population::{Class, Label, Sample};
use it::rig::Running;
use it::{Mail, MailServer, Options, Population, Rig, Security, date};

use super::clean_up::{SMALL, double, fill};

/// What holds a kind of notice back, as one word; none where it is genuine or no notice at all.
fn held_by(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "forged_to_partner" | "auto_reply_of_partner" => &["veto"],
        "web_form" | "ticket" => &["veto"],
        "failed_forward" | "bounced_vacation" => &["own_automatic"],
        "scanner" => &["maybe_through_own_server"],
        "work_bounce" | "postmaster" => &["not_own"],
        "postmaster_copy" | "dmarc" | "abuse_report" | "receipt" => &["left_alone"],
        // Its author tells no id at all.
        "list_held_of_partner" => &["no_id"],
        "signed_by_own_domain" | "subject_in_use" => &["veto"],
        "rewritten_id" => return None,
        "only_in_references" => &["only_references"],
        "bounce_without_id" => &["no_id"],
        other => panic!("it is not said what holds {other} back"),
    })
}

/// Checks of every kind of must-stay what is said of it, in the list that the user sees.
pub(super) async fn check_reasons(rig: &Rig, population: &Population, summary: &OnceSummary) {
    let running = rig.engine().await.expect("the engine opens");
    let undecided = running.records(RecordState::Undecided).await.expect("a list");
    let mut by_time: BTreeMap<i64, Vec<&RecordView>> = BTreeMap::new();
    for record in &undecided {
        by_time.entry(record.arrived.0).or_default().push(record);
    }
    let (mut wrong, mut kinds, mut genuine) = (Vec::new(), BTreeSet::new(), 0_usize);
    for sample in &population.inbox {
        let Label { class, kind, original_id, .. } = &sample.label;
        match class {
            Class::Genuine => genuine += 1,
            Class::MustStay | Class::BackscatterUndecidable => {}
            Class::Ordinary | Class::Backscatter => continue,
        }
        if *class != Class::Genuine {
            kinds.insert(*kind);
        }
        let held = if *class == Class::Genuine { None } else { held_by(kind) };
        let there = by_time.get(&sample.mail.internal_date).into_iter().flatten();
        let told = |record: &&&RecordView| {
            let id = record.original.as_ref().and_then(|original| original.message_id.as_ref());
            // A known id in References alone is not the original's; some tell none.
            let other = held.is_some() && (id.is_none() || *kind == "only_in_references");
            id == original_id.as_ref() || other
        };
        let said: Vec<_> = there
            .filter(told)
            .map(|record| (record.verdict, record.why.as_deref().unwrap_or_default(), &record.sentence))
            .collect();
        let right = match held {
            Some(reasons) => said.iter().any(|(verdict, why, sentence)| {
                *verdict == VerdictName::Undecided && reasons.contains(why) && !sentence.is_empty()
            }),
            None => said.is_empty(),
        };
        genuine += usize::from(*class == Class::MustStay && held.is_none());
        if !right {
            wrong.push((*kind, said));
        }
    }
    assert!(wrong.is_empty(), "not held back for the right reason: {wrong:#?}");
    assert!(kinds.len() >= 19, "all kinds are there: {kinds:?}");
    assert_eq!(summary.genuine as usize, genuine, "the others are known to be the user's: {summary:?}");
    let own = "only you send from there";
    let empty: Vec<_> = undecided.iter().filter(|record| record.sentence.contains(own)).collect();
    assert!(empty.is_empty(), "whose the address is holds none of these back: {empty:#?}");
}

/// The mail as if it had come for another address: envelope, header and all.
fn for_address(sample: &Sample, address: &str) -> Mail {
    let text = String::from_utf8(sample.mail.bytes.to_vec()).expect("UTF-8");
    let delivered = format!("Delivered-To: {ADDRESS}");
    // The mailbox keeps its name; everything else names the address.
    let text = text.replace(&delivered, "Delivered-To: \0").replace(ADDRESS, address);
    Mail::new(text.replace("Delivered-To: \0", &delivered).into_bytes(), sample.mail.internal_date)
}

struct Setting {
    rig: Rig,
    population: Population,
    mails: Vec<Mail>,
}

/// A small mailbox without its backscatter, and the backscatter as if it had come for another address.
fn setting(seed: u64, address: &str, more: &str) -> Setting {
    let mut population = Population::new(seed, date::now(), SMALL);
    let (forged, rest): (Vec<Sample>, Vec<Sample>) =
        population.inbox.into_iter().partition(|sample| sample.label.class == Class::Backscatter);
    population.inbox = rest;
    let mails: Vec<Mail> = forged.iter().map(|sample| for_address(sample, address)).collect();
    let server = double();
    fill(&server, &population);
    server.put("INBOX", mails.iter().cloned()).expect("backscatter comes in");
    let options = Options { more: more.to_owned(), ..Options::default() };
    Setting { rig: Rig::new(server, &options).expect("the rig is set up"), population, mails }
}

/// Runs once; what is said of the mails that came for the other address, by the word of what holds them back or of
/// the rule that condemns them.
async fn said(setting: &Setting) -> (OnceSummary, BTreeMap<String, usize>, Running) {
    let summary = setting.rig.once().await.expect("the run succeeds");
    let running = setting.rig.engine().await.expect("the engine opens");
    let times: BTreeSet<i64> = setting.mails.iter().map(|mail| mail.internal_date).collect();
    let mut counts = BTreeMap::new();
    for state in [RecordState::Undecided, RecordState::Quarantined] {
        for record in running.records(state).await.expect("a list") {
            if times.contains(&record.arrived.0) {
                *counts.entry(record.why.unwrap_or(record.rule)).or_default() += 1;
            }
        }
    }
    (summary, counts, running)
}

async fn all_stay(setting: Setting, why: &str) {
    let (summary, counts, _) = said(&setting).await;
    assert_eq!(summary.moved, 0, "nothing is moved: {counts:?}");
    let held = counts.get(why).copied().unwrap_or(0);
    assert_eq!(held, setting.mails.len(), "{why} holds them all back: {counts:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_for_an_address_that_is_not_set_up() {
    all_stay(setting(51, "ada@elsewhere.example", ""), "not_own").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_for_an_address_that_others_send_as_too() {
    let setting = setting(
        52,
        "office@example.org",
        "aliases = [\"office@example.org\"]\nshared = [\"office@example.org\"]\n",
    );
    all_stay(setting, "shared").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_for_a_role_at_an_own_domain() {
    all_stay(setting(53, "postmaster@example.org", "own_domains = [\"example.org\"]\n"), "role").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_for_an_alias_from_which_nobody_was_ever_answered() {
    let setting = setting(54, "winter@example.net", "aliases = [\"winter@example.net\"]\n");
    all_stay(setting, "not_proved_by_use").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_for_an_alias_in_use_is_judged_like_any_other() {
    let mut setting = setting(55, "winter@example.net", "aliases = [\"winter@example.net\"]\n");
    let answers: Vec<Mail> = setting
        .population
        .inbox
        .iter()
        .filter(|sample| sample.label.kind == "answer")
        .map(|sample| {
            // Another answer of the same people, to the other address.
            let text =
                String::from_utf8(for_address(sample, "winter@example.net").bytes.to_vec()).expect("UTF-8");
            Mail::new(
                text.replace("Message-ID: <", "Message-ID: <also.").into_bytes(),
                sample.mail.internal_date,
            )
        })
        .collect();
    setting.rig.server.put("INBOX", answers).expect("answers come in");
    let all = setting.mails.len();
    let (summary, counts, _) = said(&setting).await;
    assert_eq!(counts.get("never_sent"), Some(&all), "all of it is condemned: {counts:?}");
    assert_eq!(summary.moved as usize, all, "and moved: {summary:?}");
    setting.mails.clear();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_for_an_alias_with_a_tag_needs_answers_to_it() {
    let setting = setting(61, "ada+shop@example.org", "aliases = [\"ada+shop@example.org\"]\n");
    all_stay(setting, "not_proved_by_use").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_is_taken_off_the_address() {
    let setting = setting(56, "ada+spring@example.org", "");
    let (summary, counts, _) = said(&setting).await;
    assert_eq!(
        counts.get("never_sent"),
        Some(&setting.mails.len()),
        "judged as the address itself: {counts:?}"
    );
    assert_eq!(summary.moved as usize, setting.mails.len(), "and moved: {summary:?}");
}

/// Answers that name mail of the user's that is in no folder, sent under a tagged form of the address.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_to_a_tagged_address_can_unprove_the_coverage() {
    let setting = setting(57, ADDRESS, "");
    let orphans: Vec<Mail> = setting
        .population
        .inbox
        .iter()
        .filter(|sample| sample.label.kind == "answer")
        .map(|sample| {
            let text = String::from_utf8(for_address(sample, "ada+phone@example.org").bytes.to_vec())
                .expect("UTF-8");
            let text = text.replace("Message-ID: <", "Message-ID: <also.");
            let id = sample.label.original_id.as_deref().expect("an answer names a mail");
            Mail::new(text.replace(id, &format!("x{id}")).into_bytes(), sample.mail.internal_date)
        })
        .collect();
    setting.rig.server.put("INBOX", orphans).expect("answers come in");
    all_stay(setting, "not_proved_by_use").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_was_made_up_at_an_own_domain() {
    let setting = setting(58, "xk7wq@example.org", "own_domains = [\"example.org\"]\n");
    let (summary, counts, _) = said(&setting).await;
    let made_up = counts.get("made_up").copied().unwrap_or(0);
    assert!(
        made_up * 2 > setting.mails.len(),
        "bounces and virus notices for it are backscatter: {counts:?}"
    );
    assert_eq!(summary.moved as usize, made_up, "and moved; out-of-office replies stay: {counts:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_at_an_own_domain_that_people_write_to_is_in_use() {
    let setting = setting(59, "garden@example.org", "own_domains = [\"example.org\"]\n");
    let person =
        setting.population.inbox.iter().find(|sample| sample.label.kind == "person").expect("a mail");
    setting.rig.server.put("INBOX", [for_address(person, "garden@example.org")]).expect("a mail comes in");
    all_stay(setting, "not_proved_by_use").await;
}

/// Two accounts: what is sent as the first one's address is saved in the Sent folder of the second, which cannot be
/// read at first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_that_another_account_sent_is_known() {
    let population = Population::new(60, date::now(), SMALL);
    let first = double();
    let second = double();
    // Both read some of the mail: that of the first proves its coverage, that of the second is needed, too.
    let (one, other): (Vec<_>, Vec<_>) = population.sent.iter().enumerate().partition(|(at, _)| at % 10 != 0);
    let elsewhere: BTreeSet<&str> = other.iter().map(|(_, sent)| sent.id.as_str()).collect();
    first.put("Sent", one.iter().map(|(_, sent)| sent.sample.mail.clone())).expect("Sent is filled");
    second.put("Sent", other.iter().map(|(_, sent)| sent.sample.mail.clone())).expect("Sent is filled");
    // No answer names a mail of the other account: nothing but its configuration tells that it is missing.
    let names_elsewhere =
        |sample: &&Sample| sample.label.original_id.as_deref().is_some_and(|id| elsewhere.contains(id));
    let inbox = population.inbox.iter().filter(|one| one.label.kind != "answer" || !names_elsewhere(one));
    first.put("INBOX", inbox.map(|sample| sample.mail.clone())).expect("the inbox is filled");
    let rig = Rig::new(first, &Options::default()).expect("the rig is set up");
    let endpoint = second.endpoint();
    assert_eq!(endpoint.security, Security::Tls, "as the other");
    let account = format!(
        "[[account]]\nname = \"phone\"\naddress = \"phone@example.net\"\naliases = [\"{ADDRESS}\"]\nmode = \"quarantine\"\n{}\n\
         user = \"{}\"\nauth = {{ command = \"echo '{}'\" }}\n",
        endpoint.imap_toml(),
        endpoint.user,
        endpoint.password
    );
    let text = std::fs::read_to_string(rig.config_file()).expect("a configuration");
    std::fs::write(rig.config_file(), text + &account).expect("written");
    let before = rig.server.snapshot().await.expect("a snapshot");
    for run in 1..=2 {
        let MailServer::Double(double) = &second else { panic!("a double") };
        double.set_password(if run == 1 { "changed meanwhile" } else { &endpoint.password });
        let running = rig.engine().await.expect("the engine opens");
        let summaries = running.engine.once().await;
        let failed = summaries.iter().filter(|summary| summary.error.is_some()).count();
        assert_eq!(
            failed,
            usize::from(run == 1),
            "the other account is let in the second time: {summaries:?}"
        );
        let after = rig.server.snapshot().await.expect("a snapshot");
        assert_eq!(before.contents(), after.contents(), "nothing is lost or altered");
        for sample in population.inbox.iter().filter(|sample| sample.label.class != Class::Backscatter) {
            let places = after.places(sample.digest());
            let there = places.is_empty() || places == ["INBOX"];
            assert!(there, "run {run} leaves {:?} where it is: {places:?}", sample.label);
        }
        let moved = after.folder("Never Sent").count();
        match run {
            1 => assert_eq!(moved, 0, "the other account's sent mail has not been read yet"),
            _ => assert_eq!(moved, SMALL.backscatter, "now all is known, and all backscatter is moved"),
        }
    }
    let MailServer::Double(double) = &second else { panic!("a double") };
    assert!(double.violations().is_empty(), "nothing that must never be done: {:?}", double.violations());
}
