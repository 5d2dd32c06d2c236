//! What may be reported.

use std::net::IpAddr;

use rules::address::registrable;
use rules::time::HOUR;
use rules::{Action, Kind, Notice, Profile, Reason, UnixTime, chain};

/// SpamCop takes no older mail ("You must report spam within 2 days of receipt"), in seconds.
const TOO_OLD: i64 = 48 * HOUR;
/// A mail cannot have been received so much before it came here, in seconds: its topmost line is not believed then.
const CLOCK_ERROR: i64 = 48 * HOUR;

/// What a report would be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The server that sent the notice.
    pub address: IpAddr,
    /// Its name, where it is known.
    pub name: Option<String>,
    /// The kind of the notice.
    pub kind: Kind,
    /// When the user's provider took the notice in.
    pub received: UnixTime,
    /// It is too old after that.
    pub expires: UnixTime,
}

/// Why a mail is not reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WhyNot {
    /// It is no longer, or was never, in quarantine as backscatter.
    NotBackscatter,
    /// It tells of a delay only; a failure will follow.
    Delayed,
    /// A list wrote it, or it came through one.
    List,
    /// A report about abuse, a receipt, or a report of success.
    LeftAlone,
    /// The user's own provider or server sent it, or is the only one of which it tells.
    OwnProvider,
    /// It does not show which server sent it.
    NoServer,
    /// It came too long ago.
    TooOld,
}

impl WhyNot {
    /// The reason in a sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NotBackscatter => "Only what was taken out as backscatter is reported.",
            Self::Delayed => "It tells of a delay; if the mail fails for good, that notice is reported.",
            Self::List => "It came from a mailing list or its server; only the list's owner may report that.",
            Self::LeftAlone => {
                "It is a receipt, a report of success or a report about abuse, and no backscatter to report."
            }
            Self::OwnProvider => {
                "Your own mail provider sent it, or nobody else is named in it: you would report your own provider."
            }
            Self::NoServer => "It does not show the address of the server that sent it.",
            Self::TooOld => "It came more than two days ago; SpamCop takes no older mail.",
        }
    }
}

/// Whether a notice that was taken out as backscatter may be reported.
///
/// # Errors
/// It may not; why.
pub fn may_report(
    notice: &Notice,
    arrived: UnixTime,
    profile: &Profile,
    now: UnixTime,
) -> Result<Subject, WhyNot> {
    if notice.action == Some(Action::Delayed) {
        return Err(WhyNot::Delayed);
    }
    match notice.kind {
        Kind::ListNotice => return Err(WhyNot::List),
        Kind::Receipt | Kind::AbuseReport => return Err(WhyNot::LeftAlone),
        Kind::Bounce | Kind::AutoReply | Kind::Challenge | Kind::VirusNotice => {}
    }
    let succeeded = matches!(notice.action, Some(Action::Delivered | Action::Relayed | Action::Expanded));
    if succeeded || notice.postmaster_copy {
        return Err(WhyNot::LeftAlone);
    }
    let from = notice.outer.from.as_ref().map(|from| registrable(from.domain())).unwrap_or_default();
    let host = chain::backscatterer(notice, profile).ok_or(WhyNot::NoServer)?;
    let own = |name: &str| own_owners(profile).any(|owner| owner == registrable(name));
    if host.name.as_deref().is_some_and(own) || own(&from) {
        return Err(WhyNot::OwnProvider);
    }
    let address = host.ip.ok_or(WhyNot::NoServer)?;
    let received = received(notice, arrived);
    let expires = received.plus(TOO_OLD);
    if now >= expires {
        return Err(WhyNot::TooOld);
    }
    Ok(Subject { address, name: host.name, kind: notice.kind, received, expires })
}

/// The owners of the user's servers and domains, as registrable domains.
fn own_owners(profile: &Profile) -> impl Iterator<Item = String> {
    let servers = profile.own_servers.iter().map(String::as_str);
    let addresses = profile.own.iter().map(|address| address.domain());
    servers.chain(addresses).chain(profile.own_domains.iter().map(String::as_str)).map(registrable)
}

/// When the user's provider took the notice in: its topmost Received line, by which SpamCop reckons, else when it came here.
fn received(notice: &Notice, arrived: UnixTime) -> UnixTime {
    let line = notice.outer.trace.first().and_then(|hop| hop.date).map(|date| date.at);
    line.filter(|at| *at <= arrived && arrived.since(*at) < CLOCK_ERROR).unwrap_or(arrived)
}

/// What is sent first: bounces that say that the mail was spam or a virus, then challenges, then the rest.
#[must_use]
pub fn priority(notice: &Notice) -> u8 {
    match (notice.kind, notice.reason) {
        (Kind::Bounce, Some(Reason::Spam | Reason::Virus)) => 0,
        (Kind::Challenge, _) => 1,
        _ => 2,
    }
}
