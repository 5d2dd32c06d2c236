//! A stand-in for SpamCop: takes reports as its help pages say that it does, and answers them by mail as its users have shown.
//!
//! What it would be confirmed on is a web site; here only the links are made.

use anyhow::{Context as _, Result, ensure};
use mail_parser::{MessageParser, MimeHeaders as _, PartType};

use crate::{Postfix, date};

/// It takes mail of so many octets.
const MAX_MAIL: usize = 50_000;

/// What SpamCop does with a report besides what the report itself asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// It takes it.
    Accepts,
    /// It takes it, and does not quote what it answers; the provider says that it is SpamCop's mail.
    AcceptsWithoutQuoting,
    /// Its mail to the user came back.
    AddressBounced,
    /// It does not know the user's servers.
    Mailhosts,
    /// It finds no server to be reported.
    NoSource,
    /// Somebody has reported it.
    ReportedAlready,
    /// It reports at once.
    Quick,
    /// It does not let the user report at once.
    QuickDisabled,
    /// It finds it too big.
    TooBig,
    /// It cannot read its header.
    Unreadable,
    /// It says something that nobody has seen yet.
    New,
}

/// Its side of the mail.
#[derive(Debug, Default)]
pub struct SpamCop {
    reports: u32,
}

impl SpamCop {
    /// Answers one report, as it was kept; returns the answer without sending it.
    ///
    /// # Errors
    /// It is no report as SpamCop takes them: no mail attached, or attached in another encoding.
    pub fn answer(&mut self, report: &[u8], mood: Mood) -> Result<Vec<u8>> {
        let mail = MessageParser::default().parse(report).context("a mail")?;
        let attached = mail.attachment(0).context("a mail is attached")?;
        let encoding = attached.content_transfer_encoding().unwrap_or("7bit");
        ensure!(["7bit", "8bit"].contains(&encoding), "SpamCop reads no mail in {encoding}");
        let PartType::Message(spam) = &attached.body else { anyhow::bail!("what is attached is no mail") };
        let id = mail.message_id().context("it has an id")?;
        let received = spam.received().and_then(|line| line.date()).context("the spam was received")?;
        let root = spam.root_part();
        let body = usize::try_from(root.offset_body)?..usize::try_from(root.offset_end)?;
        let body = spam.raw_message.get(body).unwrap_or_default();
        let (subject, text) = if report.len() > MAX_MAIL + 2_000 {
            (ERRORS, TOO_BIG.to_owned())
        } else if date::now() - received.to_timestamp() > 2 * date::DAY {
            let sorry = "Sorry, this email is too old to file a spam report.  You must report spam within 2 days of receipt.";
            (ERRORS, sorry.to_owned())
        } else if body.trim_ascii().is_empty() {
            (ERRORS, "No body text provided, check format of submission.".to_owned())
        } else {
            self.in_mood(mood)
        };
        let quoted = match mood {
            Mood::AcceptsWithoutQuoting => String::new(),
            _ => format!(
                "\r\nThe email which triggered this answer had the following headers:\r\nFrom: <ada@example.org>\r\nSubject: \
                 {}\r\nMessage-ID: <{id}>\r\n",
                mail.subject().unwrap_or_default()
            ),
        };
        let vouched = match mood {
            Mood::AcceptsWithoutQuoting => {
                "Authentication-Results: mx.example.org; dkim=pass header.d=spamcop.net header.s=s1\r\nReceived: from \
                 vmx.spamcop.net by mx.example.org with ESMTP; Tue, 3 Nov 2026 10:00:00 +0000\r\n"
            }
            _ => "",
        };
        let number = self.reports;
        Ok(format!(
            "{vouched}From: SpamCop AutoResponder <spamcop@devnull.spamcop.net>\r\nTo: ada@example.org\r\nSubject: \
             {subject}\r\nDate: {}\r\nMessage-ID: <answer{number}@spamcop.net>\r\nAuto-Submitted: auto-replied\r\n\r\n{text}\r\n\
             {quoted}",
            date::header(date::now(), 0)
        )
        .into_bytes())
    }

    fn in_mood(&mut self, mood: Mood) -> (&'static str, String) {
        self.reports += 1;
        let link = Self::link(self.reports);
        match mood {
            Mood::Accepts | Mood::AcceptsWithoutQuoting => (
                "SpamCop has accepted 1 email for processing",
                format!(
                    "SpamCop is now ready to process your spam.\r\n\r\nUse links to finish spam reporting:\r\n{link}\r\n"
                ),
            ),
            Mood::AddressBounced => (
                ERRORS,
                "Bounce error: Your email address, ada@example.org has returned a bounce:\r\nSubject: Delivery failure"
                    .to_owned(),
            ),
            Mood::Mailhosts => {
                (ERRORS, "Mailhost configuration problem, identified internal IP as source".to_owned())
            }
            Mood::NoSource => (ERRORS, "No source IP address found, cannot proceed.".to_owned()),
            Mood::ReportedAlready => {
                (ERRORS, "Reports regarding this spam have already been sent:\r\nRe: 192.0.2.1".to_owned())
            }
            Mood::Quick => (QUICK, "Spam report id 7 sent to: postmaster@shop.example".to_owned()),
            Mood::QuickDisabled => {
                (QUICK, "Quick reporting is disabled due to careless use of it. Please write to us.".to_owned())
            }
            Mood::TooBig => (ERRORS, TOO_BIG.to_owned()),
            Mood::Unreadable => (ERRORS, "Failed to load spam header: no such spam".to_owned()),
            Mood::New => (ERRORS, "The moon is in the way.".to_owned()),
        }
    }

    /// The link to the report of this number.
    pub fn link(number: u32) -> String {
        format!("https://www.spamcop.net/sc?id=z{:010}z{number:032x}z", 6_447_728_584_u64 + u64::from(number))
    }

    /// Answers a report by mail to the user.
    ///
    /// # Errors
    /// As of [`SpamCop::answer`], or the mail is refused.
    pub async fn reply(&mut self, postfix: &Postfix, report: &[u8], mood: Mood) -> Result<()> {
        let answer = self.answer(report, mood)?;
        postfix.deliver("spamcop@devnull.spamcop.net", "ada@example.org", &answer).await
    }
}

const ERRORS: &str = "SpamCop has encountered errors";
const TOO_BIG: &str = "SpamCop will no longer accept email larger than 50.0K bytes";
const QUICK: &str = "[SpamCop] Quick reporting data";
