//! Faults: what goes wrong, at which command, which time.

use std::time::Duration;

/// Which commands a fault is for: those whose line, without its tag, begins with `command` and contains
/// `containing`, both without regard to case.
#[derive(Clone, Debug)]
pub struct When {
    command: String,
    containing: String,
    nth: Option<usize>,
    from: usize,
}

impl When {
    /// Every such command: `"UID FETCH"`, `"SELECT"`, `""` for all.
    pub fn every(command: &str) -> Self {
        Self { command: command.to_ascii_uppercase(), containing: String::new(), nth: None, from: 1 }
    }

    /// Only the `nth` such command, counted from 1 since the rule was set.
    pub fn nth(command: &str, nth: usize) -> Self {
        Self { nth: Some(nth), ..Self::every(command) }
    }

    /// The `nth` such command and all after it.
    pub fn from(command: &str, nth: usize) -> Self {
        Self { from: nth, ..Self::every(command) }
    }

    /// Narrows to lines that contain this text.
    #[must_use]
    pub fn containing(mut self, text: &str) -> Self {
        self.containing = text.to_ascii_uppercase();
        self
    }

    fn names(&self, upper_line: &str) -> bool {
        upper_line.starts_with(&self.command) && upper_line.contains(&self.containing)
    }
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The connection is lost before the command is executed.
    DropBefore,
    /// The command is executed, then the connection is lost without an answer.
    DropAfter,
    /// The connection is lost after so many octets of the answer.
    DropAfterBytes(usize),
    /// The connection is lost after so many untagged responses of the answer (mails of a FETCH).
    DropAfterItems(usize),
    /// Tagged NO with this text, nothing executed: `"[OVERQUOTA] full"`.
    No(String),
    /// Tagged BAD with this text, nothing executed.
    Bad(String),
    /// So many untagged responses of the real answer, then tagged NO with this text.
    NoAfterItems(usize, String),
    /// So many untagged responses of the real answer, then tagged OK, as if they were all.
    OkAfterItems(usize),
    /// Untagged BYE with this text instead of an answer, then the connection is closed.
    Bye(String),
    /// The answer comes so much later.
    Delay(Duration),
    /// The command is executed and never answered; the connection stays.
    Silence,
    /// These octets instead of the answer, nothing executed; then the connection stays.
    RawInstead(Vec<u8>),
    /// These octets before the answer.
    RawBefore(Vec<u8>),
    /// A FETCH response whose literal claims so many octets and never delivers them.
    HugeLiteral(u64),
    /// Untagged responses that contain this text are left out: `"UIDVALIDITY"`, `"COPYUID"`.
    Omit(String),
    /// COPYUID and APPENDUID are left out of the answer.
    OmitCopyUid,
    /// COPY and MOVE are answered OK and do nothing.
    Pretend,
    /// From here on this connection sends octet by octet.
    ByteAtATime,
    /// Before the command is executed the selected (or named) folder gets a new UIDVALIDITY and new UIDs.
    NewUidValidity,
    /// Before the command is executed the selected folder is deleted by another client.
    DeleteSelected,
}

#[derive(Debug)]
struct Rule {
    when: When,
    fault: Fault,
    met: usize,
}

/// The rules in force.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Rule>);

impl Faults {
    pub(super) fn add(&mut self, when: When, fault: Fault) {
        self.0.push(Rule { when, fault, met: 0 });
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Counts this command in each rule and returns the faults that apply to it.
    pub(super) fn meet(&mut self, line: &str) -> Vec<Fault> {
        let line = line.to_ascii_uppercase();
        let mut faults = Vec::new();
        for rule in self.0.iter_mut().filter(|rule| rule.when.names(&line)) {
            rule.met += 1;
            if rule.when.nth.map_or(rule.met >= rule.when.from, |nth| nth == rule.met) {
                faults.push(rule.fault.clone());
            }
        }
        faults
    }
}
