//! Many texts sought in one at once.

use std::ops::Range;

use aho_corasick::{
    Anchored, BuildError, MatchError,
    automaton::{Automaton, StateID},
    dfa::DFA,
    nfa::contiguous::NFA,
};

/// Texts, each with a number, in the order in which they were given.
///
/// Those that are ASCII alone are one table, which is read at one step a byte: of few different bytes it stays small. The
/// others would make it five times as large; they are sought in a second pass, and only where a text is not ASCII.
#[derive(Debug, Default)]
pub(super) struct Texts {
    ascii: Numbered,
    other: Tailed,
}

/// Texts that are not ASCII alone. What is sought of each is its tail, from the first byte that is not ASCII on: of a text
/// in Latin letters nearly all is ASCII, and is passed over.
#[derive(Debug, Default)]
struct Tailed {
    tails: Option<Started<NFA>>,
    /// The number of each, and what stands before its tail.
    heads: Vec<(usize, Vec<u8>)>,
}

/// Compiled texts of ASCII, and the number of each.
#[derive(Debug, Default)]
struct Numbered {
    compiled: Option<Compiled>,
    numbers: Vec<usize>,
}

#[derive(Debug)]
enum Compiled {
    Table(Started<DFA>),
    Linked(Started<NFA>),
}

/// An automaton and the state in which it begins.
#[derive(Debug)]
struct Started<A> {
    automaton: A,
    start: StateID,
}

/// What gives its bytes one by one; a loop inside of it costs half of what an iterator does.
pub(super) trait Bytes {
    fn each(self, each: impl FnMut(u8));
}

impl Bytes for &str {
    fn each(self, each: impl FnMut(u8)) {
        self.bytes().for_each(each);
    }
}

/// A table of so many bytes of text would take too much memory, about 250 bytes for each.
const MAX_TABLE: usize = 150_000;

/// That texts cannot be sought together.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TextsError {
    /// They are too many.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// Not in the way in which they are sought here.
    #[error(transparent)]
    Start(#[from] MatchError),
}

impl<A: Automaton> Started<A> {
    fn new(automaton: A) -> Result<Self, MatchError> {
        Ok(Self { start: automaton.start_state(Anchored::No)?, automaton })
    }

    /// Tells of each text where it ends, by its place among them: [`aho_corasick::AhoCorasick::find_overlapping_iter`]
    /// finds the same at three times the cost, as it keeps between two matches what makes it an iterator.
    fn find(&self, text: impl Bytes, mut found: impl FnMut(usize, Range<usize>)) {
        let (mut state, mut end) = (self.start, 0_usize);
        text.each(|byte| {
            state = self.automaton.next_state(Anchored::No, state, byte);
            end += 1;
            if self.automaton.is_special(state) && self.automaton.is_match(state) {
                for at in 0..self.automaton.match_len(state) {
                    let pattern = self.automaton.match_pattern(state, at);
                    let begin = end.saturating_sub(self.automaton.pattern_len(pattern));
                    found(pattern.as_usize(), begin..end);
                }
            }
        });
    }
}

impl Numbered {
    fn compile(texts: &[(usize, &[u8])]) -> Result<Self, TextsError> {
        let small = texts.iter().map(|(_, text)| text.len()).sum::<usize>() <= MAX_TABLE;
        let all = texts.iter().map(|(_, text)| text);
        let compiled = if small {
            Compiled::Table(Started::new(DFA::builder().prefilter(false).build(all)?)?)
        } else {
            Compiled::Linked(Started::new(NFA::builder().prefilter(false).build(all)?)?)
        };
        let numbers = texts.iter().map(|(number, _)| *number).collect();
        Ok(Self { compiled: Some(compiled), numbers })
    }

    fn find(&self, text: impl Bytes, mut found: impl FnMut(usize, Range<usize>)) {
        let numbered = |at: usize, place: Range<usize>| {
            if let Some(number) = self.numbers.get(at) {
                found(*number, place);
            }
        };
        match &self.compiled {
            Some(Compiled::Table(table)) => table.find(text, numbered),
            Some(Compiled::Linked(linked)) => linked.find(text, numbered),
            None => {}
        }
    }
}

