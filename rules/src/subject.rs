//! Subjects as they are compared.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use crate::read::Confidence;
use crate::text;

/// A subject is compared by so many characters.
pub(crate) const MAX_SUBJECT: usize = 1_000;
/// A prefix is looked for in so many bytes: the longest known one has about 50.
const MAX_PREFIX: usize = 100;

/// Prefixes of subjects, as `data/prefixes.toml` lists them.
#[derive(Debug, Default, Deserialize)]
struct Lists {
    reply: BTreeSet<String>,
    automatic: BTreeSet<String>,
    /// Those of which it is not sure that programs write them.
    automatic_unsure: BTreeSet<String>,
    bounce: BTreeSet<String>,
}

/// What writes a prefix.
#[derive(Clone, Copy, Debug, Default)]
struct Prefix {
    /// Programs before the subject of an answer or a forwarded mail.
    reply: bool,
    /// Programs before that of an automatic reply; how sure that is.
    automatic: Option<Confidence>,
    /// Servers before that of a bounce.
    bounce: bool,
}

/// All prefixes, folded.
#[derive(Debug, Default)]
struct Prefixes {
    known: HashMap<String, Prefix>,
    /// Those of automatic replies that are long enough to be known behind other words.
    long: Vec<(Confidence, String)>,
}

impl Prefixes {
    fn of(lists: Lists) -> Self {
        let mut all = Self::default();
        let mut put = |list: BTreeSet<String>, what: fn(&mut Prefix)| {
            list.iter().for_each(|text| what(all.known.entry(fold(text)).or_default()));
        };
        put(lists.reply, |prefix| prefix.reply = true);
        put(lists.automatic_unsure, |prefix| prefix.automatic = Some(Confidence::Low));
        put(lists.automatic, |prefix| prefix.automatic = Some(Confidence::High));
        put(lists.bounce, |prefix| prefix.bounce = true);
        let long = all.known.iter().filter(|(text, _)| text.chars().count() >= SURE);
        all.long = long.filter_map(|(text, prefix)| Some((prefix.automatic?, text.clone()))).collect();
        all
    }

    /// What writes a text as a prefix; nothing writes one that is not known.
    fn writer(&self, text: &str) -> Prefix {
        self.known.get(text).copied().unwrap_or_default()
    }
}

static PREFIXES: LazyLock<Prefixes> = LazyLock::new(|| {
    // The built-in list is checked by a test; without it no prefix is known, which makes subjects differ
    // and so keeps mail where it is.
    Prefixes::of(toml::from_str(include_str!("../data/prefixes.toml")).unwrap_or_default())
});

/// A normalised subject: Re/Fwd/AW and the like, [tags] and the auto-reply prefixes of `rules/data` taken
/// off, case folded, white space made one blank. An empty one matches nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Subject(String);

impl Subject {
    /// The normalised form of a decoded Subject.
    #[must_use]
    pub fn new(decoded: &str) -> Self {
        let folded = fold(decoded);
        let mut rest = folded.as_str();
        loop {
            match without_tag(rest).or_else(|| without_prefix(rest)) {
                Some(barer) => rest = barer,
                None => return Self(rest.to_owned()),
            }
        }
    }

    /// The normalised text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is left of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The text by Unicode's compatibility form, in lower case, white space and control characters made one blank.
///
/// The compatibility form makes full-width colons and non-breaking blanks the plain ones.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(MAX_SUBJECT));
    fold_onto(&mut folded, text);
    folded
}

/// Writes what [`fold`] makes of a text behind another.
pub(crate) fn fold_onto(folded: &mut String, text: &str) {
    let taken = text::first_chars(text, MAX_SUBJECT);
    // Most text is in that form already, and to see that costs less than to make it.
    if is_compatible(taken) {
        fold_plain_onto(folded, taken);
    } else if is_nfkc_quick(taken.chars().filter(|c| !c.is_ascii() && !is_inert(*c))) == IsNormalized::Yes {
        fold_chars_onto(folded, taken.chars());
    } else {
        fold_chars_onto(folded, taken.nfkc());
    }
}

