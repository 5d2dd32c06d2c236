//! The server's time, learned from the mail that it delivers.
//!
//! Grace times count in the server's time: INTERNALDATE is its clock's. Where the laptop's clock runs ahead, a
//! bounce of this second would look old enough to be judged before the user's program has saved its copy.

use rules::UnixTime;

/// How far the server's clock is from ours.
#[derive(Debug, Default)]
pub struct ServerClock {
    /// Seconds to add to our time; never above zero. A single mail filed with a date to come would end the grace
    /// time of every notice early, while a server that really is ahead only makes it longer.
    ahead: i64,
    /// The smallest delay seen between a delivery and our seeing it, in our time, while watching.
    smallest_lag: Option<i64>,
}

/// Nobody's delivery takes so long to be seen while the folder is watched; more is no clock but a delay.
const LONGEST_LAG: i64 = 12 * rules::time::HOUR;

impl ServerClock {
    /// The server's time at one of ours.
    #[must_use]
    pub fn server_time(&self, ours: UnixTime) -> UnixTime {
        ours.plus(self.ahead)
    }

    /// Learns from a mail seen `now`, in our time, with this INTERNALDATE.
    pub fn saw_arrival(&mut self, internal_date: UnixTime, now: UnixTime, watched: bool) {
        let lag = now.since(internal_date);
        if watched && (0..LONGEST_LAG).contains(&lag) {
            let smallest = self.smallest_lag.map_or(lag, |known| known.min(lag));
            self.smallest_lag = Some(smallest);
            self.ahead = -smallest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime(1_700_000_000);

    #[test]
    fn the_clock_follows_what_is_seen_coming_in() {
        let mut clock = ServerClock::default();
        assert_eq!(clock.server_time(NOW), NOW, "nothing known: our own time");
        clock.saw_arrival(NOW.minus(3_000), NOW, false);
        assert_eq!(clock.server_time(NOW), NOW, "a mail met later says nothing");
        clock.saw_arrival(NOW.minus(3_000), NOW, true);
        assert_eq!(clock.server_time(NOW), NOW.minus(3_000), "our clock seems 50 minutes ahead");
        clock.saw_arrival(NOW.minus(1), NOW, true);
        assert_eq!(clock.server_time(NOW), NOW.minus(1), "it was only slow delivery");
        clock.saw_arrival(NOW.plus(90), NOW, false);
        assert_eq!(
            clock.server_time(NOW),
            NOW.minus(1),
            "a date to come may be anybody's: no grace time ends by it"
        );
    }
}
