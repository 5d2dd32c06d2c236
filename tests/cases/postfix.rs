//! A real Postfix takes mail from whoever signs in, refuses what is too long, and returns what it cannot deliver.

use std::time::{Duration, Instant};

use agent::imap::{Credentials, Security, Server};
use agent::smtp::{Offer, SubmitError, Taken, offer};
use it::lmtp::Lmtp;
use it::postfix::Setup;
use it::{Dovecot, Mail, MailServer, Postfix, date};

const ADA: &str = "ada@example.org";

fn servers() -> (MailServer, Postfix) {
    let dovecot = Dovecot::start(it::dovecot::Setup::default()).expect("Dovecot starts");
    let setup = Setup {
        kept: vec!["spam.spamcop.net".to_owned(), "abuse.example".to_owned()],
        failing: vec!["^gone.*@abuse\\.example$".to_owned()],
        size_limit: 100_000,
    };
    let postfix = Postfix::start(&dovecot, &setup).expect("Postfix starts");
    (MailServer::Dovecot(dovecot), postfix)
}

/// Hands a mail of Ada's in, as the agent does.
async fn submit(postfix: &Postfix, to: &str, mail: &str) -> Result<(), SubmitError> {
    let server = Server {
        host: "localhost".to_owned(),
        port: postfix.submission(),
        security: Security::StartTls,
        ca_file: Some(postfix.ca_file().to_owned()),
    };
    let (user, password) = postfix.credentials();
    let credentials = Credentials::Password { user: user.to_owned(), password: password.to_owned().into() };
    let offered = Offer { from: ADA, to, eight_bit: !mail.is_ascii() };
    let begun = offer(&server, &credentials, &offered).await?.begin().await?;
    match begun.hand_over(mail.as_bytes()).await {
        Taken::Yes => Ok(()),
        Taken::No(error) => Err(error),
        Taken::Unknown => panic!("the connection was lost: {}", postfix.log()),
    }
}

fn letter(id: &str, to: &str, body: &str) -> String {
    let date = date::header(date::now(), 0);
    format!(
        "From: {ADA}\r\nTo: {to}\r\nSubject: A letter\r\nDate: {date}\r\nMessage-ID: <{id}@example.org>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}"
    )
}

/// Waits for a mail in the INBOX whose text has these words.
async fn until_in_inbox(server: &MailServer, postfix: &Postfix, words: &str) -> Mail {
    let began = Instant::now();
    let mut bare = server.bare().await.expect("a connection");
    loop {
        let uids = bare.examine("INBOX").await.expect("the folder");
        let mails = if uids.is_empty() { Vec::new() } else { bare.mails(&uids).await.expect("the mails") };
        let found = mails.into_iter().find(|(_, mail)| String::from_utf8_lossy(&mail.bytes).contains(words));
        if let Some((_, mail)) = found {
            return mail;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "{words} does not arrive: {}", postfix.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signs_in_over_tls_may_send_and_nobody_else() {
    let (_server, postfix) = servers();
    let mut clear = Lmtp::connect_smtp(postfix.submission()).await.expect("it greets");
    // "\0ada\0correct-horse", which is right.
    clear.say("AUTH PLAIN AGFkYQBjb3JyZWN0LWhvcnNl", '5').await.expect("no password without TLS");
    clear.say(&format!("MAIL FROM:<{ADA}>"), '5').await.expect("and no mail");
    let mut outside = Lmtp::connect_smtp(postfix.inbound()).await.expect("it greets");
    outside.say("MAIL FROM:<>", '2').await.expect("anybody may");
    for to in ["desk@spam.spamcop.net", "somebody@elsewhere.example"] {
        outside.say(&format!("RCPT TO:<{to}>"), '5').await.expect("but only write to its own users");
    }
    let elsewhere = submit(&postfix, "somebody@elsewhere.example", "").await;
    assert!(matches!(elsewhere, Err(SubmitError::Refused { .. })), "nothing leaves: {elsewhere:?}");

    let body = "Grüße,\r\n.\r\n..and a line that begins with a dot\r\n";
    let mail = letter("whole", "desk@spam.spamcop.net", body);
    submit(&postfix, "desk@spam.spamcop.net", &mail).await.expect("it is taken");
    let kept = postfix.until_kept(1).await.expect("it is delivered");
    assert_eq!(kept.len(), 1, "once");
    let text = String::from_utf8(kept[0].clone()).expect("UTF-8");
    assert!(text.contains("Delivered-To: desk@spam.spamcop.net\n"), "{text}");
    // The agent's client ends each mail with an empty line.
    assert!(text.trim_end().ends_with(mail.replace("\r\n", "\n").trim_end()), "as it was sent: {text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_long_is_refused() {
    let (_server, postfix) = servers();
    let mail = letter("long", "desk@spam.spamcop.net", &"All work and no play.\r\n".repeat(5_000));
    let refused = submit(&postfix, "desk@spam.spamcop.net", &mail).await;
    assert!(matches!(refused, Err(SubmitError::TooBig { .. })), "{refused:?}");
    let mut outside = Lmtp::connect_smtp(postfix.inbound()).await.expect("it greets");
    let error = outside.say("MAIL FROM:<> SIZE=200000", '2').await.expect_err("it is too long");
    assert!(format!("{error:#}").contains("552 5.3.4"), "{error:#}");
    assert!(postfix.kept().expect("mails").is_empty(), "nothing was delivered");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_delivered_comes_back() {
    let (server, postfix) = servers();
    let to = "gone.away@abuse.example";
    submit(&postfix, to, &letter("lost", to, "Is anybody there?\r\n")).await.expect("it is taken");
    let bounce = until_in_inbox(&server, &postfix, "<lost@example.org>").await;
    let text = String::from_utf8_lossy(&bounce.bytes).into_owned();
    for part in [
        "Return-Path: <>\r\n",
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.org>\r\n",
        "Content-Type: multipart/report; report-type=delivery-status;",
        "Final-Recipient: rfc822; gone.away@abuse.example\r\n",
        "Action: failed\r\nStatus: 5.1.1\r\n",
    ] {
        assert!(text.contains(part), "{part} is missing: {text}");
    }
    let answer = "From: desk@spam.spamcop.net\r\nTo: ada@example.org\r\nSubject: Thank you\r\n\r\nTaken.\r\n";
    postfix.deliver("desk@spam.spamcop.net", ADA, answer.as_bytes()).await.expect("it is taken");
    let answered = until_in_inbox(&server, &postfix, "Subject: Thank you").await;
    assert!(answered.bytes.ends_with(answer.as_bytes()), "others reach the user as well, unchanged");
    assert!(postfix.kept().expect("mails").is_empty(), "nobody else got a mail");
}
