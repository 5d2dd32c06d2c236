//! Notices that no index knows and that must stay in the inbox all the same.

use super::backscatter::forged;
use super::bounce::{Bounce, Style};
use super::letter::{Handover, Original, delivered, own_server, words};
use super::people::{ADDRESS, DOMAIN, MX, NAME, Person, RELAY, known, prose, stranger};
use super::prng::Prng;
use super::reply::Answering;
use super::sent::SentMail;
use super::{Class, Sample};
use crate::date;
use crate::mail::Mail;

/// How many kinds there are.
pub const KINDS: usize = 18;

/// One of them; `kind` counts through all kinds. `sent` was sent in the week before `when`.
pub fn one(prng: &mut Prng, kind: usize, sent: &SentMail, when: i64) -> Sample {
    let partner = prng.pick(&sent.recipients);
    let stranger = stranger(prng.below(1_320));
    let own = own_server();
    let arrived = when - 40;
    let put = |prng: &mut Prng, from: &Person, to: &str, text: &str| {
        let handover = Handover { return_path: "", host: &from.host, ip: &from.ip, to, when };
        Mail::new(delivered(prng, &handover, text), when)
    };
    let mut told = None;
    let (mail, name, why) = match kind % KINDS {
        0 => {
            let original = forged(prng, &partner, arrived, true);
            told.clone_from(&original.id);
            let text = Bounce::failed(Style::Exim, &original, &partner, when - 2).write(prng);
            (
                put(prng, &partner, ADDRESS, &text),
                "forged_to_partner",
                "its recipient was written to last week",
            )
        }
        1 => {
            let original = forged(prng, &partner, arrived, true);
            told.clone_from(&original.id);
            let text = Answering::Vacation.write(prng, &original, &partner, when - 2);
            (
                put(prng, &partner, ADDRESS, &text),
                "auto_reply_of_partner",
                "it is from somebody written to last week",
            )
        }
        2 => {
            // The form's own mail is what the ticket system answers: the user never had it in Sent.
            let id = format!("form-{}@web.{}", prng.hex(10), stranger.domain());
            told = Some(id.clone());
            let desk = Person {
                name: "Service desk".to_owned(),
                address: format!("desk@{}", stranger.domain()),
                ..stranger
            };
            let original = Original {
                id: Some(id),
                subject: "Question about my order".to_owned(),
                ..Original::default()
            };
            let text = Answering::Autoresponder.write(prng, &original, &desk, when - 2);
            (put(prng, &desk, ADDRESS, &text), "web_form", "the id is of the answering side's own domain")
        }
        3 => {
            let number = prng.below(90_000);
            let id = format!("ticket-{number}-1@{}", stranger.domain());
            told = Some(id.clone());
            let desk = Person {
                name: "Tickets".to_owned(),
                address: format!("tickets@{}", stranger.domain()),
                ..stranger
            };
            let original = Original {
                id: Some(id),
                subject: format!("[#{number}] Heating is cold"),
                ..Original::default()
            };
            let text = Answering::OutOfOffice.write(prng, &original, &desk, when - 2);
            (put(prng, &desk, ADDRESS, &text), "ticket", "a ticket system numbers its own mails")
        }
        4 => {
            let original = forwarded(prng, arrived);
            told.clone_from(&original.id);
            let text = Bounce::failed(Style::Postfix, &original, &own, when - 2).write(prng);
            (
                put(prng, &own, ADDRESS, &text),
                "failed_forward",
                "the user's own forwarding failed: To the user, From another",
            )
        }
        5 => {
            let original = vacation_reply(prng, &stranger, arrived);
            told.clone_from(&original.id);
            let text = Bounce::failed(Style::Sendmail, &original, &stranger, when - 2).write(prng);
            (
                put(prng, &stranger, ADDRESS, &text),
                "bounced_vacation",
                "the original is the user's own automatic answer",
            )
        }
        6 => {
            let original = scanned(prng, &stranger, arrived);
            told.clone_from(&original.id);
            let text = Bounce::failed(Style::Postfix, &original, &own, when - 2).write(prng);
            (
                put(prng, &own, ADDRESS, &text),
                "scanner",
                "the user's own server took it from a private address",
            )
        }
        7 => {
            let to = "ada@work-place.example";
            let original = forged(prng, &stranger, arrived, true);
            told.clone_from(&original.id);
            let bounce = Bounce { to, ..Bounce::failed(Style::Exchange, &original, &stranger, when - 2) };
            let text = bounce.write(prng).replace(ADDRESS, to);
            (
                put(prng, &stranger, to, &text),
                "work_bounce",
                "it came for another address and was forwarded here",
            )
        }
        8 => {
            let to = format!("postmaster@{DOMAIN}");
            let original = forged(prng, &stranger, arrived, true);
            told.clone_from(&original.id);
            let bounce = Bounce { to: &to, ..Bounce::failed(Style::Postfix, &original, &stranger, when - 2) };
            let text = bounce.write(prng);
            (
                put(prng, &stranger, &to, &text),
                "postmaster",
                "it came for a role address that is not configured",
            )
        }
        9 => {
            let to = format!("postmaster@{DOMAIN}");
            let original = forged(prng, &stranger, arrived, true);
            told.clone_from(&original.id);
            let bounce = Bounce { to: &to, ..Bounce::failed(Style::Postfix, &original, &own, when - 2) };
            let text = bounce.write(prng).replace(
                "Subject: Undelivered Mail Returned to Sender",
                "Subject: Postmaster Copy: Undelivered Mail",
            );
            (put(prng, &own, ADDRESS, &text), "postmaster_copy", "a copy for the postmaster")
        }
        10 => {
            let text = dmarc(prng, when);
            let from = Person {
                host: "out.big-provider.example".to_owned(),
                ip: "203.0.113.200".to_owned(),
                ..Person::default()
            };
            (put(prng, &from, ADDRESS, &text), "dmarc", "a DMARC report")
        }
        11 => {
            let original = forged(prng, &stranger, arrived, true);
            told.clone_from(&original.id);
            let text = complaint(prng, &original, when);
            (put(prng, &stranger, ADDRESS, &text), "abuse_report", "an abuse report")
        }
        12 => {
            let id = format!("{}@{}", prng.hex(20), "phone.example");
            told = Some(id.clone());
            let text = receipt(prng, &partner, &id, when);
            (put(prng, &partner, ADDRESS, &text), "receipt", "a read receipt")
        }
        13 => {
            let original = Original { subject: sent.subject.clone(), ..Original::default() };
            let text = Answering::ListHeld.write(prng, &original, &partner, when - 2);
            (
                put(prng, &partner, ADDRESS, &text),
                "list_held_of_partner",
                "a list at a domain that was written to",
            )
        }
        14 => {
            let original = signed(forged(prng, &stranger, arrived, true), prng);
            told.clone_from(&original.id);
            let text = Bounce::failed(Style::Exim, &original, &stranger, when - 2).write(prng);
            (
                put(prng, &stranger, ADDRESS, &text),
                "signed_by_own_domain",
                "a DKIM signature of the user's domain that nobody checked",
            )
        }
        15 => {
            let mut original = forged(prng, &stranger, arrived, true);
            original.header = original.header.replace(&original.subject, &words(&sent.subject));
            original.subject.clone_from(&sent.subject);
            told.clone_from(&original.id);
            let text = Bounce::failed(Style::Postfix, &original, &stranger, when - 2).write(prng);
            (put(prng, &stranger, ADDRESS, &text), "subject_in_use", "its subject was used last week")
        }
        16 => {
            // Outlook wrote an id of its own over the one in Sent.
            let mut original = sent.returned(prng, &partner, &partner);
            let id = format!("AM0PR07MB{}@AM0PR07MB77.eurprd07.prod.outlook.com", prng.hex(8).to_uppercase());
            original.header = original.header.replace(&sent.id, &id);
            original.id = Some(id.clone());
            told = Some(id);
            let text = Bounce::failed(Style::Exchange, &original, &partner, when - 2).write(prng);
            (
                put(prng, &partner, ADDRESS, &text),
                "rewritten_id",
                "the user's own mail, under an id that a relay gave it",
            )
        }
        _ => {
            let mut original = forged(prng, &stranger, arrived, true);
            original.header.push_str(&format!("References: <{}>\n", sent.id));
            told = Some(sent.id.clone());
            let text = Bounce::failed(Style::Exim, &original, &stranger, when - 2).write(prng);
            (
                put(prng, &stranger, ADDRESS, &text),
                "only_in_references",
                "an id of the user's stands in References alone",
            )
        }
    };
    Sample::new(mail, Class::MustStay, name, told.as_deref(), why)
}

