//! Bounces as the mail servers of the world write them.

use super::letter::{Original, words};
use super::people::{ADDRESS, Person};
use super::prng::Prng;
use crate::date;

/// Who writes the bounce, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// Postfix, RFC 3464 with the whole original or its headers.
    #[default]
    Postfix,
    /// Exim 4 with MIME parts.
    Exim,
    /// Exim 4 as text alone.
    EximText,
    /// Sendmail.
    Sendmail,
    /// Exchange.
    Exchange,
    /// qmail, text alone.
    Qmail,
    /// Google's.
    Gmail,
    /// OpenSMTPD: multipart/mixed with a delivery status.
    OpenSmtpd,
    /// Courier.
    Courier,
    /// Amazon SES for a domain that it receives for.
    Ses,
    /// A report in the international form (RFC 6533).
    Global,
}

/// All styles.
pub const STYLES: [Style; 11] = [
    Style::Postfix,
    Style::Exim,
    Style::EximText,
    Style::Sendmail,
    Style::Exchange,
    Style::Qmail,
    Style::Gmail,
    Style::OpenSmtpd,
    Style::Courier,
    Style::Ses,
    Style::Global,
];

/// Why a mail could not be delivered.
const FAILURES: [(&str, &str, &str); 8] = [
    ("5.1.1", "550", "no such user here"),
    ("5.2.2", "552", "mailbox full, quota exceeded"),
    ("5.7.1", "554", "this looks like spam and was refused"),
    ("5.1.2", "550", "host or domain name not found"),
    ("5.4.7", "451", "message in the queue too long, giving up"),
    ("5.7.1", "550", "relay access denied"),
    ("5.3.4", "552", "message size exceeds the fixed limit"),
    ("5.7.1", "550", "virus found in the attachment"),
];

impl Style {
    /// The name in labels.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postfix => "bounce_postfix",
            Self::Exim => "bounce_exim",
            Self::EximText => "bounce_exim_text",
            Self::Sendmail => "bounce_sendmail",
            Self::Exchange => "bounce_exchange",
            Self::Qmail => "bounce_qmail",
            Self::Gmail => "bounce_gmail",
            Self::OpenSmtpd => "bounce_opensmtpd",
            Self::Courier => "bounce_courier",
            Self::Ses => "bounce_ses",
            Self::Global => "bounce_global",
        }
    }
}

/// What goes into one bounce.
#[derive(Clone, Debug)]
pub struct Bounce<'a> {
    /// How it is written.
    pub style: Style,
    /// What it returns.
    pub original: &'a Original,
    /// Who writes it.
    pub reporter: &'a Person,
    /// When, Unix seconds.
    pub when: i64,
    /// The address that it goes to.
    pub to: &'a str,
    /// The action: `failed`, `delayed`, `delivered`.
    pub action: &'a str,
}

impl<'a> Bounce<'a> {
    /// A failure told to the user.
    pub fn failed(style: Style, original: &'a Original, reporter: &'a Person, when: i64) -> Self {
        Self { style, original, reporter, when, to: ADDRESS, action: "failed" }
    }

