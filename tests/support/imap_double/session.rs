//! One connection's life: greeting, commands, faults, IDLE.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use imap_codec::decode::Decoder;
use imap_codec::imap_types::auth::AuthenticateData;
use imap_codec::{AuthenticateDataCodec, CommandCodec};
use tokio::net::TcpStream;
use tokio::sync::broadcast;

use super::conversation::{Answer, Conversation, Next, Quirks, Status};
use super::fault::Fault;
use super::wire::{Frame, Wire};
use super::{Control, Event, Moment, Shared, lock};
use crate::server::Security;

/// Ends a connection without further words.
struct Dropped;

pub(super) struct Session {
    shared: Arc<Shared>,
    id: u64,
    wire: Wire,
    talk: Conversation,
    control: broadcast::Receiver<Control>,
}

/// Serves one connection to its end.
pub(super) async fn serve(shared: Arc<Shared>, id: u64, stream: TcpStream) {
    let control = shared.control.subscribe();
    let _ = stream.set_nodelay(true);
    let security = lock(&shared.setup).security;
    let secured = security == Security::Tls;
    let wire = if secured {
        match shared.acceptor.accept(stream).await {
            Ok(stream) => Wire::new(Box::new(stream)),
            Err(_) => return,
        }
    } else {
        Wire::new(Box::new(stream))
    };
    let talk = Conversation {
        shared: Arc::clone(&shared),
        secured,
        signed_in: false,
        sent_id: false,
        selected: None,
        quirks: Quirks::default(),
    };
    let mut session = Session { shared, id, wire, talk, control };
    let _ = session.run().await;
}

impl Session {
    async fn run(&mut self) -> Result<()> {
        let greeting = lock(&self.shared.greeting).clone();
        let greeting = greeting.unwrap_or_else(|| {
            format!("* OK [CAPABILITY {}] double ready\r\n", self.talk.capability_words()).into_bytes()
        });
        self.write(None, &greeting).await?;
        loop {
            let frame = tokio::select! {
                frame = self.wire.command() => frame?,
                control = self.control.recv() => {
                    if self.obey(control).await?.is_err() {
                        return Ok(());
                    }
                    continue;
                }
            };
            let Some(frame) = frame else { return Ok(()) };
            if self.one(frame).await?.is_err() {
                return Ok(());
            }
        }
    }

    async fn obey(
        &mut self,
        control: Result<Control, broadcast::error::RecvError>,
    ) -> Result<Result<(), Dropped>> {
        match control {
            Ok(Control::Drop) | Err(_) => Ok(Err(Dropped)),
            Ok(Control::Bye(text)) => {
                self.write(None, format!("* BYE {text}\r\n").as_bytes()).await?;
                self.wire.close().await;
                Ok(Err(Dropped))
            }
            Ok(Control::Raw(octets)) => {
                self.write(None, &octets).await?;
                Ok(Ok(()))
            }
        }
    }

    async fn write(&mut self, entry: Option<usize>, octets: &[u8]) -> Result<()> {
        lock(&self.shared.record).sent(entry, octets.len());
        self.shared.stirred();
        self.wire.write(octets).await
    }

