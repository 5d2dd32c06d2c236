//! A bare IMAP client: lines over a socket, no code of the agent. It takes snapshots, is "the other mail
//! program" that drags and deletes, and is what the agent's times are compared with.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::date;
use crate::imap_double::uid_set;
use crate::mail::{Digest, Kept, Mail, Snapshot};
use crate::server::{Endpoint, Security};
use crate::tls;

trait Stream: AsyncBufRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncBufRead + AsyncWrite + Send + Unpin> Stream for T {}

/// An untagged response or a continuation: its text, where each literal is left as `{n}`, and the literals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The text without the leading `* `.
    pub text: String,
    /// The literals in order.
    pub literals: Vec<Vec<u8>>,
}

impl Line {
    /// The word or parenthesised list after this name in a FETCH response.
    pub fn item(&self, name: &str) -> Option<&str> {
        let (_, after) = self.text.split_once(&format!("{name} "))?;
        match after.strip_prefix('(') {
            Some(list) => list.split(')').next(),
            None => match after.strip_prefix('"') {
                Some(quoted) => quoted.split('"').next(),
                None => after.split([' ', ')']).next(),
            },
        }
    }

    /// The UID of a FETCH response.
    pub fn uid(&self) -> Option<u32> {
        self.item("UID")?.parse().ok()
    }
}

/// The answer to a command.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The untagged responses before the tagged one.
    pub lines: Vec<Line>,
    /// `OK`, `NO` or `BAD`.
    pub status: String,
    /// The text after it, with its response code.
    pub text: String,
}

impl Answer {
    /// This answer, if it is OK.
    ///
    /// # Errors
    /// With the server's text if it is NO or BAD.
    pub fn ok(self) -> Result<Self> {
        ensure!(self.status == "OK", "the server answered {} {}", self.status, self.text);
        Ok(self)
    }

    /// The first untagged response that contains this text.
    pub fn line(&self, containing: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.text.contains(containing))
    }
}

/// A connection.
pub struct Bare {
    stream: Box<dyn Stream>,
    tag: u32,
    deadline: Duration,
}

/// Mails fetched by one command.
const BATCH: usize = 500;

impl Bare {
    /// Connects and reads the greeting; with STARTTLS, after it the connection is secured.
    ///
    /// # Errors
    /// When the server can't be reached, its certificate isn't trusted, or it greets with anything but OK.
    pub async fn connect(endpoint: &Endpoint) -> Result<Self> {
        let tcp = TcpStream::connect(("127.0.0.1", endpoint.port)).await.context("connect")?;
        tcp.set_nodelay(true)?;
        let connector = tls::connector(&std::fs::read_to_string(&endpoint.ca_file)?)?;
        let name = endpoint.host.clone().try_into().context("host name")?;
        let deadline = Duration::from_secs(30);
        match endpoint.security {
            Security::Tls => {
                let stream = connector.connect(name, tcp).await.context("TLS")?;
                let mut bare = Self { stream: Box::new(BufReader::new(stream)), tag: 0, deadline };
                bare.greeting().await?;
                Ok(bare)
            }
            Security::Plain => {
                let mut bare = Self { stream: Box::new(BufReader::new(tcp)), tag: 0, deadline };
                bare.greeting().await?;
                Ok(bare)
            }
            Security::StartTls => {
                let mut tcp = BufReader::new(tcp);
                let mut line = String::new();
                tcp.read_line(&mut line).await?;
                ensure!(line.starts_with("* OK"), "greeting: {line}");
                tcp.get_mut().write_all(b"s STARTTLS\r\n").await?;
                line.clear();
                tcp.read_line(&mut line).await?;
                ensure!(line.starts_with("s OK"), "STARTTLS: {line}");
                let stream = connector.connect(name, tcp.into_inner()).await.context("TLS")?;
                Ok(Self { stream: Box::new(BufReader::new(stream)), tag: 0, deadline })
            }
        }
    }

    /// Connects and signs in.
    ///
    /// # Errors
    /// As [`Bare::connect`], and when the password is refused.
    pub async fn sign_in(endpoint: &Endpoint) -> Result<Self> {
        let mut bare = Self::connect(endpoint).await?;
        bare.ok(&format!("LOGIN \"{}\" \"{}\"", endpoint.user, endpoint.password)).await?;
        Ok(bare)
    }

    /// How long an answer may take; 30 s at first.
    pub fn set_deadline(&mut self, deadline: Duration) {
        self.deadline = deadline;
    }

    async fn greeting(&mut self) -> Result<()> {
        let line = self.read_line().await?;
        ensure!(line.text.starts_with("* OK"), "greeting: {}", line.text);
        Ok(())
    }

