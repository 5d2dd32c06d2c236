//! The stream under async-imap: counts bytes, keeps the deadline, and lets through one readable response at a time.

use std::{
    collections::VecDeque,
    fmt, io,
    pin::Pin,
    sync::Arc,
    sync::atomic::{AtomicU64, Ordering},
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::framing::{Frame, Framing, TooLarge};
use super::sieve::{Sifted, sift};

const CHUNK: usize = 16 << 10;
/// Responses put aside that are kept until somebody asks; a server may send any number of them.
const ASIDES: usize = 1_000;

/// The bytes that one connection carried, readable while it works.
#[derive(Debug, Default)]
pub struct Traffic {
    received: AtomicU64,
    sent: AtomicU64,
}

impl Traffic {
    /// Bytes of IMAP that came from the server, TLS not counted.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// Bytes of IMAP that went to the server, TLS not counted.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

/// What carries IMAP: a TCP stream, TLS over it, or a test's pipe.
pub(super) trait ByteStream: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin> ByteStream for S {}

/// A stream that async-imap can be given without harm.
pub(super) struct Guarded<S> {
    inner: S,
    traffic: Arc<Traffic>,
    framing: Framing,
    frames: VecDeque<Frame>,
    /// The response that is being handed out, and how far.
    current: Vec<u8>,
    handed: usize,
    asides: VecDeque<Vec<u8>>,
    patience: Option<Duration>,
    deadline: Pin<Box<Sleep>>,
    chunk: Box<[u8]>,
}

impl<S> Guarded<S> {
    pub(super) fn new(inner: S, traffic: Arc<Traffic>, patience: Duration) -> Self {
        Self {
            inner,
            traffic,
            framing: Framing::default(),
            frames: VecDeque::new(),
            current: Vec::new(),
            handed: 0,
            asides: VecDeque::new(),
            patience: Some(patience),
            deadline: Box::pin(sleep_until(Instant::now() + patience)),
            chunk: vec![0; CHUNK].into_boxed_slice(),
        }
    }

    /// How long the stream may be silent from now on; `None` for ever.
    pub(super) fn set_patience(&mut self, patience: Option<Duration>) {
        self.patience = patience;
        self.restart();
    }

    /// Takes the responses that the parser could not read, oldest first.
    pub(super) fn take_asides(&mut self) -> VecDeque<Vec<u8>> {
        std::mem::take(&mut self.asides)
    }

    /// Takes the stream out, if the server has said nothing that was not read yet.
    pub(super) fn into_inner_if_drained(self) -> Option<S> {
        let drained = self.frames.is_empty()
            && self.framing.is_between()
            && self.handed == self.current.len()
            && self.asides.is_empty();
        drained.then_some(self.inner)
    }

    fn restart(&mut self) {
        if let Some(patience) = self.patience {
            self.deadline.as_mut().reset(Instant::now() + patience);
        }
    }

    /// The outcome of a poll that found nothing to do: still pending, or the end of patience.
    fn wait<T>(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if self.patience.is_none() {
            return Poll::Pending;
        }
        ready!(self.deadline.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn hand_out(&mut self, buf: &mut ReadBuf<'_>) -> bool {
        let rest = self.current.get(self.handed..).unwrap_or_default();
        let now = rest.get(..rest.len().min(buf.remaining())).unwrap_or_default();
        buf.put_slice(now);
        let handed = now.len();
        self.handed += handed;
        if self.handed == self.current.len() {
            // A mail of megabytes is not kept until the next response comes.
            (self.current, self.handed) = (Vec::new(), 0);
        }
        handed > 0
    }

    /// Moves to the next readable response; responses after it wait, so that none lies unread in async-imap's buffer.
    fn next_response(&mut self) -> bool {
        while let Some(frame) = self.frames.pop_front() {
            let aside = match frame {
                Frame::Oversize(head) => head,
                Frame::Whole(frame) => match sift(frame) {
                    Sifted::Readable(frame) => {
                        (self.current, self.handed) = (frame, 0);
                        return true;
                    }
                    Sifted::Aside(head) => head,
                    Sifted::Nothing => continue,
                },
            };
            if self.asides.len() == ASIDES {
                self.asides.pop_front();
            }
            self.asides.push_back(aside);
        }
        false
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if this.hand_out(buf) {
                return Poll::Ready(Ok(()));
            }
            if this.next_response() {
                continue;
            }
            let mut chunk = ReadBuf::new(&mut this.chunk);
            match Pin::new(&mut this.inner).poll_read(cx, &mut chunk) {
                Poll::Pending => return this.wait(cx),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Ready(Ok(())) => {}
            }
            let read = chunk.filled().len();
            if read == 0 {
                return Poll::Ready(Ok(()));
            }
            this.traffic.received.fetch_add(read as u64, Ordering::Relaxed);
            let bytes = this.chunk.get(..read).unwrap_or_default();
            if let Err(TooLarge) = this.framing.feed(bytes, &mut this.frames) {
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, TooLarge)));
            }
            this.restart();
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        match Pin::new(&mut this.inner).poll_write(cx, buf) {
            Poll::Pending => this.wait(cx),
            Poll::Ready(written) => {
                if let Ok(written) = &written {
                    this.traffic.sent.fetch_add(*written as u64, Ordering::Relaxed);
                    this.restart();
                }
                Poll::Ready(written)
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        match Pin::new(&mut this.inner).poll_flush(cx) {
            Poll::Pending => this.wait(cx),
            flushed => flushed,
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        match Pin::new(&mut this.inner).poll_shutdown(cx) {
            Poll::Pending => this.wait(cx),
            shut => shut,
        }
    }
}

impl<S> fmt::Debug for Guarded<S> {
    /// Shows no content: what passes here is the user's mail.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guarded").field("traffic", &self.traffic).finish_non_exhaustive()
    }
}
