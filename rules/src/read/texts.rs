//! Many texts sought in one at once.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError};

/// Texts, each with a number, in the order in which they were given.
///
/// Those that are ASCII alone are one table, which is read at one step a byte: of few different bytes it stays small. The
/// others would make it five times as large; they are sought in a second pass, and only where a text is not ASCII.
#[derive(Debug, Default)]
pub(super) struct Texts {
    ascii: Automaton,
    other: Automaton,
}

#[derive(Debug, Default)]
struct Automaton {
    compiled: Option<AhoCorasick>,
    /// The number of each of its texts.
    numbers: Vec<usize>,
}

/// A table of so many bytes of text would take too much memory, about 250 bytes for each.
const MAX_TABLE: usize = 150_000;

impl Automaton {
    fn compile(texts: &[(usize, &[u8])]) -> Result<Self, BuildError> {
        let small = texts.iter().all(|(_, text)| text.is_ascii())
            && texts.iter().map(|(_, text)| text.len()).sum::<usize>() <= MAX_TABLE;
        let compiled = AhoCorasick::builder()
            .kind(small.then_some(AhoCorasickKind::DFA))
            .prefilter(false)
            .build(texts.iter().map(|(_, text)| text))?;
        let numbers = texts.iter().map(|(number, _)| *number).collect();
        Ok(Self { compiled: Some(compiled), numbers })
    }

    fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, Range<usize>)> + 't {
        let found = self.compiled.iter().flat_map(move |texts| texts.find_overlapping_iter(text));
        found.filter_map(|found| Some((*self.numbers.get(found.pattern().as_usize())?, found.range())))
    }
}

impl Texts {
    /// Compiles texts.
    pub fn compile<T: AsRef<[u8]>>(texts: &[T]) -> Result<Self, BuildError> {
        let numbered = texts.iter().map(AsRef::as_ref).enumerate();
        let (ascii, other): (Vec<_>, Vec<_>) = numbered.partition(|(_, text)| text.is_ascii());
        Ok(Self { ascii: Automaton::compile(&ascii)?, other: Automaton::compile(&other)? })
    }

    /// Where one of them stands, and its number; those inside of others as well.
    pub fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, Range<usize>)> + 't {
        let other = (!text.is_ascii()).then_some(&self.other);
        std::iter::once(&self.ascii).chain(other).flat_map(move |automaton| automaton.find(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_with_its_number() {
        let texts = Texts::compile(&["full", "größe", "mailbox is full", "größe"]).expect("they compile");
        let found = |text: &str| {
            let mut found: Vec<(usize, Range<usize>)> = texts.find(text).collect();
            found.sort_by_key(|(number, _)| *number);
            found
        };
        assert_eq!(found("mailbox is full"), [(0, 11..15), (2, 0..15)], "one inside the other");
        assert_eq!(found("die größe"), [(1, 4..11), (3, 4..11)], "twice where it was given twice");
        assert_eq!(found("größe: full"), [(0, 9..13), (1, 0..7), (3, 0..7)], "of both kinds");
    }
}
