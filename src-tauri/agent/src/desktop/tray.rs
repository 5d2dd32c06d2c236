//! The tray: its icon, its words and its menu, all by what is seen of the agent.

use rules::UnixTime;

use super::Words;
use crate::api::{AccountState, AccountView};

/// What is seen of the agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Whether an agent answers.
    pub running: bool,
    /// The accounts.
    pub accounts: Vec<AccountView>,
    /// Decisions that wait for the user.
    pub needs_eye: u64,
    /// Reports that wait for the user's word.
    pub reports: u64,
    /// Whether its index of sent mail is being opened.
    pub opening: bool,
    /// Why there is no agent, where that is known.
    pub trouble: Option<String>,
}

/// What the icon shows, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Face {
    /// An account may be stolen.
    Alarm,
    /// Nothing goes on without the user.
    NeedsYou,
    /// No agent answers.
    Stopped,
    /// It is tried again later.
    Waiting,
    /// The user has it paused.
    Paused,
    /// It connects, reads or judges.
    Working,
    /// It waits for new mail.
    Watching,
    /// There is no account yet.
    NoAccount,
}

impl Face {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Alarm,
        Self::NeedsYou,
        Self::Stopped,
        Self::Waiting,
        Self::Paused,
        Self::Working,
        Self::Watching,
        Self::NoAccount,
    ];

    /// Of all accounts together the worst counts.
    #[must_use]
    pub fn of(seen: &Seen) -> Self {
        if seen.opening {
            return Self::Working;
        }
        if !seen.running {
            return Self::Stopped;
        }
        let worst = seen.accounts.iter().map(Self::of_account).min().unwrap_or(Self::NoAccount);
        // What waits for an answer is worth a look only where nothing else is.
        if worst == Self::Watching && seen.needs_eye > 0 { Self::NeedsYou } else { worst }
    }

    fn of_account(account: &AccountView) -> Self {
        if account.alarm.is_some() {
            return Self::Alarm;
        }
        match account.state {
            AccountState::SignInFailed => Self::NeedsYou,
            AccountState::Stopped => Self::Stopped,
            AccountState::Waiting { .. } => Self::Waiting,
            AccountState::Paused { .. } => Self::Paused,
            AccountState::Connecting
            | AccountState::SigningIn
            | AccountState::Indexing { .. }
            | AccountState::Scanning => Self::Working,
            AccountState::Watching(_) => Self::Watching,
        }
    }

    /// The word for it, as in the names of texts and pictures.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Alarm => "alarm",
            Self::NeedsYou => "needs-you",
            Self::Stopped => "stopped",
            Self::Waiting => "waiting",
            Self::Paused => "paused",
            Self::Working => "working",
            Self::Watching => "watching",
            Self::NoAccount => "no-account",
        }
    }
}

/// What the user can order in the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MenuOrder {
    /// Show the window.
    Open,
    /// Show what waits for an answer.
    Eye,
    /// Show the reports that wait.
    Reports,
    /// Look at the mailboxes now.
    Check,
    /// Leave them alone for an hour.
    PauseHour,
    /// Leave them alone until tomorrow morning.
    PauseTomorrow,
    /// Go on.
    Resume,
    /// End the program.
    Quit,
}

impl MenuOrder {
    const ALL: [Self; 8] = [
        Self::Open,
        Self::Eye,
        Self::Reports,
        Self::Check,
        Self::PauseHour,
        Self::PauseTomorrow,
        Self::Resume,
        Self::Quit,
    ];

    /// The name of its entry.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Eye => "eye",
            Self::Reports => "reports",
            Self::Check => "check",
            Self::PauseHour => "pause-hour",
            Self::PauseTomorrow => "pause-tomorrow",
            Self::Resume => "resume",
            Self::Quit => "quit",
        }
    }

    /// The order of an entry's name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.name() == name)
    }
}

