//! Names of folders: the server's spelling is the key, the user's is for the eye (RFC 3501 §5.1.3).

use base64::{
    Engine as _,
    alphabet::IMAP_MUTF7,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::{Deserialize, Serialize};

/// The base64 of modified UTF-7; servers are forgiven stray bits at its end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &IMAP_MUTF7,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A folder's name as the server wrote it on the wire (modified UTF-7): the key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FolderName(pub String);

impl FolderName {
    /// The inbox, which every server has under this name.
    #[must_use]
    pub fn inbox() -> Self {
        Self("INBOX".to_owned())
    }

    /// The name that a server is told for a name as the user writes it.
    #[must_use]
    pub fn from_display(display: &str) -> Self {
        let mut name = String::new();
        let mut foreign: Vec<u8> = vec![];
        let end = |foreign: &mut Vec<u8>, name: &mut String| {
            if !foreign.is_empty() {
                name.push('&');
                BASE64.encode_string(&*foreign, name);
                name.push('-');
                foreign.clear();
            }
        };
        for c in display.chars() {
            if (' '..='~').contains(&c) {
                end(&mut foreign, &mut name);
                name.push(c);
                if c == '&' {
                    name.push('-');
                }
            } else {
                foreign.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
            }
        }
        end(&mut foreign, &mut name);
        Self(name)
    }

    /// The name as the user reads it; what is no modified UTF-7 stays as it is.
    #[must_use]
    pub fn display(&self) -> String {
        let mut display = String::new();
        let mut rest = self.0.as_str();
        while let Some((plain, shifted)) = rest.split_once('&') {
            display.push_str(plain);
            match shifted.split_once('-').and_then(|(shifted, after)| Some((unshift(shifted)?, after))) {
                Some((text, after)) => {
                    display.push_str(&text);
                    rest = after;
                }
                None => {
                    display.push('&');
                    rest = shifted;
                }
            }
        }
        display.push_str(rest);
        display
    }
}

/// The text between `&` and `-`.
fn unshift(shifted: &str) -> Option<String> {
    if shifted.is_empty() {
        return Some("&".to_owned());
    }
    let bytes = BASE64.decode(shifted).ok()?;
    let (units, rest) = bytes.as_chunks::<2>();
    let text =
        String::from_utf16(&units.iter().map(|unit| u16::from_be_bytes(*unit)).collect::<Vec<_>>()).ok()?;
    (rest.is_empty() && !text.chars().any(char::is_control)).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_read_and_written() {
        let cases = [
            ("Sent", "Sent"),
            ("Gel&APY-scht", "Gelöscht"),
            ("R&-D", "R&D"),
            ("&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-", "Отправленные"),
            ("&2D3cDA-", "🐌"),
            ("INBOX.&U,BTFw-", "INBOX.台北"),
        ];
        for (wire, display) in cases {
            assert_eq!(FolderName(wire.to_owned()).display(), display, "{wire}");
            assert_eq!(FolderName::from_display(display).0, wire, "{display}");
        }
    }

    #[test]
    fn what_is_no_modified_utf_7_is_shown_as_it_is() {
        for name in ["A&B", "&***-", "&A-", "Gelöscht", "&AAo-", "&2D0-", "&"] {
            assert_eq!(FolderName(name.to_owned()).display(), name, "no panic, no invention");
        }
    }

    proptest! {
        #[test]
        fn a_written_name_is_read_back(name in "[ -~äß台🐌]{0,12}") {
            prop_assert_eq!(FolderName::from_display(&name).display(), name);
        }

        #[test]
        fn any_name_can_be_shown(name in any::<String>()) {
            let _ = FolderName(name).display();
        }
    }
}
