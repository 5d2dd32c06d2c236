//! Answers of machines to mail that the user did send.

use super::bounce::{Bounce, STYLES, Style};
use super::letter::{Handover, delivered};
use super::people::{ADDRESS, RELAY, RELAY_IP};
use super::prng::Prng;
use super::reply::ANSWERS;
use super::sent::SentMail;
use super::{Class, Sample};
use crate::mail::Mail;

/// One notice that answers this sent mail; `kind` counts through all styles and kinds. It comes before `latest`.
pub fn one(prng: &mut Prng, kind: usize, sent: &SentMail, latest: i64) -> Sample {
    let recipient = prng.pick(&sent.recipients);
    let when = (sent.when + prng.seconds(6, 3 * 86_400)).min(latest).max(sent.when + 6);
    let why = "answers a mail that is in the sent index";
    if kind % 3 == 2 {
        let original = sent.returned(prng, &recipient, &recipient);
        let answering = ANSWERS.get((kind / 3) % ANSWERS.len()).copied().unwrap_or_default();
        let text = answering.write(prng, &original, &recipient, when - 2);
        let return_path = if prng.chance(60) { String::new() } else { recipient.address.clone() };
        let handover = Handover {
            return_path: &return_path,
            host: &recipient.host,
            ip: &recipient.ip,
            to: ADDRESS,
            when,
        };
        let mail = Mail::new(delivered(prng, &handover, &text), when);
        let time = if answering.returns_header() { original.arrived } else { when };
        return Sample::new(mail, Class::Genuine, answering.name(), Some(&sent.id), why).about(time);
    }
    let reporter = sent.reporter(prng, &recipient);
    let mut style = STYLES.get((kind / 3 * 2 + kind % 3) % STYLES.len()).copied().unwrap_or_default();
    if reporter.host == RELAY {
        style = Style::Postfix;
    }
    let original = sent.returned(prng, &reporter, &recipient);
    let mut bounce = Bounce::failed(style, &original, &reporter, when - 2);
    if style == Style::Postfix && prng.chance(15) {
        bounce.action = "delayed";
    }
    let text = bounce.write(prng);
    let (host, ip) = if reporter.host == RELAY {
        (RELAY, RELAY_IP)
    } else {
        (reporter.host.as_str(), reporter.ip.as_str())
    };
    let handover = Handover { return_path: "", host, ip, to: ADDRESS, when };
    let mut mail = Mail::new(delivered(prng, &handover, &text), when);
    if prng.chance(30) {
        mail = mail.flagged("\\Seen");
    }
    Sample::new(mail, Class::Genuine, style.name(), Some(&sent.id), why).about(original.arrived)
}
