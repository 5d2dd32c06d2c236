//! The user, the people written to, the strangers whom spammers write to, and words to write with.

use super::prng::Prng;

/// The user's address: all samples are for this one.
pub const ADDRESS: &str = "ada@example.org";
/// The user's name.
pub const NAME: &str = "Ada Winter";
/// The user's domain.
pub const DOMAIN: &str = "example.org";
/// The user's own server, for sending.
pub const RELAY: &str = "mail.example.org";
/// Its address.
pub const RELAY_IP: &str = "198.51.100.25";
/// The user's own server, for receiving.
pub const MX: &str = "mx.example.org";

/// Somebody with a mail address, and the server that takes mail for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Display name.
    pub name: String,
    /// Mail address.
    pub address: String,
    /// The server of the address's domain.
    pub host: String,
    /// That server's IP.
    pub ip: String,
}

impl Person {
    /// The domain of the address.
    pub fn domain(&self) -> &str {
        self.address.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// The address as it stands in a header.
    pub fn mailbox(&self) -> String {
        format!("{} <{}>", self.name, self.address)
    }
}

const FIRST: [&str; 24] = [
    "Bo", "Carla", "Dmitri", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Keiko", "Lena", "Milan",
    "Nora", "Otto", "Petra", "Quentin", "Rosa", "Sven", "Tala", "Uwe", "Vera", "Willem", "Xenia", "Yusuf",
];

const LAST: [&str; 12] = [
    "Amsel",
    "Birke",
    "Castell",
    "Dorn",
    "Eichner",
    "Falk",
    "Grau",
    "Hollander",
    "Ibsen",
    "Jansen",
    "Korn",
    "Linde",
];

const KNOWN_DOMAINS: [&str; 14] = [
    "north.example",
    "harbour-books.example",
    "ceramics.example",
    "velo-club.example",
    "orchard.example",
    "tramline.example",
    "notary-grau.example",
    "school-west.example",
    "lighthouse.example",
    "choir.example",
    "paper-mill.example",
    "gmail.com",
    "gmx.net",
    "allotments.example",
];

const STRANGE_DOMAINS: [&str; 22] = [
    "steelworks.example",
    "dentists-united.example",
    "county-council.example",
    "freight-east.example",
    "hotel-royal.example",
    "insurance-delta.example",
    "university-south.example",
    "opticians.example",
    "cablecom.example",
    "pharma-nine.example",
    "roofing.example",
    "yachts.example",
    "tax-advice.example",
    "vineyards.example",
    "hospital-mitte.example",
    "print-shop.example",
    "gmail.com",
    "yahoo.com",
    "airfreight.example",
    "logistics-fox.example",
    "museum-land.example",
    "solar-roof.example",
];

fn person(at: usize, domains: &[&str], network: &str) -> Person {
    let first = FIRST.get(at % FIRST.len()).copied().unwrap_or_default();
    let last = LAST.get((at / FIRST.len() + at) % LAST.len()).copied().unwrap_or_default();
    let slot = at % domains.len();
    let domain = domains.get(slot).copied().unwrap_or_default();
    Person {
        name: format!("{first} {last}"),
        address: format!("{}.{}{at}@{domain}", first.to_lowercase(), last.to_lowercase()),
        host: format!("mx1.{domain}"),
        ip: format!("{network}.{}", 10 + slot),
    }
}

/// The n-th person that the user writes to.
pub fn known(at: usize) -> Person {
    person(at % 168, &KNOWN_DOMAINS, "198.51.100")
}

/// The n-th person that the user never wrote to; no domain but a public provider's is shared with [`known`].
pub fn stranger(at: usize) -> Person {
    person(at % 1_320, &STRANGE_DOMAINS, "203.0.113")
}

const TOPICS: [&str; 28] = [
    "the harbour walk",
    "glazes for the next kiln",
    "our tandem",
    "the apple press",
    "winter timetable",
    "lease of the workshop",
    "choir rehearsal",
    "parents' evening",
    "bookbinding course",
    "the leaking roof",
    "minutes of the meeting",
    "draft of the leaflet",
    "photographs from Sunday",
    "the bread recipe",
    "invoice for the paper",
    "the old sewing machine",
    "tickets for the concert",
    "the garden fence",
    "translation of chapter",
    "route over the hills",
    "seed potatoes",
    "the second-hand piano",
    "key for the shed",
    "programme of the reading",
    "repair of the boat",
    "the summer house",
    "exhibition in the library",
    "our lunch",
];

const WAYS: [&str; 10] = [
    "About",
    "Question on",
    "News of",
    "Plan for",
    "Thanks for",
    "Once more:",
    "A thought on",
    "Dates for",
    "Costs of",
    "Please look at",
];

/// A subject that no spam has.
pub fn subject(prng: &mut Prng) -> String {
    let (way, topic, number) = (prng.pick(&WAYS), prng.pick(&TOPICS), prng.below(900));
    if prng.chance(7) {
        format!("{way} {topic} ({number}) – für später")
    } else {
        format!("{way} {topic} ({number})")
    }
}

const SPAM: [&str; 16] = [
    "Cheap replica watches shipped today",
    "Your parcel could not be handed over",
    "Refinance before Friday",
    "Lonely hearts near your town",
    "Miracle pills at wholesale rates",
    "You have won the state lottery",
    "Account statement attached, open now",
    "Work from home for good money",
    "Penny stock of the week",
    "Investment partner wanted urgently",
    "Discount software licences",
    "Final reminder for your invoice",
    "Slim in eleven days guaranteed",
    "Your mailbox will be closed tonight",
    "Casino bonus waiting inside",
    "Degree certificates without exam",
];

/// A subject of forged spam.
pub fn spam_subject(prng: &mut Prng) -> String {
    format!("{} {}", prng.pick(&SPAM), prng.hex(4))
}

const SENTENCES: [&str; 16] = [
    "I had a look at it on the train and think it will do.",
    "Could you bring the drawings along on Thursday?",
    "The weather has been kind to the plums this year.",
    "Somebody left a blue umbrella in the hall; is it yours?",
    "We agreed on half the price, the rest after delivery.",
    "Please ring the second bell, the first has been dead since May.",
    "My sister sends her regards and asks for the recipe again.",
    "The printer wants the files a day earlier than planned.",
    "There is still room for two in the car.",
    "I counted the chairs twice: we are three short.",
    "Nothing of this is urgent, an answer next week is soon enough.",
    "The key lies where it always lies.",
    "Let us meet at the ferry, a quarter of an hour before it leaves.",
    "I enclose nothing, for once.",
    "If it rains we take the bus.",
    "The minutes are wrong in two places, I marked them.",
];

/// A few paragraphs; lines end with `\n`.
pub fn prose(prng: &mut Prng, paragraphs: usize) -> String {
    let mut text = String::new();
    for _ in 0..paragraphs {
        for _ in 0..2 + prng.below(4) {
            text.push_str(prng.pick(&SENTENCES));
            text.push('\n');
        }
        text.push('\n');
    }
    text
}