    /// Writes octets as they are.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn write(&mut self, octets: &[u8]) -> Result<()> {
        self.stream.write_all(octets).await?;
        self.stream.flush().await?;
        Ok(())
    }

    /// Reads one response with its literals; `text` has its leading tag, `*` or `+`.
    ///
    /// # Errors
    /// At the end of the stream, and when the deadline passes.
    pub async fn read_line(&mut self) -> Result<Line> {
        let deadline = self.deadline;
        match tokio::time::timeout(deadline, self.read_response()).await {
            Ok(line) => line,
            Err(_) => bail!("no answer within {deadline:?}"),
        }
    }

    async fn read_response(&mut self) -> Result<Line> {
        let mut line = Line { text: String::new(), literals: Vec::new() };
        loop {
            let mut octets = Vec::new();
            self.stream.read_until(b'\n', &mut octets).await?;
            ensure!(octets.ends_with(b"\n"), "the connection ended");
            let text = String::from_utf8_lossy(&octets);
            let text = text.trim_end_matches(['\r', '\n']);
            line.text.push_str(text);
            let length =
                text.strip_suffix('}').and_then(|text| text.rsplit_once('{')).map(|(_, number)| number);
            let Some(Ok(length)) = length.map(str::parse::<usize>) else { return Ok(line) };
            let mut literal = vec![0; length];
            self.stream.read_exact(&mut literal).await.context("the connection ended in a literal")?;
            line.literals.push(literal);
        }
    }

    /// Sends a command and reads up to its tagged answer, whatever that is.
    ///
    /// # Errors
    /// When the connection ends or the deadline passes first.
    pub async fn command(&mut self, command: &str) -> Result<Answer> {
        self.tag += 1;
        let tag = format!("b{}", self.tag);
        self.write(format!("{tag} {command}\r\n").as_bytes()).await?;
        self.answer(&tag).await
    }

    async fn answer(&mut self, tag: &str) -> Result<Answer> {
        let mut lines = Vec::new();
        loop {
            let mut line = self.read_line().await?;
            if let Some(rest) = line.text.strip_prefix(tag).and_then(|rest| rest.strip_prefix(' ')) {
                let (status, text) = rest.split_once(' ').unwrap_or((rest, ""));
                return Ok(Answer { lines, status: status.to_owned(), text: text.to_owned() });
            }
            if let Some(text) = line.text.strip_prefix("* ") {
                line.text = text.to_owned();
                lines.push(line);
            }
        }
    }

    /// Sends a command that must be answered OK.
    ///
    /// # Errors
    /// As [`Bare::command`], and when the answer is NO or BAD.
    pub async fn ok(&mut self, command: &str) -> Result<Answer> {
        self.command(command).await?.ok().with_context(|| format!("at `{command}`"))
    }

    /// Sends APPEND.
    ///
    /// # Errors
    /// As [`Bare::ok`].
    pub async fn append(&mut self, folder: &str, mail: &Mail) -> Result<Answer> {
        self.tag += 1;
        let tag = format!("b{}", self.tag);
        let flags: Vec<&str> = mail.flags.iter().map(String::as_str).collect();
        let head = format!(
            "{tag} APPEND \"{folder}\" ({}) \"{}\" {{{}}}\r\n",
            flags.join(" "),
            date::imap(mail.internal_date),
            mail.bytes.len()
        );
        self.write(head.as_bytes()).await?;
        let line = self.read_line().await?;
        ensure!(line.text.starts_with('+'), "APPEND: {}", line.text);
        self.write(&mail.bytes).await?;
        self.write(b"\r\n").await?;
        self.answer(&tag).await?.ok()
    }

    /// Begins IDLE; read what comes with [`Bare::read_line`] and end it with [`Bare::done`].
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn idle(&mut self) -> Result<()> {
        self.tag += 1;
        self.write(format!("b{} IDLE\r\n", self.tag).as_bytes()).await?;
        let line = self.read_line().await?;
        ensure!(line.text.starts_with('+'), "IDLE: {}", line.text);
        Ok(())
    }

    /// Ends IDLE.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn done(&mut self) -> Result<Answer> {
        self.write(b"DONE\r\n").await?;
        let tag = format!("b{}", self.tag);
        self.answer(&tag).await?.ok()
    }

    /// The names of all folders that can be opened, as on the wire.
    ///
    /// # Errors
    /// As [`Bare::ok`].
    pub async fn folders(&mut self) -> Result<Vec<String>> {
        let answer = self.ok("LIST \"\" \"*\"").await?;
        let mut names = Vec::new();
        for line in answer.lines.iter().filter(|line| line.text.starts_with("LIST (")) {
            if line.text.contains("\\Noselect") || line.text.contains("\\NonExistent") {
                continue;
            }
            if let Some(literal) = line.literals.first() {
                names.push(String::from_utf8_lossy(literal).into_owned());
                continue;
            }
            let after = line.text.split_once(") ").map_or("", |(_, after)| after);
            let name = after.split_once(' ').map_or("", |(_, name)| name);
            names.push(name.trim_matches('"').replace("\\\"", "\"").replace("\\\\", "\\"));
        }
        Ok(names)
    }

    /// The mails of the open folder with these UIDs, whole, with flags and INTERNALDATE, by UID.
    ///
    /// # Errors
    /// As [`Bare::ok`], and when a response lacks what was asked for.
    pub async fn mails(&mut self, uids: &[u32]) -> Result<Vec<(u32, Mail)>> {
        let mut mails = Vec::new();
        for batch in uids.chunks(BATCH) {
            let set = uid_set(batch);
            let answer = self.ok(&format!("UID FETCH {set} (UID FLAGS INTERNALDATE BODY.PEEK[])")).await?;
            for line in answer.lines {
                let Some(uid) = line.uid() else { continue };
                let when = date::from_imap(line.item("INTERNALDATE").context("no INTERNALDATE")?)?;
                let flags = line.item("FLAGS").context("no FLAGS")?;
                let flags = flags.split_ascii_whitespace().filter(|flag| *flag != "\\Recent");
                let flags = flags.map(str::to_owned).collect();
                let Some(octets) = line.literals.into_iter().next() else { continue };
                mails.push((uid, Mail { bytes: octets.into(), internal_date: when, flags }));
            }
        }
        Ok(mails)
    }

    /// Opens a folder read-only and returns its UIDs.
    ///
    /// # Errors
    /// As [`Bare::ok`].
    pub async fn examine(&mut self, folder: &str) -> Result<Vec<u32>> {
        self.ok(&format!("EXAMINE \"{folder}\"")).await?;
        self.uids().await
    }

    /// Opens a folder for changes and returns its UIDs.
    ///
    /// # Errors
    /// As [`Bare::ok`].
    pub async fn select(&mut self, folder: &str) -> Result<Vec<u32>> {
        self.ok(&format!("SELECT \"{folder}\"")).await?;
        self.uids().await
    }

    async fn uids(&mut self) -> Result<Vec<u32>> {
        let answer = self.ok("UID SEARCH ALL").await?;
        let line = answer.line("SEARCH").context("no SEARCH response")?;
        Ok(line.text.split_ascii_whitespace().filter_map(|word| word.parse().ok()).collect())
    }

    /// Opens a folder for changes and returns the UIDs of the mails with these digests.
    ///
    /// # Errors
    /// As [`Bare::ok`].
    pub async fn find(&mut self, folder: &str, which: &BTreeSet<Digest>) -> Result<Vec<u32>> {
        let uids = self.select(folder).await?;
        let mails = self.mails(&uids).await?;
        Ok(mails.into_iter().filter(|(_, mail)| which.contains(&mail.digest())).map(|(uid, _)| uid).collect())
    }

    /// Moves mails of the open folder, 200 in a command, to a folder that is made if it is missing.
    ///
    /// # Errors
    /// As [`Bare::ok`].
    pub async fn move_uids(&mut self, uids: &[u32], to: &str) -> Result<()> {
        for batch in uids.chunks(200) {
            let command = format!("UID MOVE {} \"{to}\"", uid_set(batch));
            let answer = self.command(&command).await?;
            // Without MOVE, as mail programs do it then; Courier says NO to a command that it does not know.
            if answer.status == "BAD" || answer.text.contains("Error in IMAP command") {
                self.ok(&format!("UID COPY {} \"{to}\"", uid_set(batch))).await?;
                self.expunge(batch).await?;
            } else if answer.text.contains("[TRYCREATE]") {
                self.ok(&format!("CREATE \"{to}\"")).await?;
                self.ok(&command).await?;
            } else {
                answer.ok()?;
            }
        }
        Ok(())
    }

    /// Deletes mails of the open folder for good.
    ///
    /// # Errors
    /// As [`Bare::ok`].
    pub async fn expunge(&mut self, uids: &[u32]) -> Result<()> {
        for batch in uids.chunks(BATCH) {
            let set = uid_set(batch);
            self.ok(&format!("UID STORE {set} +FLAGS.SILENT (\\Deleted)")).await?;
            self.ok(&format!("UID EXPUNGE {set}")).await?;
        }
        Ok(())
    }

    /// Every mail of every folder.
    ///
    /// # Errors
    /// As [`Bare::ok`].
    pub async fn snapshot(&mut self) -> Result<Snapshot> {
        let mut kept = Vec::new();
        for folder in self.folders().await? {
            let uids = self.examine(&folder).await?;
            for batch in uids.chunks(BATCH) {
                for (_, mail) in self.mails(batch).await? {
                    kept.push(Kept {
                        folder: folder.clone(),
                        digest: mail.digest(),
                        internal_date: mail.internal_date,
                        flags: mail.flags,
                    });
                }
            }
        }
        kept.sort();
        Ok(Snapshot(kept))
    }
}
