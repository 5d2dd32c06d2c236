//! The user's own sent mail.

use super::letter::{Original, crlf, own_hop, own_server, words};
use super::people::{ADDRESS, DOMAIN, NAME, Person, known, prose, subject};
use super::prng::Prng;
use super::{Class, Sample};
use crate::date;
use crate::mail::Mail;

/// A mail that the user sent, with what later mails need to know of it.
#[derive(Clone, Debug)]
pub struct SentMail {
    /// The mail as it lies in Sent.
    pub sample: Sample,
    /// The Message-ID without brackets.
    pub id: String,
    /// To and Cc.
    pub recipients: Vec<Person>,
    /// The subject, not encoded.
    pub subject: String,
    /// Date and INTERNALDATE, Unix seconds.
    pub when: i64,
    header: String,
    body: String,
}

/// Writes `count` mails sent evenly from `from` to `until`, oldest first.
pub fn sent(prng: &mut Prng, count: usize, from: i64, until: i64) -> Vec<SentMail> {
    let mut times: Vec<i64> = (0..count).map(|_| prng.seconds(from, until)).collect();
    times.sort_unstable();
    if let Some(first) = times.first_mut() {
        *first = from;
    }
    times.into_iter().map(|when| one(prng, when)).collect()
}

fn one(prng: &mut Prng, when: i64) -> SentMail {
    let mut recipients = vec![known(prng.below(168))];
    while recipients.len() < 4 && prng.chance(25) {
        recipients.push(known(prng.below(168)));
    }
    let id = match prng.below(3) {
        0 => format!("{}-{when}@{DOMAIN}", prng.hex(8)),
        1 => format!("{}.{}.{}@mail.{DOMAIN}", prng.hex(6), prng.hex(4), prng.hex(12)),
        _ => format!("CA+{}{when}@desk.{DOMAIN}", prng.hex(16)),
    };
    let mut title = subject(prng);
    let mut thread = String::new();
    if prng.chance(30)
        && let Some(person) = recipients.first()
    {
        title = format!("Re: {title}");
        let (older, newer) = (prng.hex(12), prng.hex(12));
        thread = format!(
            "In-Reply-To: <{newer}@{host}>\nReferences: <{older}@{host}>\n <{newer}@{host}>\n",
            host = person.host
        );
    }
    let (to, cc) = recipients.split_at(recipients.len().min(1 + prng.below(2)));
    let list = |people: &[Person]| people.iter().map(Person::mailbox).collect::<Vec<_>>().join(",\n\t");
    let cc = if cc.is_empty() { String::new() } else { format!("Cc: {}\n", list(cc)) };
    let header = format!(
        "Date: {}\nFrom: {NAME} <{ADDRESS}>\nTo: {}\n{cc}Subject: {}\nMessage-ID: <{id}>\n{thread}\
         User-Agent: Pen and Paper 3.1\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
         Content-Transfer-Encoding: 8bit\n",
        date::header(when, 120),
        list(to),
        words(&title)
    );
    let paragraphs = 1 + prng.below(3);
    let body = format!("{}-- \nAda\n", prose(prng, paragraphs));
    let mail = Mail::new(crlf(&format!("{header}\n{body}")), when).flagged("\\Seen");
    let sample = Sample::new(mail, Class::Ordinary, "sent", Some(&id), "the user's own sent mail");
    SentMail { sample, id, recipients, subject: title, when, header, body }
}

impl SentMail {
    /// The server that would report a failure to reach the n-th recipient: in three of ten cases the user's own.
    pub fn reporter(&self, prng: &mut Prng, recipient: &Person) -> Person {
        if prng.chance(30) {
            own_server()
        } else {
            Person {
                name: "Mail Delivery System".to_owned(),
                address: format!("postmaster@{}", recipient.domain()),
                ..recipient.clone()
            }
        }
    }

    /// The mail as a reporting server returns it.
    pub fn returned(&self, prng: &mut Prng, reporter: &Person, recipient: &Person) -> Original {
        let arrived = self.when + 1 + prng.seconds(0, 4);
        let hop = own_hop(prng, reporter, &recipient.address, arrived);
        let signature = if prng.chance(50) && reporter.host != super::people::RELAY {
            format!(
                "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d={DOMAIN}; s=desk;\n\th=from:to:subject:date:message-id;\n\tbh={}=; b={}==\n",
                prng.hex(43),
                prng.hex(86)
            )
        } else {
            String::new()
        };
        Original {
            header: format!("{hop}{signature}{}", self.header),
            body: self.body.clone(),
            id: Some(self.id.clone()),
            recipient: recipient.address.clone(),
            subject: self.subject.clone(),
            arrived,
        }
    }
}
