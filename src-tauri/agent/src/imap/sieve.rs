//! Keeps what imap-proto cannot read away from async-imap, so that one bad response costs that response alone.
//!
//! In async-imap 0.12 one unparsable line (`* ESEARCH`, `* NAMESPACE`, an unknown `* XFOO`, a blank line) ends the
//! session, with the user's mail in the error text; and imap-proto 0.17 panics on `* OK [ALERT]été`. So every response
//! is read here once, alone, and only what was read well goes on.

use std::panic::catch_unwind;

use async_imap::imap_proto::Response;

use super::framing::is_status;

/// Parentheses deeper than this are not given to imap-proto, whose parser recurses: a stack overflow ends the process.
/// imap-proto 0.17 takes 40 KB a level in a debug build; a thread of tokio has 2 MiB.
const DEPTH_CAP: usize = 24;
/// What is kept of a response that could not be read, in bytes.
const ASIDE_CAP: usize = 4096;

/// A response that was looked at.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sifted {
    /// The parser can read it.
    Readable(Vec<u8>),
    /// It can't; the first bytes of it.
    Aside(Vec<u8>),
    /// An empty line.
    Nothing,
}

/// Looks whether the parser can read a response; a status is rewritten until it can.
pub(super) fn sift(mut frame: Vec<u8>) -> Sifted {
    if frame.trim_ascii().is_empty() {
        return Sifted::Nothing;
    }
    let status = is_status(&frame);
    if status {
        space_after_code(&mut frame);
    } else if may_be_deep(&frame) && depth(&frame) > DEPTH_CAP {
        return aside(frame);
    }
    if readable(&frame) {
        return Sifted::Readable(frame);
    }
    if status {
        // A status must not get lost: its words may, the tag and the OK or NO not.
        let bare = bare_status(&frame);
        if readable(&bare) {
            return Sifted::Readable(bare);
        }
    }
    aside(frame)
}

fn aside(mut frame: Vec<u8>) -> Sifted {
    frame.truncate(ASIDE_CAP);
    Sifted::Aside(frame)
}

fn readable(frame: &[u8]) -> bool {
    catch_unwind(|| matches!(Response::parse(frame), Ok((rest, _)) if rest.is_empty())).unwrap_or(false)
}

/// imap-proto 0.17 takes the byte after `]` for the space of RFC 3501 §7.1, and panics where it is half a character.
fn space_after_code(frame: &mut Vec<u8>) {
    let skip = if frame.first() == Some(&b'+') { 1 } else { 2 };
    let mut at = 0;
    for _ in 1..=skip {
        match frame.get(at..).and_then(|rest| rest.iter().position(|b| *b == b' ')) {
            Some(space) => at += space + 1,
            None => return,
        }
    }
    if frame.get(at) != Some(&b'[') {
        return;
    }
    let Some(close) = frame.get(at..).and_then(|rest| rest.iter().position(|b| *b == b']')) else { return };
    let after = at + close + 1;
    if frame.get(after).is_some_and(|b| !matches!(b, b' ' | b'\r')) {
        frame.insert(after, b' ');
    }
}

fn bare_status(frame: &[u8]) -> Vec<u8> {
    if frame.first() == Some(&b'+') {
        return b"+ \r\n".to_vec();
    }
    let mut words = frame.splitn(3, |b| matches!(b, b' ' | b'\r' | b'\n'));
    let (tag, status) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    [tag, b" ", status, b"\r\n"].concat()
}

/// Whether there are enough parentheses for it; in most responses there are not.
fn may_be_deep(frame: &[u8]) -> bool {
    memchr::memchr_iter(b'(', frame).nth(DEPTH_CAP).is_some()
}

/// How deep the parentheses of a response nest, strings and literals left out.
fn depth(frame: &[u8]) -> usize {
    let (mut depth, mut deepest, mut at) = (0_usize, 0, 0);
    while let Some(byte) = frame.get(at) {
        at += 1;
        match byte {
            b'(' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b')' => depth = depth.saturating_sub(1),
            b'"' => {
                while let Some(quoted) = frame.get(at) {
                    at += if *quoted == b'\\' { 2 } else { 1 };
                    if *quoted == b'"' {
                        break;
                    }
                }
            }
            b'{' => {
                let rest = frame.get(at..).unwrap_or_default();
                let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
                let (number, rest) = rest.split_at(digits);
                let length = std::str::from_utf8(number).ok().and_then(|n| n.parse::<usize>().ok());
                if let (Some(length), true) = (length, rest.starts_with(b"}\r\n")) {
                    at = at.saturating_add(digits + 3).saturating_add(length);
                }
            }
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_always_arrives() {
        let cases: [(&str, &str); 6] = [
            ("* OK [ALERT]été\r\n", "* OK [ALERT] été\r\n"),
            ("A3 OK [READ-WRITE]ünd\r\n", "A3 OK [READ-WRITE] ünd\r\n"),
            ("* OK hello\r\n", "* OK hello\r\n"),
            ("A4 NO nul \0 in it\r\n", "A4 NO\r\n"),
            ("+ [ALERT]é\r\n", "+ [ALERT] é\r\n"),
            ("+ \0\r\n", "+ \r\n"),
        ];
        for (given, expected) in cases {
            let expected = Sifted::Readable(expected.as_bytes().to_vec());
            assert_eq!(sift(given.as_bytes().to_vec()), expected, "{given:?}");
        }
    }

    #[test]
    fn what_the_parser_cannot_read_is_put_aside() {
        let unreadable = [
            "* XFOO bar\r\n",
            "* ESEARCH (TAG \"A1\") UID COUNT 3\r\n",
            "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n",
            "* SEARCH 1 2 (MODSEQ 5)\r\n",
            "* 1 FETCH (UID 3 INTERNALDATE NIL)\r\n",
            "* 1 FETCH (UID 3 BODY[] {99999999999}\r\n",
            "<html><head>sign in</head>\r\n",
            "HTTP/1.1 400 Bad Request\r\n",
        ];
        for line in unreadable {
            let line = line.as_bytes().to_vec();
            assert_eq!(sift(line.clone()), Sifted::Aside(line), "it would end the session");
        }
        assert_eq!(sift(b"\r\n".to_vec()), Sifted::Nothing, "a blank line says nothing");
    }

    #[test]
    fn nested_parts_stop_before_the_stack_does() {
        let nested = |levels: usize| {
            let leaf = r#"("text" "plain" NIL NIL NIL "7bit" 3 1)"#;
            let structure = "(".repeat(levels) + leaf + &" \"mixed\")".repeat(levels);
            format!("* 1 FETCH (UID 5 BODYSTRUCTURE {structure})\r\n").into_bytes()
        };
        // Half the stack of a worker thread of tokio.
        let small = std::thread::Builder::new().stack_size(1 << 20);
        let outcome = small
            .spawn(move || (sift(nested(DEPTH_CAP - 2)), sift(nested(10_000))))
            .expect("a thread")
            .join();
        let (some, many) = outcome.expect("neither may overflow the stack");
        assert!(matches!(some, Sifted::Readable(_)), "more levels than any mail has are read");
        assert!(matches!(many, Sifted::Aside(_)), "ten thousand are not tried");
    }

    #[test]
    fn parentheses_in_strings_and_literals_do_not_nest() {
        let frame = b"* 1 FETCH (BODY[] {6}\r\n(((((( X \"((\\\"((\")\r\n";
        assert_eq!(depth(frame), 1, "only one of them is structure");
    }
}
