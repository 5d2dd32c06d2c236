//! Mail of people, lists and services: no notices.

use super::bounce::{Bounce, Style};
use super::letter::{Handover, delivered, words};
use super::people::{ADDRESS, DOMAIN, NAME, Person, known, prose, stranger, subject};
use super::prng::Prng;
use super::sent::SentMail;
use super::{Class, Sample};
use crate::date;
use crate::mail::Mail;

struct Letter<'a> {
    from: &'a Person,
    to: &'a str,
    more: String,
    subject: String,
    body: String,
    when: i64,
}

impl Letter<'_> {
    fn sample(
        self,
        prng: &mut Prng,
        kind: &'static str,
        original: Option<&str>,
        why: &'static str,
    ) -> Sample {
        let Letter { from, to, more, subject, body, when } = self;
        let text = format!(
            "Date: {}\nFrom: {}\nTo: {to}\nSubject: {}\nMessage-ID: <{}.{when}@{}>\n{more}MIME-Version: 1.0\n{body}",
            date::header(when - 4, 60),
            from.mailbox(),
            words(&subject),
            prng.hex(12),
            from.host
        );
        let handover =
            Handover { return_path: &from.address, host: &from.host, ip: &from.ip, to: ADDRESS, when };
        let mut mail = Mail::new(delivered(prng, &handover, &text), when);
        if prng.chance(60) {
            mail = mail.flagged("\\Seen");
        }
        if prng.chance(15) {
            mail = mail.flagged("\\Answered");
        }
        if prng.chance(6) {
            mail = mail.flagged("\\Flagged");
        }
        Sample::new(mail, Class::Ordinary, kind, original, why)
    }
}

fn plain(text: &str) -> String {
    format!("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}")
}

fn ada() -> String {
    format!("{NAME} <{ADDRESS}>")
}

/// An answer to the user alone, which names the id of a sent mail.
pub fn answer(prng: &mut Prng, sent: &SentMail, latest: i64) -> Sample {
    let from = prng.pick(&sent.recipients);
    let when = (sent.when + prng.seconds(600, 2 * 86_400)).min(latest);
    let more = format!("In-Reply-To: <{id}>\nReferences: <{id}>\n", id = sent.id);
    let subject = format!("Re: {}", sent.subject.trim_start_matches("Re: "));
    let body = plain(&format!("{}> you wrote\n> {}\n", prose(prng, 1), sent.id.len()));
    Letter { from: &from, to: &ada(), more, subject, body, when }.sample(
        prng,
        "answer",
        Some(&sent.id),
        "an answer to the user alone: proves the coverage by use",
    )
}

/// An answer to all: it says nothing of who sent what it answers.
fn answer_to_all(prng: &mut Prng, when: i64) -> Sample {
    let (from, other) = (known(prng.below(168)), known(prng.below(168)));
    let id = format!("{}@{}", prng.hex(14), other.host);
    let more = format!("Cc: {}\nIn-Reply-To: <{id}>\nReferences: <{id}>\n", other.mailbox());
    let subject = format!("Re: {}", subject(prng));
    let body = plain(&prose(prng, 2));
    Letter { from: &from, to: &ada(), more, subject, body, when }.sample(
        prng,
        "answer_to_all",
        Some(&id),
        "an answer to somebody else's mail, to several: does not unprove the coverage",
    )
}

/// A follow-up of somebody to a mail of theirs.
fn follow_up(prng: &mut Prng, when: i64) -> Sample {
    let from = known(prng.below(168));
    let id = format!("{}@{}", prng.hex(14), from.host);
    let more = format!("In-Reply-To: <{id}>\nReferences: <{id}>\n");
    let subject = format!("Re: {}", subject(prng));
    let body = plain(&prose(prng, 1));
    Letter { from: &from, to: &ada(), more, subject, body, when }.sample(
        prng,
        "follow_up",
        Some(&id),
        "somebody adds to a mail of their own: the id is of their domain",
    )
}

/// A colleague's mail to all, and another's answer to it that goes to the user alone.
fn colleagues(prng: &mut Prng, when: i64) -> [Sample; 2] {
    let (first, second) = (known(prng.below(168)), known(prng.below(168)));
    let title = subject(prng);
    let body = plain(&prose(prng, 2));
    let to = format!("{}, {}", ada(), second.mailbox());
    let mut opening = Letter {
        from: &first,
        to: &to,
        more: String::new(),
        subject: title.clone(),
        body,
        when: when - 5_000,
    }
    .sample(prng, "colleague", None, "a mail to several");
    let id = opening.mail.message_id().unwrap_or_default();
    opening.label.why = "a colleague's mail, which another answers";
    let more = format!("In-Reply-To: <{id}>\nReferences: <{id}>\n");
    let body = plain(&prose(prng, 1));
    let reply = Letter { from: &second, to: &ada(), more, subject: format!("Re: {title}"), body, when }
        .sample(
            prng,
            "answer_to_colleague",
            Some(&id),
            "answers a mail that is met in the inbox, not one of the user's",
        );
    [opening, reply]
}

fn service(name: &str, local: &str, number: usize) -> Person {
    let at = stranger(number);
    let domain = format!("service-{}.example", number % 40);
    Person {
        name: name.to_owned(),
        address: format!("{local}@{domain}"),
        host: format!("out.{domain}"),
        ip: at.ip,
    }
}

