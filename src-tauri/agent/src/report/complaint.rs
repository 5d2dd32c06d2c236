//! The mail to whoever answers for a network: words for people, and the notice in the abuse reporting format (RFC 5965), by
//! the profile for complaints that nobody has asked for (RFC 6650).

use std::net::IpAddr;

use lettre::Message;
use lettre::message::header::{
    ContentDisposition, ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue,
};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};
use rules::UnixTime;

use super::carried::{ComposeError, carry};
use super::mail::{Composed, Envelope, boundary, header_date};
use super::{Channel, Letter};

/// So much of a notice is attached at most, in octets.
const ROOM: usize = 40_000;

/// What the part for machines tells.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// The host that is complained about.
    pub source: IpAddr,
    /// When the notice came.
    pub arrived: UnixTime,
    /// How many such notices there were.
    pub incidents: u64,
    /// The notice came with the empty sender, as a bounce has it.
    pub null_sender: bool,
    /// Which host it is.
    pub channel: Channel,
}

/// How a mail came about (RFC 3834 §5).
#[derive(Clone)]
struct AutoSubmitted(&'static str);

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self("no"))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.to_owned())
    }
}

/// Makes the mail that complains about a host.
///
/// # Errors
/// The notice cannot be carried as it is, or an address cannot be written to; in words for the user.
pub fn complain(
    notice: &[u8],
    letter: &Letter,
    facts: &Facts,
    envelope: &Envelope<'_>,
) -> Result<Composed, ComposeError> {
    let carried = carry(notice, ROOM)?;
    let part = |content_type: &str| {
        let content_type = ContentType::parse(content_type).map_err(|_| ComposeError::Format)?;
        Ok::<_, ComposeError>(SinglePart::builder().header(content_type))
    };
    let text =
        part("text/plain; charset=utf-8")?.body(letter.text.replace("\r\n", "\n").replace('\n', "\r\n"));
    let seven_bit =
        |text: String| Body::dangerous_pre_encoded(text.into_bytes(), ContentTransferEncoding::SevenBit);
    let report = part("message/feedback-report")?.body(seven_bit(feedback(facts)));
    let encoding = if carried.eight_bit() {
        ContentTransferEncoding::EightBit
    } else {
        ContentTransferEncoding::SevenBit
    };
    let attached = part("message/rfc822")?
        .header(ContentDisposition::attachment("notice.eml"))
        .body(Body::dangerous_pre_encoded(carried.octets(), encoding));
    let fence = boundary(notice, envelope.boundary);
    let kind = format!("multipart/report; report-type=feedback-report; boundary=\"{fence}\"");
    let parts = MultiPart::builder()
        .header(encoding)
        .header(ContentType::parse(&kind).map_err(|_| ComposeError::Format)?)
        .singlepart(text)
        .singlepart(report)
        .singlepart(attached);
    let mailbox = |address: &str| {
        address.parse().map(|email| Mailbox::new(None, email)).map_err(|_| ComposeError::Address)
    };
    let seconds = std::time::Duration::from_secs(u64::try_from(envelope.now.0).unwrap_or_default());
    let mail = Message::builder()
        .from(mailbox(envelope.from.as_str())?)
        .to(mailbox(letter.to.as_str())?)
        .subject(letter.subject.split_whitespace().collect::<Vec<_>>().join(" "))
        .date(std::time::SystemTime::UNIX_EPOCH + seconds)
        .message_id(Some(format!("<{}>", envelope.message_id)))
        .header(AutoSubmitted(envelope.auto_submitted()))
        .multipart(parts)
        .map_err(|_| ComposeError::Format)?;
    Ok(Composed::whole(mail.formatted(), &carried))
}

