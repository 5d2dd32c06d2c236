//! What the double remembers of its clients: each command in order, octets, and what a client must not do.

use std::collections::BTreeMap;
use std::time::Instant;

/// One command line as it came.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When it came.
    pub at: Instant,
    /// The connection, counted from 1.
    pub connection: u64,
    /// The command in capitals, with the word after UID: `"UID FETCH"`.
    pub name: String,
    /// The line without its tag; literals shown as `{n}`, passwords left out.
    pub line: String,
    /// Octets of the command.
    pub bytes_in: usize,
    /// Octets of its answer so far.
    pub bytes_out: usize,
    /// The tagged answer's first word: `OK`, `NO`, `BAD`; none while it is not answered.
    pub status: Option<&'static str>,
}

/// Sums over all connections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Connections accepted.
    pub connections: u64,
    /// Connections open now.
    pub open: u64,
    /// Most connections open at one time.
    pub most_open: u64,
    /// Connections that are in IDLE now.
    pub idling: u64,
    /// Octets read, after TLS.
    pub bytes_in: u64,
    /// Octets written, before TLS.
    pub bytes_out: u64,
    /// Commands by name.
    pub commands: BTreeMap<String, usize>,
}

#[derive(Default)]
pub(super) struct Record {
    pub log: Vec<Entry>,
    pub statistics: Statistics,
    pub violations: Vec<String>,
}

impl Record {
    /// Keeps a command; returns where it stands in the log, and how often this command has come.
    pub(super) fn command(
        &mut self,
        connection: u64,
        name: &str,
        line: &str,
        bytes_in: usize,
    ) -> (usize, usize) {
        let nth = self.statistics.commands.entry(name.to_owned()).or_default();
        *nth += 1;
        let nth = *nth;
        self.statistics.bytes_in += bytes_in as u64;
        let line = match name {
            "LOGIN" | "AUTHENTICATE" => name.to_owned(),
            _ => line.to_owned(),
        };
        self.log.push(Entry {
            at: Instant::now(),
            connection,
            name: name.to_owned(),
            line,
            bytes_in,
            bytes_out: 0,
            status: None,
        });
        (self.log.len() - 1, nth)
    }

    pub(super) fn sent(&mut self, entry: Option<usize>, bytes: usize) {
        self.statistics.bytes_out += bytes as u64;
        if let Some(entry) = entry.and_then(|at| self.log.get_mut(at)) {
            entry.bytes_out += bytes;
        }
    }

    pub(super) fn answered(&mut self, entry: usize, status: &'static str) {
        if let Some(entry) = self.log.get_mut(entry) {
            entry.status = Some(status);
        }
    }
}