/// One ordinary mail; `kind` counts through all kinds.
pub fn one(prng: &mut Prng, kind: usize, when: i64) -> Vec<Sample> {
    let number = prng.below(400);
    let title = subject(prng);
    let mut letter = Letter {
        from: &known(prng.below(168)),
        to: &ada(),
        more: String::new(),
        subject: title.clone(),
        body: plain(&prose(prng, 2)),
        when,
    };
    let boundary = format!("=_{}", prng.hex(16));
    let person = known(prng.below(168));
    let list = service("Weavers' list", "weavers-bounces", number);
    let news = service("Tea of the month", "news", number);
    let shop = service("Shop", "orders", number);
    let host = Person {
        name: "Cron Daemon".to_owned(),
        address: format!("root@{DOMAIN}"),
        ..service("", "", number)
    };
    match kind % 16 {
        0 => vec![answer_to_all(prng, when)],
        1 => vec![follow_up(prng, when)],
        2 => colleagues(prng, when).into(),
        3 | 4 => {
            letter.from = &news;
            letter.more = format!(
                "List-Id: <tea.{d}>\nList-Unsubscribe: <https://{d}/u/{}>\nPrecedence: bulk\nX-Auto-Response-Suppress: All\n",
                prng.hex(10),
                d = news.domain()
            );
            letter.body = format!(
                "Content-Type: multipart/alternative; boundary=\"{boundary}\"\n\n--{boundary}\nContent-Type: text/plain; charset=utf-8\n\n{}\n--{boundary}\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n<html><body><p style=3D\"color:#334\">{}</p></body></html>\n--{boundary}--\n",
                prose(prng, 1),
                prose(prng, 2)
            );
            vec![letter.sample(prng, "newsletter", None, "a newsletter")]
        }
        5 | 6 => {
            let (id, older) = (prng.hex(12), prng.hex(12));
            letter.more = format!(
                "Sender: {}\nList-Id: Weavers <weavers.{d}>\nList-Post: <mailto:weavers@{d}>\nPrecedence: list\nIn-Reply-To: <{id}@loom.example>\nReferences: <{older}@loom.example> <{id}@loom.example>\n",
                list.address,
                d = list.domain()
            );
            letter.subject = format!("[weavers] Re: {title}");
            vec![letter.sample(prng, "list_post", None, "a post of a list")]
        }
        7 => {
            letter.from = &host;
            letter.subject = "Cron <root@desk> backup: delivery of last night's archive failed".to_owned();
            letter.more = "Auto-Submitted: auto-generated\nX-Cron-Env: <SHELL=/bin/sh>\n".to_owned();
            vec![letter.sample(prng, "cron", None, "a machine's report of its own accord: answers nothing")]
        }
        8 => {
            letter.body = format!(
                "Content-Type: multipart/mixed; boundary=\"{boundary}\"\n\n--{boundary}\nContent-Type: text/plain\n\nSee you there?\n\n--{boundary}\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:{}\nSUMMARY:{title}\nEND:VEVENT\nEND:VCALENDAR\n--{boundary}--\n",
                prng.hex(20)
            );
            vec![letter.sample(prng, "calendar", None, "an invitation")]
        }
        9 => {
            letter.from = &shop;
            letter.subject = format!("Your order {number} has been shipped");
            letter.more =
                "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: OOF, AutoReply\n".to_owned();
            vec![letter.sample(prng, "order", None, "a shop's message of its own accord")]
        }
        10 => {
            letter.body = format!(
                "Content-Type: multipart/mixed; boundary=\"{boundary}\"\n\n--{boundary}\nContent-Type: text/plain; charset=utf-8\n\n{}\n--{boundary}\nContent-Type: image/jpeg; name=\"plum.jpg\"\nContent-Disposition: attachment; filename=\"plum.jpg\"\nContent-Transfer-Encoding: base64\n\n{}\n--{boundary}--\n",
                prose(prng, 1),
                (0..20 + prng.below(60)).map(|_| prng.hex(72) + "\n").collect::<String>()
            );
            vec![letter.sample(prng, "photograph", None, "a person's mail with an attachment")]
        }
        11 => {
            letter.subject = "Re: Undelivered Mail Returned to Sender".to_owned();
            letter.body = plain(&format!(
                "I got this, do you know why?\n\n> This is the mail system at host {}.\n> I'm sorry to have to inform you\n",
                person.host
            ));
            vec![letter.sample(prng, "person_quotes_bounce", None, "a person asks about a bounce")]
        }
        12 => {
            let original = super::backscatter::forged(prng, &person, when - 4_000, true);
            let inner = Bounce {
                to: &person.address,
                ..Bounce::failed(Style::Postfix, &original, &person, when - 3_900)
            };
            letter.subject = format!("Fwd: {}", "Undelivered Mail Returned to Sender");
            letter.body = format!(
                "Content-Type: multipart/mixed; boundary=\"{boundary}\"\n\n--{boundary}\nContent-Type: text/plain\n\nWhat is this?\n\n--{boundary}\nContent-Type: message/rfc822\n\n{}\n--{boundary}--\n",
                inner.write(prng)
            );
            vec![letter.sample(
                prng,
                "person_forwards_bounce",
                None,
                "a bounce inside a person's mail is no notice",
            )]
        }
        _ => vec![letter.sample(prng, "person", None, "a person's mail")],
    }
}
