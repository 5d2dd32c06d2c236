//! The one place that sends a command and reads to its own tagged answer.
//!
//! Of async-imap only `Client::read_response` is used: its commands take a tagged NO after FETCH, or the end of the
//! stream, for success (0.12.0; <https://github.com/chatmail/async-imap/issues/95>), drop unsolicited responses beyond
//! the hundredth, and print passwords to its log.

use std::{io, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use async_imap::imap_proto::{MailboxDatum, Outcome, Response, ResponseCode, Status};
use futures_util::FutureExt;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use super::command::{Command, Piece};
use super::error::shown;
use super::framing::TooLarge;
use super::guard::{ByteStream, Guarded, Traffic};
use super::{ImapError, Loss};

/// The stream of a connection, whatever carries it.
pub(super) type Stream = Box<dyn ByteStream>;

/// A whole command may take so many times the deadline of one silence.
const CEILING: u32 = 20;

/// One response, on its way to the command that it may belong to.
pub(super) enum Said<'a> {
    /// A response that imap-proto knows; the tagged one comes last.
    Response(&'a Response<'a>),
    /// One that it can't read: the first bytes of it.
    Unreadable(&'a [u8]),
}

/// What a tagged status or BYE said.
#[derive(Debug)]
pub(super) struct Words {
    /// The response code in upper case.
    pub(super) code: Option<String>,
    pub(super) text: String,
}

/// A response after everybody has seen it, as far as it steers the exchange.
#[derive(Debug)]
pub(super) enum Heard {
    /// Untagged data.
    Data,
    /// An untagged OK, NO, BAD or PREAUTH.
    Status(Status),
    /// `+`, and the text behind it.
    Continuation(String),
    /// A tagged answer.
    Answer { tag: String, status: Status, words: Words },
}

/// Sends and reads. After any error but [`ImapError::Refused`] it is of no use any more.
#[derive(Debug)]
pub(super) struct Wire {
    client: async_imap::Client<Guarded<Stream>>,
    traffic: Arc<Traffic>,
    response: Duration,
    last_tag: u64,
    lost: Option<Loss>,
    /// A command is sent and its answer not seen; stays so where the caller drops the future.
    waiting: bool,
    /// The selected folder may have changed since somebody asked.
    news: bool,
    /// UIDVALIDITY of the selected folder; another one in mid-session ends it.
    pub(super) uid_validity: Option<u32>,
}

impl Wire {
    /// Takes a stream on which the server speaks first.
    pub(super) fn new(stream: Stream, traffic: Arc<Traffic>, response: Duration) -> Self {
        let guarded = Guarded::new(stream, Arc::clone(&traffic), response);
        Self {
            client: async_imap::Client::new(guarded),
            traffic,
            response,
            last_tag: 0,
            lost: None,
            waiting: false,
            news: false,
            uid_validity: None,
        }
    }

    pub(super) fn traffic(&self) -> &Arc<Traffic> {
        &self.traffic
    }

    pub(super) fn is_usable(&self) -> bool {
        self.lost.is_none() && !self.waiting
    }

    pub(super) fn take_news(&mut self) -> bool {
        std::mem::take(&mut self.news)
    }

    pub(super) fn has_news(&self) -> bool {
        self.news
    }

    /// Marks the connection as lost.
    pub(super) fn lose(&mut self, doing: &'static str, how: Loss) -> ImapError {
        self.lost.get_or_insert_with(|| how.clone());
        ImapError::Lost { doing, how }
    }

    /// Takes the stream back, if no byte from the server lies unread.
    pub(super) fn into_stream_if_drained(self) -> Option<Stream> {
        // The guard gives out one response at a time, so async-imap's own buffer is empty here.
        self.client.into_inner().into_inner_if_drained()
    }

    /// Sends a command, gives everything that is said to `each`, and returns at the command's own tagged OK.
    ///
    /// # Errors
    /// [`ImapError::Refused`] for NO and BAD; anything else means that the connection is lost.
    pub(super) async fn run(
        &mut self,
        command: &Command,
        each: &mut (dyn FnMut(Said<'_>) + Send),
    ) -> Result<(), ImapError> {
        let ceiling = self.response.saturating_mul(CEILING);
        match timeout(ceiling, self.exchange(command, each)).await {
            Ok(answered) => answered,
            Err(_) => Err(self.lose(command.name, Loss::TooSlow)),
        }
    }

    async fn exchange(
        &mut self,
        command: &Command,
        each: &mut (dyn FnMut(Said<'_>) + Send),
    ) -> Result<(), ImapError> {
        let tag = self.send(command, each).await?;
        self.finish(command.name, &tag, each).await
    }

    /// Sends a command with its literals; the answer is still to be read, by [`Wire::finish`].
    pub(super) async fn send(
        &mut self,
        command: &Command,
        each: &mut (dyn FnMut(Said<'_>) + Send),
    ) -> Result<String, ImapError> {
        let doing = command.name;
        if let Some(how) = &self.lost {
            return Err(ImapError::Lost { doing, how: how.clone() });
        }
        if self.waiting {
            return Err(self.lose(doing, Loss::Unfinished));
        }
        self.waiting = true;
        self.set_patience(Some(self.response));
        self.last_tag += 1;
        let tag = format!("N{}", self.last_tag);
        let mut line = secrecy::zeroize::Zeroizing::new(format!("{tag} ").into_bytes());
        for piece in &command.pieces {
            match piece {
                Piece::Text(text) => line.extend_from_slice(text),
                Piece::Literal(data) => {
                    line.extend_from_slice(format!("{{{}}}\r\n", data.len()).as_bytes());
                    self.write(doing, &line).await?;
                    self.until_continuation(doing, &tag, each).await?;
                    line.clear();
                    line.extend_from_slice(data);
                }
            }
        }
        line.extend_from_slice(b"\r\n");
        self.write(doing, &line).await?;
        Ok(tag)
    }

    /// Sends a line that belongs to a command under way: `DONE`, or an answer to a challenge.
    pub(super) async fn send_line(&mut self, doing: &'static str, line: &[u8]) -> Result<(), ImapError> {
        let mut line = secrecy::zeroize::Zeroizing::new(line.to_vec());
        line.extend_from_slice(b"\r\n");
        self.write(doing, &line).await
    }

    /// Reads to the tagged answer of a command.
    pub(super) async fn finish(
        &mut self,
        doing: &'static str,
        tag: &str,
        each: &mut (dyn FnMut(Said<'_>) + Send),
    ) -> Result<(), ImapError> {
        loop {
            if let Heard::Answer { tag: told, status, words } = self.next(doing, each).await? {
                return self.own_answer(doing, tag, &told, &status, words);
            }
        }
    }

    /// Reads to the server's `+`; returns the text behind it.
    async fn until_continuation(
        &mut self,
        doing: &'static str,
        tag: &str,
        each: &mut (dyn FnMut(Said<'_>) + Send),
    ) -> Result<String, ImapError> {
        match self.continuation(doing, tag, each).await? {
            Some(text) => Ok(text),
            // An OK to half a command.
            None => Err(self.lose(doing, Loss::Protocol)),
        }
    }

    /// Reads to the server's `+`, whose text is returned, or to the command's tagged OK.
    pub(super) async fn continuation(
        &mut self,
        doing: &'static str,
        tag: &str,
        each: &mut (dyn FnMut(Said<'_>) + Send),
    ) -> Result<Option<String>, ImapError> {
        loop {
            match self.next(doing, each).await? {
                Heard::Continuation(text) => return Ok(Some(text)),
                Heard::Answer { tag: told, status, words } => {
                    return self.own_answer(doing, tag, &told, &status, words).map(|()| None);
                }
                Heard::Data | Heard::Status(_) => {}
            }
        }
    }

    /// What a tagged answer means for the command under way.
    fn own_answer(
        &mut self,
        doing: &'static str,
        own: &str,
        told: &str,
        status: &Status,
        words: Words,
    ) -> Result<(), ImapError> {
        if told != own {
            return Err(self.lose(doing, Loss::Protocol));
        }
        let bad = match status {
            Status::Ok => {
                self.waiting = false;
                return Ok(());
            }
            Status::No => false,
            Status::Bad => true,
            Status::PreAuth | Status::Bye => return Err(self.lose(doing, Loss::Protocol)),
        };
        self.waiting = false;
        Err(ImapError::Refused { command: doing, bad, code: words.code, text: words.text })
    }

    /// Reads one response and gives it to `each`, with what could not be read before it. BYE and the end of the stream
    /// are losses.
    pub(super) async fn next(
        &mut self,
        doing: &'static str,
        each: &mut (dyn FnMut(Said<'_>) + Send),
    ) -> Result<Heard, ImapError> {
        let read = AssertUnwindSafe(self.client.read_response()).catch_unwind().await;
        for aside in self.client.get_mut().take_asides() {
            each(Said::Unreadable(&aside));
        }
        let said = match read {
            // A panic of the parser: its state is not to be trusted again.
            Err(_) => return Err(self.lose(doing, Loss::Protocol)),
            Ok(Err(error)) => return Err(self.lose(doing, loss(&error))),
            Ok(Ok(None)) => return Err(self.lose(doing, Loss::Closed)),
            Ok(Ok(Some(said))) => said,
        };
        let said = said.parsed();
        self.note(doing, said)?;
        each(Said::Response(said));
        Ok(match said {
            Response::Continue(outcome) => {
                Heard::Continuation(outcome.information.as_deref().unwrap_or_default().to_owned())
            }
            Response::Done { tag, status, outcome } => {
                Heard::Answer { tag: tag.0.clone(), status: copied(status), words: words(outcome) }
            }
            Response::Data { status, .. } => Heard::Status(copied(status)),
            _ => Heard::Data,
        })
    }

    /// Keeps what a response says about the connection and the selected folder, whatever command it came in.
    fn note(&mut self, doing: &'static str, said: &Response<'_>) -> Result<(), ImapError> {
        match said {
            // RFC 3501 §6.1.3: LOGOUT is answered by BYE before its OK.
            Response::Data { status: Status::Bye, outcome } if doing != "LOGOUT" => {
                return Err(self.lose(doing, Loss::Bye(words(outcome).text)));
            }
            Response::Expunge(_)
            | Response::Vanished { earlier: false, .. }
            | Response::MailboxData(MailboxDatum::Exists(_)) => self.news = true,
            Response::Data {
                outcome: Outcome { code: Some(ResponseCode::UidValidity(now)), .. }, ..
            } if self.uid_validity.is_some_and(|before| before != *now) => {
                return Err(self.lose(doing, Loss::Renumbered));
            }
            Response::Data { outcome: Outcome { code: Some(ResponseCode::UidNext(_)), .. }, .. } => {
                self.news = true;
            }
            _ => {}
        }
        Ok(())
    }

    /// How long the server may be silent from now on; `None` for ever.
    pub(super) fn set_patience(&mut self, patience: Option<Duration>) {
        self.client.get_mut().set_patience(patience);
    }

    /// Ends the stream politely; errors don't matter any more.
    pub(super) async fn close(mut self) {
        let _ = self.client.get_mut().shutdown().await;
    }

    async fn write(&mut self, doing: &'static str, bytes: &[u8]) -> Result<(), ImapError> {
        let stream = self.client.get_mut();
        let written = async {
            stream.write_all(bytes).await?;
            stream.flush().await
        };
        let written = written.await;
        written.map_err(|error| self.lose(doing, loss(&error)))
    }
}

/// imap-proto's status can't be copied.
fn copied(status: &Status) -> Status {
    match status {
        Status::Ok => Status::Ok,
        Status::No => Status::No,
        Status::Bad => Status::Bad,
        Status::PreAuth => Status::PreAuth,
        Status::Bye => Status::Bye,
    }
}

/// How an error of the stream counts; its text is not kept, it may hold the user's mail.
fn loss(error: &io::Error) -> Loss {
    if error.get_ref().is_some_and(|inner| inner.is::<TooLarge>()) {
        return Loss::TooLarge;
    }
    match error.kind() {
        io::ErrorKind::TimedOut => Loss::Silent,
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::ConnectionAborted => Loss::Closed,
        // async-imap wraps what it can't parse as `Other`; the sieve lets nothing such through.
        io::ErrorKind::Other => Loss::Protocol,
        kind => Loss::Network(kind),
    }
}

/// Code and words of a status; imap-proto knows few codes, and leaves the others in the text.
pub(super) fn words(outcome: &Outcome<'_>) -> Words {
    let text = outcome.information.as_deref().unwrap_or_default();
    if let Some(code) = &outcome.code {
        let code = match code {
            ResponseCode::Alert => "ALERT",
            ResponseCode::TryCreate => "TRYCREATE",
            ResponseCode::Parse => "PARSE",
            ResponseCode::ReadOnly => "READ-ONLY",
            _ => return Words { code: None, text: shown(text) },
        };
        return Words { code: Some(code.to_owned()), text: shown(text) };
    }
    if let Some((code, rest)) = text.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
        let name = code.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        return Words { code: Some(name), text: shown(rest) };
    }
    Words { code: None, text: shown(text) }
}