    async fn one(&mut self, frame: Frame) -> Result<Result<(), Dropped>> {
        let (tag, rest) = frame.tag_and_rest();
        let (tag, rest, name) = (tag.to_owned(), rest.to_owned(), frame.name());
        let (entry, nth, faults) = {
            // Under one lock: of two connections that say the same at once, each has its own number, for the hook as
            // for the faults.
            let mut record = lock(&self.shared.record);
            let (entry, nth) = record.command(self.id, &name, &rest, frame.bytes.len());
            (entry, nth, lock(&self.shared.faults).meet(&rest))
        };
        self.shared.tell_hook(Event { name: &name, line: &rest, nth, moment: Moment::Received });
        self.shared.stirred();

        let mut shape = Shape::default();
        for fault in faults {
            match fault {
                Fault::DropBefore => return Ok(Err(Dropped)),
                Fault::No(text) => shape.instead = Some(Answer::no(text)),
                Fault::Bad(text) => shape.instead = Some(Answer::bad(text)),
                Fault::RawInstead(octets) => {
                    self.write(Some(entry), &octets).await?;
                    return Ok(Ok(()));
                }
                Fault::Bye(text) => return self.obey(Ok(Control::Bye(text))).await,
                Fault::RawBefore(octets) => self.write(Some(entry), &octets).await?,
                Fault::Delay(delay) => shape.delay = delay,
                Fault::ByteAtATime => self.wire.byte_at_a_time = true,
                Fault::OmitCopyUid => self.talk.quirks.omit_copyuid = true,
                Fault::Pretend => self.talk.quirks.pretend = true,
                Fault::NewUidValidity => self.shared.new_uid_validity(&self.folder_meant(&rest)),
                Fault::DeleteSelected => self.shared.delete(&self.folder_meant(&rest)),
                Fault::HugeLiteral(length) => {
                    let octets = format!("* 1 FETCH (UID 1 BODY[HEADER] {{{length}}}\r\nFrom:");
                    self.write(Some(entry), octets.as_bytes()).await?;
                    return Ok(Ok(()));
                }
                after => shape.after.push(after),
            }
        }
        let mut answer = match shape.instead.take() {
            Some(answer) => answer,
            None => self.answer(&tag, &frame).await?,
        };
        self.talk.quirks = Quirks::default();
        if answer.next == Next::Idle {
            return self.idle(&tag, entry).await;
        }
        // RFC 3501 §7.4.1: no EXPUNGE may be told during a FETCH, STORE or SEARCH by sequence number.
        let expunges = !matches!(name.as_str(), "FETCH" | "STORE" | "SEARCH");
        match self.talk.sync(expunges) {
            Ok(news) => answer.untagged.extend(news),
            Err(text) => return self.obey(Ok(Control::Bye(text))).await,
        }
        self.shared.tell_hook(Event { name: &name, line: &rest, nth, moment: Moment::Executed });
        let dropped = self.send(&tag, entry, answer, shape).await?;
        Ok(dropped)
    }

    /// The folder that a fault is about: the open one, else the one that the command names.
    fn folder_meant(&self, rest: &str) -> String {
        match &self.talk.selected {
            Some(selected) => selected.folder.clone(),
            None => rest.split_once(' ').map_or("", |(_, name)| name).trim_matches('"').to_owned(),
        }
    }

    async fn answer(&mut self, tag: &str, frame: &Frame) -> Result<Answer> {
        let command = match CommandCodec::default().decode(&frame.bytes) {
            Ok((_, command)) => command,
            Err(_) => return Ok(self.undecoded(tag, frame)),
        };
        let answer = self.talk.execute(command.body);
        if answer.next != Next::Credentials {
            return Ok(answer);
        }
        self.write(None, b"+ \r\n").await?;
        let Some(response) = self.wire.command().await? else { return Ok(Answer::bad("gone")) };
        let decoded = AuthenticateDataCodec::default().decode(&response.bytes);
        Ok(match &decoded {
            Ok((_, AuthenticateData::Continue(data))) => self.talk.credentials(Some(data.declassify())),
            _ => self.talk.credentials(None),
        })
    }

    /// imap-codec knows no LIST … RETURN (…) (RFC 5258): answered as a plain LIST, which tells the same here.
    fn undecoded(&mut self, tag: &str, frame: &Frame) -> Answer {
        let rest = frame.tag_and_rest().1;
        if let Some((list, _)) = rest.split_once(" RETURN (")
            && list.to_ascii_uppercase().starts_with("LIST ")
        {
            let line = format!("{tag} {list}\r\n");
            if let Ok((_, command)) = CommandCodec::default().decode(line.as_bytes()) {
                return self.talk.execute(command.body);
            }
        }
        Answer::bad("can't read that")
    }

