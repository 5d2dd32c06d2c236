//! Programs and packed files that a mail carries.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders as _};

use super::MAX_MAIL;

/// Endings of names of programs, and of files in which they are packed: what mail providers refuse to carry.
const PROGRAMS: [&str; 26] = [
    "exe", "com", "scr", "pif", "bat", "cmd", "vbs", "vbe", "js", "jse", "wsf", "wsh", "hta", "jar", "msi",
    "cpl", "lnk", "ps1", "reg", "dll", "iso", "img", "zip", "rar", "7z", "ace",
];
/// Messages within messages that are looked into.
const MAX_DEPTH: u8 = 4;

/// Where a mail's own first text ends, in octets, if behind it the mail, or one within it, carries a program or a packed file;
/// 0 where there is no text before that.
#[must_use]
pub fn own_text_before_a_program(mail: &[u8]) -> Option<usize> {
    let mail = mail.get(..MAX_MAIL).unwrap_or(mail);
    let found = std::panic::catch_unwind(|| {
        let mail = MessageParser::default().parse(mail)?;
        let program = mail.parts.iter().position(|part| is_program(part, 0))?;
        let text = mail.parts.iter().take(program).find(|part| part.is_text());
        Some(text.map_or(0, |text| usize::try_from(text.raw_end_offset()).unwrap_or(usize::MAX)))
    });
    found.ok().flatten()
}

/// Whether a part is a program or a packed file, or a message that carries one.
fn is_program(part: &MessagePart<'_>, depth: u8) -> bool {
    let ending = |name: &str| name.rsplit_once('.').map(|(_, ending)| ending.trim().to_lowercase());
    let named = part.attachment_name().and_then(ending);
    let within = |inner: &Message<'_>| inner.parts.iter().any(|part| is_program(part, depth + 1));
    named.is_some_and(|ending| PROGRAMS.contains(&ending.as_str()))
        || part.message().is_some_and(|inner| depth < MAX_DEPTH && within(inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(name: &str, nested: bool) -> String {
        let attachment = format!(
            "--i\r\nContent-Type: application/octet-stream; name=\"{name}\"\r\n\r\nTVqQ\r\n--i--\r\n"
        );
        let head = "Subject: Undelivered\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nOur words.\r\n";
        if nested {
            format!(
                "{head}--o\r\nContent-Type: message/rfc822\r\n\r\nSubject: Yours\r\nContent-Type: multipart/mixed; \
                 boundary=i\r\n\r\n{attachment}--o--\r\n"
            )
        } else {
            format!("{head}--o\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n{attachment}--o--\r\n")
        }
    }

    #[test]
    fn a_program_may_stand_before_any_text() {
        let mail = "Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: application/octet-stream; \
                    name=a.exe\r\n\r\nTVqQ\r\n--o\r\n\r\nWords.\r\n--o--\r\n";
        assert_eq!(
            own_text_before_a_program(mail.as_bytes()),
            Some(0),
            "nothing could be sent of it without that"
        );
    }

    #[test]
    fn programs_are_found_wherever_they_are() {
        for (name, carried) in
            [("photo.jpg.scr", true), ("a.ZIP", true), ("a.pdf", false), ("exe", false), ("", false)]
        {
            for nested in [false, true] {
                let mail = notice(name, nested);
                let end = own_text_before_a_program(mail.as_bytes());
                assert_eq!(end.is_some(), carried, "{name}, nested: {nested}");
                let own = end.and_then(|end| mail.get(..end));
                assert!(own.is_none_or(|own| own.contains("Our words.") && !own.contains("TVqQ")), "{own:?}");
            }
        }
    }
}
