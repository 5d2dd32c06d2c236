//! Small things asked of every text.

/// The lines of a text, without their ends, as [`str::lines`] tells them.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text).filter(|text| !text.is_empty());
    std::iter::from_fn(move || {
        let text = rest?;
        let (line, behind) = match memchr::memchr(b'\n', text.as_bytes()) {
            Some(end) => (text.get(..end)?, text.get(end + 1..).filter(|behind| !behind.is_empty())),
            None => return rest.take(),
        };
        rest = behind;
        Some(line.strip_suffix('\r').unwrap_or(line))
    })
}

/// The first characters of a text, at most so many.
pub(crate) fn first_chars(text: &str, count: usize) -> &str {
    // A text has no more characters than bytes.
    if text.len() <= count {
        return text;
    }
    let end = text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_standard_library() {
        for text in ["", "\n", "a", "a\n", "a\r\nb", "a\n\nb\r", "\r\n\r\n", "\u{e9}\n\u{1f40c}\r\n"] {
            assert_eq!(lines(text).collect::<Vec<_>>(), text.lines().collect::<Vec<_>>(), "{text:?}");
        }
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        for (text, count, expected) in
            [("abc", 2, "ab"), ("abc", 3, "abc"), ("\u{e9}\u{e9}", 1, "\u{e9}"), ("", 0, "")]
        {
            assert_eq!(first_chars(text, count), expected, "{count} of {text:?}");
        }
    }
}
