//! Builds commands so that no data can end one and begin another.

use secrecy::zeroize::Zeroizing;

use super::{FolderName, ImapError, UidSet};

/// A piece of a command: sent as it is, or as a literal that waits for the server's `+`.
pub(super) enum Piece {
    /// Free of line ends.
    Text(Zeroizing<Vec<u8>>),
    /// Any bytes but NUL.
    Literal(Zeroizing<Vec<u8>>),
}

/// One command without its tag.
pub(super) struct Command {
    /// The command's name, shown in errors; its arguments never are.
    pub(super) name: &'static str,
    pub(super) pieces: Vec<Piece>,
}

impl Command {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, pieces: vec![Piece::Text(Zeroizing::new(name.as_bytes().to_vec()))] }
    }

    /// Adds a space and an argument of our own making.
    pub(super) fn arg(mut self, words: &'static str) -> Self {
        self.text(b" ");
        self.text(words.as_bytes());
        self
    }

    /// Adds a set of UIDs.
    pub(super) fn uids(mut self, uids: &UidSet) -> Self {
        self.text(b" ");
        self.text(uids.to_string().as_bytes());
        self
    }

    /// Adds a number right behind what stands there.
    pub(super) fn number(mut self, number: u64) -> Self {
        self.text(number.to_string().as_bytes());
        self
    }

    /// Adds words of our own making right behind what stands there.
    pub(super) fn more(mut self, words: &'static str) -> Self {
        self.text(words.as_bytes());
        self
    }

    /// Adds data as a quoted string where RFC 3501 §9 allows one, else as a literal.
    ///
    /// Line ends and NUL are refused: no name, user or password has them, and a literal would carry them into places
    /// where servers print them into lines.
    pub(super) fn data(mut self, data: &str, what: &'static str) -> Result<Self, ImapError> {
        if data.contains(['\r', '\n', '\0']) {
            return Err(ImapError::NotSendable { what });
        }
        self.text(b" ");
        if data.bytes().all(|b| (0x20..0x7f).contains(&b)) {
            let mut quoted = Zeroizing::new(Vec::with_capacity(data.len() + 2));
            quoted.push(b'"');
            for byte in data.bytes() {
                if matches!(byte, b'"' | b'\\') {
                    quoted.push(b'\\');
                }
                quoted.push(byte);
            }
            quoted.push(b'"');
            self.text(&quoted);
        } else {
            self.pieces.push(Piece::Literal(Zeroizing::new(data.as_bytes().to_vec())));
        }
        Ok(self)
    }

    /// Adds a mail as a literal; it must hold no NUL (RFC 3501 §4.3).
    pub(super) fn mail(mut self, octets: &[u8]) -> Result<Self, ImapError> {
        if octets.contains(&0) {
            return Err(ImapError::NotSendable { what: "the mail" });
        }
        self.text(b" ");
        self.pieces.push(Piece::Literal(Zeroizing::new(octets.to_vec())));
        Ok(self)
    }

    /// Adds the name of a folder as the server wrote it.
    pub(super) fn folder(self, folder: &FolderName) -> Result<Self, ImapError> {
        if folder.0.contains('\u{fffd}') {
            return Err(ImapError::UnreadableName { folder: folder.clone() });
        }
        self.data(&folder.0, "the folder's name")
    }

    fn text(&mut self, bytes: &[u8]) {
        match self.pieces.last_mut() {
            Some(Piece::Text(text)) => text.extend_from_slice(bytes),
            _ => self.pieces.push(Piece::Text(Zeroizing::new(bytes.to_vec()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(command: &Command) -> String {
        let mut out = String::new();
        for piece in &command.pieces {
            match piece {
                Piece::Text(text) => out.push_str(&String::from_utf8_lossy(text)),
                Piece::Literal(data) => {
                    out.push_str(&format!("{{{}}}", data.len()));
                    out.push_str(&String::from_utf8_lossy(data));
                }
            }
        }
        out
    }

    #[test]
    fn names_are_quoted_or_sent_as_literals() {
        let cases = [
            ("Sent", "SELECT \"Sent\""),
            ("a\"b\\c", "SELECT \"a\\\"b\\\\c\""),
            ("Gel&APY-scht", "SELECT \"Gel&APY-scht\""),
            ("Gelöscht", "SELECT {9}Gelöscht"),
        ];
        for (name, expected) in cases {
            let command =
                Command::new("SELECT").folder(&FolderName(name.to_owned())).expect("it can be sent");
            assert_eq!(written(&command), expected, "{name}");
        }
    }

    #[test]
    fn nothing_can_end_a_command_early() {
        for name in ["x\r\nA9 DELETE Sent", "x\nA9 NOOP", "x\rA9 NOOP", "x\0"] {
            let refused = Command::new("SELECT").folder(&FolderName(name.to_owned()));
            assert!(matches!(refused, Err(ImapError::NotSendable { .. })), "{name:?} must not be sent");
        }
        let unreadable = Command::new("SELECT").folder(&FolderName("Gel\u{fffd}scht".to_owned()));
        assert!(matches!(unreadable, Err(ImapError::UnreadableName { .. })), "it would name another folder");
    }
}
