//! What may be reported.

use std::collections::BTreeSet;
use std::net::IpAddr;

use rules::address::registrable;
use rules::sentence::{Sentence, Told};
use rules::time::{DAY, HOUR};
use rules::{Action, Kind, Notice, Profile, Reason, UnixTime, chain};

use crate::sentences;

/// SpamCop takes no older mail ("You must report spam within 2 days of receipt"), in seconds.
const TOO_OLD: i64 = 48 * HOUR;
/// A mail cannot have been received so much before it came here, in seconds: its topmost line is not believed then.
const CLOCK_ERROR: i64 = 48 * HOUR;

/// So long a complaint may be written to an operator, in seconds: their logs go no further back.
const COMPLAINT_TOO_OLD: i64 = 7 * DAY;

/// Addresses of the user's own servers; the network around each is taken for theirs, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnNetworks(BTreeSet<IpAddr>);

impl OwnNetworks {
    /// Around these addresses.
    #[must_use]
    pub fn around(addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        Self(addresses.into_iter().map(network).collect())
    }

    /// Whether an address is in one of them.
    #[must_use]
    pub fn hold(&self, address: IpAddr) -> bool {
        self.0.contains(&network(address))
    }
}

/// The first address of the network that a provider uses for one service: a /24, in IPv6 a /48.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::from((v4.to_bits() & 0xffff_ff00).to_be_bytes()),
        IpAddr::V6(v6) => IpAddr::from((v6.to_bits() & (u128::MAX << 80)).to_be_bytes()),
    }
}

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
    /// It came too long ago for SpamCop.
    TooOld,
    /// It came too long ago for whoever answers for the network.
    TooOldForOperator,
    /// It does not show who handed the forged mail on.
    NoInjector,
}

impl WhyNot {
    /// The reason in a sentence, in English.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        self.said().english()
    }

    /// The same for other languages.
    #[must_use]
    pub fn told(self) -> Told {
        self.said().tell([]).told
    }

    fn said(self) -> Sentence<0> {
        match self {
            Self::NotBackscatter => sentences::NOT_BACKSCATTER,
            Self::Delayed => sentences::DELAYED,
            Self::List => sentences::LIST,
            Self::LeftAlone => sentences::LEFT_ALONE,
            Self::OwnProvider => sentences::OWN_PROVIDER,
            Self::NoServer => sentences::NO_SERVER,
            Self::TooOld => sentences::TOO_OLD,
            Self::TooOldForOperator => sentences::TOO_OLD_FOR_OPERATOR,
            Self::NoInjector => sentences::NO_INJECTOR,
        }
    }
}

/// Whether a notice that was taken out as backscatter may be reported to SpamCop.
///
/// # Errors
/// It may not; why.
pub fn may_report(
    notice: &Notice,
    arrived: UnixTime,
    profile: &Profile,
    networks: &OwnNetworks,
    now: UnixTime,
) -> Result<Subject, WhyNot> {
    about_the_server(notice, arrived, profile, networks)?.in_time(TOO_OLD, now, WhyNot::TooOld)
}

/// Whether a complaint may be written about a notice that was taken out as backscatter: about the server that sent it, or with
/// `injector` about the host that handed the forged original on, if the reporting server itself wrote down which that was.
///
/// # Errors
/// None may; why.
pub fn may_complain(
    notice: &Notice,
    arrived: UnixTime,
    profile: &Profile,
    networks: &OwnNetworks,
    now: UnixTime,
    injector: bool,
) -> Result<Subject, WhyNot> {
    let server = about_the_server(notice, arrived, profile, networks);
    let about = if injector {
        let subject = server?;
        let chain = chain::follow(notice, profile).filter(|chain| chain.by_the_reporter);
        let host = chain.map(|chain| chain.injector).ok_or(WhyNot::NoInjector)?;
        let address = host.ip.map(|ip| ip.to_canonical()).ok_or(WhyNot::NoInjector)?;
        let name = host.rdns.or(host.helo);
        if is_own(name.as_deref(), address, profile, networks) {
            return Err(WhyNot::OwnProvider);
        }
        Subject { address, name, ..subject }
    } else {
        server?
    };
    about.in_time(COMPLAINT_TOO_OLD, now, WhyNot::TooOldForOperator)
}

impl Subject {
    /// The same, if it came no longer ago than so many seconds.
    fn in_time(self, most: i64, now: UnixTime, late: WhyNot) -> Result<Self, WhyNot> {
        let expires = self.received.plus(most);
        if now >= expires { Err(late) } else { Ok(Self { expires, ..self }) }
    }
}

fn about_the_server(
    notice: &Notice,
    arrived: UnixTime,
    profile: &Profile,
    networks: &OwnNetworks,
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
    let host = chain::backscatterer(notice, profile).ok_or(WhyNot::NoServer)?;
    let from = notice.outer.from.as_ref().map(|from| from.domain());
    if [host.name.as_deref(), from].into_iter().flatten().any(|name| is_of_own_house(name, profile)) {
        return Err(WhyNot::OwnProvider);
    }
    let address = host.ip.ok_or(WhyNot::NoServer)?;
    if networks.hold(address) {
        return Err(WhyNot::OwnProvider);
    }
    let received = received(notice, arrived);
    Ok(Subject { address, name: host.name, kind: notice.kind, received, expires: received })
}

fn is_own(name: Option<&str>, address: IpAddr, profile: &Profile, networks: &OwnNetworks) -> bool {
    networks.hold(address) || name.is_some_and(|name| is_of_own_house(name, profile))
}

/// Whether a name belongs to the owner of one of the user's servers or domains.
fn is_of_own_house(name: &str, profile: &Profile) -> bool {
    let house = registrable(name);
    own_owners(profile).any(|owner| owner == house)
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
