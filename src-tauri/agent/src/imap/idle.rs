//! IDLE (RFC 2177) by raw commands: async-imap's own hangs where the server refuses it, and takes the end of the
//! stream for the caller's interrupt.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};

use super::command::Command;
use super::wire::{Heard, Said};
use super::{Connection, ImapError, Loss};

/// How long a server may take over the end of IDLE.
const END: Duration = Duration::from_secs(15);
/// IDLE is never longer: NAT boxes forget, and a dead link is found at its end.
pub const LONGEST_IDLE: Duration = Duration::from_secs(5 * 60);

/// Why IDLE or a poll ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// Mail came or went; look at the folder again.
    News,
    /// Time to re-arm.
    TimeUp,
    /// The caller's own interrupt.
    Interrupted,
}

impl Connection {
    /// Waits in the open folder until mail comes or goes, the time is up (five minutes at most), or the caller
    /// interrupts.
    ///
    /// News that came with an earlier command, and were not asked for since, end it at once. News that come together
    /// with an interrupt end the next one. Interrupt it by `interrupt`, never by dropping it: that ends the connection.
    ///
    /// # Errors
    /// [`ImapError::IdleRefused`]: poll instead, the connection stays usable. Loss: also where the server hangs up
    /// while we wait, or does not answer `DONE` within 15 seconds.
    pub async fn idle(
        &mut self,
        interrupt: impl Future<Output = ()> + Send,
        how_long: Duration,
    ) -> Result<Woken, ImapError> {
        const DOING: &str = "IDLE";
        self.must_be_open()?;
        if self.wire.take_news() {
            return Ok(Woken::News);
        }
        if !self.capabilities.has(DOING) {
            return Err(ImapError::IdleRefused { text: "it does not offer it".to_owned() });
        }
        let wake_at = Instant::now() + how_long.min(LONGEST_IDLE);
        let tag = self.wire.send(&Command::new(DOING), &mut |_| {}).await?;
        match self.wire.continuation(DOING, &tag, &mut |_| {}).await {
            Ok(Some(_)) => {}
            Ok(None) => return Err(ImapError::IdleRefused { text: "it ended it at once".to_owned() }),
            Err(ImapError::Refused { text, .. }) => return Err(ImapError::IdleRefused { text }),
            Err(lost) => return Err(lost),
        }
        // Silence is what IDLE is for; its own end bounds it.
        self.wire.set_patience(None);
        tokio::pin!(interrupt);
        let time_up = sleep_until(wake_at);
        tokio::pin!(time_up);
        let mut ignore = |_: Said<'_>| {};
        let woken = loop {
            if self.wire.has_news() {
                break Woken::News;
            }
            tokio::select! {
                biased;
                heard = self.wire.next(DOING, &mut ignore) => if let Heard::Answer { .. } = heard? {
                    // The server ended it by itself: RFC 2177 knows no such thing, and what comes next is unknown.
                    return Err(self.wire.lose(DOING, Loss::Protocol));
                },
                () = &mut interrupt => break Woken::Interrupted,
                () = &mut time_up => break Woken::TimeUp,
            }
        };
        self.wire.set_patience(Some(END));
        let end = timeout(END, async {
            self.wire.send_line(DOING, b"DONE").await?;
            self.wire.finish(DOING, &tag, &mut |_| {}).await
        });
        match end.await {
            Err(_) => return Err(self.wire.lose(DOING, Loss::Silent)),
            Ok(Ok(()) | Err(ImapError::Refused { .. })) => {}
            Ok(Err(lost)) => return Err(lost),
        }
        // An EXISTS between DONE and the OK counts as well.
        Ok(match woken {
            Woken::Interrupted => Woken::Interrupted,
            Woken::News | Woken::TimeUp if self.wire.take_news() => Woken::News,
            woken => woken,
        })
    }
}
