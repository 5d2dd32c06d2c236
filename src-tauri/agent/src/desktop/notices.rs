//! Which notifications are due: few, in sum, and at night none but an alarm.

use std::collections::VecDeque;

use rules::UnixTime;
use rules::time::{DAY, HOUR, MINUTE};

use super::Words;
use crate::api::{AccountState, Event, VerdictName};
use crate::config::{Desktop, Notify};

/// Between two notifications lies so long, in seconds.
const APART: i64 = MINUTE;
/// Between two that tell what was moved lies so long.
const SUMMARY: i64 = 30 * MINUTE;
/// So many within [`FLOOD_WITHIN`] are a flood.
const FLOOD: u64 = 100;
/// In seconds.
const FLOOD_WITHIN: i64 = 10 * MINUTE;
/// The notification of a flood counts up so often.
const FLOOD_COUNTS: i64 = 5 * MINUTE;
/// Without a mail for so long a flood is over.
const FLOOD_OVER: i64 = 30 * MINUTE;

/// Something to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The first backscatter of a day was moved; from whom, where that is wanted.
    First(Option<String>),
    /// So many were moved since it was last told.
    Summary(u64),
    /// So many were moved in a flood that is not over; it stands where the last one stood.
    Flood(u64),
    /// An account may be stolen.
    Alarm(String),
    /// The server refused the sign-in of an account.
    SignIn(String),
    /// What was reported by itself.
    Digest(String),
}

/// Something to show now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// What.
    pub notice: Notice,
    /// Its words.
    pub text: String,
    /// Whether it is shown whatever else is going on, and stays.
    pub urgent: bool,
}

/// Whether so many come that they are told of in one notification that counts up; with how many were moved since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Flood {
    /// There is none.
    #[default]
    None,
    /// There is one, and the user does not know yet.
    Untold(u64),
    /// There is one.
    Told(u64),
}

/// What was seen of late, and told.
#[derive(Debug, Default)]
pub struct Notices {
    settings: Desktop,
    /// Waiting, the most urgent first.
    urgent: VecDeque<Notice>,
    /// Moved and not told yet.
    moved: u64,
    /// The sender of the first of them.
    from: Option<String>,
    /// When mail was moved of late, and how many.
    lately: VecDeque<(UnixTime, u64)>,
    flood: Flood,
    told: Option<UnixTime>,
    told_moved: Option<UnixTime>,
    /// The day of the last first one.
    day: Option<i64>,
}

impl Notices {
    /// Goes by these settings from now on.
    pub fn go_by(&mut self, settings: Desktop) {
        self.settings = settings;
    }

    /// Something happened.
    pub fn saw(&mut self, event: &Event, now: UnixTime) {
        match event {
            Event::Judged { verdict: VerdictName::Backscatter, from, .. } => {
                self.from = self.from.take().or_else(|| from.clone());
            }
            Event::Moved { count, .. } => {
                self.moved = self.moved.saturating_add(*count);
                self.lately.push_back((now, *count));
                self.forget(now);
                let within: u64 = self.lately.iter().map(|(_, count)| count).sum();
                self.flood = match self.flood {
                    Flood::None if within >= FLOOD => Flood::Untold(within),
                    Flood::None => Flood::None,
                    Flood::Untold(all) => Flood::Untold(all.saturating_add(*count)),
                    Flood::Told(all) => Flood::Told(all.saturating_add(*count)),
                };
            }
            Event::Alarm { account, .. } => self.urge(Notice::Alarm(account.clone())),
            Event::StateChanged { account, state: AccountState::SignInFailed } => {
                self.urge(Notice::SignIn(account.clone()));
            }
            Event::Digest { text } => self.urge(Notice::Digest(text.clone())),
            _ => {}
        }
    }

    fn urge(&mut self, notice: Notice) {
        if !self.urgent.contains(&notice) {
            self.urgent.push_back(notice);
        }
    }