    async fn idle(&mut self, tag: &str, entry: usize) -> Result<Result<(), Dropped>> {
        let mut changed = self.shared.changed.subscribe();
        self.write(Some(entry), b"+ idling\r\n").await?;
        lock(&self.shared.record).statistics.idling += 1;
        self.shared.stirred();
        let ended = self.idle_until_done(tag, entry, &mut changed).await;
        lock(&self.shared.record).statistics.idling -= 1;
        self.shared.stirred();
        ended
    }

    async fn idle_until_done(
        &mut self,
        tag: &str,
        entry: usize,
        changed: &mut tokio::sync::watch::Receiver<u64>,
    ) -> Result<Result<(), Dropped>> {
        loop {
            match self.talk.sync(true) {
                Ok(news) if news.is_empty() => {}
                Ok(news) => self.write(Some(entry), &news.concat()).await?,
                Err(text) => return self.obey(Ok(Control::Bye(text))).await,
            }
            tokio::select! {
                frame = self.wire.command() => {
                    let Some(frame) = frame? else { return Ok(Err(Dropped)) };
                    lock(&self.shared.record).statistics.bytes_in += frame.bytes.len() as u64;
                    let done = frame.line.trim().eq_ignore_ascii_case("DONE");
                    let answer = if done { Answer::ok("idle ended") } else { Answer::bad("DONE was expected") };
                    return self.send(tag, entry, answer, Shape::default()).await;
                }
                control = self.control.recv() => {
                    if self.obey(control).await?.is_err() {
                        return Ok(Err(Dropped));
                    }
                }
                alive = changed.changed() => {
                    if alive.is_err() {
                        return Ok(Err(Dropped));
                    }
                }
            }
        }
    }

    async fn send(
        &mut self,
        tag: &str,
        entry: usize,
        mut answer: Answer,
        shape: Shape,
    ) -> Result<Result<(), Dropped>> {
        if !shape.delay.is_zero() {
            tokio::time::sleep(shape.delay).await;
        }
        let mut cut = None;
        for fault in shape.after {
            match fault {
                Fault::DropAfter => return Ok(Err(Dropped)),
                Fault::Silence => return Ok(Ok(())),
                Fault::DropAfterBytes(count) => cut = Some(count),
                Fault::DropAfterItems(count) => {
                    cut = Some(answer.untagged.iter().take(count).map(Vec::len).sum());
                }
                Fault::NoAfterItems(count, text) => {
                    answer.untagged.truncate(count);
                    (answer.status, answer.text) = (Status::No, text);
                }
                Fault::OkAfterItems(count) => answer.untagged.truncate(count),
                Fault::Omit(text) => {
                    answer
                        .untagged
                        .retain(|line| !line.windows(text.len()).any(|part| part == text.as_bytes()));
                }
                _ => {}
            }
        }
        let mut octets = answer.untagged.concat();
        octets.extend_from_slice(format!("{tag} {} {}\r\n", answer.status.word(), answer.text).as_bytes());
        if let Some(cut) = cut {
            octets.truncate(cut);
            self.write(Some(entry), &octets).await?;
            return Ok(Err(Dropped));
        }
        lock(&self.shared.record).answered(entry, answer.status.word());
        self.write(Some(entry), &octets).await?;
        match answer.next {
            Next::Close => {
                self.wire.close().await;
                return Ok(Err(Dropped));
            }
            Next::StartTls => {
                let plain = std::mem::replace(&mut self.wire, Wire::new(Box::new(tokio::io::empty())));
                let stream = self.shared.acceptor.accept(plain.into_stream()).await?;
                self.wire = Wire::new(Box::new(stream));
                self.talk.secured = true;
            }
            Next::Go | Next::Idle | Next::Credentials => {}
        }
        Ok(Ok(()))
    }
}

/// What faults do to an answer.
#[derive(Default)]
struct Shape {
    instead: Option<Answer>,
    delay: Duration,
    after: Vec<Fault>,
}

impl Shared {
    fn tell_hook(&self, event: Event<'_>) {
        let hook = lock(&self.hook).clone();
        if let Some(hook) = hook {
            hook(&event);
        }
    }
}
