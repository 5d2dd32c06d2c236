//! Files of rules as they are written: each rule is read by itself, so that a broken one costs no other.

use std::fmt;

use serde::Deserialize;

use super::recognisers::Concludes;
use crate::{Action, fold};

/// A file of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFile {
    /// Its name, by which problems tell of it.
    pub name: String,
    /// What it says, in TOML.
    pub text: String,
}

/// What is wrong with a rule; it is left out, and the others work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleProblem {
    /// The name of the file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub what: String,
}

impl fmt::Display for RuleProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// How sure it is that mail a rule recognises is a notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Confidence {
    /// A notice that nothing else shows to be one is never moved.
    Low,
    /// It was seen in real mail.
    #[default]
    High,
}

/// A rule as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written {
    /// Its name, unique among all rules; one of a built-in rule takes its place.
    pub id: String,
    /// What it recognises, in words.
    #[serde(default)]
    pub what: String,
    /// Where that is known from.
    #[serde(default)]
    pub source: String,
    /// Whether it only takes a built-in rule away.
    #[serde(default)]
    pub off: bool,
    /// What it concludes.
    #[serde(default)]
    pub kind: Option<Concludes>,
    /// How sure that is.
    #[serde(default)]
    pub confidence: Confidence,
    /// The action it tells of, for a bounce without a report.
    #[serde(default)]
    pub action: Option<Action>,
    /// Whether the header must look like a program's (see [`super::facts`]).
    #[serde(default)]
    pub machine: bool,
    /// Whether the header must look like a mail server's: a daemon's From or a null sender.
    #[serde(default)]
    pub server: bool,
    /// Patterns of the folded Subject.
    #[serde(default)]
    pub subject: Vec<String>,
    /// Patterns of the folded From, name and address.
    #[serde(default)]
    pub from: Vec<String>,
    /// Patterns of header fields, as `name: pattern`.
    #[serde(default)]
    pub header: Vec<String>,
    /// Media types of which one must be among the parts.
    #[serde(default)]
    pub part: Vec<String>,
    /// Phrases of the folded text that is the notice's own; they stand anywhere in it.
    #[serde(default)]
    pub text: Vec<String>,
}

/// The one rule of a piece of a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Piece {
    rule: [Written; 1],
}

/// What stands before the first rule of a file: nothing but comments.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {}

/// A rule, and where it stands.
#[derive(Debug)]
pub(super) struct Placed {
    pub rule: Written,
    pub file: String,
    /// The line of its `[[rule]]`.
    pub line: usize,
    /// The lines of it.
    text: String,
}

impl Placed {
    /// Tells of a problem with what stands somewhere in the rule; at its beginning, if it is not found.
    pub fn problem(&self, about: &str, what: impl fmt::Display) -> RuleProblem {
        let names_id = |line: &str| line.split_once('=').is_some_and(|(key, _)| key.trim() == "id");
        let is_it = |line: &str| if about == "id" { names_id(line) } else { line.contains(about) };
        let found = (!about.is_empty()).then(|| self.text.lines().position(is_it));
        RuleProblem {
            file: self.file.clone(),
            line: self.line + found.flatten().unwrap_or_default(),
            what: format!("rule `{}`: {what}", self.rule.id),
        }
    }
}

/// Begins a rule.
const BEGINS: &str = "[[rule]]";

fn begins(text: &str) -> bool {
    text.chars().filter(|c| !c.is_whitespace()).take(BEGINS.len()).eq(BEGINS.chars())
}

/// Reads the rules of a file, each by itself.
pub(super) fn read(file: &RuleFile) -> (Vec<Placed>, Vec<RuleProblem>) {
    let (mut rules, mut problems) = (Vec::new(), Vec::new());
    let mut pieces: Vec<(usize, String)> = vec![(1, String::new())];
    // Some editors write a byte order mark.
    let whole = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
    for (line, at) in whole.lines().zip(1..) {
        if begins(line) {
            pieces.push((at, String::new()));
        }
        if let Some((_, text)) = pieces.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    for (line, text) in pieces {
        let refused = |error: &toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = line + before.bytes().filter(|byte| *byte == b'\n').count();
            let what = format!("{}; the rule is left out", error.message());
            RuleProblem { file: file.name.clone(), line, what }
        };
        if !begins(&text) {
            problems.extend(toml::from_str::<Head>(&text).err().as_ref().map(refused));
            continue;
        }
        match toml::from_str::<Piece>(&text) {
            Ok(Piece { rule: [rule] }) => rules.push(Placed { rule, file: file.name.clone(), line, text }),
            Err(error) => problems.push(refused(&error)),
        }
    }
    (rules, problems)
}

impl Written {
    /// Whether it asks anything of the header: triage sees nothing else.
    pub fn asks_header(&self) -> bool {
        self.machine
            || self.server
            || !self.subject.is_empty()
            || !self.from.is_empty()
            || !self.header.is_empty()
    }

    /// The phrases, folded as the text is that they are sought in.
    pub fn phrases(&self) -> impl Iterator<Item = String> {
        self.text.iter().map(|phrase| fold::fold(phrase))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_rule_costs_no_other() {
        let text = "# mine\n\n[[rule]]\nid = \"a\"\nkind = \"bounce\"\nmachine = true\n\n\
            [[rule]]\nid = \"b\"\nkind = \"bonce\"\n\n[[rule]]\nid = \"c\"\nsubject = ['x\n\n\
            [[rule]]\nid = \"d\"\nknd = \"bounce\"\n\n[[rule]]\nid = \"e\"\nkind = \"challenge\"\nserver = true\n";
        let (rules, problems) = read(&RuleFile { name: "my.toml".into(), text: text.into() });
        let ids: Vec<&str> = rules.iter().map(|placed| placed.rule.id.as_str()).collect();
        assert_eq!(ids, ["a", "e"], "those that can be read are");
        let lines: Vec<usize> = problems.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [10, 14, 18], "each problem is told with its line: {problems:?}");
    }

    #[test]
    fn what_stands_before_the_first_rule_is_looked_at() {
        let (rules, problems) = read(&RuleFile { name: "my.toml".into(), text: "rules = 1\n".into() });
        assert!(rules.is_empty(), "there is none");
        assert_eq!(problems.len(), 1, "a misspelt beginning must not pass for an empty file");
    }
}
