//! The scenarios of `rules/testdata/judging` as mailboxes: what they say of the sent mail becomes mail in Sent and answers
//! in the inbox, and the notice a mail.
//!
//! What only a store, a look-up or a clock can hold is no mailbox: scenarios that say something of that are left out here,
//! and are judged in the tests of `rules` alone.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use toml::{Table, Value};

use crate::date;
use crate::mail::Mail;

/// A scenario, as a mailbox.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// Why it must be judged so.
    pub why: String,
    /// Lines of the account's configuration, the address left out.
    pub config: String,
    /// The address of the account; none where none is the user's own.
    pub address: String,
    /// The grace time, as the configuration has it.
    pub grace: String,
    /// The folder of sent mail.
    pub sent: Vec<Mail>,
    /// Answers to it, and other ordinary mail.
    pub ordinary: Vec<Mail>,
    /// The notice that is judged.
    pub notice: Mail,
    /// The verdict that it must get.
    pub verdict: String,
    /// The rule that must decide, or why it must stay undecided.
    pub by: String,
}

/// What a mailbox cannot hold.
const NO_MAILBOX: [&str; 17] = [
    "index.refreshed",
    "index.holes",
    "index.unavailable",
    "index.reach_of",
    "index.answers_to",
    "index.relays",
    "index.rewritten",
    "index.own_unseen",
    "index.reports",
    "storm",
    "spf",
    "signature",
    "notice.doubtful",
    "notice.postmaster_copy",
    "me.mailbox_names",
    "me.own_servers",
    "me.judged_kinds",
];

/// When the mail was sent that answers name, in seconds from the notice's INTERNALDATE, its id, and whom it went to.
const ANSWERED: i64 = -45 * date::DAY;
const FIRST: &str = "first@laptop.example.org";
const FIRST_TO: &str = "bea@first.example";

/// Seconds between a time and the end of a span, below which it is not said on which side of it a run lies.
const NEAR: i64 = 120;

/// All scenarios that a mailbox can hold, in order; the notices came so long before `now` as they say.
///
/// # Errors
/// A file cannot be read, or is not what the tests of `rules` take it for.
pub fn all(now: i64) -> Result<Vec<Scenario>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/testdata/judging");
    let read = |name: &str| -> Result<Table> {
        let path = folder.join(format!("{name}.toml"));
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        toml::from_str(&text).with_context(|| path.display().to_string())
    };
    let base = read("base")?;
    let mut found = Vec::new();
    for file in [
        "whom",
        "when",
        "coverage",
        "vetoes",
        "genuine",
        "kept",
        "misused",
        "made_up",
        "attacks",
        "providers",
        "traps",
    ] {
        let mut table = read(file)?;
        let common = table.remove("common").and_then(into_table).unwrap_or_default();
        let Some(Value::Array(cases)) = table.remove("case") else { bail!("{file}.toml holds no case") };
        for case in cases {
            let mut case = into_table(case).with_context(|| format!("{file}.toml: a case is a table"))?;
            let without = case.remove("without");
            let said = |path: &str| get(&case, path).is_some() || get(&common, path).is_some();
            if NO_MAILBOX.iter().any(|path| said(path)) {
                continue;
            }
            let mut merged = base.clone();
            lay_over(&mut merged, common.clone());
            for path in without.iter().filter_map(Value::as_array).flatten().filter_map(Value::as_str) {
                remove(&mut merged, path);
            }
            lay_over(&mut merged, case);
            let name = text(&merged, "name").context("a scenario has a name")?.to_owned();
            let made =
                Made { all: &merged, now }.scenario().with_context(|| format!("{file}.toml: {name}"))?;
            found.extend(made);
        }
    }
    ensure!(!found.is_empty(), "no scenario is a mailbox");
    Ok(found)
}

fn into_table(value: Value) -> Option<Table> {
    match value {
        Value::Table(table) => Some(table),
        _ => None,
    }
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
    match path.split_once('.') {
        Some((outer, inner)) => {
            if let Some(Value::Table(table)) = table.get_mut(outer) {
                table.remove(inner);
            }
        }
        None => {
            table.remove(path);
        }
    }
}

fn get<'t>(table: &'t Table, path: &str) -> Option<&'t Value> {
    match path.split_once('.') {
        Some((outer, inner)) => table.get(outer)?.as_table()?.get(inner),
        None => table.get(path),
    }
}

