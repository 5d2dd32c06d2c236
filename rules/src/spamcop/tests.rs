//! Answers of SpamCop's as its users have shown them, and what is none.

use super::*;

const NUMBER: &str = "z6447728584zdce3060bf07717c198a7005ac6d480e3z";

fn own_servers() -> BTreeSet<String> {
    ["imap.example.org".to_owned()].into()
}

fn mail(from: &str, subject: &str, text: &str) -> String {
    format!(
        "Received: from vmx.spamcop.net (vmx.spamcop.net [192.0.2.99]) by mx.example.org; Tue, 14 Nov 2023 22:20:00 +0000\r\n\
         From: SpamCop AutoResponder <{from}>\r\nTo: ada@example.org\r\nSubject: {subject}\r\nMessage-ID: \
         <a@spamcop.net>\r\n\r\n{text}\r\n"
    )
}

fn said_in(from: &str, subject: &str, text: &str) -> Option<Said> {
    read(mail(from, subject, text).as_bytes(), &own_servers()).map(|answer| answer.said)
}

#[test]
fn answers_are_told_by_their_words() {
    let auto = "spamcop@devnull.spamcop.net";
    let link = |text: &str| text.parse::<Link>().expect("a link");
    let page = format!("https://www.spamcop.net/sc?id={NUMBER}");
    let accepted = "SpamCop has accepted 1 email for processing";
    let errors = "SpamCop has encountered errors";
    let cases = [
        (accepted, format!("Use this link:\n{page}\n"), Some(Said::Accepted(vec![link(&page)]))),
        (accepted, format!("<{page}> and again {page}."), Some(Said::Accepted(vec![link(&page)]))),
        (
            accepted,
            format!("http://members.spamcop.net/sc?id={NUMBER}"),
            Some(Said::Accepted(vec![link(&page)])),
        ),
        (accepted, "Nothing to be clicked at.".to_owned(), None),
        (accepted, format!("https://www.spamcop.example/sc?id={NUMBER}"), None),
        (
            errors,
            "Sorry, this email is too old to\nfile a spam report.".to_owned(),
            Some(Said::Refused(Refusal::TooOld)),
        ),
        (
            errors,
            "No body text provided, check format of submission".to_owned(),
            Some(Said::Refused(Refusal::NoBody)),
        ),
        (
            errors,
            "SpamCop will no longer accept email larger than 50.0K bytes".to_owned(),
            Some(Said::Refused(Refusal::TooBig)),
        ),
        (
            errors,
            "Bounce error: Your email address ada@example.org has returned a bounce".to_owned(),
            Some(Said::Refused(Refusal::AddressBounced)),
        ),
        (errors, format!("Mailhost configuration problem {page}"), Some(Said::Refused(Refusal::Mailhosts))),
        (
            errors,
            "No source IP address found, cannot proceed".to_owned(),
            Some(Said::Refused(Refusal::NoSource)),
        ),
        (errors, "Failed to load spam header".to_owned(), Some(Said::Refused(Refusal::Unreadable))),
        (errors, "Something new".to_owned(), Some(Said::Refused(Refusal::Other))),
        (
            "[SpamCop] Quick reporting data",
            "Spam report id 7 sent to: a@b.example".to_owned(),
            Some(Said::Reported),
        ),
        (
            "[SpamCop] Quick reporting data",
            "Your account is suspended.".to_owned(),
            Some(Said::Refused(Refusal::Other)),
        ),
        (
            "[SpamCop] Quick reporting data",
            "Quick reporting is disabled due to careless use".to_owned(),
            Some(Said::Refused(Refusal::QuickDisabled)),
        ),
        ("Welcome to SpamCop", "Have a look around.".to_owned(), None),
    ];
    for (subject, text, expected) in cases {
        assert_eq!(said_in(auto, subject, &text), expected, "{subject}: {text}");
        let other = said_in("1234@reports.spamcop.net", subject, &text);
        assert_eq!(other, None, "what others write about a report is no answer: {subject}");
        assert_eq!(said_in("spamcop@spamcop.example", subject, &text), None, "somebody else: {subject}");
    }
}

