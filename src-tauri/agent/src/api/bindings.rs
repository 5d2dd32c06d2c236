//! The types of the API as TypeScript has them, for the window: `ui/src/bindings`.
//!
//! `WRITE_BINDINGS=1 cargo test -p agent --lib bindings` writes them anew. Types of the crate `rules` stand here once more, for
//! that crate knows no TypeScript; a test compares the two.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use ts_rs::{Config, TS};

/// Declares a type that writes its values as one of `rules` does.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident: $($word:ident),+) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $(#[doc = stringify!($word)] $word),+ }

        impl $name {
            fn same_as_in_rules() {
                $(assert_eq!(json(&Self::$word), json(&rules::$name::$word), "the same word on both sides");)+
                // A word more in `rules` does not pass here.
                let _ = |other: rules::$name| match other { $(rules::$name::$word => Self::$word),+ };
            }
        }
    };
}

words!(
    /// What kind of automatic mail answers another mail.
    Kind: Bounce, AutoReply, Challenge, VirusNotice, ListNotice, Receipt, AbuseReport
);
words!(
    /// Why a delivery failed.
    Reason: RecipientUnknown, MailboxFull, Spam, Virus, Policy, RelayingDenied, TooBig, HostUnknown, TimedOut, Unspecified
);
words!(
    /// What a fact speaks for.
    Says: Mine, NotMine, ThroughMyServer, Hint
);

/// One fact found.
#[derive(Serialize, TS)]
pub struct Evidence {
    /// The rule or definition of the judging table that found it.
    pub rule: String,
    /// What it speaks for.
    pub says: Says,
    /// One sentence for the user, in English.
    pub text: String,
    /// The same for other languages; none where an earlier version found it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub told: Option<Told>,
    /// What stands behind it, for those who know mail; none where the sentence says it all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub detail: Option<String>,
}

/// A sentence that was said, as other languages need it.
#[derive(Serialize, TS)]
pub struct Told {
    /// Which sentence.
    pub key: String,
    /// What stands in it, by the names of its places.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(optional, as = "Option<BTreeMap<String, Argument>>")]
    pub arguments: BTreeMap<String, Argument>,
}

/// What stands at one place of a sentence.
#[derive(Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Argument {
    /// A name, an address, or words of a mail.
    Text(String),
    /// A number.
    Number(u64),
    /// A time that is told to the minute.
    Time(i64),
    /// A time of which only the day is told.
    Day(i64),
}

/// A sender of the user's own whose mail is in no Sent folder.
#[derive(Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Declared {
    /// A relay by its address.
    Relay(String),
    /// A pattern of Message-IDs.
    Id(String),
    /// A header field of the original.
    Header(String),
    /// A DKIM selector.
    Dkim(String),
}

fn json<T: Serialize>(value: &T) -> serde_json::Value {
    serde_json::to_value(value).expect("it can be written")
}

#[test]
fn the_words_are_those_of_the_rules() {
    Kind::same_as_in_rules();
    Reason::same_as_in_rules();
    Says::same_as_in_rules();
    let of_rules = rules::Evidence::new("sent", rules::Says::Mine, "It was you.");
    let ours = |detail| {
        let (rule, text) = ("sent".into(), "It was you.".into());
        Evidence { rule, says: Says::Mine, text, told: None, detail }
    };
    assert_eq!(json(&ours(None)), json(&of_rules), "a fact without detail");
    let detail = "an id".to_owned();
    assert_eq!(json(&ours(Some(detail.clone()))), json(&of_rules.with(detail)), "a fact with one");
    use rules::sentence::{self, Sentence};
    const ALL: Sentence<4> = Sentence::new("all", "{ $a }{ $b }{ $c }{ $d }", ["a", "b", "c", "d"]);
    let time = rules::UnixTime(60);
    let words = || "words".to_owned();
    let said = ALL.tell([
        sentence::Argument::Text(words()),
        sentence::Argument::Number(7),
        sentence::Argument::Time(time),
        sentence::Argument::Day(time),
    ]);
    let values = [Argument::Text(words()), Argument::Number(7), Argument::Time(60), Argument::Day(60)];
    let names = ["a", "b", "c", "d"].map(str::to_owned);
    let told = Told { key: "all".into(), arguments: names.into_iter().zip(values).collect() };
    assert_eq!(json(&told), json(&said.told), "what other languages need");
    const NONE: Sentence<0> = Sentence::new("none", "Nothing.", []);
    let told = Told { key: "none".into(), arguments: BTreeMap::new() };
    assert_eq!(json(&told), json(&NONE.tell([]).told), "a sentence without places");
    let address = "192.0.2.1".to_owned();
    for (ours, theirs) in [
        (
            Declared::Relay(address.clone()),
            rules::profile::Declared::Relay(address.parse().expect("an address")),
        ),
        (Declared::Id(address.clone()), rules::profile::Declared::Id(address.clone())),
        (Declared::Header(address.clone()), rules::profile::Declared::Header(address.clone())),
        (Declared::Dkim(address.clone()), rules::profile::Declared::Dkim(address.clone())),
    ] {
        assert_eq!(json(&ours), json(&theirs), "a declared sender");
    }
}

fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let file = |entry: std::fs::DirEntry| {
        let path = entry.path();
        let text = std::fs::read_to_string(&path).expect("a file of ours is text");
        (path.file_name().map(PathBuf::from).unwrap_or_default(), text)
    };
    entries.map(file).collect()
}

#[test]
fn the_windows_bindings_are_fresh() {
    let made = tempfile::tempdir().expect("a folder");
    let config = Config::new().with_out_dir(made.path()).with_large_int("number");
    super::Request::export_all(&config).expect("questions are written");
    super::Response::export_all(&config).expect("answers are written");
    super::Event::export_all(&config).expect("events are written");
    super::ApiError::export_all(&config).expect("errors are written");
    let fresh = files(made.path());
    assert!(fresh.len() > 40, "there are many types: {}", fresh.len());
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/bindings");
    if std::env::var_os("WRITE_BINDINGS").is_some() {
        let _ = std::fs::remove_dir_all(&committed);
        std::fs::create_dir_all(&committed).expect("a folder");
        for (name, text) in &fresh {
            std::fs::write(committed.join(name), text).expect("a file");
        }
    }
    let committed = files(&committed);
    let stale: Vec<_> = fresh
        .keys()
        .chain(committed.keys())
        .filter(|name| fresh.get(*name) != committed.get(*name))
        .collect();
    assert!(
        stale.is_empty(),
        "these are not what the API says; write them anew with `WRITE_BINDINGS=1 cargo test -p agent --lib bindings`: {stale:?}"
    );
}