fn forwarded(prng: &mut Prng, arrived: i64) -> Original {
    let (from, target) = (known(prng.below(168)), stranger(prng.below(1_320)));
    let id = format!("{}@{}", prng.hex(16), from.host);
    let subject = "Photographs you asked for".to_owned();
    Original {
        header: format!(
            "Received: from {host} ({host} [{ip}])\n\tby {MX} (Postfix) with ESMTPS id {}\n\tfor <{ADDRESS}>; {at}\nDate: {at}\nFrom: {}\nTo: {NAME} <{ADDRESS}>\nSubject: {subject}\nMessage-ID: <{id}>\nX-Forwarded-For: {ADDRESS} {}\nMIME-Version: 1.0\nContent-Type: text/plain\n",
            prng.hex(9).to_uppercase(),
            from.mailbox(),
            target.address,
            host = from.host,
            ip = from.ip,
            at = date::header(arrived, 0)
        ),
        body: prose(prng, 1),
        id: Some(id),
        recipient: target.address,
        subject,
        arrived,
    }
}

fn vacation_reply(prng: &mut Prng, to: &Person, arrived: i64) -> Original {
    let id = format!("dovecot-sieve-{}-0@{MX}", prng.hex(12));
    let subject = "Auto: Offer for our esteemed customers".to_owned();
    Original {
        header: format!(
            "Received: from {MX} ({MX} [198.51.100.26])\n\tby {} (Sendmail) with ESMTP id {}; {at}\nDate: {at}\nFrom: {NAME} <{ADDRESS}>\nTo: {}\nSubject: {subject}\nMessage-ID: <{id}>\nX-Sieve: Pigeonhole Sieve\nAuto-Submitted: auto-replied (vacation)\nIn-Reply-To: <{}@bulk-sender.example>\nMIME-Version: 1.0\nContent-Type: text/plain\n",
            to.host,
            prng.hex(9),
            to.address,
            prng.hex(10),
            at = date::header(arrived, 0)
        ),
        body: "I am away until the first of the month.\n".to_owned(),
        id: Some(id),
        recipient: to.address.clone(),
        subject,
        arrived,
    }
}

