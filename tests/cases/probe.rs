//! Whether a mail server refuses unknown recipients at once is asked without sending anything.

use std::net::SocketAddr;

use agent::smtp::{ProbeError, Probed, probe};
use it::{Chasquid, Options, Rig};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;

use super::clean_up::double;

const NOBODY: &str = "qwxyzqwxyz@example.org";

#[tokio::test]
async fn a_real_server_is_asked() {
    let strict = Chasquid::start(false).await.expect("chasquid starts");
    let refused = probe(strict.smtp(), NOBODY).await.expect("an answer");
    assert_eq!(refused, Probed::Refuses, "nobody has this name");
    let taken = probe(strict.smtp(), "ada@example.org").await.expect("an answer");
    assert_eq!(taken, Probed::Takes, "mail for those who are there is taken");
    let open = Chasquid::start(true).await.expect("chasquid starts");
    let taken = probe(open.smtp(), NOBODY).await.expect("an answer");
    assert_eq!(taken, Probed::Takes, "every name is somebody's");
}

/// A server that gives these answers in turn; tells afterwards what it was told.
async fn answering(answers: &'static [&'static str]) -> (SocketAddr, oneshot::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (tell, told) = oneshot::channel();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a client");
        let (read, mut write) = stream.into_split();
        let (mut lines, mut heard) = (BufReader::new(read).lines(), String::new());
        for answer in answers {
            if write.write_all(answer.as_bytes()).await.is_err() {
                break;
            }
            let Ok(Some(line)) = lines.next_line().await else { break };
            heard.push_str(&line);
            heard.push('\n');
        }
        let _ = tell.send(heard);
    });
    (address, told)
}

#[tokio::test]
async fn nothing_is_sent_and_every_answer_is_understood() {
    const HELLO: &str = "250-mx.example.org\r\n250 SIZE 1000\r\n";
    type Case = (&'static [&'static str], fn(&Probed) -> bool, &'static str);
    let cases: [Case; 6] = [
        (
            &["220 mx\r\n", HELLO, "250 ok\r\n", "451 4.7.1 come again later\r\n", "221 bye\r\n"],
            |said| matches!(said, Probed::Later(text) if text.contains("come again")),
            "greylisting is no refusal",
        ),
        (
            &["220 mx\r\n", HELLO, "554 5.7.1 no mail from there\r\n", "221 bye\r\n"],
            |said| matches!(said, Probed::TakesNothing(text) if text.contains("no mail")),
            "a refusal of the sender says nothing of recipients",
        ),
        (
            &["220 mx\r\n", HELLO, "250 ok\r\n", "550 5.1.1 no such name\r\n", "221 bye\r\n"],
            |said| *said == Probed::Refuses,
            "a refusal that says itself that it is of the recipient",
        ),
        (
            &["220 mx\r\n", HELLO, "250 ok\r\n", "553 no such name\r\n", "250 ok\r\n", "221 bye\r\n"],
            |said| *said == Probed::Refuses,
            "a refusal of this name, and not of the postmaster's",
        ),
        (
            &[
                "220 mx\r\n",
                HELLO,
                "250 ok\r\n",
                "554 5.7.1 blocked using a list\r\n",
                "554 5.7.1 blocked using a list\r\n",
                "221 bye\r\n",
            ],
            |said| matches!(said, Probed::TakesNothing(text) if text.contains("blocked")),
            "a refusal of the client, told when it names a recipient",
        ),
        (
            &["220 mx\r\n", HELLO, "250 ok\r\n", "252 maybe\r\n", "221 bye\r\n"],
            |said| *said == Probed::Takes,
            "who takes it without a promise takes it",
        ),
    ];
    for (answers, is_right, why) in cases {
        let (server, told) = answering(answers).await;
        let said = probe(server, NOBODY).await.expect("an answer");
        assert!(is_right(&said), "{why}: {said:?}");
        let told = told.await.expect("the client is done");
        assert!(!told.contains("DATA") && told.contains("MAIL FROM:<>"), "{why}: {told}");
        assert!(told.trim_end().ends_with("QUIT"), "it takes its leave: {told}");
    }
    let (rude, _told) = answering(&["554 no\r\n"]).await;
    assert!(matches!(probe(rude, NOBODY).await, Err(ProbeError::Smtp(_))), "a server that greets nobody");
    let (babble, _told) = answering(&["hello there\r\n"]).await;
    assert!(matches!(probe(babble, NOBODY).await, Err(ProbeError::Smtp(_))), "no mail server at all");
    // Taken, so that nobody else listens there, and not listened on.
    let taken = TcpSocket::new_v4().expect("a socket");
    taken.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
    let gone = taken.local_addr().expect("an address");
    assert!(matches!(probe(gone, NOBODY).await, Err(ProbeError::Smtp(_))), "nobody is there");
    let odd = probe(gone, "no address").await;
    assert!(matches!(odd, Err(ProbeError::NoAddress(_))), "what is no address is not asked about");
}

#[tokio::test]
async fn the_user_is_asked_first() {
    let rig = Rig::new(double(), &Options::default()).expect("the rig is set up");
    let output = rig.program(&["doctor", "--domain", "--probe"]).output().await.expect("the program runs");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "without a terminal nobody can be asked: {error}");
    assert!(error.contains("--yes"), "what to do instead is said: {error}");
    let output = rig.program(&["doctor", "--probe"]).output().await.expect("the program runs");
    assert_eq!(output.status.code(), Some(2), "it belongs to --domain");
}
