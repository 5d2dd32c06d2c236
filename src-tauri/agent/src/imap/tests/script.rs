//! A server that plays a script of raw bytes, and fails the test where the client says something else.

use std::time::Duration;

use secrecy::SecretString;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex};
use tokio::task::JoinHandle;

use crate::imap::wire::Stream;
use crate::imap::{Connection, Credentials, Deadlines, FolderName, ImapError, Security, Server, Trust};

/// One step of a script.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// The client sends this line; its tag is left out.
    Hear(String),
    /// The server sends these bytes; `%T` stands for the tag of the last command.
    Say(Vec<u8>),
    /// The server closes.
    Close,
    /// The server says nothing more, and keeps the connection.
    Silence,
}

pub(super) fn hear(line: &str) -> Step {
    Step::Hear(line.to_owned())
}

pub(super) fn say(bytes: impl AsRef<[u8]>) -> Step {
    Step::Say(bytes.as_ref().to_vec())
}

/// A command and its answer.
pub(super) fn ask(line: &str, answer: impl AsRef<[u8]>) -> Vec<Step> {
    vec![hear(line), say(answer)]
}

/// The steps of a sign-in by LOGIN on a server with these capabilities.
pub(super) fn sign_in(capabilities: &str) -> Vec<Step> {
    let told = format!("* CAPABILITY IMAP4rev1 {capabilities}\r\n%T OK done\r\n");
    [
        vec![say("* OK ready\r\n")],
        ask("CAPABILITY", "* CAPABILITY IMAP4rev1\r\n%T OK done\r\n"),
        ask("LOGIN \"ada\" \"secret\"", "%T OK in\r\n"),
        ask("CAPABILITY", told),
    ]
    .concat()
}

/// The steps of a sign-in and of opening the inbox.
pub(super) fn inbox(capabilities: &str) -> Vec<Step> {
    let opened =
        "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 30] n\r\n%T OK [READ-WRITE] opened\r\n";
    [sign_in(capabilities), ask("SELECT \"INBOX\"", opened)].concat()
}

/// Plays the script on the other end of the returned pipe; fails where the client differs from it.
pub(super) fn play(script: Vec<Step>) -> (DuplexStream, JoinHandle<()>) {
    let (client, server) = duplex(1 << 16);
    (client, tokio::spawn(run(server, script)))
}

async fn run(mut server: DuplexStream, script: Vec<Step>) {
    let Some(heard) = perform(&mut server, script).await else { return };
    // The client's own end of the conversation ends it.
    let mut rest = vec![];
    let _ = server.read_to_end(&mut rest).await;
    let rest = [heard, rest].concat();
    assert_eq!(String::from_utf8_lossy(&rest), "", "nothing may be sent beyond the script");
}

/// Plays a script over any stream; gives what was heard beyond it, but where the script closed.
pub(super) async fn perform<S>(server: &mut S, script: Vec<Step>) -> Option<Vec<u8>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut heard, mut tag) = (vec![], String::new());
    for step in script {
        match step {
            Step::Hear(expected) => {
                let line = loop {
                    if let Some(end) = heard.windows(2).position(|w| w == b"\r\n") {
                        let line: Vec<u8> = heard.drain(..end + 2).collect();
                        break String::from_utf8(line).expect("what we send is UTF-8");
                    }
                    let read = server.read_buf(&mut heard).await.expect("the pipe works");
                    assert!(read > 0, "the client left where the script wants {expected:?}");
                };
                let line = line.trim_end_matches("\r\n");
                let line = match line.split_once(' ') {
                    Some((first, rest))
                        if first.strip_prefix('N').is_some_and(|n| n.parse::<u32>().is_ok()) =>
                    {
                        tag = first.to_owned();
                        rest
                    }
                    _ => line,
                };
                assert_eq!(line, expected, "the client must send just this");
            }
            Step::Say(bytes) => {
                let text = bytes.windows(2).position(|w| w == b"%T");
                let bytes = match text {
                    Some(_) => String::from_utf8(bytes)
                        .expect("a script with tags is text")
                        .replace("%T", &tag)
                        .into_bytes(),
                    None => bytes,
                };
                // A client that has given up may close before all is said.
                let _ = server.write_all(&bytes).await;
            }
            Step::Close => return None,
            Step::Silence => {
                let mut rest = vec![];
                let _ = server.read_to_end(&mut rest).await;
                return None;
            }
        }
    }
    Some(heard)
}

pub(super) fn deadlines() -> Deadlines {
    Deadlines {
        connect: Duration::from_secs(10),
        response: Duration::from_secs(20),
        idle: Duration::from_secs(240),
    }
}

pub(super) fn ada() -> Credentials {
    Credentials::Password { user: "ada".to_owned(), password: SecretString::from("secret") }
}

pub(super) fn local() -> Server {
    Server { host: "localhost".to_owned(), port: 143, security: Security::None, ca_file: None }
}

/// Signs in over a stream, in clear text.
pub(super) async fn over(stream: Stream, credentials: &Credentials) -> Result<Connection, ImapError> {
    let trust = Trust::of(&local()).await?;
    Connection::over(stream, &local(), &trust, credentials, deadlines()).await
}

/// Opens a connection to a scripted server.
pub(super) async fn open(script: Vec<Step>) -> (Result<Connection, ImapError>, JoinHandle<()>) {
    let (client, server) = play(script);
    (over(Box::new(client), &ada()).await, server)
}

/// Opens a connection that must come about.
pub(super) async fn opened(script: Vec<Step>) -> (Connection, JoinHandle<()>) {
    let (connection, server) = open(script).await;
    (connection.expect("the script lets it in"), server)
}

/// Opens a connection with the inbox selected.
pub(super) async fn in_inbox(capabilities: &str, script: Vec<Step>) -> (Connection, JoinHandle<()>) {
    let (mut connection, server) = opened([inbox(capabilities), script].concat()).await;
    connection.select(&FolderName::inbox()).await.expect("the script opens the inbox");
    (connection, server)
}

/// Waits for the end of the script, which fails the test where the client said something else.
pub(super) async fn finished(connection: Connection, server: JoinHandle<()>) {
    drop(connection);
    server.await.expect("the script was played to its end");
}
