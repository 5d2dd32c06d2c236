//! Greeting, sign-in, and what the server tells then.

use secrecy::SecretString;

use super::script::{Step, ada, ask, finished, hear, open, opened, over, play, say, sign_in};
use crate::imap::{Connection, Credentials, FailureClass, ImapError, Loss};

/// Opens a connection as somebody else than ada.
async fn open_as(credentials: Credentials, script: Vec<Step>) -> Result<Connection, ImapError> {
    let (client, server) = play(script);
    let outcome = over(Box::new(client), &credentials).await;
    match outcome {
        Ok(connection) => {
            finished(connection, server).await;
            Ok(open(sign_in("")).await.0.expect("any connection"))
        }
        Err(error) => {
            server.await.expect("the script was played to its end");
            Err(error)
        }
    }
}

fn password(user: &str, password: &str) -> Credentials {
    Credentials::Password { user: user.to_owned(), password: SecretString::from(password) }
}

#[tokio::test(start_paused = true)]
async fn greetings_are_told_apart() {
    type Case = (Vec<Step>, fn(&ImapError) -> bool, &'static str);
    let cases: [Case; 7] = [
        (vec![say("* BYE too many connections\r\n")], |e| matches!(e, ImapError::TurnedAway { .. }), "BYE"),
        (vec![say("<html>\r\n"), Step::Close], |e| matches!(e, ImapError::NotImap { .. }), "a web page"),
        (
            vec![say("HTTP/1.1 400 Bad Request\r\n"), Step::Silence],
            |e| matches!(e, ImapError::NotImap { .. }),
            "HTTP",
        ),
        (vec![say("+OK POP3\r\n"), Step::Silence], |e| matches!(e, ImapError::NotImap { .. }), "POP3"),
        (vec![say("220 smtp\r\n"), Step::Silence], |e| matches!(e, ImapError::NotImap { .. }), "SMTP"),
        (vec![Step::Close], |e| matches!(e, ImapError::Lost { how: Loss::Closed, .. }), "nothing"),
        (vec![Step::Silence], |e| matches!(e, ImapError::Lost { how: Loss::Silent, .. }), "silence"),
    ];
    for (script, expected, what) in cases {
        let (outcome, _server) = open(script).await;
        let error = outcome.expect_err("no sign-in is possible");
        assert!(expected(&error), "{what}: {error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_password_is_told_from_a_busy_server() {
    let cases = [
        ("%T NO [AUTHENTICATIONFAILED] wrong\r\n", FailureClass::SignIn),
        ("%T NO LOGIN failed.\r\n", FailureClass::SignIn),
        ("%T NO [ALERT] Invalid credentials (Failure)\r\n", FailureClass::SignIn),
        ("%T BAD no\r\n", FailureClass::SignIn),
        ("%T NO [UNAVAILABLE] the directory is away\r\n", FailureClass::Wait),
        ("%T NO [LIMIT] enough\r\n", FailureClass::Wait),
        ("%T NO [INUSE] locked\r\n", FailureClass::Wait),
        ("%T NO [ALERT] Too many simultaneous connections. (Failure)\r\n", FailureClass::Wait),
        ("%T BAD User is authenticated but not connected.\r\n", FailureClass::Wait),
        ("* BYE overloaded\r\n", FailureClass::Wait),
    ];
    for (answer, class) in cases {
        let script = [
            vec![say("* OK ready\r\n")],
            ask("CAPABILITY", "* CAPABILITY IMAP4rev1\r\n%T OK done\r\n"),
            ask("LOGIN \"ada\" \"secret\"", answer),
        ]
        .concat();
        let error = open(script).await.0.expect_err("nobody is signed in");
        assert_eq!(error.class(), class, "{answer:?}: {error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn plain_is_used_where_it_is_offered() {
    // \0ada\0pass "word" in base64: PLAIN carries what LOGIN must quote.
    let script = [
        vec![say("* OK ready\r\n")],
        ask("CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=PLAIN LOGINDISABLED\r\n%T OK done\r\n"),
        ask("AUTHENTICATE PLAIN", "+ \r\n"),
        ask("AGFkYQBwYXNzICJ3b3JkIg==", "%T OK [CAPABILITY IMAP4rev1 MOVE] in\r\n"),
        ask("CAPABILITY", "* CAPABILITY IMAP4rev1 MOVE\r\n%T OK done\r\n"),
    ]
    .concat();
    open_as(password("ada", "pass \"word\""), script).await.expect("PLAIN signs in");
}

#[tokio::test(start_paused = true)]
async fn login_carries_every_password_or_none() {
    let before = || {
        [vec![say("* OK ready\r\n")], ask("CAPABILITY", "* CAPABILITY IMAP4rev1\r\n%T OK done\r\n")].concat()
    };
    let after = ask("CAPABILITY", "* CAPABILITY IMAP4rev1\r\n%T OK done\r\n");
    let quoted = [before(), ask(r#"LOGIN "ada" "a\"b\\c""#, "%T OK in\r\n"), after.clone()].concat();
    open_as(password("ada", "a\"b\\c"), quoted).await.expect("quotes are escaped");
    let literal =
        [before(), ask("LOGIN \"ada\" {7}", "+ go on\r\n"), ask("grüße", "%T OK in\r\n"), after].concat();
    open_as(password("ada", "grüße"), literal).await.expect("other characters go as a literal");
    let error = open_as(password("ada", "x\r\nN9 DELETE Sent"), before())
        .await
        .expect_err("a line end is no password");
    assert!(matches!(error, ImapError::NotSendable { .. }), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_ends_in_a_refused_sign_in() {
    let token = || Credentials::OAuth2 { user: "ada".to_owned(), token: SecretString::from("t0k") };
    let offered = "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 AUTH=PLAIN\r\n%T OK done\r\n";
    let script = [
        vec![say("* OK ready\r\n")],
        ask("CAPABILITY", offered),
        ask("AUTHENTICATE XOAUTH2", "+ \r\n"),
        ask("dXNlcj1hZGEBYXV0aD1CZWFyZXIgdDBrAQE=", "+ eyJzdGF0dXMiOiI0MDAifQ==\r\n"),
        ask("", "%T NO [AUTHENTICATIONFAILED] invalid token\r\n"),
    ]
    .concat();
    let error = open_as(token(), script).await.expect_err("the token is refused");
    assert!(matches!(error, ImapError::SignInRefused { .. }), "{error:?}");
    let script =
        [vec![say("* OK ready\r\n")], ask("CAPABILITY", "* CAPABILITY IMAP4rev1\r\n%T OK\r\n")].concat();
    let error = open_as(token(), script).await.expect_err("there is no XOAUTH2");
    assert!(matches!(error, ImapError::NoSignIn { .. }), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_keeps_asking_is_left() {
    let script = [
        vec![say("* OK ready\r\n")],
        ask("CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n%T OK done\r\n"),
        ask("AUTHENTICATE PLAIN", "+ \r\n+ \r\n+ \r\n+ \r\n+ \r\n+ \r\n+ \r\n"),
        ask("AGFkYQBzZWNyZXQ=", ""),
        vec![hear(""), hear(""), hear("")],
    ]
    .concat();
    let error = open_as(ada(), script).await.expect_err("it never ends");
    assert!(matches!(error, ImapError::Lost { how: Loss::Protocol, .. }), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn the_server_is_told_who_we_are_and_tells_its_namespace() {
    let version = env!("CARGO_PKG_VERSION");
    let script = [
        sign_in("ID NAMESPACE MOVE"),
        ask(
            &format!("ID (\"name\" \"Neversent\" \"version\" \"{version}\")"),
            "* ID (\"name\" \"Courier\")\r\n%T OK done\r\n",
        ),
        ask("NAMESPACE", "* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL\r\n%T OK done\r\n"),
    ]
    .concat();
    let (connection, server) = opened(script).await;
    assert!(connection.capabilities().has("move"), "what is offered after sign-in counts");
    assert_eq!(connection.namespace().prefix, "INBOX.", "new folders need it");
    assert_eq!(connection.namespace().delimiter, Some('.'), "and this");
    finished(connection, server).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_of_the_second_revision_alone_is_understood() {
    let rev2 = "* CAPABILITY IMAP4rev2\r\n%T OK done\r\n";
    let script = [
        vec![say("* OK ready\r\n")],
        ask("CAPABILITY", rev2),
        ask("LOGIN \"ada\" \"secret\"", "%T OK in\r\n"),
        ask("CAPABILITY", rev2),
        ask("NAMESPACE", "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n%T OK done\r\n"),
    ]
    .concat();
    let (connection, server) = opened(script).await;
    assert!(connection.capabilities().has("UIDPLUS"), "it is part of RFC 9051");
    finished(connection, server).await;
}