fn text<'t>(table: &'t Table, path: &str) -> Option<&'t str> {
    get(table, path)?.as_str()
}

fn texts(table: &Table, path: &str) -> Vec<String> {
    let list = get(table, path).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Seconds of an offset such as `-30d-1s`.
fn seconds(offset: &str) -> Result<i64> {
    let (mut total, mut sign, mut number) = (0, 1, 0);
    for c in offset.chars() {
        let unit = match c {
            '+' => {
                sign = 1;
                continue;
            }
            '-' => {
                sign = -1;
                continue;
            }
            'd' => date::DAY,
            'h' => date::HOUR,
            'm' => 60,
            's' => 1,
            digit => {
                number = number * 10 + i64::from(digit.to_digit(10).context("an offset such as -30d-1s")?);
                continue;
            }
        };
        total += sign * unit * std::mem::take(&mut number);
    }
    Ok(total)
}

/// A scenario that is being made.
struct Made<'a> {
    all: &'a Table,
    now: i64,
}

impl Made<'_> {
    fn scenario(&self) -> Result<Option<Scenario>> {
        let (now, grace) = (self.offset("now")?.unwrap_or(0), self.offset("grace")?.unwrap_or(0));
        let kind = text(self.all, "notice.kind").unwrap_or_default();
        // A run takes its time, and a configuration takes no grace time beyond a day.
        let unlike = (now - grace).abs() < NEAR || now < 0 || !(0..=date::DAY).contains(&grace);
        if unlike || !matches!(kind, "bounce" | "auto_reply") {
            return Ok(None);
        }
        if kind == "auto_reply" && get(self.all, "original.message_id").is_some() || !self.is_a_folder()? {
            return Ok(None);
        }
        let own = texts(self.all, "me.own");
        let (address, aliases) = match own.split_first() {
            Some((first, rest)) => (first.clone(), rest.to_vec()),
            None => return Ok(None),
        };
        let list = |name: &str| format!("{name} = {:?}\n", texts(self.all, &format!("me.{name}")));
        let declared = get(self.all, "me.declared").and_then(Value::as_array);
        let declared: Vec<String> = declared.into_iter().flatten().map(ToString::to_string).collect();
        let config = format!(
            "aliases = {aliases:?}\n{}{}declared = [{}]\n",
            list("shared"),
            list("own_domains"),
            declared.join(", ")
        );
        Ok(Some(Scenario {
            name: text(self.all, "name").unwrap_or_default().to_owned(),
            why: text(self.all, "why").unwrap_or_default().to_owned(),
            config,
            address,
            grace: format!("{grace}s"),
            sent: self.sent()?,
            ordinary: self.ordinary()?,
            notice: Mail::new(self.notice(kind)?.replace('\n', "\r\n").into_bytes(), self.arrived()?),
            verdict: text(self.all, "expect.verdict").unwrap_or_default().to_owned(),
            by: text(self.all, "expect.by").unwrap_or_default().to_owned(),
        }))
    }

    /// Whether what is known of sent mail can be so by mails in a folder: its oldest mail is the oldest, and no more answers
    /// are known than there are. The account's own servers are those that it is connected to.
    fn is_a_folder(&self) -> Result<bool> {
        let Some(oldest) = self.offset("index.oldest")? else { return Ok(false) };
        let mut at = Vec::new();
        for mail in get(self.all, "index.sent").and_then(Value::as_array).into_iter().flatten() {
            at.push(seconds(mail.get("at").and_then(Value::as_str).context("a sent mail has a time")?)?);
        }
        let count = |path: &str| get(self.all, path).and_then(Value::as_integer).unwrap_or(0);
        Ok(at.iter().all(|at| oldest <= *at)
            && count("index.known") <= count("index.answers")
            && text(self.all, "expect.by") != Some("misused"))
    }

    fn offset(&self, path: &str) -> Result<Option<i64>> {
        text(self.all, path).map(seconds).transpose()
    }

    /// The notice's INTERNALDATE.
    fn arrived(&self) -> Result<i64> {
        Ok(self.now - self.offset("now")?.unwrap_or(0))
    }

    /// The time of an offset, as a header has it.
    fn at(&self, path: &str) -> Result<Option<String>> {
        let arrived = self.arrived()?;
        Ok(self.offset(path)?.map(|offset| date::header(arrived + offset, 0)))
    }

    fn sent(&self) -> Result<Vec<Mail>> {
        let arrived = self.arrived()?;
        let mut mails = Vec::new();
        for mail in get(self.all, "index.sent").and_then(Value::as_array).into_iter().flatten() {
            let mail = mail.as_table().context("a sent mail is a table")?;
            let when = arrived + seconds(text(mail, "at").context("a sent mail has a time")?)?;
            let field = |name: &str| text(mail, name).unwrap_or_default();
            mails.push(letter(
                when,
                field("from"),
                &texts(mail, "to").join(", "),
                field("subject"),
                field("id"),
                "",
            ));
        }
        if let Some(oldest) = self.offset("index.oldest")? {
            let from = texts(self.all, "me.own").into_iter().next().unwrap_or_default();
            let first = (arrived + oldest, "nobody@oldest.example", "oldest@laptop.example.org");
            // What is kept of whom the user wrote to reaches back some months only.
            let answered = (arrived + ANSWERED.max(oldest + 1), FIRST_TO, FIRST);
            mails.extend([first, answered].map(|(when, to, id)| letter(when, &from, to, "", id, "")));
        }
        Ok(mails)
    }

    /// Answers to the mail of each own address that the notice came for, and mail to those that got some.
    fn ordinary(&self) -> Result<Vec<Mail>> {
        let count = |path: &str| get(self.all, path).and_then(Value::as_integer).unwrap_or(0);
        let (answers, known) = (count("index.answers"), count("index.known"));
        let (own, domains) = (texts(self.all, "me.own"), texts(self.all, "me.own_domains"));
        let is_own = |address: &String| {
            let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
            own.contains(address) || domains.iter().any(|own| own == domain)
        };
        let came_for =
            ["notice.to", "notice.delivered_to", "notice.trace_for"].map(|path| texts(self.all, path));
        let asked: BTreeSet<String> = came_for
            .into_iter()
            .flatten()
            .flat_map(|address| [bare(&address), address])
            .filter(is_own)
            .collect();
        let when = self.arrived()? - 3 * date::DAY;
        let mut mails = Vec::new();
        for address in asked {
            for number in 0..answers {
                let id = if number < known {
                    FIRST.to_owned()
                } else {
                    format!("{number}@unknown{number}.example")
                };
                let answer = format!("In-Reply-To: <{id}>\n");
                let own_id = format!("{number}.{address}.answer@friends.example");
                mails.push(letter(when + number, FIRST_TO, &address, "Yes", &own_id, &answer));
            }
        }
        for address in texts(self.all, "index.ordinary_to") {
            let id = format!("to.{address}@friends.example");
            mails.push(letter(when, "carl@friends.example", &address, "Hello", &id, ""));
        }
        Ok(mails)
    }

    /// The notice, its lines ended by newlines alone.
    fn notice(&self, kind: &str) -> Result<String> {
        let field = |path: &str| text(self.all, path).unwrap_or_default();
        let arrived = date::header(self.arrived()?, 0);
        let from = field("notice.from");
        let mut head = format!("Return-Path: <{}>\n", field("notice.return_path"));
        if let Some(results) = text(self.all, "notice.authenticated") {
            head.push_str(&format!("Authentication-Results: {results}\n"));
        }
        for address in texts(self.all, "notice.delivered_to") {
            head.push_str(&format!("Delivered-To: {address}\n"));
        }
        for address in texts(self.all, "notice.trace_for") {
            head.push_str(&format!(
                "Received: from a.example (a.example [192.0.2.9]) by b.example for <{address}>; {arrived}\n"
            ));
        }
        head.push_str(&format!("Date: {arrived}\nFrom: {from}\nMessage-ID: <notice@elsewhere.example>\n"));
        let to = texts(self.all, "notice.to");
        if !to.is_empty() {
            head.push_str(&format!("To: {}\n", to.join(", ")));
        }
        if kind == "auto_reply" {
            let standing = field("original.standing_id");
            let answered =
                if standing.is_empty() { String::new() } else { format!("In-Reply-To: <{standing}>\n") };
            let subject = field("original.subject");
            return Ok(format!(
                "{head}{answered}Subject: Automatic reply: {subject}\nAuto-Submitted: auto-replied\n\nI am away.\n"
            ));
        }
        head.push_str(
            "Subject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\nContent-Type: multipart/report; \
             report-type=delivery-status; boundary=b\n\n--b\n\nIt could not be delivered.\n--b\nContent-Type: \
             message/delivery-status\n\n",
        );
        let reporter = field("notice.reported_by");
        head.push_str(&format!(
            "Reporting-MTA: dns; {}\n",
            if reporter.is_empty() { "unknown" } else { reporter }
        ));
        if let Some(at) = self.at("notice.arrival_date")? {
            head.push_str(&format!("Arrival-Date: {at}\n"));
        }
        let action = field("notice.action");
        let status = match action {
            "delayed" => "4.4.1",
            "delivered" | "relayed" | "expanded" => "2.0.0",
            _ => "5.1.1",
        };
        for recipient in texts(self.all, "notice.recipients") {
            head.push_str(&format!(
                "\nFinal-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n"
            ));
        }
        head.push_str(&self.returned()?);
        head.push_str("\n--b--\n");
        Ok(head)
    }

    /// The part of the notice that returns the original's header.
    fn returned(&self) -> Result<String> {
        let Some(original) = get(self.all, "original").and_then(Value::as_table) else {
            return Ok(String::new());
        };
        let mut header = String::from("\n--b\nContent-Type: text/rfc822-headers\n\n");
        for hop in
            get(original, "hops").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table)
        {
            let part = |name: &str| text(hop, name).unwrap_or_default();
            let date = match text(hop, "date") {
                Some(offset) => format!("; {}", date::header(self.arrived()? + seconds(offset)?, 0)),
                None => String::new(),
            };
            let named = if part("rdns").is_empty() { String::new() } else { format!("{} ", part("rdns")) };
            let address = if part("from_ip").is_empty() {
                String::new()
            } else {
                format!(" ({named}[{}])", part("from_ip"))
            };
            let from = if part("helo").is_empty() { "unknown" } else { part("helo") };
            let by = if part("by").is_empty() { String::new() } else { format!(" by {}", part("by")) };
            let with =
                if part("with").is_empty() { String::new() } else { format!(" with {}", part("with")) };
            header.push_str(&format!("Received: from {from}{address}{by}{with}{date}\n"));
        }
        for (name, path) in [("From", "from"), ("Subject", "subject")] {
            if let Some(value) = text(original, path) {
                header.push_str(&format!("{name}: {value}\n"));
            }
        }
        let to = texts(original, "to");
        if !to.is_empty() {
            header.push_str(&format!("To: {}\n", to.join(", ")));
        }
        if let Some(at) = self.at("original.date")? {
            header.push_str(&format!("Date: {at}\n"));
        }
        if let Some(id) = text(original, "message_id") {
            header.push_str(&format!("Message-ID: <{id}>\n"));
        }
        for id in texts(original, "other_ids") {
            header.push_str(&format!("X-Microsoft-Original-Message-ID: <{id}>\n"));
        }
        let references: Vec<String> =
            texts(original, "references").iter().map(|id| format!("<{id}>")).collect();
        if !references.is_empty() {
            header.push_str(&format!("References: {}\n", references.join(" ")));
        }
        for signature in get(original, "signatures").and_then(Value::as_array).into_iter().flatten() {
            let part =
                |n: usize| signature.as_array().and_then(|pair| pair.get(n)?.as_str()).unwrap_or_default();
            header.push_str(&format!("DKIM-Signature: v=1; d={}; s={}; h=From; b=AAAA\n", part(0), part(1)));
        }
        for mark in get(original, "marks").and_then(Value::as_array).into_iter().flatten() {
            let part = |n: usize| mark.as_array().and_then(|pair| pair.get(n)?.as_str()).unwrap_or_default();
            header.push_str(&format!("{}: {}\n", part(0), part(1)));
        }
        if get(original, "automatic").and_then(Value::as_bool) == Some(true) {
            header.push_str("Auto-Submitted: auto-replied\n");
        }
        Ok(header)
    }
}

/// The address without its plus tag.
fn bare(address: &str) -> String {
    match (address.split_once('+'), address.rsplit_once('@')) {
        (Some((local, _)), Some((_, domain))) => format!("{local}@{domain}"),
        _ => address.to_owned(),
    }
}

fn letter(when: i64, from: &str, to: &str, subject: &str, id: &str, more: &str) -> Mail {
    let text = format!(
        "Date: {}\nFrom: {from}\nTo: {to}\nSubject: {subject}\nMessage-ID: <{id}>\n{more}\nSome words.\n",
        date::header(when, 0)
    );
    Mail::new(text.replace('\n', "\r\n").into_bytes(), when)
}