/// Whether a text is sure to be in the compatibility form, and to have lower case, ASCII aside (of which the compatibility form
/// is the text itself, UAX #15 §1.2).
fn is_compatible(text: &str) -> bool {
    text.is_ascii() || text.chars().all(|c| c.is_ascii() || is_inert(c) && !c.is_uppercase())
}

/// Whether a character is sure to stay as it is, whatever stands beside it: letters of Europe, the ideographs of CJK, and
/// what stands for bytes that are no text (UnicodeData.txt: no compatibility decomposition, combining class 0; none
/// composes with what stands before it).
fn is_inert(c: char) -> bool {
    matches!(
        c,
        '\u{c0}'..='\u{131}'
            | '\u{134}'..='\u{13e}'
            | '\u{141}'..='\u{148}'
            | '\u{14a}'..='\u{17e}'
            | '\u{218}'..='\u{21b}'
            | '\u{3ac}'..='\u{3ce}'
            | '\u{400}'..='\u{481}'
            | '\u{4e00}'..='\u{9fff}'
            | char::REPLACEMENT_CHARACTER
    )
}

fn fold_chars_onto(folded: &mut String, chars: impl Iterator<Item = char>) {
    let begin = folded.len();
    for c in chars {
        if c.is_ascii_graphic() {
            folded.push(c.to_ascii_lowercase());
        } else if !c.is_whitespace() && !c.is_control() {
            folded.extend(c.to_lowercase());
        } else if folded.len() > begin && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    if folded.len() > begin && folded.ends_with(' ') {
        folded.pop();
    }
}

/// Folds a text that is in the compatibility form and has capitals of ASCII alone.
fn fold_plain_onto(folded: &mut String, text: &str) {
    let parts_words = |b: u8| b <= b' ' || b == b'\x7f';
    let (from, to) = (
        text.bytes().position(|b| !parts_words(b)).unwrap_or_default(),
        text.bytes().rposition(|b| !parts_words(b)).map_or(0, |last| last + 1),
    );
    let text = text.get(from..to).unwrap_or_default();
    let begin = folded.len();
    // Most text has single blanks between its words; this loop without an exit is done many bytes at a time.
    let bytes = text.as_bytes();
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let odd = pairs.fold(false, |found, (one, next)| {
        found | (*one < b' ') | (*one == b'\x7f') | ((*one == b' ') & (*next == b' '))
    });
    if odd {
        for word in text.split(|c| c <= ' ' || c == '\x7f').filter(|word| !word.is_empty()) {
            if folded.len() > begin {
                folded.push(' ');
            }
            folded.push_str(word);
        }
    } else {
        folded.push_str(text);
    }
    if let Some(written) = folded.get_mut(begin..) {
        written.make_ascii_lowercase();
    }
}

/// The lines of a text, each folded, with one blank between them; empty ones are left out.
pub(crate) fn fold_lines(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for line in text::lines(text) {
        let before = folded.len();
        if before > 0 {
            folded.push(' ');
        }
        let begin = folded.len();
        fold_onto(&mut folded, line);
        if folded.len() == begin {
            folded.truncate(before);
        }
    }
    folded
}

/// Tells the bytes of what [`fold_lines`] makes of a text of ASCII alone; one more blank may stand behind them.
pub(crate) fn fold_ascii_lines(text: &str, mut each: impl FnMut(u8)) {
    // What is told last; at the beginning, as behind a blank, no blank is.
    let mut last = b' ';
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        let (read, behind) = first_ascii_lines(rest);
        for byte in read {
            let folded = FOLDED.get(usize::from(*byte)).copied().unwrap_or_default();
            if (folded, last) != (b' ', b' ') {
                each(folded);
                last = folded;
            }
        }
        rest = behind;
    }
}

