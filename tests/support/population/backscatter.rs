//! Answers to mail that somebody forged in the user's name.

use super::bounce::{Bounce, STYLES};
use super::letter::{Handover, Original, delivered, words};
use super::people::{ADDRESS, NAME, Person, prose, spam_subject, stranger};
use super::prng::Prng;
use super::reply::ANSWERS;
use super::{Class, Sample};
use crate::date;
use crate::mail::Mail;

/// Where forged mail comes from: networks for documentation and for measuring (RFC 5737, RFC 2544).
const NETWORKS: [&str; 5] = ["192.0.2", "198.51.100", "203.0.113", "198.18.7", "198.19.7"];

/// One forger's many mails: they share few subjects, and come from everywhere.
#[derive(Clone, Debug)]
pub struct Campaign {
    subjects: Vec<String>,
    /// Of a hundred mails so many have no Message-ID.
    without_id: usize,
}

impl Campaign {
    /// A campaign of so many subjects.
    pub fn new(prng: &mut Prng, subjects: usize) -> Self {
        Self { subjects: (0..subjects).map(|_| spam_subject(prng)).collect(), without_id: 10 }
    }

    /// One notice that answers a mail of it; `kind` counts through all styles and kinds.
    pub fn notice(&self, prng: &mut Prng, kind: usize, when: i64) -> Sample {
        let (subject, network) = (prng.pick(&self.subjects), prng.pick(&NETWORKS));
        let from = Forger { subject, ip: format!("{network}.{}", 1 + prng.below(254)) };
        let with_id = !prng.chance(self.without_id);
        of_forger(prng, kind, when, Some(from), with_id)
    }
}

/// What is the forger's choice in a forged mail.
struct Forger {
    subject: String,
    ip: String,
}

impl Forger {
    fn any(prng: &mut Prng) -> Self {
        Self { subject: spam_subject(prng), ip: format!("192.0.2.{}", 1 + prng.below(254)) }
    }
}

/// A forged mail to this address, as it lay at the server that took it.
pub fn forged(prng: &mut Prng, victim: &Person, arrived: i64, with_id: bool) -> Original {
    forged_by(prng, victim, arrived, with_id, None)
}

fn forged_by(
    prng: &mut Prng,
    victim: &Person,
    arrived: i64,
    with_id: bool,
    from: Option<Forger>,
) -> Original {
    let Forger { subject, ip } = from.unwrap_or_else(|| Forger::any(prng));
    let helo = format!("host-{}.dialin.example", prng.hex(4));
    let id = with_id.then(|| match prng.below(10) {
        // Spammers like to put the forged sender's domain into the id.
        0 => format!("{}${}@example.org", prng.hex(12), prng.hex(8)),
        1..=4 => format!("{}@{helo}", prng.hex(24)),
        5..=7 => format!(
            "{:04}{}.{}@pc-{}.bulk-sender.example",
            prng.below(9999),
            prng.hex(6),
            prng.hex(8),
            prng.hex(3)
        ),
        _ => format!("{}.{}@campaign-{}.example", arrived - 3, prng.hex(6), prng.hex(2)),
    });
    let id_field = id.as_deref().map(|id| format!("Message-ID: <{id}>\n")).unwrap_or_default();
    // Clocks of spammers are off, within what a Date may be.
    let written = arrived - prng.seconds(2, 40_000);
    let mut trace = format!(
        "Received: from {helo} (unknown [{ip}])\n\tby {} (Postfix) with SMTP id {};\n\t{}\n",
        victim.host,
        prng.hex(9).to_uppercase(),
        date::header(arrived, 0)
    );
    if prng.chance(30) {
        // A line below the real one, made up to look like an honest relay.
        trace.push_str(&format!(
            "Received: from webmail.big-provider.example ([198.18.0.{}])\n\tby {helo} with HTTP; {}\n",
            prng.below(250),
            date::header(written, -300)
        ));
    }
    if prng.chance(20) {
        let (hash, signature) = (prng.hex(43), prng.hex(86));
        trace.push_str(&format!(
            "DKIM-Signature: v=1; a=rsa-sha256; d=bulk-sender.example; s=k1;\n\th=from:subject; bh={hash}=; b={signature}==\n"
        ));
    }
    let mailer = prng.pick(&[
        "X-Mailer: Swift Bulk 2.0\n",
        "X-Priority: 1\n",
        "",
        "X-PHP-Originating-Script: 33:x.php\n",
    ]);
    let name =
        if prng.chance(50) { format!("{NAME} <{ADDRESS}>") } else { format!("Account Service <{ADDRESS}>") };
    Original {
        header: format!(
            "{trace}Date: {}\nFrom: {name}\nTo: {}\nSubject: {}\n{id_field}{mailer}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n",
            date::header(written, -240),
            victim.address,
            words(&subject)
        ),
        body: format!("Do not wait: the offer ends tonight.\n\n{}", prose(prng, 1)),
        id,
        recipient: victim.address.clone(),
        subject,
        arrived,
    }
}

/// One notice that answers a forged mail; `kind` counts through all styles and kinds.
pub fn one(prng: &mut Prng, kind: usize, when: i64) -> Sample {
    of_forger(prng, kind, when, None, true)
}

fn of_forger(prng: &mut Prng, kind: usize, when: i64, from: Option<Forger>, with_id: bool) -> Sample {
    let victim = stranger(prng.below(1_320));
    let arrived = when - prng.seconds(5, 7_200);
    let original = forged_by(prng, &victim, arrived, with_id, from);
    // Two notices in three are bounces.
    let (text, name, return_path, time) = if kind % 3 < 2 {
        let style = STYLES.get((kind / 3 * 2 + kind % 3) % STYLES.len()).copied().unwrap_or_default();
        let bounce = Bounce::failed(style, &original, &victim, when - 2);
        (bounce.write(prng), style.name(), String::new(), arrived)
    } else {
        let answering = ANSWERS.get((kind / 3) % ANSWERS.len()).copied().unwrap_or_default();
        let return_path = if prng.chance(60) { String::new() } else { victim.address.clone() };
        (
            answering.write(prng, &original, &victim, when - 2),
            answering.name(),
            return_path,
            if answering.returns_header() { arrived } else { when },
        )
    };
    let handover =
        Handover { return_path: &return_path, host: &victim.host, ip: &victim.ip, to: ADDRESS, when };
    let mail = Mail::new(delivered(prng, &handover, &text), when);
    Sample::new(
        mail,
        Class::Backscatter,
        name,
        original.id.as_deref(),
        "answers a forged mail: its id was never sent, its recipient never written to",
    )
    .about(time)
}

/// A bounce of a forged mail that had no Message-ID.
pub fn without_id(prng: &mut Prng, when: i64) -> Sample {
    let victim = stranger(prng.below(1_320));
    let original = forged(prng, &victim, when - 60, false);
    let style = STYLES.get(prng.below(2)).copied().unwrap_or_default();
    let text = Bounce::failed(style, &original, &victim, when - 2).write(prng);
    let handover = Handover { return_path: "", host: &victim.host, ip: &victim.ip, to: ADDRESS, when };
    Sample::new(
        Mail::new(delivered(prng, &handover, &text), when),
        Class::BackscatterUndecidable,
        "bounce_without_id",
        None,
        "backscatter, but its original has no Message-ID, so that nothing proves it",
    )
    .about(when - 60)
}
