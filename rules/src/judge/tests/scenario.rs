//! A scenario as data: what is known of the user and the sent mail, a notice, and what is to be said of it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::LazyLock;

use serde::Deserialize;
use toml::{Table, Value};

use crate::auth_results::AuthResults;
use crate::judge::{Case, LookUp, LookedUp, judge};
use crate::notice::{Host, Outer, ReceiverField, ReturnPath, Signature};
use crate::profile::{Declared, LeftAlone};
use crate::read::SentHeaders;
use crate::sent::{Coverage, IdDomain, SentAs, Use, memory::MemorySent};
use crate::storm::Resemblance;
use crate::time::{DAY, HOUR, MINUTE};
use crate::trace::Hop;
use crate::{
    Action, Address, Judgement, Kind, MailDate, MessageId, Notice, Original, Profile, Recipient, Returned,
    Span, UnixTime,
};

/// The INTERNALDATE of every notice in the scenarios.
pub const ARRIVED: UnixTime = UnixTime(1_772_000_000);

/// Seconds from [`ARRIVED`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Offset(pub i64);

impl TryFrom<String> for Offset {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no offset such as -30d-1s");
        let (mut total, mut sign, mut number) = (0, 1, None::<i64>);
        for c in text.chars() {
            let unit = match c {
                '+' | '-' => {
                    sign = if c == '-' { -1 } else { 1 };
                    continue;
                }
                '0'..='9' => {
                    number = Some(number.unwrap_or(0) * 10 + i64::from(c.to_digit(10).unwrap_or(0)));
                    continue;
                }
                'd' => DAY,
                'h' => HOUR,
                'm' => MINUTE,
                's' => 1,
                _ => return Err(wrong()),
            };
            total += sign * unit * number.take().ok_or_else(wrong)?;
        }
        if number.is_some() { Err(wrong()) } else { Ok(Self(total)) }
    }
}

impl Offset {
    pub fn time(self) -> UnixTime {
        ARRIVED.plus(self.0)
    }

