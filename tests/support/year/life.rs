//! The year of one account: its mail, made at first, and its server, to which it comes day by day.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::provider::Provider;
use super::{DAY, QUARANTINE, Size};
use crate::population::people::ADDRESS;
use crate::population::{Counts, SentMail};
use crate::{Digest, Double, Mail, Population};

const HOUR: i64 = 3_600;
/// The domain of the samples.
const DOMAIN: &str = "example.org";

/// What a notice answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A mail of the user.
    Genuine,
    /// A forged one of a storm.
    Storm,
    /// A forged one of the trickle.
    Trickle,
}

/// Something that happens at the server.
enum Happens {
    Comes { folder: &'static str, mail: Mail },
    IsDeleted { folder: &'static str, digest: Digest },
}

/// An account.
pub struct Life {
    provider: Provider,
    server: Double,
    /// By its time; several things can happen in one second.
    to_come: BTreeMap<i64, Vec<Happens>>,
    notices: BTreeMap<Digest, What>,
    days: i64,
}

/// How a mail is sent.
struct Way {
    /// What stands in the place of the samples' words: each of these for the other.
    instead: Vec<(String, String)>,
    folder: &'static str,
    /// How long after the mail the copy comes; none if it never does.
    copy: Option<i64>,
    /// How long after it the copy is deleted.
    deleted: Option<i64>,
}

impl Life {
    /// Makes the mail of the year that begins then.
    ///
    /// # Errors
    /// The server does not start.
    pub fn new(provider: Provider, size: Size, seed: u64, begin: i64) -> Result<Self> {
        let server = Double::start(Default::default())?;
        for folder in provider.sent_folders() {
            server.create(folder);
        }
        let mut life =
            Self { provider, server, to_come: BTreeMap::new(), notices: BTreeMap::new(), days: size.days };
        let nothing = Counts {
            sent: 1,
            ordinary: 0,
            answers: 0,
            must_stay: 0,
            undecidable: 0,
            genuine: 0,
            backscatter: 0,
        };
        let mut population = Population::new(seed, begin, nothing);
        life.send(&mut population, size, begin);
        life.suffer(&mut population, size, begin);
        Ok(life)
    }

    /// A day of the year, as many days into this life.
    fn day(&self, day_of_year: i64) -> i64 {
        day_of_year * self.days / 365
    }

    /// What the user sends, and what comes of it.
    fn send(&mut self, population: &mut Population, size: Size, begin: i64) {
        let count = size.sent * self.provider.share() / 100;
        let genuine = size.genuine * self.provider.share() / 100;
        let end = begin + size.days * DAY - DAY;
        // The first are older than the year, as nobody begins with an empty folder.
        let from = begin - 20 * DAY;
        let mut noticed = 0;
        for at in 0..count {
            let when = from + (end - from) / count as i64 * at as i64;
            let Some(sent) = population.send(when) else { continue };
            let way = self.way(at, &sent);
            let copy = self.rewritten(&sent.sample.mail, &way, false);
            if let Some(later) = way.copy {
                let mail = Mail { internal_date: when + later, ..copy.clone() };
                self.happens(when + later, Happens::Comes { folder: way.folder, mail });
                if let Some(kept) = way.deleted {
                    let gone = Happens::IsDeleted { folder: way.folder, digest: copy.digest() };
                    self.happens(when + later + kept, gone);
                }
            }
            if at.is_multiple_of(3) {
                let answer = population.answer_to(&sent, end).mail;
                self.comes(self.rewritten(&answer, &way, true));
            }
            // Spread over all of them.
            if when > begin && (at + 1) * genuine / count > noticed {
                noticed += 1;
                let later = [4, 40, 600, 5 * HOUR, 2 * DAY];
                let when = (when + later.get(at % later.len()).copied().unwrap_or_default()).min(end);
                let notice = population.genuine_for(&sent, at, when).mail;
                let notice = self.rewritten(&notice, &way, true);
                self.notices.insert(notice.digest(), What::Genuine);
                self.comes(notice);
            }
        }
    }

    /// What others send in the user's name, and what comes of that.
    fn suffer(&mut self, population: &mut Population, size: Size, begin: i64) {
        let plain = Way { instead: self.own_names(), folder: "Sent", copy: None, deleted: None };
        let campaign = population.campaign(8);
        let storm = begin + self.day(self.provider.storm_begins()) * DAY;
        for at in 0..size.storm {
            let when = storm + 3 * DAY / size.storm as i64 * at as i64;
            let notice = population.of_campaign(&campaign, at, when).mail;
            let notice = self.rewritten(&notice, &plain, true);
            self.notices.insert(notice.digest(), What::Storm);
            self.comes(notice);
        }
        let count = size.trickle * self.provider.share() / 100;
        let (first, last) = (begin + 3 * DAY, begin + (size.days - 2) * DAY);
        for at in 0..count {
            let when = first + (last - first) / count as i64 * at as i64;
            for sample in population.backscatter(1, when) {
                let notice = self.rewritten(&sample.mail, &plain, true);
                self.notices.insert(notice.digest(), What::Trickle);
                self.comes(notice);
            }
        }
    }

    /// What stands in the place of the samples' address and domain.
    fn own_names(&self) -> Vec<(String, String)> {
        vec![(DOMAIN.to_owned(), self.provider.domain().to_owned())]
    }

    fn way(&self, at: usize, sent: &SentMail) -> Way {
        let mut way = Way { instead: self.own_names(), folder: "Sent", copy: Some(2), deleted: None };
        match self.provider {
            Provider::Whole => {}
            Provider::Rewriting => {
                let id = format!("0102{at:08x}-{:x}-000000@eu-west-1.amazonses.com", sent.when);
                way.instead.insert(0, (sent.id.clone(), id));
                if at % 2 == 1 {
                    way.instead.insert(0, (ADDRESS.to_owned(), self.alias()));
                }
            }
            Provider::Forgetful => {
                way.folder = if at.is_multiple_of(2) { "Sent" } else { "Gesendet" };
                way.copy = match at % 20 {
                    // By a telephone that keeps none, and by a sending service.
                    3 | 11 => None,
                    5 => Some(HOUR),
                    17 => Some(30 * HOUR),
                    _ => Some(2),
                };
                way.deleted = (at % 20 == 7).then_some(20 * DAY);
                if at % 20 == 11 {
                    let id = format!("{:x}.{at}@newsletters.service.example", sent.when);
                    way.instead.insert(0, (sent.id.clone(), id));
                }
            }
        }
        way
    }

    fn alias(&self) -> String {
        format!("lovelace@{}", self.provider.domain())
    }

    /// A mail as this account has it; `outside`: as others saw it, who know no id but the one that was written over.
    fn rewritten(&self, mail: &Mail, way: &Way, outside: bool) -> Mail {
        let mut text = String::from_utf8_lossy(&mail.bytes).into_owned();
        for (from, to) in &way.instead {
            if outside || !to.contains("amazonses") {
                text = text.replace(from.as_str(), to);
            }
        }
        Mail { bytes: text.into_bytes().into(), ..mail.clone() }
    }

    fn comes(&mut self, mail: Mail) {
        self.happens(mail.internal_date, Happens::Comes { folder: "INBOX", mail });
    }

    fn happens(&mut self, when: i64, what: Happens) {
        self.to_come.entry(when).or_default().push(what);
    }

    /// Lets all happen that happens until then.
    pub fn live_until(&mut self, end: i64, day: i64) {
        let later = self.to_come.split_off(&end);
        let now = std::mem::replace(&mut self.to_come, later);
        for happens in now.into_values().flatten() {
            match happens {
                Happens::Comes { folder, mail } => {
                    self.server.deliver(folder, mail);
                }
                Happens::IsDeleted { folder, digest } => {
                    self.server.expunge(folder, |mail| mail.digest() == digest);
                }
            }
        }
        if self.provider == Provider::Forgetful {
            if day == self.day(180) {
                self.server.drag("Sent", "Archive", |_| true);
            }
            if day == self.day(240) {
                self.server.new_uid_validity("Gesendet");
            }
        }
    }

    /// What lies in the quarantine.
    pub fn quarantine(&self) -> BTreeSet<Digest> {
        self.server.mails(QUARANTINE).into_iter().map(|(_, mail)| mail.digest()).collect()
    }

    /// The notices of the year.
    pub fn notices(&self) -> &BTreeMap<Digest, What> {
        &self.notices
    }

    /// Whose account it is.
    pub fn provider(&self) -> Provider {
        self.provider
    }

    /// The account in the configuration.
    pub fn config_toml(&self) -> String {
        let endpoint = self.server.endpoint();
        let aliases = if self.provider == Provider::Rewriting {
            format!("aliases = [\"{}\"]\n", self.alias())
        } else {
            String::new()
        };
        format!(
            "[[account]]\nname = \"{}\"\naddress = \"ada@{}\"\n{aliases}mode = \"quarantine\"\nkeep = \"forever\"\n\
             scan_back = \"all\"\nsent = {:?}\n{}\nuser = \"{}\"\nauth = {{ command = \"echo '{}'\" }}\n",
            self.provider.name(),
            self.provider.domain(),
            self.provider.sent_folders(),
            endpoint.imap_toml(),
            endpoint.user,
            endpoint.password,
        )
    }
}