#[test]
fn a_link_leads_to_spamcop_alone() {
    for (text, fine) in [
        (format!("https://www.spamcop.net/sc?id={NUMBER}"), true),
        (format!("https://mailsc.spamcop.net/sc?id={NUMBER}"), true),
        (format!("https://www.spamcop.net.evil.example/sc?id={NUMBER}"), false),
        (format!("https://evil.example/www.spamcop.net/sc?id={NUMBER}"), false),
        (format!("https://www.spamcop.net@evil.example/sc?id={NUMBER}"), false),
        (format!("https://www.spamcop.net/sc?id={NUMBER}&x=1"), false),
        ("https://www.spamcop.net/sc?id=z1zz".to_owned(), false),
        (format!("javascript://www.spamcop.net/sc?id={NUMBER}"), false),
        (String::new(), false),
    ] {
        let link = text.parse::<Link>();
        assert_eq!(link.is_ok(), fine, "{text}");
        if let Ok(link) = link {
            assert_eq!(
                link.to_string(),
                format!("https://www.spamcop.net/sc?id={NUMBER}"),
                "by its number alone"
            );
        }
    }
}

#[test]
fn the_report_that_is_answered_is_named() {
    let text = format!(
        "https://www.spamcop.net/sc?id={NUMBER}\n\nThe mail had the header:\nFrom: <ada@example.org>\nMessage-ID: \
         <abc@example.org>\n"
    );
    let mail = mail("spamcop@devnull.spamcop.net", "SpamCop has accepted 1 email", &text)
        .replace("Message-ID: <a@", "In-Reply-To: <def@example.org>\r\nMessage-ID: <a@");
    let answer = read(mail.as_bytes(), &own_servers()).expect("an answer");
    let names: Vec<&str> = answer.names.iter().map(MessageId::as_str).collect();
    assert_eq!(names, ["def@example.org", "abc@example.org"], "in its own header and in the quoted one");
    assert!(!answer.vouched_for, "nobody says that it is SpamCop's");
}

#[test]
fn only_the_house_of_the_mailbox_vouches_for_it() {
    let text = format!("https://www.spamcop.net/sc?id={NUMBER}");
    let plain = mail("spamcop@devnull.spamcop.net", "SpamCop has accepted 1 email", &text);
    for (results, vouched_for, why) in [
        ("mx.example.org; dkim=pass header.d=spamcop.net", true, "the house that has the mailbox"),
        ("mx.example.org; spf=pass smtp.mailfrom=devnull.spamcop.net", true, "by its envelope"),
        ("mx.spamcop.example; dkim=pass header.d=spamcop.net", false, "a stranger"),
        ("mx.example.org; dkim=pass header.d=spamcop.example", false, "another domain"),
        ("mx.example.org; dkim=pass header.d=notspamcop.net", false, "a name that ends like it"),
        ("mx.example.org; dkim=fail header.d=spamcop.net", false, "it does not verify"),
        (
            "mx.example.org; dkim=pass header.d=spamcop.net; dmarc=fail header.from=spamcop.net",
            false,
            "DMARC says no",
        ),
    ] {
        let mail = format!("Authentication-Results: {results}\r\n{plain}");
        let answer = read(mail.as_bytes(), &own_servers()).expect("an answer");
        assert_eq!(answer.vouched_for, vouched_for, "{why}");
    }
}

#[test]
fn the_words_are_readable() {
    assert!(WORDS.refusal.len() > 8 && !WORDS.subjects.errors.is_empty(), "the data file is read");
    let lower =
        WORDS.refusal.iter().flat_map(|wording| &wording.says).all(|says| *says == says.to_lowercase());
    assert!(lower, "they are compared in lower case");
}