/// An entry of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// What the agent is doing; it cannot be chosen.
    State(String),
    /// Something to order.
    Item(MenuOrder, String),
    /// A line.
    Separator,
}

/// The tray as it is to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tray {
    /// The icon.
    pub face: Face,
    /// What is said where the pointer rests on it.
    pub tooltip: String,
    /// The menu, from the top.
    pub menu: Vec<Entry>,
}

impl Tray {
    /// The tray for what is seen.
    #[must_use]
    pub fn of(seen: &Seen, words: &Words) -> Self {
        let face = Face::of(seen);
        let state = words.text(&format!("tray-state-{}", face.word()));
        let item = |order: MenuOrder, key: &str| Entry::Item(order, words.text(key));
        let mut menu = vec![Entry::State(state.clone())];
        let trouble = seen.trouble.as_deref().filter(|_| !seen.running);
        menu.extend(trouble.map(|why| Entry::State(shortened(why))));
        menu.extend([Entry::Separator, item(MenuOrder::Open, "tray-open")]);
        if seen.needs_eye > 0 {
            menu.push(Entry::Item(MenuOrder::Eye, words.counted("tray-needs-eye", seen.needs_eye)));
        }
        if seen.reports > 0 {
            menu.push(Entry::Item(MenuOrder::Reports, words.counted("tray-report", seen.reports)));
        }
        if seen.running && !seen.accounts.is_empty() {
            menu.push(Entry::Separator);
            let paused = |account: &AccountView| matches!(account.state, AccountState::Paused { .. });
            if seen.accounts.iter().any(paused) {
                menu.push(item(MenuOrder::Resume, "tray-resume"));
            } else {
                menu.push(item(MenuOrder::Check, "tray-check"));
                menu.push(item(MenuOrder::PauseHour, "tray-pause-hour"));
                menu.push(item(MenuOrder::PauseTomorrow, "tray-pause-tomorrow"));
            }
        }
        menu.extend([Entry::Separator, item(MenuOrder::Quit, "tray-quit")]);
        let tooltip =
            [Some("Neversent"), Some(&state), trouble].into_iter().flatten().collect::<Vec<_>>().join(": ");
        Self { face, tooltip, menu }
    }
}

