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

/// A line of a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'t> {
    /// What stands in it, without its end.
    pub text: &'t str,
    /// Where it begins.
    pub from: usize,
    /// Where the line behind it begins, or the text ends.
    pub behind: usize,
}

/// The line that begins at a place of a text; none at its end.
pub(crate) fn line_at(text: &str, from: usize) -> Option<Line<'_>> {
    let rest = text.get(from..).filter(|rest| !rest.is_empty())?;
    let end = memchr::memchr(b'\n', rest.as_bytes());
    let line = rest.get(..end.unwrap_or(rest.len()))?;
    let behind = end.map_or(text.len(), |end| from + end + 1);
    let bare = if end.is_some() { line.strip_suffix('\r').unwrap_or(line) } else { line };
    Some(Line { text: bare, from, behind })
}

/// The first line, from one that begins at a place on, in which a character of ASCII stands.
pub(crate) fn line_with(character: u8, text: &str, from: usize) -> Option<Line<'_>> {
    let rest = text.get(from..)?.as_bytes();
    let at = memchr::memchr(character, rest)?;
    let begin = memchr::memrchr(b'\n', rest.get(..at)?).map_or(from, |end| from + end + 1);
    line_at(text, begin)
}

/// The lines in which a character of ASCII stands.
pub(crate) fn lines_with(character: u8, text: &str) -> impl Iterator<Item = Line<'_>> {
    std::iter::successors(line_with(character, text, 0), move |line| line_with(character, text, line.behind))
}

/// The first lines of a text, at most so many.
pub(crate) fn first_lines(text: &str, count: usize) -> &str {
    // A text has no more lines than bytes.
    if text.len() <= count {
        return text;
    }
    let end = memchr::memchr_iter(b'\n', text.as_bytes()).nth(count.saturating_sub(1));
    end.and_then(|end| text.get(..=end)).unwrap_or(text)
}

/// The text without white space around it, as [`str::trim`] has it; most text has none.
pub(crate) fn trim(text: &str) -> &str {
    let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bare = letter(text.as_bytes().first()) && letter(text.as_bytes().last());
    if bare { text } else { text.trim() }
}

/// What stands before and behind the first of a character of ASCII. [`str::split_once`] finds the same at several times the
/// cost.
pub(crate) fn split_once(text: &str, character: u8) -> Option<(&str, &str)> {
    let at = memchr::memchr(character, text.as_bytes())?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// What stands before and behind the last of a character of ASCII.
pub(crate) fn rsplit_once(text: &str, character: u8) -> Option<(&str, &str)> {
    let at = memchr::memrchr(character, text.as_bytes())?;
    Some((text.get(..at)?, text.get(at + 1..)?))
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
    fn lines_are_found_by_what_stands_in_them() {
        for text in ["", ":", "\n", "a\n:b\r\n\nc:\n:", ":\n:\r\n\u{e9}:\r", "none\nhere"] {
            let expected: Vec<&str> = text.lines().filter(|line| line.contains(':')).collect();
            let found: Vec<&str> = lines_with(b':', text).map(|line| line.text).collect();
            assert_eq!(found, expected, "{text:?}");
            for count in 1..5 {
                let expected: Vec<&str> = text.lines().take(count).collect();
                assert_eq!(
                    first_lines(text, count).lines().collect::<Vec<_>>(),
                    expected,
                    "{count} of {text:?}"
                );
            }
        }
    }

    #[test]
    fn texts_are_trimmed_and_divided_as_by_the_standard_library() {
        for text in ["", " ", "a", " a", "a\u{b}", "\u{a0}a:\u{e9}", "\u{e9}: :b", ":", "\u{2003}"] {
            assert_eq!(trim(text), text.trim(), "{text:?}");
            assert_eq!(split_once(text, b':'), text.split_once(':'), "{text:?}");
            assert_eq!(rsplit_once(text, b':'), text.rsplit_once(':'), "{text:?}");
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