    fn forget(&mut self, now: UnixTime) {
        while self.lately.len() > 1
            && self.lately.front().is_some_and(|(at, _)| now.since(*at) > FLOOD_WITHIN)
        {
            self.lately.pop_front();
        }
        if self.lately.back().is_some_and(|(at, _)| now.since(*at) > FLOOD_OVER) {
            self.lately.clear();
            self.flood = Flood::None;
        }
    }

    /// Whether something waits to be told.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.moved > 0 || !self.urgent.is_empty() || self.flood != Flood::None
    }

    /// What is due; `offset`: so many seconds the user's clock is ahead of UTC.
    pub fn due(&mut self, now: UnixTime, offset: i64, words: &Words) -> Option<Due> {
        self.forget(now);
        if self.told.is_some_and(|told| (0..APART).contains(&now.since(told))) {
            return None;
        }
        let local = now.0.saturating_add(offset);
        let hour = u8::try_from(local.rem_euclid(DAY) / HOUR).unwrap_or(0);
        let quiet = self.settings.is_quiet(hour);
        let is_alarm = |notice: &Notice| matches!(notice, Notice::Alarm(_) | Notice::SignIn(_));
        let at = self.urgent.iter().position(|notice| is_alarm(notice) || !quiet);
        let notice = match at.and_then(|at| self.urgent.remove(at)) {
            // What is not wanted is not told later either.
            Some(Notice::Digest(_)) if self.settings.notify == Notify::Alarms => return None,
            Some(notice) => notice,
            None if quiet || self.settings.notify == Notify::Alarms => {
                if self.settings.notify == Notify::Alarms {
                    self.moved = 0;
                }
                return None;
            }
            None => self.of_moved(now, local.div_euclid(DAY))?,
        };
        self.told = Some(now);
        let urgent = is_alarm(&notice);
        Some(Due { text: text_of(&notice, words), notice, urgent })
    }

    fn of_moved(&mut self, now: UnixTime, day: i64) -> Option<Notice> {
        if self.moved == 0 {
            return None;
        }
        let since = self.told_moved.map_or(i64::MAX, |told| now.since(told).max(0));
        let notice = match self.flood {
            // That there is one is told as soon as anything may be.
            Flood::Untold(all) => {
                self.flood = Flood::Told(all);
                Notice::Flood(all)
            }
            Flood::Told(all) if since >= FLOOD_COUNTS => Notice::Flood(all),
            Flood::Told(_) => return None,
            Flood::None if self.day != Some(day) && self.moved == 1 => {
                let from = self.from.take().filter(|_| self.settings.show_senders);
                Notice::First(from)
            }
            Flood::None if self.day != Some(day) || since >= SUMMARY => Notice::Summary(self.moved),
            Flood::None => return None,
        };
        self.day = Some(day);
        self.moved = 0;
        self.from = None;
        self.told_moved = Some(now);
        Some(notice)
    }
}

