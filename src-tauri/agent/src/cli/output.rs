//! What commands print: tables for people, one JSON object a line for programs.

use std::io::Write;

use jiff::{Timestamp, tz::TimeZone};
use rules::UnixTime;
use serde::Serialize;

/// Writes a value as one line of JSON.
pub fn json(out: &mut impl Write, value: &impl Serialize) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Writes rows below a heading, each column as wide as its widest cell; the last one is not padded.
pub fn table(out: &mut impl Write, heading: &[&str], rows: &[Vec<String>]) -> std::io::Result<()> {
    let mut widths: Vec<usize> = heading.iter().map(|cell| cell.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let heading: Vec<String> = heading.iter().map(|cell| (*cell).to_owned()).collect();
    for row in std::iter::once(&heading).chain(rows) {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(&format!("{cell:<width$}  "));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Text of a mail for a terminal: without control characters, which could rewrite what is on the screen.
pub fn plain(text: &str, longest: usize) -> String {
    let mut plain: String = text.chars().map(|c| if is_unsafe(c) { ' ' } else { c }).take(longest).collect();
    if text.chars().nth(longest).is_some() {
        plain.pop();
        plain.push('…');
    }
    plain
}

/// Control characters, and those that turn the direction of text (Unicode TR 36 §2.10).
fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A time for people, in the time zone of the machine.
pub fn local(time: UnixTime) -> String {
    Timestamp::from_second(time.0)
        .map(|time| time.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_else(|_| time.to_string())
}

/// A number of things: `1 mail`, `1,240 mails`.
pub fn count(of: u64, thing: &str) -> String {
    format!("{} {thing}{}", number(of), if of == 1 { "" } else { "s" })
}

/// A number with commas between thousands.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut out = Vec::new();
        let rows = [vec!["é".to_owned(), "b".to_owned()], vec!["long".to_owned(), String::new()]];
        table(&mut out, &["A", "B"], &rows).expect("written");
        assert_eq!(String::from_utf8(out).expect("text"), "A     B\né     b\nlong\n", "by characters");
    }

    #[test]
    fn mail_cannot_write_to_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\u{202e}c\r\n", 20), "a [2Jb c  ", "escapes and turns are taken out");
        assert_eq!(plain("abcdef", 4), "abc…", "long texts are cut");
        assert_eq!(plain("abcd", 4), "abcd", "texts that fit are whole");
    }

    #[test]
    fn thousands_are_set_apart() {
        for (value, text) in [(0, "0"), (999, "999"), (1_240, "1,240"), (1_234_567, "1,234,567")] {
            assert_eq!(number(value), text, "{value}");
        }
    }
}