/// As much of a text as a line of a menu holds.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 90;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// When a pause until tomorrow ends: at six in the morning where the user is, `offset` seconds ahead of UTC.
#[must_use]
pub fn tomorrow(now: UnixTime, offset: i64) -> UnixTime {
    use rules::time::{DAY, HOUR};
    let local = now.0.saturating_add(offset);
    let midnight = local.saturating_sub(local.rem_euclid(DAY));
    UnixTime(midnight.saturating_add(DAY + 6 * HOUR).saturating_sub(offset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Watching;
    use crate::config::Mode;

    fn account(state: AccountState) -> AccountView {
        AccountView {
            name: "home".to_owned(),
            state,
            mode: Mode::Quarantine,
            watched: Vec::new(),
            sent_folders: Vec::new(),
            sent_indexed: 0,
            coverage: String::new(),
            coverage_told: None,
            complete: true,
            judged: 0,
            undecided: 0,
            to_apply: 0,
            quarantined: 0,
            bytes_in: 0,
            bytes_out: 0,
            problem: None,
            alarm: None,
        }
    }

    fn seen(states: impl IntoIterator<Item = AccountState>) -> Seen {
        Seen { running: true, accounts: states.into_iter().map(account).collect(), ..Seen::default() }
    }

    const IDLE: AccountState = AccountState::Watching(Watching::Idle);

    fn waiting() -> AccountState {
        AccountState::Waiting { until: UnixTime(0), why: "the server is away".to_owned() }
    }

    #[test]
    fn the_worst_account_is_shown() {
        let cases = [
            (seen([]), Face::NoAccount),
            (Seen::default(), Face::Stopped),
            (Seen { opening: true, ..Seen::default() }, Face::Working),
            (seen([IDLE]), Face::Watching),
            (seen([IDLE, AccountState::Scanning]), Face::Working),
            (seen([AccountState::Indexing { done: 1, total: 2 }]), Face::Working),
            (seen([IDLE, waiting()]), Face::Waiting),
            (seen([waiting(), AccountState::SignInFailed]), Face::NeedsYou),
            (seen([AccountState::Paused { until: None }, IDLE]), Face::Paused),
            (Seen { needs_eye: 3, ..seen([IDLE]) }, Face::NeedsYou),
            (Seen { needs_eye: 3, ..seen([waiting()]) }, Face::Waiting),
        ];
        for (seen, face) in cases {
            assert_eq!(Face::of(&seen), face, "{seen:?}");
        }
        let mut stolen = seen([IDLE, AccountState::SignInFailed]);
        stolen.accounts[0].alarm = Some("somebody else".to_owned());
        assert_eq!(Face::of(&stolen), Face::Alarm, "nothing is worse");
    }

    fn lines(tray: &Tray) -> Vec<String> {
        let line = |entry: &Entry| match entry {
            Entry::State(text) => format!("({text})"),
            Entry::Item(order, text) => format!("{}: {text}", order.name()),
            Entry::Separator => "-".to_owned(),
        };
        tray.menu.iter().map(line).collect()
    }

    #[test]
    fn the_menu_has_what_can_be_done_now() {
        let words = Words::of(["en"]);
        let quiet = Tray::of(&seen([IDLE]), &words);
        let expected = [
            "(Watching for new mail)",
            "-",
            "open: Open",
            "-",
            "check: Check now",
            "pause-hour: Pause for an hour",
            "pause-tomorrow: Pause until tomorrow",
            "-",
            "quit: Quit",
        ];
        assert_eq!(lines(&quiet), expected, "nothing waits");
        let busy = Tray::of(&Seen { needs_eye: 3, reports: 12, ..seen([IDLE]) }, &words);
        let expected = ["open: Open", "eye: Needs your eye (3)", "reports: Report 12 waiting…"];
        assert_eq!(lines(&busy)[2..5], expected, "what waits stands below");
        let paused = Tray::of(&seen([AccountState::Paused { until: None }]), &words);
        assert_eq!(lines(&paused)[4], "resume: Resume", "instead of pausing");
        assert!(!lines(&paused).iter().any(|line| line.contains("check")), "nor is it looked at");
        let none = Tray::of(&seen([]), &words);
        assert_eq!(lines(&none), ["(No account yet)", "-", "open: Open", "-", "quit: Quit"]);
        assert_eq!(none.tooltip, "Neversent: No account yet");
        let damaged = Seen { trouble: Some("the disk is full".to_owned()), ..Seen::default() };
        let damaged = Tray::of(&damaged, &words);
        assert_eq!(lines(&damaged)[..2], ["(Stopped)", "(the disk is full)"], "and why there is none");
        assert_eq!(damaged.tooltip, "Neversent: Stopped: the disk is full");
        let german = Tray::of(&Seen::default(), &Words::of(["de_DE.UTF-8"]));
        assert_eq!(german.tooltip, "Neversent: Angehalten", "in the user's language");
    }

    #[test]
    fn every_order_is_found_by_its_name() {
        for order in MenuOrder::ALL {
            assert_eq!(MenuOrder::of_name(order.name()), Some(order), "{}", order.name());
        }
        assert_eq!(MenuOrder::of_name("nothing"), None);
    }

    #[test]
    fn tomorrow_begins_at_six_where_the_user_is() {
        // 2026-11-28 23:30 UTC.
        let now = UnixTime(1_795_908_600);
        assert_eq!(tomorrow(now, 0).to_string(), "2026-11-29T06:00:00Z");
        assert_eq!(tomorrow(now, 3_600).to_string(), "2026-11-30T05:00:00Z", "it is tomorrow there already");
        assert_eq!(tomorrow(now, -18_000).to_string(), "2026-11-29T11:00:00Z");
    }
}
