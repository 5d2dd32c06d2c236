//! Automatic answers of other kinds: holidays, challenges, virus warnings, notices of lists.

use super::letter::{Original, words};
use super::people::{ADDRESS, Person};
use super::prng::Prng;
use crate::date;

/// What kind of answer, and whose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answering {
    /// Sieve vacation of Dovecot.
    #[default]
    Vacation,
    /// Out of office of Exchange.
    OutOfOffice,
    /// The same in German, encoded.
    Abwesend,
    /// Gmail's holiday answer.
    GmailVacation,
    /// A mail filter's autoresponder.
    Autoresponder,
    /// TMDA asks for a confirmation.
    Tmda,
    /// BoxTrapper asks for one.
    BoxTrapper,
    /// A web service asks the sender to prove to be human.
    WebChallenge,
    /// amavis tells the sender of a virus.
    Virus,
    /// A mail scanner tells of a forbidden attachment.
    Banned,
    /// A list tells that a post waits for its moderator.
    ListHeld,
    /// A list tells that only members may post.
    ListRefused,
}

/// All of them.
pub const ANSWERS: [Answering; 12] = [
    Answering::Vacation,
    Answering::OutOfOffice,
    Answering::Abwesend,
    Answering::GmailVacation,
    Answering::Autoresponder,
    Answering::Tmda,
    Answering::BoxTrapper,
    Answering::WebChallenge,
    Answering::Virus,
    Answering::Banned,
    Answering::ListHeld,
    Answering::ListRefused,
];