/// What is folded of the lines that a text begins with, and what stands behind it.
fn first_ascii_lines(text: &[u8]) -> (&[u8], &[u8]) {
    // Lines that end among so many bytes are folded in full.
    let Some(near) = text.get(..=MAX_SUBJECT) else { return (text, &[]) };
    if let Some(end) = memchr::memrchr(b'\n', near) {
        return text.split_at_checked(end + 1).unwrap_or((text, &[]));
    }
    let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
    (text.get(..MAX_SUBJECT).unwrap_or(text), text.get(end..).unwrap_or_default())
}

/// What is made of each byte of ASCII.
const FOLDED: [u8; 256] = {
    let mut folded = [b' '; 256];
    let mut byte = b'!';
    while byte <= b'~' {
        folded[byte as usize] = byte.to_ascii_lowercase();
        byte += 1;
    }
    folded
};

/// How sure it is that a Subject, folded, begins with a prefix that programs write before an automatic reply; none
/// where it begins otherwise.
pub(crate) fn automatic(folded: &str) -> Option<Confidence> {
    // Some programs write the prefix as a tag, some write words of their own before it.
    let tag = folded.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(tag, _)| tag.trim());
    let before = text::split_once(folded, b':').map(|(before, _)| before.trim_end());
    let prefix = divided(folded).map(|(prefix, _)| prefix);
    let written = [Some(folded), prefix, tag].map(|text| PREFIXES.writer(text.unwrap_or_default()).automatic);
    let begins = |confidence: Confidence| {
        let long = |(of, prefix): &(Confidence, String)| {
            *of == confidence && before.is_some_and(|before| before.ends_with(prefix.as_str()))
        };
        written.contains(&Some(confidence)) || PREFIXES.long.iter().any(long)
    };
    [Confidence::High, Confidence::Low].into_iter().find(|confidence| begins(*confidence))
}

/// Words as long as this, in characters, are sure to be a prefix, whatever stands before them.
const SURE: usize = 15;

/// What stands behind the prefix that a notice put before the original's Subject; none where there is none. The Subject
/// is given as it was decoded, and folded.
pub(crate) fn behind_notice_prefix(decoded: &str, folded: &str) -> Option<String> {
    let prefix = PREFIXES.writer(text::split_once(folded, b':')?.0.trim_end());
    if prefix.automatic.is_none() && !prefix.bounce {
        return None;
    }
    let taken = text::first_chars(decoded, MAX_SUBJECT);
    let compatible = if taken.is_ascii() { Cow::Borrowed(taken) } else { Cow::Owned(taken.nfkc().collect()) };
    let (_, rest) = compatible.split_once(':').filter(|(prefix, _)| prefix.len() <= MAX_PREFIX)?;
    let rest = rest.trim();
    (!rest.is_empty()).then(|| rest.to_owned())
}

fn without_tag(text: &str) -> Option<&str> {
    let (tag, rest) = text.strip_prefix('[')?.split_once(']')?;
    let rest = rest.trim_start();
    // A subject that is nothing but a tag keeps it.
    (!tag.contains('[') && !rest.is_empty()).then_some(rest)
}

fn without_prefix(text: &str) -> Option<&str> {
    let (word, behind) = divided(text)?;
    let prefix = PREFIXES.writer(word);
    (prefix.reply || prefix.automatic.is_some()).then_some(behind)
}

/// What may be a prefix of a text, and what stands behind its colon.
fn divided(text: &str) -> Option<(&str, &str)> {
    let head = text.get(..text.floor_char_boundary(MAX_PREFIX))?;
    let (before, _) = text::split_once(head, b':')?;
    let behind = text.get(before.len() + 1..).unwrap_or_default();
    Some((counted(before.trim_end()), behind.trim_start()))
}