fn text_of(notice: &Notice, words: &Words) -> String {
    match notice {
        Notice::First(None) => words.text("notify-first"),
        Notice::First(Some(from)) => {
            format!("{} {}", words.text("notify-first"), words.about("notify-from", from))
        }
        Notice::Summary(count) => words.counted("notify-summary", *count),
        Notice::Flood(count) => words.counted("notify-flood", *count),
        Notice::Alarm(account) => words.about("notify-alarm", account),
        Notice::SignIn(account) => words.about("notify-sign-in", account),
        Notice::Digest(text) => format!("{} {text}", words.text("notify-digest")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-28 12:00 UTC.
    const NOON: UnixTime = UnixTime(1_795_867_200);

    fn moved(count: u64) -> Event {
        Event::Moved { account: "home".to_owned(), count }
    }

    fn judged(from: &str) -> Event {
        Event::Judged {
            account: "home".to_owned(),
            verdict: VerdictName::Backscatter,
            rule: "never_sent".to_owned(),
            kind: rules::Kind::Bounce,
            id: None,
            from: Some(from.to_owned()),
            subject: "Undelivered".to_owned(),
            sentence: String::new(),
        }
    }

    /// What is told at each of these seconds after noon, asked every second until an hour later.
    fn told(notices: &mut Notices, events: &[(i64, Event)], seconds: i64) -> Vec<(i64, Notice)> {
        let words = Words::of(["en"]);
        let mut told = Vec::new();
        for second in 0..seconds {
            let now = NOON.plus(second);
            for (_, event) in events.iter().filter(|(at, _)| *at == second) {
                notices.saw(event, now);
            }
            told.extend(notices.due(now, 0, &words).map(|due| (second, due.notice)));
        }
        told
    }

    #[test]
    fn the_first_of_a_day_then_a_sum_every_half_hour() {
        let mut notices = Notices::default();
        let events = [(0, moved(1)), (60, moved(2)), (600, moved(10)), (4_000, moved(1))];
        let expected = [(0, Notice::First(None)), (1_800, Notice::Summary(12)), (4_000, Notice::Summary(1))];
        assert_eq!(told(&mut notices, &events, 7_000), expected);
        let tomorrow = [(86_400 + 10, moved(1))];
        assert_eq!(
            told(&mut notices, &tomorrow, 86_400 + 20),
            [(86_410, Notice::First(None))],
            "and the next day"
        );
    }

    #[test]
    fn a_flood_of_five_thousand_is_two_notifications_in_five_minutes() {
        let mut notices = Notices::default();
        let events: Vec<(i64, Event)> = (0..300).map(|second| (second, moved(17))).collect();
        let told = told(&mut notices, &events, 300);
        assert!(told.len() <= 2, "{told:?}");
        let mut notices = Notices::default();
        let events: Vec<(i64, Event)> = (0..1_200).map(|second| (second, moved(17))).collect();
        let counts: Vec<Notice> =
            self::told(&mut notices, &events, 1_200).into_iter().map(|(_, notice)| notice).collect();
        assert!(
            counts[1..].iter().all(|notice| matches!(notice, Notice::Flood(_))) && counts.len() <= 5,
            "one that counts up: {counts:?}"
        );
    }

    #[test]
    fn an_alarm_is_told_at_once_by_night_as_well_and_never_more_than_one_a_minute() {
        let mut notices = Notices::default();
        notices.go_by(Desktop { quiet_hours: Some((11, 13)), ..Desktop::default() });
        let alarm = |account: &str| Event::Alarm { account: account.to_owned(), text: String::new() };
        let refused = Event::StateChanged { account: "work".to_owned(), state: AccountState::SignInFailed };
        let events = [(5, moved(50)), (10, alarm("home")), (10, alarm("home")), (20, refused)];
        let expected = [(10, Notice::Alarm("home".to_owned())), (70, Notice::SignIn("work".to_owned()))];
        assert_eq!(told(&mut notices, &events, 3_500), expected, "what was moved can wait");
        assert_eq!(
            told(&mut notices, &[], 3_700),
            [(3_600, Notice::Summary(50))],
            "until the quiet hours are over"
        );
    }

    #[test]
    fn alarms_alone_where_that_is_wanted() {
        let mut notices = Notices::default();
        notices.go_by(Desktop { notify: Notify::Alarms, ..Desktop::default() });
        assert_eq!(told(&mut notices, &[(1, moved(500))], 600), [], "nothing of what was moved");
        notices.go_by(Desktop::default());
        assert_eq!(told(&mut notices, &[], 600), [], "nor later");
    }

    #[test]
    fn senders_are_named_only_where_that_was_chosen() {
        let events = [(0, judged("spammer@shop.example")), (0, moved(1))];
        assert_eq!(told(&mut Notices::default(), &events, 2), [(0, Notice::First(None))]);
        let mut notices = Notices::default();
        notices.go_by(Desktop { show_senders: true, ..Desktop::default() });
        let words = Words::of(["en"]);
        for (_, event) in &events {
            notices.saw(event, NOON);
        }
        let due = notices.due(NOON, 0, &words).expect("it is told");
        assert!(due.text.contains("spammer@shop.example") && !due.urgent, "{due:?}");
        assert_eq!(notices.due(NOON, 0, &words), None, "once");
    }
}