impl Answering {
    /// The name in labels.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vacation => "auto_reply_sieve",
            Self::OutOfOffice => "auto_reply_exchange",
            Self::Abwesend => "auto_reply_german",
            Self::GmailVacation => "auto_reply_gmail",
            Self::Autoresponder => "auto_reply_filter",
            Self::Tmda => "challenge_tmda",
            Self::BoxTrapper => "challenge_boxtrapper",
            Self::WebChallenge => "challenge_web",
            Self::Virus => "virus_notice_amavis",
            Self::Banned => "virus_notice_banned",
            Self::ListHeld => "list_notice_held",
            Self::ListRefused => "list_notice_refused",
        }
    }

    /// True if the answer returns the original's header.
    pub fn returns_header(self) -> bool {
        matches!(self, Self::Virus | Self::Tmda)
    }

    /// Writes the answer of `from` to the original, without what the receiving server adds; lines end with `\n`.
    ///
    /// Each names the original's id in In-Reply-To and References, and is marked as automatic (RFC 3834).
    pub fn write(self, prng: &mut Prng, original: &Original, from: &Person, when: i64) -> String {
        let host = &from.host;
        let subject = &original.subject;
        let thread = original
            .id
            .as_deref()
            .map(|id| format!("In-Reply-To: <{id}>\nReferences: <{id}>\n"))
            .unwrap_or_default();
        let own = format!("{}.{when}@{host}", prng.hex(10));
        let list = format!("talk@{}", from.domain());
        let mailbox = from.mailbox();
        let daemon = format!("MAILER-DAEMON@{host}");
        let (sender, title, more, text) = match self {
            Self::Vacation => (
                mailbox,
                format!("Auto: {subject}"),
                "Auto-Submitted: auto-replied (vacation)\nPrecedence: bulk\nX-Auto-Response-Suppress: All\n".to_owned(),
                "I am in the mountains until the end of next week and read no mail there.\n".to_owned(),
            ),
            Self::OutOfOffice => (
                mailbox,
                format!("Automatic reply: {subject}"),
                "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: yes\n"
                    .to_owned(),
                "I am out of the office today. My colleagues at the front desk can help.\n".to_owned(),
            ),
            Self::Abwesend => (
                mailbox,
                format!("Automatische Antwort: {subject} – bin zurück am Montag"),
                "Auto-Submitted: auto-replied\n".to_owned(),
                "Ich bin bis Montag nicht im Haus.\n".to_owned(),
            ),
            Self::GmailVacation => (
                mailbox,
                format!("Away Re: {subject}"),
                "Precedence: bulk\nX-Autoreply: yes\nAuto-Submitted: auto-replied\n".to_owned(),
                "Thank you for writing. I answer on Tuesdays.\n".to_owned(),
            ),
            Self::Autoresponder => (
                mailbox,
                format!("Auto: autoresponse to: {subject}"),
                "Precedence: junk\nX-Autoresponder: yes\nAuto-Submitted: auto-replied\n".to_owned(),
                "Your message has come in and will be read in its turn.\n".to_owned(),
            ),
            Self::Tmda => (
                mailbox,
                "Please confirm your message".to_owned(),
                format!(
                    "Auto-Submitted: auto-replied\nPrecedence: bulk\nX-Delivery-Agent: TMDA/1.1.12\nReply-To: confirm-accept.{when}.77.{}@{}\n",
                    prng.hex(6),
                    from.domain()
                ),
                "This answer was created automatically by mail delivery software (TMDA).\n\nYour message is held until you reply to this one.\n".to_owned(),
            ),
            Self::BoxTrapper => (
                mailbox,
                format!("Your email requires verification verify#{}", prng.hex(12)),
                "X-Boxtrapper: challenge\nAuto-Submitted: auto-replied\nPrecedence: bulk\n".to_owned(),
                "Nobody of your address is known here. Reply once and leave the subject as it is.\n".to_owned(),
            ),
            Self::WebChallenge => (
                mailbox,
                format!("{subject} [please verify that you are human]"),
                "Auto-Submitted: auto-replied\nX-Spamarrest-noauth: 1\n".to_owned(),
                format!("To have your mail delivered, open https://verify.{}/c/{} once.\n", from.domain(), prng.hex(8)),
            ),
            Self::Virus => (
                format!("\"Content-filter at {host}\" <postmaster@{}>", from.domain()),
                "VIRUS in message apparently from you (Trojan.Sample-77)".to_owned(),
                "Auto-Submitted: auto-replied\nPrecedence: bulk\n".to_owned(),
                format!(
                    "VIRUS ALERT\n\nOur content checker found a virus in a message that names you as its sender.\n\nMessage-ID: <{}>\nSubject: {}\n",
                    original.id.as_deref().unwrap_or_default(),
                    words(subject)
                ),
            ),
            Self::Banned => (
                format!("Mail scanner <postmaster@{}>", from.domain()),
                "BANNED contents from you (photo.exe)".to_owned(),
                "Auto-Submitted: auto-replied\nX-MailScanner: generated\n".to_owned(),
                "An attachment of that type is not let in here. Nobody has received it.\n".to_owned(),
            ),
            Self::ListHeld => (
                format!("talk-bounces@{}", from.domain()),
                format!("Your message to {list} awaits moderator approval"),
                "Auto-Submitted: auto-replied\nPrecedence: bulk\nX-BeenThere: talk\n".to_owned(),
                format!("Your mail to {list} with the subject\n\n    {}\n\nwaits for the moderator.\n", words(subject)),
            ),
            Self::ListRefused => (
                format!("talk-owner@{}", from.domain()),
                format!("Post to {list} denied: {subject}"),
                "Auto-Submitted: auto-replied\nPrecedence: bulk\n".to_owned(),
                format!("Only subscribers may write to {list}.\n"),
            ),
        };
        let head = format!(
            "Date: {}\nFrom: {sender}\nTo: {ADDRESS}\nSubject: {}\nMessage-ID: <{own}>\n{thread}{more}MIME-Version: 1.0\n",
            date::header(when, 60),
            words(&title)
        );
        // These two return the header as a part of their own, as amavis and TMDA do.
        if self.returns_header() {
            let (kind, boundary) = if self == Self::Virus {
                ("multipart/report; report-type=delivery-status", prng.hex(14))
            } else {
                ("multipart/mixed", prng.hex(14))
            };
            let fields = if self == Self::Virus {
                format!(
                    "--{boundary}\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; {host}\nArrival-Date: {}\n\n\
                     Final-Recipient: rfc822; {}\nAction: failed\nStatus: 5.7.0\nDiagnostic-Code: smtp; 550 5.7.0 virus found\n\n",
                    date::header(original.arrived, 0),
                    original.recipient
                )
            } else {
                String::new()
            };
            return format!(
                "{head}Content-Type: {kind};\n\tboundary=\"{boundary}\"\n\n--{boundary}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n\
                 {fields}--{boundary}\nContent-Type: text/rfc822-headers\n\n{}\n--{boundary}--\n",
                original.header
            );
        }
        let from_daemon =
            if self == Self::Banned { format!("X-Envelope-From: {daemon}\n") } else { String::new() };
        format!("{head}{from_daemon}Content-Type: text/plain; charset=utf-8\n\n{text}")
    }
}
