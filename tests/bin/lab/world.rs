//! The mail servers of the rest of the world: the victim's, which takes every notice, and those that refuse.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context as _, Result};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// Where a server refuses: at RCPT TO, or once it has the mail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Recipient,
    Message,
}

/// What a recipient's server says, by the local part. In the words of Postfix, but for spam and the policy, which are
/// those of Rspamd and of Gmail.
const REFUSALS: [(&str, Stage, &str); 9] = [
    ("gone", Stage::Recipient, "550 5.1.1 <gone@remote.example>: Recipient address rejected: User unknown"),
    ("jürgen", Stage::Recipient, "550 5.1.1 Recipient address rejected: User unknown"),
    ("full", Stage::Recipient, "552 5.2.2 <full@remote.example>: Mailbox full, quota exceeded"),
    ("norelay", Stage::Recipient, "554 5.7.1 <norelay@remote.example>: Relay access denied"),
    ("later", Stage::Recipient, "451 4.3.0 Temporary failure, please try again later"),
    ("big", Stage::Message, "552 5.3.4 Message size exceeds fixed limit"),
    ("strict", Stage::Message, "550 5.7.1 Message rejected as spam"),
    ("clean", Stage::Message, "554 5.7.1 Message contains a virus (Eicar-Test-Signature)"),
    (
        "careful",
        Stage::Message,
        "550 5.7.26 Unauthenticated email from victim.example is not accepted due to domain's DMARC policy",
    ),
];
/// Octets of a mail that each host takes.
const LIMITS: [(Ipv4Addr, usize); 2] =
    [(Ipv4Addr::new(192, 0, 2, 25), 10_485_760), (Ipv4Addr::new(192, 0, 2, 26), 2_000)];

/// A mail that was delivered to the victim.
pub struct Delivered {
    /// MAIL FROM.
    pub sender: String,
    /// The octets, dots removed.
    pub bytes: Vec<u8>,
}

/// Lets the world listen; what is delivered to the victim comes out.
///
/// # Errors
/// A port is taken.
pub async fn listen() -> Result<mpsc::Receiver<Delivered>> {
    let (deliver, delivered) = mpsc::channel(16);
    for (address, limit) in LIMITS {
        let listener = TcpListener::bind((address, 25)).await.context("listen for SMTP in the room")?;
        let deliver = deliver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A conversation that fails ends, as its client sees.
                tokio::spawn(converse(stream, limit, deliver.clone()));
            }
        });
    }
    Ok(delivered)
}

async fn converse(stream: TcpStream, limit: usize, deliver: mpsc::Sender<Delivered>) -> Result<()> {
    let host = match stream.local_addr()? {
        SocketAddr::V4(address) if *address.ip() == Ipv4Addr::new(192, 0, 2, 26) => "mail.small.example",
        _ => "mail.remote.example",
    };
    let mut stream = BufReader::new(stream);
    say(&mut stream, &format!("220 {host} ESMTP")).await?;
    let mut sender = String::new();
    let mut recipients: Vec<String> = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end();
        match command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => {
                let lines = format!(
                    "250-{host}\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250-SMTPUTF8\r\n250 SIZE {limit}"
                );
                say(&mut stream, &lines).await?;
            }
            "MAIL" if announced(command).is_some_and(|size| size > limit) => {
                say(&mut stream, "552 5.3.4 Message size exceeds fixed limit").await?;
            }
            "MAIL" => {
                sender = path(command).to_owned();
                recipients.clear();
                say(&mut stream, "250 2.1.0 Ok").await?;
            }
            "RCPT" => match refusal(path(command), Stage::Recipient) {
                Some(refusal) => say(&mut stream, refusal).await?,
                None => {
                    recipients.push(path(command).to_owned());
                    say(&mut stream, "250 2.1.5 Ok").await?;
                }
            },
            "DATA" if recipients.is_empty() => say(&mut stream, "554 5.5.1 No valid recipients").await?,
            "DATA" => {
                say(&mut stream, "354 End data with <CR><LF>.<CR><LF>").await?;
                let bytes = message(&mut stream).await?;
                let refused = recipients.iter().find_map(|one| refusal(one, Stage::Message));
                if refused.is_none() && recipients.iter().any(|one| one.ends_with("@victim.example")) {
                    deliver.send(Delivered { sender: sender.clone(), bytes }).await?;
                }
                say(&mut stream, refused.unwrap_or("250 2.0.0 Ok: queued")).await?;
            }
            "QUIT" => return say(&mut stream, "221 2.0.0 Bye").await,
            _ => say(&mut stream, "250 2.0.0 Ok").await?,
        }
    }
}

fn refusal(recipient: &str, stage: Stage) -> Option<&'static str> {
    let local_part = recipient.split('@').next()?;
    REFUSALS.iter().find(|known| known.0 == local_part && known.1 == stage).map(|known| known.2)
}

/// The size that a MAIL command announces (RFC 1870 §6).
fn announced(command: &str) -> Option<usize> {
    command.split(' ').find_map(|word| word.strip_prefix("SIZE=")?.parse().ok())
}

/// The address between the angle brackets of a command.
fn path(command: &str) -> &str {
    let inside = command.split_once('<').map_or("", |(_, behind)| behind);
    inside.split_once('>').map_or(inside, |(address, _)| address)
}

async fn say(stream: &mut BufReader<TcpStream>, lines: &str) -> Result<()> {
    stream.get_mut().write_all(format!("{lines}\r\n").as_bytes()).await?;
    Ok(())
}

/// Reads a mail up to the dot.
async fn message(stream: &mut BufReader<TcpStream>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            anyhow::bail!("the conversation ended within a mail");
        }
        if line == b".\r\n" {
            return Ok(bytes);
        }
        bytes.extend(line.strip_prefix(b".").unwrap_or(&line));
    }
}