/// The word without the count that some programs write: `re[2]`, `re(3)`, `re^2`.
fn counted(word: &str) -> &str {
    if !word.ends_with(|c: char| c.is_ascii_digit() || matches!(c, ']' | ')')) {
        return word;
    }
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    for (open, close) in [('[', "]"), ('(', ")"), ('^', "")] {
        if let Some((before, count)) = word.split_once(open)
            && digits(count.strip_suffix(close).unwrap_or(count))
        {
            return before.trim_end();
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use unicode_normalization::char::canonical_combining_class;

    use super::*;

    #[test]
    fn the_built_in_prefixes_are_read() {
        let read: Result<Lists, _> = toml::from_str(include_str!("../data/prefixes.toml"));
        let read = read.expect("the built-in list is valid");
        assert!(read.automatic.len() > 60, "auto-reply prefixes of many languages");
    }

    #[test]
    fn lines_are_folded_to_the_same_while_they_are_read() {
        let lines = |lengths: &[usize], end: &str| -> String {
            lengths.iter().flat_map(|length| ["X".repeat(MAX_SUBJECT + length - 2), end.to_owned()]).collect()
        };
        let long = format!("{}  X y\nz", "a ".repeat(MAX_SUBJECT / 2 - 1));
        let (longer, shorter) = (lines(&[0, 1, 2, 3, 4, 900], "Y\r\n"), lines(&[4, 3, 2, 1, 0], "\n"));
        for text in ["", "\n \n", " A  b\r\n\r\n\tC\0d \ne", "one\ntwo", &long, &longer, &shorter] {
            let mut read = Vec::new();
            fold_ascii_lines(text, |byte| read.push(byte));
            assert_eq!(String::from_utf8_lossy(&read).trim_end(), fold_lines(text), "{text:?}");
        }
    }

    #[test]
    fn characters_that_stay_as_they_are_do() {
        for c in (0x80..0x2_0000).filter_map(char::from_u32).filter(|c| is_inert(*c)) {
            assert_eq!(
                is_nfkc_quick([c].into_iter()),
                IsNormalized::Yes,
                "{c:?} is in the compatibility form"
            );
            assert_eq!(canonical_combining_class(c), 0, "{c:?} stays in its place");
            assert!(!c.is_whitespace() && !c.is_control(), "{c:?} is no blank");
            assert_eq!(c.to_lowercase().ne([c]), c.is_uppercase(), "{c:?} is known by its case");
        }
    }

    #[test]
    fn plain_text_is_folded_as_any_other() {
        for text in [
            "",
            " ",
            " Größe\t\u{7f} ÜBER  alles ",
            "ÉTÉ été",
            "İi ıI",
            "ΣΑΣ σας",
            "Привет, МИР",
            "a\r\n b",
            "e\u{301} É",
        ] {
            let mut by_character = String::new();
            fold_chars_onto(&mut by_character, text.nfkc());
            assert_eq!(fold(text), by_character, "{text:?}");
        }
    }

    #[test]
    fn subjects_are_normalised() {
        let cases = [
            ("Lunch on Friday", "lunch on friday"),
            ("Re: AW: [team]  Lunch\ton Friday", "lunch on friday"),
            ("RE[2]: Lunch", "lunch"),
            ("Automatische Antwort: Lunch", "lunch"),
            ("自動応答： Lunch", "lunch"),
            ("Réponse automatique\u{a0}: Lunch", "lunch"),
            ("Out of Office: Re: Lunch", "lunch"),
            ("[team]", "[team]"),
            ("Note: Lunch", "note: lunch"),
            ("Re:", ""),
            ("", ""),
        ];
        for (subject, expected) in cases {
            assert_eq!(Subject::new(subject).as_str(), expected, "{subject:?} normalised");
        }
    }

    #[test]
    fn what_a_notice_put_before_the_subject_is_told_apart() {
        let cases = [
            ("Undeliverable: Lunch on Friday", Some("Lunch on Friday")),
            ("Automatic reply: Re: Lunch", Some("Re: Lunch")),
            ("Lunch: on Friday", None),
            ("Auto:", None),
        ];
        for (subject, expected) in cases {
            assert_eq!(
                behind_notice_prefix(subject, &fold(subject)).as_deref(),
                expected,
                "what {subject:?} says of the original"
            );
        }
    }
}