    fn date(self) -> MailDate {
        MailDate { at: self.time(), offset_minutes: 0 }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub name: String,
    /// Why the verdict must be this one.
    pub why: String,
    pub now: Offset,
    pub grace: Offset,
    pub me: Me,
    pub index: Index,
    pub notice: NoticeFacts,
    pub original: Option<OriginalFacts>,
    #[serde(default)]
    pub signature: SignatureLookUp,
    /// Whether the host that sent the original hard-fails SPF for the user's domain.
    #[serde(default)]
    pub spf: SpfLookUp,
    #[serde(default)]
    pub storm: StormFacts,
    pub expect: Expect,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Me {
    pub own: BTreeSet<Address>,
    pub shared: BTreeSet<Address>,
    pub own_domains: BTreeSet<String>,
    pub mailbox_names: BTreeSet<Address>,
    pub own_servers: BTreeSet<String>,
    pub declared: Vec<Declared>,
    pub judged_kinds: BTreeSet<LeftAlone>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Index {
    pub oldest: Option<Offset>,
    pub refreshed: Option<Offset>,
    pub holes: Vec<(Offset, Offset)>,
    pub answers: u32,
    pub known: u32,
    pub sent: Vec<SentFacts>,
    pub reports: Vec<MessageId>,
    pub rewritten: Vec<String>,
    pub own_unseen: Vec<String>,
    pub ordinary_to: BTreeSet<Address>,
    pub relays: BTreeMap<IpAddr, u32>,
    /// Other accounts: how far the index reaches for an address.
    pub reach_of: BTreeMap<Address, ReachFacts>,
    /// Answers to single addresses, each with its time and whether it names a known id.
    pub answers_to: BTreeMap<Address, Vec<(Offset, bool)>>,
    pub unavailable: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReachFacts {
    pub oldest: Option<Offset>,
    pub refreshed: Offset,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentFacts {
    pub id: MessageId,
    pub at: Offset,
    pub from: Address,
    pub to: Vec<Address>,
    pub subject: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeFacts {
    pub kind: Kind,
    pub action: Option<Action>,
    #[serde(default)]
    pub recipients: Vec<Address>,
    pub from: Option<Address>,
    pub return_path: Option<String>,
    #[serde(default)]
    pub to: Vec<Address>,
    #[serde(default)]
    pub delivered_to: Vec<Address>,
    #[serde(default)]
    pub trace_for: Vec<Address>,
    pub reported_by: Option<String>,
    pub arrival_date: Option<Offset>,
    #[serde(default)]
    pub doubtful: bool,
    #[serde(default)]
    pub postmaster_copy: bool,
    /// The value of its topmost Authentication-Results.
    pub authenticated: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OriginalFacts {
    pub message_id: Option<MessageId>,
    pub standing_id: Option<MessageId>,
    pub other_ids: Vec<MessageId>,
    pub references: Vec<MessageId>,
    pub from: Option<Address>,
    pub to: Vec<Address>,
    pub subject: Option<String>,
    pub date: Option<Offset>,
    pub returned: Returned,
    pub hops: Vec<HopFacts>,
    /// Domain and selector.
    pub signatures: Vec<(String, String)>,
    pub automatic: bool,
    pub marks: Vec<(String, String)>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HopFacts {
    pub by: Option<String>,
    pub from_ip: Option<IpAddr>,
    pub helo: Option<String>,
    pub rdns: Option<String>,
    pub with: Option<String>,
    pub date: Option<Offset>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureLookUp {
    #[default]
    NotAsked,
    NoAnswer,
    Verifies,
    Fails,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpfLookUp {
    #[default]
    NotAsked,
    NoAnswer,
    HardFails,
    Passes,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StormFacts {
    pub condemned_by_subject: u32,
    pub condemned_by_address: u32,
    pub alike: u32,
    pub networks: u32,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// The verdict as `classify --json` prints it.
    pub verdict: String,
    /// The deciding rule, or why it is undecided.
    pub by: String,
    /// A word that the reason must hold, for reasons that name something.
    pub names: Option<String>,
    /// Rules whose evidence must be there.
    pub evidence: Vec<String>,
    /// Rules whose evidence must not be there.
    pub silent: Vec<String>,
    pub recheck: Option<Offset>,
    pub wants_refresh: bool,
    pub time: Option<Offset>,
    /// Where the span that must be covered begins.
    pub from: Option<Offset>,
    /// Learned domains and addresses.
    pub lessons: Vec<String>,
}

impl Scenario {
    pub fn judge(&self) -> Judgement {
        self.judge_with(&self.sent())
    }

    pub fn judge_with(&self, sent: &MemorySent) -> Judgement {
        let notice = self.notice();
        let case = Case { notice: &notice, arrived: ARRIVED, grace: self.grace.0 };
        let own_signature = match self.signature {
            SignatureLookUp::NotAsked => LookUp::NotAsked,
            SignatureLookUp::NoAnswer => LookUp::NoAnswer,
            SignatureLookUp::Verifies => LookUp::Answer(true),
            SignatureLookUp::Fails => LookUp::Answer(false),
        };
        let resemblance = Resemblance {
            condemned_by_subject: self.storm.condemned_by_subject,
            condemned_by_address: self.storm.condemned_by_address,
            alike: self.storm.alike,
            networks: self.storm.networks,
        };
        let spf_hard_fails = match self.spf {
            SpfLookUp::NotAsked => LookUp::NotAsked,
            SpfLookUp::NoAnswer => LookUp::NoAnswer,
            SpfLookUp::HardFails => LookUp::Answer(true),
            SpfLookUp::Passes => LookUp::Answer(false),
        };
        let looked_up = LookedUp { own_signature, spf_hard_fails, resemblance, waits: None };
        judge(&case, sent, &self.profile(), &looked_up, self.now.time())
    }

    pub fn profile(&self) -> Profile {
        Profile {
            own: self.me.own.clone(),
            shared: self.me.shared.clone(),
            own_domains: self.me.own_domains.clone(),
            mailbox_names: self.me.mailbox_names.clone(),
            declared: self.me.declared.iter().cloned().collect(),
            own_servers: self.me.own_servers.clone(),
            judged_kinds: self.me.judged_kinds.clone(),
            grace: BTreeMap::new(),
        }
    }

    pub fn sent(&self) -> MemorySent {
        let index = &self.index;
        let mut sent = MemorySent::default();
        for mail in &index.sent {
            let headers = SentHeaders {
                ids: vec![mail.id.clone()],
                from: vec![mail.from.clone()],
                recipients: mail.to.clone(),
                subject: mail.subject.clone(),
                date: Some(mail.at.date()),
            };
            sent.add(&headers, mail.at.time());
        }
        for id in &index.reports {
            sent.add_id(id, SentAs::Report(ARRIVED));
        }
        let refreshed = index.refreshed.unwrap_or(Offset(0)).time();
        sent.coverage = Coverage {
            from: index.oldest.map(Offset::time),
            refreshed,
            holes: index.holes.iter().map(|(from, to)| Span::new(from.time(), to.time())).collect(),
        };
        for (address, reach) in &index.reach_of {
            let coverage = Coverage {
                from: reach.oldest.map(Offset::time),
                refreshed: reach.refreshed.time(),
                holes: Vec::new(),
            };
            sent.coverage_of.insert(address.clone(), coverage);
        }
        sent.used = Use { answers: index.answers, known: index.known };
        for (address, answers) in &index.answers_to {
            let answers = answers.iter().map(|(at, known)| (at.time(), *known)).collect();
            sent.used_of.insert(address.clone(), answers);
        }
        sent.id_domains.extend(index.rewritten.iter().map(|domain| (domain.clone(), IdDomain::Rewritten)));
        sent.id_domains.extend(index.own_unseen.iter().map(|domain| (domain.clone(), IdDomain::OwnUnseen)));
        sent.ordinary_to.clone_from(&index.ordinary_to);
        sent.relays.clone_from(&index.relays);
        sent.unavailable.clone_from(&index.unavailable);
        sent
    }

    pub fn notice(&self) -> Notice {
        let facts = &self.notice;
        let mut receivers = Vec::new();
        for (field, addresses) in [
            (ReceiverField::To, &facts.to),
            (ReceiverField::DeliveredTo, &facts.delivered_to),
            (ReceiverField::TraceFor, &facts.trace_for),
        ] {
            receivers.extend(addresses.iter().map(|address| (field, address.clone())));
        }
        let recipient = |address: &Address| Recipient {
            address: address.clone(),
            action: facts.action,
            status: None,
            reason: None,
        };
        Notice {
            kind: facts.kind,
            action: facts.action,
            reason: None,
            status: None,
            recipients: facts.recipients.iter().map(recipient).collect(),
            original: self.original.as_ref().map(OriginalFacts::original),
            reported_by: facts.reported_by.clone().map(|name| Host { name: Some(name), ip: None }),
            arrival_date: facts.arrival_date.map(Offset::date),
            recognised_by: "delivery_report".to_owned(),
            doubtful: facts.doubtful,
            postmaster_copy: facts.postmaster_copy,
            outer: Outer {
                message_id: MessageId::new("<notice@elsewhere.example>"),
                from: facts.from.clone(),
                return_path: match facts.return_path.as_deref() {
                    None => ReturnPath::Absent,
                    Some("") => ReturnPath::Null,
                    Some(address) => ReturnPath::From(Address::new(address).expect("a return path")),
                },
                receivers,
                subject: String::new(),
                date: None,
                trace: Vec::new(),
                authenticated: facts.authenticated.as_deref().map(AuthResults::read),
            },
        }
    }
}

impl OriginalFacts {
    fn original(&self) -> Original {
        let own = self.message_id.iter().chain(&self.standing_id);
        let hop = |facts: &HopFacts| Hop {
            helo: facts.helo.clone(),
            rdns: facts.rdns.clone(),
            from_ip: facts.from_ip,
            by: facts.by.clone(),
            with: facts.with.clone(),
            for_address: None,
            date: facts.date.map(Offset::date),
        };
        Original {
            message_id: self.message_id.clone(),
            standing_id: self.standing_id.clone(),
            ids: own.chain(&self.other_ids).cloned().collect(),
            references: self.references.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            subject: self.subject.clone(),
            date: self.date.map(Offset::date),
            returned: self.returned,
            trace: self.hops.iter().map(hop).collect(),
            signatures: self
                .signatures
                .iter()
                .map(|(domain, selector)| Signature { domain: domain.clone(), selector: selector.clone() })
                .collect(),
            automatic: self.automatic,
            marks: self.marks.clone(),
        }
    }
}

/// Every scenario of the files, laid over the base.
pub fn all() -> Vec<Scenario> {
    static ALL: LazyLock<Vec<Scenario>> = LazyLock::new(read);
    ALL.clone()
}

/// The first of them, which is the base itself.
pub fn first() -> Scenario {
    static FIRST: LazyLock<Scenario> = LazyLock::new(|| all().remove(0));
    FIRST.clone()
}

fn read() -> Vec<Scenario> {
    const BASE: &str = include_str!("../../../testdata/judging/base.toml");
    const FILES: [(&str, &str); 13] = [
        ("whom", include_str!("../../../testdata/judging/whom.toml")),
        ("when", include_str!("../../../testdata/judging/when.toml")),
        ("coverage", include_str!("../../../testdata/judging/coverage.toml")),
        ("vetoes", include_str!("../../../testdata/judging/vetoes.toml")),
        ("genuine", include_str!("../../../testdata/judging/genuine.toml")),
        ("kept", include_str!("../../../testdata/judging/kept.toml")),
        ("misused", include_str!("../../../testdata/judging/misused.toml")),
        ("attacks", include_str!("../../../testdata/judging/attacks.toml")),
        ("providers", include_str!("../../../testdata/judging/providers.toml")),
        ("traps", include_str!("../../../testdata/judging/traps.toml")),
        ("storm", include_str!("../../../testdata/judging/storm.toml")),
        ("spf", include_str!("../../../testdata/judging/spf.toml")),
        ("made_up", include_str!("../../../testdata/judging/made_up.toml")),
    ];
    let base: Table = toml::from_str(BASE).expect("the base is TOML");
    let mut found = Vec::new();
    for (file, text) in FILES {
        let mut table: Table = toml::from_str(text).unwrap_or_else(|error| panic!("{file}.toml: {error}"));
        let common = table.remove("common").map(into_table).unwrap_or_default();
        let Some(Value::Array(cases)) = table.remove("case") else { panic!("{file}.toml holds no [[case]]") };
        assert!(table.is_empty(), "{file}.toml holds more than cases: {table}");
        for case in cases {
            let mut merged = base.clone();
            lay_over(&mut merged, common.clone());
            let mut case = into_table(case);
            for path in case.remove("without").into_iter().flat_map(into_strings) {
                remove(&mut merged, &path);
            }
            lay_over(&mut merged, case);
            let shown = merged.get("name").cloned();
            let scenario = Scenario::deserialize(Value::Table(merged))
                .unwrap_or_else(|error| panic!("{file}.toml, {shown:?}: {error}"));
            found.push(scenario);
        }
    }
    found
}

fn into_table(value: Value) -> Table {
    match value {
        Value::Table(table) => table,
        other => panic!("{other} is no table"),
    }
}

fn into_strings(value: Value) -> Vec<String> {
    Vec::deserialize(value).expect("a list of texts")
}

fn lay_over(below: &mut Table, above: Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => lay_over(below, above),
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

fn remove(table: &mut Table, path: &str) {
    let removed = match path.split_once('.') {
        Some((outer, inner)) => match table.get_mut(outer) {
            Some(Value::Table(table)) => table.remove(inner),
            _ => None,
        },
        None => table.remove(path),
    };
    assert!(removed.is_some(), "there is no {path} to take away");
}