    /// Writes the mail, without what the receiving server adds; lines end with `\n`.
    pub fn write(&self, prng: &mut Prng) -> String {
        let (status, code, reason) = prng.pick(&FAILURES);
        let status = match self.action {
            "delayed" => format!("4{}", status.trim_start_matches('5')),
            "delivered" => "2.0.0".to_owned(),
            _ => status.to_owned(),
        };
        let host = &self.reporter.host;
        let Original { header, body, recipient, subject, arrived, .. } = self.original;
        let id = self.original.id.as_deref();
        let queue = prng.hex(11).to_uppercase();
        let diagnostic = format!("{code} {status} <{recipient}>: {reason}");
        let fields = format!(
            "Reporting-MTA: dns; {host}\nArrival-Date: {}\n\nFinal-Recipient: rfc822; {recipient}\n\
             Original-Recipient: rfc822;{recipient}\nAction: {}\nStatus: {status}\n\
             Remote-MTA: dns; {host}\nDiagnostic-Code: smtp; {diagnostic}\n",
            date::header(*arrived, 0),
            self.action
        );
        let head = |from: &str, subject: &str, more: &str| {
            format!(
                "Date: {}\nFrom: {from}\nTo: {}\nSubject: {}\nMessage-ID: <{queue}.{}@{host}>\nMIME-Version: 1.0\n{more}",
                date::header(self.when, 0),
                self.to,
                words(subject),
                self.when
            )
        };
        // Three in ten return the headers alone.
        let full = !prng.chance(30);
        let returned = Returned { header, body, full };
        let boundary = format!("{}/{host}", prng.hex(12));
        let thread = id.map(|id| format!("In-Reply-To: <{id}>\nReferences: <{id}>\n")).unwrap_or_default();
        match self.style {
            Style::Postfix => {
                let title = match self.action {
                    "delayed" => "Delayed Mail (still being retried)",
                    "delivered" => "Successful Mail Delivery Report",
                    _ => "Undelivered Mail Returned to Sender",
                };
                let text = format!(
                    "This is the mail system at host {host}.\n\nOne address could not be served:\n\n<{recipient}>: {diagnostic}\n"
                );
                let from = format!("MAILER-DAEMON@{host} (Mail Delivery System)");
                head(&from, title, "Auto-Submitted: auto-replied\n")
                    + &report(&boundary, &text, &fields, &returned)
            }
            Style::Exim => {
                let more =
                    format!("X-Failed-Recipients: {recipient}\nAuto-Submitted: auto-replied\n{thread}");
                let text = format!(
                    "This message was created automatically by mail delivery software.\n\nOne of your recipients could not be reached:\n\n  {recipient}\n    {diagnostic}\n"
                );
                let from = format!("Mail Delivery System <Mailer-Daemon@{host}>");
                head(&from, "Mail delivery failed: returning message to sender", &more)
                    + &report(&boundary, &text, &fields, &returned)
            }
            Style::EximText => {
                let more = format!(
                    "X-Failed-Recipients: {recipient}\nAuto-Submitted: auto-replied\nContent-Type: text/plain; charset=us-ascii\n"
                );
                let from = format!("Mail Delivery System <Mailer-Daemon@{host}>");
                head(&from, "Mail delivery failed: returning message to sender", &more)
                    + &format!(
                        "\nThis message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address failed:\n\n  {recipient}\n    {diagnostic}\n\n"
                    )
                    + if full {
                        "------ This is a copy of the message, including all the headers. ------\n\n"
                    } else {
                        "------ This is a copy of the message's header lines. ------\n\n"
                    }
                    + &returned.text()
            }
            Style::Sendmail => {
                let text = format!(
                    "The original message was received at {}\nfrom the network\n\n   ----- The following addresses had permanent fatal errors -----\n<{recipient}>\n    (reason: {diagnostic})\n\n   ----- Transcript of session follows -----\n... while talking to {host}.:\n>>> DATA\n<<< {diagnostic}\n",
                    date::header(*arrived, 0)
                );
                let from = format!("Mail Delivery Subsystem <MAILER-DAEMON@{host}>");
                head(
                    &from,
                    "Returned mail: see transcript for details",
                    "Auto-Submitted: auto-generated (failure)\n",
                ) + &report(&boundary, &text, &fields, &returned)
            }
            Style::Exchange => {
                let more = format!("Content-Language: en-US\nX-MS-Exchange-Message-Is-Ndr:\n{thread}");
                let text = format!(
                    "Delivery has failed to this recipient:\n\n{recipient}\n\nDiagnostic information for administrators:\n\nGenerating server: {host}\n\n{recipient}\n#{diagnostic} ##\n"
                );
                let from = format!("Microsoft Outlook <postmaster@{}>", self.reporter.domain());
                head(&from, &format!("Undeliverable: {subject}"), &more)
                    + &report(&boundary, &text, &fields, &returned)
            }
            Style::Qmail => {
                format!(
                    "Date: {}\nFrom: MAILER-DAEMON@{host}\nTo: {}\nSubject: failure notice\n\nHi. This is the qmail-send program at {host}.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<{recipient}>:\nRemote host said: {diagnostic}\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <{ADDRESS}>\n",
                    date::header(self.when, 0),
                    self.to
                ) + &Returned { full: true, ..returned }.text()
            }
            Style::Gmail => {
                let more =
                    format!("X-Failed-Recipients: {recipient}\nAuto-Submitted: auto-replied\n{thread}");
                let text = format!(
                    "** Address not found **\n\nYour message wasn't taken in for {recipient}.\n\nThe answer was:\n{diagnostic}\n"
                );
                let fields = match id {
                    Some(id) => fields.replacen("\n\n", &format!("\nX-Original-Message-ID: <{id}>\n\n"), 1),
                    None => fields,
                };
                head(
                    "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
                    "Delivery Status Notification (Failure)",
                    &more,
                ) + &report(&boundary, &text, &fields, &returned)
            }
            Style::OpenSmtpd => {
                let text = format!(
                    "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\n{recipient}: {diagnostic}\n\n    Below is a copy of the original message:\n"
                );
                let from = format!("Mailer Daemon <MAILER-DAEMON@{host}>");
                head(&from, "Delivery status notification: error", "Auto-Submitted: auto-replied\n")
                    + &report(&boundary, &text, &fields, &returned)
                        .replace("multipart/report; report-type=delivery-status", "multipart/mixed")
            }
            Style::Courier => {
                let text = format!(
                    "This is a delivery status notification from {host},\nrunning the Courier mail server.\n\n                           UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n<{recipient}>:\n     <<< {diagnostic}\n"
                );
                let from = format!("\"Courier mail server at {host}\" <@{host}>");
                head(&from, "NOTICE: mail delivery status.", "")
                    .replace(&format!("<{queue}."), &format!("<courier.{queue}."))
                    + &report(&boundary, &text, &fields, &returned)
            }
            Style::Ses => {
                let text = format!(
                    "An error occurred while trying to deliver the mail to the following recipients:\n{recipient}\n"
                );
                let from = format!("MAILER-DAEMON@{}", self.reporter.domain());
                head(&from, "Delivery Status Notification (Failure)", "X-SES-Outgoing: 2026-203.0.113.9\n")
                    + &report(&boundary, &text, &fields, &returned)
            }
            Style::Global => {
                let text = format!("<{recipient}>: {diagnostic}\n");
                let from = format!("MAILER-DAEMON@{host} (Mail Delivery System)");
                head(&from, "Undelivered Mail Returned to Sender", "Auto-Submitted: auto-replied\n")
                    + &report(&boundary, &text, &fields, &returned)
                        .replace(
                            "Content-Type: message/delivery-status",
                            "Content-Type: message/global-delivery-status",
                        )
                        .replace("Content-Type: message/rfc822", "Content-Type: message/global")
                        .replace("Content-Type: text/rfc822-headers", "Content-Type: message/global-headers")
            }
        }
    }
}

#[derive(Clone, Debug)]
struct Returned<'a> {
    header: &'a str,
    body: &'a str,
    full: bool,
}

impl Returned<'_> {
    fn text(&self) -> String {
        if self.full { format!("{}\n{}", self.header, self.body) } else { self.header.to_owned() }
    }
}

fn report(boundary: &str, text: &str, fields: &str, returned: &Returned<'_>) -> String {
    let kind = if returned.full { "message/rfc822" } else { "text/rfc822-headers" };
    format!(
        "Content-Type: multipart/report; report-type=delivery-status;\n\tboundary=\"{boundary}\"\n\n\
         This is a MIME message.\n\n--{boundary}\nContent-Description: Notification\n\
         Content-Type: text/plain; charset=utf-8\n\n{text}\n--{boundary}\nContent-Description: Delivery report\n\
         Content-Type: message/delivery-status\n\n{fields}\n--{boundary}\nContent-Description: Undelivered message\n\
         Content-Type: {kind}\n\n{}\n--{boundary}--\n",
        returned.text()
    )
}
