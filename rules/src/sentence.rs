//! Sentences for the user: each has a key, by which a window says it in other languages, and its English, written once.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::time::MINUTE;
use crate::{Address, UnixTime};

/// What stands at one place of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Argument {
    /// A name, an address, or words of a mail.
    Text(String),
    /// A number.
    Number(u64),
    /// A time that is told to the minute.
    Time(UnixTime),
    /// A time of which only the day is told.
    Day(UnixTime),
}

impl Argument {
    /// A time to the minute; its seconds are left out, for a sentence that reads the same is to be the same.
    #[must_use]
    pub fn time(at: UnixTime) -> Self {
        Self::Time(at.minus(at.0.rem_euclid(MINUTE)))
    }

    /// How it is written in English, in UTC.
    fn english(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Time(at) => {
                let text = at.to_string();
                match text.trim_end_matches('Z').split_once('T') {
                    Some((day, time)) => {
                        let minute: String = time.chars().take(5).collect();
                        format!("{day} {minute} UTC")
                    }
                    None => text,
                }
            }
            Self::Day(at) => at.to_string().split('T').next().unwrap_or_default().to_owned(),
        }
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&Address> for Argument {
    fn from(address: &Address) -> Self {
        Self::Text(address.to_string())
    }
}

impl From<IpAddr> for Argument {
    fn from(address: IpAddr) -> Self {
        Self::Text(address.to_string())
    }
}

impl From<u32> for Argument {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Argument {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

/// A sentence that was said, as other languages need it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Which sentence.
    pub key: Cow<'static, str>,
    /// What stands in it, by the names of its places.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub arguments: BTreeMap<Cow<'static, str>, Argument>,
}

/// A sentence that was said, in English and as other languages need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// In English.
    pub text: String,
    /// For other languages.
    pub told: Told,
}

/// A sentence with `N` places, written `{ $name }` as in Fluent; made by [`sentences`](crate::sentences).
#[derive(Clone, Copy, Debug)]
pub struct Sentence<const N: usize> {
    key: &'static str,
    english: &'static str,
    names: [&'static str; N],
}

impl<const N: usize> Sentence<N> {
    /// A sentence of this key.
    #[must_use]
    pub const fn new(key: &'static str, english: &'static str, names: [&'static str; N]) -> Self {
        Self { key, english, names }
    }

    /// Says it, with what stands at its places in the order of their names.
    #[must_use]
    pub fn tell(&self, values: [Argument; N]) -> Spoken {
        let named = || self.names.iter().zip(&values);
        let (mut text, mut rest) = (String::new(), self.english);
        while let Some((before, after)) = rest.split_once("{ $") {
            text.push_str(before);
            let (name, after) = after.split_once(" }").unwrap_or((after, ""));
            let value = named().find(|(known, _)| **known == name);
            text.push_str(&value.map(|(_, value)| value.english()).unwrap_or_default());
            rest = after;
        }
        text.push_str(rest);
        let arguments = self.names.into_iter().map(Cow::Borrowed).zip(values).collect();
        Spoken { text, told: Told { key: Cow::Borrowed(self.key), arguments } }
    }
}

impl Sentence<0> {
    /// Its English: there are no places in it.
    #[must_use]
    pub const fn english(&self) -> &'static str {
        self.english
    }
}

/// A sentence as translations are compared with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Its key.
    pub key: &'static str,
    /// Its English, with its places.
    pub english: &'static str,
    /// The names of its places.
    pub names: &'static [&'static str],
}

/// Declares sentences, and a list of all of them.
#[macro_export]
macro_rules! sentences {
    (
        $(#[$doc:meta])* $seen:vis $all:ident;
        $($inner:vis $name:ident($($place:ident),*) $key:literal $english:literal)+
    ) => {
        $(
            $inner const $name: $crate::sentence::Sentence<{ <[&str]>::len(&[$(stringify!($place)),*]) }> =
                $crate::sentence::Sentence::new($key, $english, [$(stringify!($place)),*]);
        )+
        $(#[$doc])*
        $seen const $all: &[$crate::sentence::Pattern] = &[$(
            $crate::sentence::Pattern { key: $key, english: $english, names: &[$(stringify!($place)),*] }
        ),+];
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::SENTENCES;

    const HOLE: Sentence<3> =
        Sentence::new("hole", "From { $from } to { $to }: { $mails }.", ["mails", "from", "to"]);

    #[test]
    fn what_stands_in_a_sentence_is_found_by_its_name() {
        let (from, to) = (UnixTime(59), UnixTime(86_400));
        let spoken = HOLE.tell([7u32.into(), Argument::time(from), Argument::Day(to)]);
        assert_eq!(spoken.text, "From 1970-01-01 00:00 UTC to 1970-01-02: 7.");
        assert_eq!(spoken.told.arguments["from"], Argument::Time(UnixTime(0)), "to the minute");
        assert_eq!(spoken.told.arguments["to"], Argument::Day(to));
    }

    #[test]
    fn no_text_of_a_mail_opens_a_place() {
        let spoken = HOLE.tell(["{ $to }".to_owned().into(), Argument::Number(1), Argument::Number(2)]);
        assert_eq!(spoken.text, "From 1 to 2: { $to }.");
    }

    #[test]
    fn what_was_said_is_read_back() {
        let told = HOLE.tell([7u32.into(), Argument::Time(UnixTime(60)), "x".to_owned().into()]).told;
        let json = serde_json::to_value(&told).expect("it can be written");
        assert_eq!(
            json,
            serde_json::json!({"key": "hole", "arguments": {"from": {"time": 60}, "mails": {"number": 7}, "to": {"text": "x"}}})
        );
        assert_eq!(serde_json::from_value::<Told>(json).expect("it can be read"), told);
    }

    #[test]
    fn every_sentence_names_its_places_and_no_others() {
        for pattern in SENTENCES {
            let mut written: Vec<&str> =
                pattern.english.split("{ $").skip(1).map(|rest| rest.split(" }").next().unwrap()).collect();
            let mut named = pattern.names.to_vec();
            written.sort_unstable();
            named.sort_unstable();
            assert_eq!(written, named, "{}", pattern.key);
            let alike = SENTENCES.iter().filter(|other| other.key == pattern.key).count();
            assert_eq!(alike, 1, "{} is one sentence", pattern.key);
        }
    }
}