/// The part for machines (RFC 5965 §3). What is attached came from the server that sent it: of the host that handed the forged
/// mail on only the words tell, else programs that read this would blame the other.
fn feedback(facts: &Facts) -> String {
    let of_server = match facts.channel {
        Channel::Injector => String::new(),
        Channel::Operator | Channel::SpamCop => format!(
            "{}Source-IP: {}\r\nArrival-Date: {}\r\n",
            if facts.null_sender { "Original-Mail-From: <>\r\n" } else { "" },
            facts.source,
            header_date(facts.arrived)
        ),
    };
    format!(
        "Feedback-Type: abuse\r\nUser-Agent: Neversent/{}\r\nVersion: 1\r\n{of_server}Incidents: {}\r\n",
        env!("CARGO_PKG_VERSION"),
        facts.incidents
    )
}

#[cfg(test)]
mod tests {
    use mail_parser::MimeHeaders as _;
    use rules::{Address, Reading, read};
    use secrecy::SecretString;

    use super::*;

    const NOTICE: &str =
        "Return-Path: <>\r\nSubject: Undelivered\r\n\r\n.\r\nGr\u{fc}\u{df}e\r\n--neversent-abc\r\n";

    fn complaint(text: &str, notice: &[u8]) -> Result<Vec<u8>, ComposeError> {
        let from = Address::new("ada@example.org").expect("an address");
        let letter = Letter {
            to: Address::new("abuse@shop.example").expect("an address"),
            subject: "Rückläufer\r\nBcc: x@evil.example".to_owned(),
            text: text.to_owned(),
        };
        let facts = Facts {
            source: "192.0.2.7".parse().expect("an address"),
            arrived: UnixTime(1_795_800_000),
            incidents: 3,
            null_sender: true,
            channel: Channel::Operator,
        };
        let envelope = Envelope {
            from: &from,
            message_id: "r@example.org",
            boundary: "abc",
            now: UnixTime(1_795_800_100),
            automatic: false,
        };
        complain(notice, &letter, &facts, &envelope).map(|composed| composed.octets(&SecretString::from("")))
    }

    #[test]
    fn it_is_a_report_in_the_abuse_reporting_format() {
        let octets = complaint("Grüße,\nein Text.\n.\n", NOTICE.as_bytes()).expect("it can be written");
        let mail = mail_parser::MessageParser::default().parse(&octets).expect("a mail");
        assert_eq!(
            mail.body_text(0).as_deref().map(str::trim_end),
            Some("Grüße,\r\nein Text.\r\n."),
            "the words"
        );
        let kind = mail.content_type().expect("a type");
        assert_eq!((kind.ctype(), kind.subtype()), ("multipart", Some("report")), "RFC 5965 §2");
        assert_eq!(kind.attribute("report-type"), Some("feedback-report"), "RFC 5965 §2");
        assert_eq!(
            mail.subject(),
            Some("Rückläufer Bcc: x@evil.example"),
            "no line of a subject becomes a field"
        );
        let raw = memchr::memmem::find(&octets, NOTICE.as_bytes());
        assert!(raw.is_some(), "the notice's own octets: {}", String::from_utf8_lossy(&octets));
        let text = String::from_utf8_lossy(&octets);
        for field in [
            "Feedback-Type: abuse",
            "Version: 1",
            "Source-IP: 192.0.2.7",
            "Incidents: 3",
            "Original-Mail-From: <>",
        ] {
            assert!(text.contains(field), "{field} in {text}");
        }
        assert!(text.contains("Message-ID: <r@example.org>"), "by which a bounce of it is known: {text}");
        assert!(text.lines().all(|line| line.len() < 998), "lines that mail servers carry");
        match read(&octets) {
            Reading::Notice(notice) => assert_eq!(notice.kind, rules::Kind::AbuseReport, "as others read it"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_cannot_be_carried_is_not_complained_about() {
        let no_body = complaint("Words", b"Subject: x\r\n\r\n");
        assert_eq!(no_body, Err(ComposeError::NoBody), "nothing to be looked at");
        assert_eq!(complaint("Words", b"Subject: x\r\n\r\na\0b\r\n"), Err(ComposeError::NotCarried), "NUL");
        let long = [NOTICE.as_bytes(), "A line.\r\n".repeat(9_000).as_bytes()].concat();
        let mail = complaint("Words", &long).expect("it is cut");
        assert!(mail.len() < 50_000, "{} octets are sent", mail.len());
    }
}
