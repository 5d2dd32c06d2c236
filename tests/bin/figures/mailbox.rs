//! A mailbox with twelve years of sent mail.

use anyhow::Result;
use it::population::{Counts, Prng, people};
use it::{Mail, MailServer, Population, date};

/// So many sent mails.
pub const SENT: usize = 200_000;
/// Of so many years.
pub const YEARS: i64 = 12;
const DAY: i64 = 86_400;

/// Fills Sent with them, and the inbox with some hundred mails.
///
/// # Errors
/// The server's folders cannot be written.
pub fn fill(server: &MailServer) -> Result<()> {
    let now = date::now();
    let small = Counts {
        sent: 200,
        ordinary: 200,
        answers: 30,
        must_stay: 0,
        undecidable: 0,
        genuine: 20,
        backscatter: 20,
    };
    let population = Population::new(5, now, small);
    server.put("Sent", old_mails(now - 80 * DAY))?;
    server.put("Sent", population.sent_mails())?;
    server.put("INBOX", population.inbox_mails())
}

/// Short mails to some thousand people, as many years of writing leave them.
fn old_mails(until: i64) -> impl Iterator<Item = Mail> {
    let mut prng = Prng::new(3);
    let begin = until - YEARS * 365 * DAY;
    (0..SENT).map(move |at| {
        let at = i64::try_from(at).unwrap_or_default();
        let when = begin + at * (YEARS * 365 * DAY / i64::try_from(SENT).unwrap_or(i64::MAX));
        let (person, host) = (prng.below(4_000), prng.below(700));
        let text = format!(
            "Date: {}\r\nFrom: {} <{}>\r\nTo: reader{person}@host{host}.example\r\nSubject: {}\r\n\
             Message-ID: <{}.{at}@desk.{}>\r\n\r\nUntil tomorrow.\r\n",
            date::header(when, 60),
            people::NAME,
            people::ADDRESS,
            people::subject(&mut prng).replace(" – für später", ""),
            prng.hex(16),
            people::DOMAIN
        );
        Mail::new(text.into_bytes(), when)
    })
}
