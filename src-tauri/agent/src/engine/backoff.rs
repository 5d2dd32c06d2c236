//! How long to wait before the next try.

use std::time::Duration;

use rand::Rng;

/// The first wait.
const FIRST: Duration = Duration::from_secs(2);
/// The longest wait.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// A session that lived so long was a good one: what ends it is no part of the failures before it.
pub const GOOD_SESSION: Duration = Duration::from_secs(120);

/// Doubles from 2 seconds to 15 minutes, each wait with up to half of it on top, so that many clients of one
/// server do not come back in step.
#[derive(Debug)]
pub struct Backoff {
    next: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { next: FIRST }
    }
}

impl Backoff {
    /// The next wait, at least as long as `least`.
    pub fn wait(&mut self, least: Duration, random: &mut impl Rng) -> Duration {
        let wait = self.next.max(least);
        self.next = (self.next * 2).min(LONGEST);
        wait + wait.mul_f64(random.random_range(0.0..0.5))
    }

    /// Begins again after a session that was good.
    pub fn reset(&mut self) {
        self.next = FIRST;
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn waits_grow_to_a_ceiling_and_begin_again() {
        let mut random = rand::rngs::StdRng::seed_from_u64(1);
        let mut backoff = Backoff::default();
        let waits: Vec<Duration> = (0..12).map(|_| backoff.wait(Duration::ZERO, &mut random)).collect();
        assert!(waits[0] < FIRST * 2, "the first try comes soon");
        assert!(waits[11] >= LONGEST && waits[11] <= LONGEST * 3 / 2, "the ceiling holds");
        backoff.reset();
        assert!(backoff.wait(Duration::ZERO, &mut random) < FIRST * 2, "after a good session it starts anew");
        let least = Duration::from_secs(900);
        assert!(backoff.wait(least, &mut random) >= least, "a server that asks for patience gets it");
    }
}
