//! Text as it is compared and searched: in one case, with single blanks.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use crate::text;

/// Of a Subject or another line so many characters are compared.
pub(crate) const MAX_FOLDED: usize = 1_000;

/// The text by Unicode's compatibility form, in lower case, white space and control characters made one blank.
///
/// The compatibility form makes full-width colons and non-breaking blanks the plain ones.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(MAX_FOLDED));
    fold_onto(&mut folded, text);
    folded
}

/// Writes what [`fold`] makes of a text behind another.
pub(crate) fn fold_onto(folded: &mut String, text: &str) {
    let taken = text::first_chars(text, MAX_FOLDED);
    // Most text is in that form already, and to see that costs less than to make it.
    if is_compatible(taken) {
        fold_plain_onto(folded, taken);
    } else if is_nfkc_quick(taken.chars().filter(|c| !c.is_ascii() && !is_inert(*c))) == IsNormalized::Yes {
        fold_chars_onto(folded, taken.chars());
    } else {
        fold_chars_onto(folded, taken.nfkc());
    }
}

/// Whether a text is sure to be in the compatibility form, and to have no capitals but those of ASCII, of which the
/// compatibility form is the text itself (UAX #15 §1.2).
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
    let Some(near) = text.get(..=MAX_FOLDED) else { return (text, &[]) };
    if let Some(end) = memchr::memrchr(b'\n', near) {
        return text.split_at_checked(end + 1).unwrap_or((text, &[]));
    }
    let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
    (text.get(..MAX_FOLDED).unwrap_or(text), text.get(end..).unwrap_or_default())
}

/// What is made of each byte of ASCII.
const FOLDED: [u8; 256] = {
    let mut table = [b' '; 256];
    let (mut rest, mut byte) = (table.as_mut_slice(), 0_u8);
    while let [folded, behind @ ..] = rest {
        if byte.is_ascii_graphic() {
            *folded = byte.to_ascii_lowercase();
        }
        (rest, byte) = (behind, byte.wrapping_add(1));
    }
    table
};

#[cfg(test)]
mod tests {
    use unicode_normalization::char::canonical_combining_class;

    use super::*;

    #[test]
    fn lines_are_folded_to_the_same_while_they_are_read() {
        let lines = |lengths: &[usize], end: &str| -> String {
            lengths.iter().flat_map(|length| ["X".repeat(MAX_FOLDED + length - 2), end.to_owned()]).collect()
        };
        let long = format!("{}  X y\nz", "a ".repeat(MAX_FOLDED / 2 - 1));
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
}