impl Tailed {
    fn compile(texts: &[(usize, &[u8])]) -> Result<Self, TextsError> {
        let divided = texts.iter().map(|(number, text)| {
            let (head, tail) = text.split_at(ascii_length(text));
            ((*number, head.to_vec()), tail)
        });
        let (heads, tails): (Vec<_>, Vec<_>) = divided.unzip();
        let tails = Started::new(NFA::builder().prefilter(false).build(tails)?)?;
        Ok(Self { tails: Some(tails), heads })
    }

    fn find(&self, text: &[u8], mut found: impl FnMut(usize, Range<usize>)) {
        let Some(Started { automaton, start }) = &self.tails else { return };
        let (mut state, mut end) = (*start, 0_usize);
        loop {
            if state == *start {
                end += text.get(end..).map_or(0, ascii_length);
            }
            let Some(byte) = text.get(end) else { return };
            state = automaton.next_state(Anchored::No, state, *byte);
            end += 1;
            if automaton.is_special(state) && automaton.is_match(state) {
                for at in 0..automaton.match_len(state) {
                    let tail = automaton.match_pattern(state, at);
                    let before = text.get(..end.saturating_sub(automaton.pattern_len(tail)));
                    if let (Some(before), Some((number, head))) = (before, self.heads.get(tail.as_usize()))
                        && before.ends_with(head)
                    {
                        found(*number, before.len() - head.len()..end);
                    }
                }
            }
        }
    }
}

/// How many bytes of ASCII a text begins with.
fn ascii_length(text: &[u8]) -> usize {
    // Many bytes at a time.
    let (blocks, _) = text.as_chunks::<32>();
    let passed = blocks.iter().take_while(|block| block.is_ascii()).count() * 32;
    let rest = text.get(passed..).unwrap_or_default();
    rest.iter().position(|byte| !byte.is_ascii()).map_or(text.len(), |at| passed + at)
}

impl Texts {
    /// Compiles texts.
    pub fn compile<T: AsRef<[u8]>>(texts: &[T]) -> Result<Self, TextsError> {
        let numbered = texts.iter().map(AsRef::as_ref).enumerate();
        let (ascii, other): (Vec<_>, Vec<_>) = numbered.partition(|(_, text)| text.is_ascii());
        Ok(Self { ascii: Numbered::compile(&ascii)?, other: Tailed::compile(&other)? })
    }

    /// Tells where one of them stands, and its number; those inside of others as well.
    pub fn find(&self, text: &str, mut found: impl FnMut(usize, Range<usize>)) {
        self.ascii.find(text, &mut found);
        self.other.find(text.as_bytes(), found);
    }

    /// Tells the numbers of those that stand in bytes that are known to be ASCII.
    pub fn find_in_ascii(&self, bytes: impl Bytes, mut found: impl FnMut(usize)) {
        self.ascii.find(bytes, |number, _| found(number));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_with_its_number() {
        let texts = Texts::compile(&["full", "größe", "mailbox is full", "größe"]).expect("they compile");
        let found = |text: &str| {
            let mut found = Vec::new();
            texts.find(text, |number, place| found.push((number, place)));
            found.sort_by_key(|(number, _)| *number);
            found
        };
        assert_eq!(found("mailbox is full"), [(0, 11..15), (2, 0..15)], "one inside the other");
        assert_eq!(found("die größe"), [(1, 4..11), (3, 4..11)], "twice where it was given twice");
        assert_eq!(found("größe: full"), [(0, 9..13), (1, 0..7), (3, 0..7)], "of both kinds");
        assert_eq!(found("öße, röße, größ"), [], "not without its beginning or its end");
        assert_eq!(found("grögröße"), [(1, 4..11), (3, 4..11)], "behind a part of it");
    }
}