fn scanned(prng: &mut Prng, to: &Person, arrived: i64) -> Original {
    let id = format!("SCAN{}@192.168.1.40", prng.hex(8).to_uppercase());
    let subject = format!("Scan {} from the copier", prng.below(900));
    Original {
        header: format!(
            "Received: from copier.lan (unknown [192.168.1.40])\n\tby {RELAY} (Postfix) with ESMTP id {};\n\t{at}\nDate: {at}\nFrom: {ADDRESS}\nTo: {}\nSubject: {subject}\nMessage-ID: <{id}>\nX-Mailer: Copier 7.2\nMIME-Version: 1.0\nContent-Type: text/plain\n",
            prng.hex(9).to_uppercase(),
            to.address,
            at = date::header(arrived, 120)
        ),
        body: "The scan is enclosed.\n".to_owned(),
        id: Some(id),
        recipient: to.address.clone(),
        subject,
        arrived,
    }
}

fn signed(mut original: Original, prng: &mut Prng) -> Original {
    let signature = format!(
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={DOMAIN}; s=desk;\n\th=from:to:subject:date:message-id; bh={}=;\n\tb={}==\n",
        prng.hex(43),
        prng.hex(86)
    );
    // Below the trace, above the Date, as a signer writes it.
    original.header = original.header.replacen("Date: ", &format!("{signature}Date: "), 1);
    original
}

fn dmarc(prng: &mut Prng, when: i64) -> String {
    let boundary = prng.hex(16);
    format!(
        "Date: {}\nFrom: noreply-dmarc@big-provider.example\nTo: {ADDRESS}\nSubject: Report Domain: {DOMAIN} Submitter: big-provider.example Report-ID: {}\nMessage-ID: <{}@big-provider.example>\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"{boundary}\"\n\n--{boundary}\nContent-Type: text/plain\n\nThis is an aggregate report.\n\n--{boundary}\nContent-Type: application/gzip; name=\"big-provider.example!{DOMAIN}!{when}.xml.gz\"\nContent-Transfer-Encoding: base64\n\nH4sIAAAAAAAAAwMAAAAAAAAAAAA=\n--{boundary}--\n",
        date::header(when - 9, 0),
        prng.hex(10),
        prng.hex(18)
    )
}

fn complaint(prng: &mut Prng, original: &Original, when: i64) -> String {
    let boundary = prng.hex(16);
    format!(
        "Date: {}\nFrom: complaints@big-provider.example\nTo: {ADDRESS}\nSubject: complaint about message from 192.0.2.77\nMessage-ID: <{}@big-provider.example>\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary=\"{boundary}\"\n\n--{boundary}\nContent-Type: text/plain\n\nA receiver complained about this message.\n\n--{boundary}\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: Complaints/1.0\nVersion: 1\nSource-IP: 192.0.2.77\n\n--{boundary}\nContent-Type: message/rfc822\n\n{}\n{}\n--{boundary}--\n",
        date::header(when - 9, 0),
        prng.hex(18),
        original.header,
        original.body
    )
}

fn receipt(prng: &mut Prng, from: &Person, id: &str, when: i64) -> String {
    let boundary = prng.hex(16);
    format!(
        "Date: {}\nFrom: {}\nTo: {ADDRESS}\nSubject: Read: dates for the autumn\nMessage-ID: <{}@{}>\nIn-Reply-To: <{id}>\nReferences: <{id}>\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=disposition-notification; boundary=\"{boundary}\"\n\n--{boundary}\nContent-Type: text/plain\n\nYour mail was shown on a screen. Nobody says that it was read.\n\n--{boundary}\nContent-Type: message/disposition-notification\n\nReporting-UA: desk; Pen and Paper 3.1\nFinal-Recipient: rfc822;{}\nOriginal-Message-ID: <{id}>\nDisposition: manual-action/MDN-sent-manually; displayed\n\n--{boundary}--\n",
        date::header(when - 9, 0),
        from.mailbox(),
        prng.hex(18),
        from.host,
        from.address
    )
}
