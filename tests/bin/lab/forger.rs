//! The forger: writes a mail in the victim's name, and hands it to the server.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context as _, Result, ensure};
use it::date;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpSocket, TcpStream};

use super::case::{Case, Server, VICTIM};

const FORGER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 7);
/// Where the server listens.
pub const SERVER: (Ipv4Addr, u16) = (Ipv4Addr::new(198, 51, 100, 25), 25);

/// Forges the mail and hands it in.
///
/// # Errors
/// The server refuses it.
pub async fn hand_in(server: &Server, case: &Case) -> Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((FORGER, 0))).context("take the forger's address")?;
    let stream = socket.connect(SocketAddr::from(SERVER)).await.context("connect to the server")?;
    let mut server_side = Conversation(BufReader::new(stream));
    server_side.answer('2').await.context("at its greeting")?;
    server_side.say("EHLO relay.forger.example", '2').await?;
    server_side.say(&format!("MAIL FROM:<{VICTIM}>{}", case.mail_parameters), '2').await?;
    for recipient in case.to {
        server_side.say(&format!("RCPT TO:<{recipient}>{}", case.recipient_parameters), '2').await?;
    }
    server_side.say("DATA", '3').await?;
    let letter = letter(server, case).replace('\n', "\r\n");
    server_side.say(&format!("{letter}."), '2').await?;
    server_side.say("QUIT", '2').await
}

/// The forged mail; no line of it begins with a dot.
fn letter(server: &Server, case: &Case) -> String {
    let written = date::now() - case.aged * date::HOUR - 90;
    let relayed = date::header(written + 30, 0);
    let written = date::header(written, 60);
    let to = case.to.join(", ");
    let id = case.message_id(server);
    let filling = "Please find the positions of the invoice in the list that follows.\n".repeat(case.filling);
    format!(
        "Received: from [203.0.113.99] (dsl-99.forger.example [203.0.113.99])\n\
         \tby relay.forger.example with ESMTPA id 4Tk3Zc1Y9nz;\n\
         \t{relayed}\n\
         Date: {written}\n\
         From: Ada Quill <{VICTIM}>\n\
         To: {to}\n\
         Subject: Your invoice of last month\n\
         Message-ID: <{id}>\n\
         MIME-Version: 1.0\n\
         Content-Type: text/plain; charset=us-ascii\n\
         \n\
         Good morning,\n\
         \n\
         your invoice of last month is still open. See http://pay.forger.example/ for it.\n\
         \n\
         {filling}\
         Ada Quill\n"
    )
}

struct Conversation(BufReader<TcpStream>);

impl Conversation {
    async fn say(&mut self, lines: &str, expected: char) -> Result<()> {
        self.0.get_mut().write_all(format!("{lines}\r\n").as_bytes()).await?;
        let said = lines.lines().next().unwrap_or_default();
        self.answer(expected).await.with_context(|| format!("hand in the forged mail, at `{said}`"))
    }

    async fn answer(&mut self, expected: char) -> Result<()> {
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).await?;
            ensure!(line.starts_with(expected), "the server says `{}`", line.trim_end());
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(());
            }
        }
    }
}
