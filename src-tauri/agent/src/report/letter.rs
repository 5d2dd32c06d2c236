//! The words of a complaint: templates in the user's language, filled in and shown before they are sent.

use std::net::IpAddr;

use rules::{Address, UnixTime};
use serde::{Deserialize, Serialize};

use super::Letter;
use super::mail::header_date;

/// The longest text that is sent, in characters.
const MAX_TEXT: usize = 20_000;
/// The longest subject, in characters.
const MAX_SUBJECT: usize = 200;

/// A language that there are templates in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Japanese.
    Ja,
}

impl Language {
    /// Its code (ISO 639-1), as the configuration writes it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::Ja => "ja",
        }
    }
}

/// A text with places for what one complaint is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    subject: String,
    text: String,
}

/// A text is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Its first line is not its subject.
    #[error("it does not begin with a line such as `Subject: Backscatter from {{address}}`")]
    NoSubject,
    /// It has no text.
    #[error("it has no text behind its subject")]
    NoText,
    /// It is too long.
    #[error("it is too long: 200 characters are the most for the subject, 20,000 for the text")]
    TooLong,
    /// A place that nothing is known for.
    #[error(
        "`{{{0}}}` stands in it, which is none of {{address}}, {{server}}, {{me}}, {{date}} and {{count}}"
    )]
    Unknown(String),
}

/// What one complaint is about.
#[derive(Clone, Debug)]
pub struct Told<'a> {
    /// The address of the host.
    pub address: IpAddr,
    /// Its name, where it is known.
    pub name: Option<&'a str>,
    /// The user's address.
    pub me: &'a Address,
    /// When the notice came.
    pub date: UnixTime,
    /// How many such notices have come from it.
    pub count: u64,
}

impl Template {
    /// The one that comes with the program.
    ///
    /// # Errors
    /// Never: a test reads them all.
    pub fn built_in(language: Language, injector: bool) -> Result<Self, TemplateError> {
        let texts: (&str, &str) = match language {
            Language::En => (
                include_str!("../../data/complaints/operator.en.txt"),
                include_str!("../../data/complaints/injector.en.txt"),
            ),
            Language::De => (
                include_str!("../../data/complaints/operator.de.txt"),
                include_str!("../../data/complaints/injector.de.txt"),
            ),
            Language::Fr => (
                include_str!("../../data/complaints/operator.fr.txt"),
                include_str!("../../data/complaints/injector.fr.txt"),
            ),
            Language::Es => (
                include_str!("../../data/complaints/operator.es.txt"),
                include_str!("../../data/complaints/injector.es.txt"),
            ),
            Language::Ja => (
                include_str!("../../data/complaints/operator.ja.txt"),
                include_str!("../../data/complaints/injector.ja.txt"),
            ),
        };
        Self::read(if injector { texts.1 } else { texts.0 })
    }

    /// Reads a template: a line `Subject: …`, an empty line, the text.
    ///
    /// # Errors
    /// It is none; what is wrong with it.
    pub fn read(text: &str) -> Result<Self, TemplateError> {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
        let subject = first.strip_prefix("Subject:").map(str::trim).filter(|subject| !subject.is_empty());
        let template = Self {
            subject: subject.ok_or(TemplateError::NoSubject)?.to_owned(),
            text: rest.trim().to_owned(),
        };
        if template.text.is_empty() {
            return Err(TemplateError::NoText);
        }
        let (subject, text) = (template.subject.chars().count(), template.text.chars().count());
        if subject > MAX_SUBJECT || text > MAX_TEXT {
            return Err(TemplateError::TooLong);
        }
        let nobody = |_: &str| Some(String::new());
        fill(&template.subject, nobody)?;
        fill(&template.text, nobody)?;
        Ok(template)
    }

    /// Subject and text about one host.
    ///
    /// # Errors
    /// A place in it is unknown; [`Template::read`] has told that already.
    pub fn filled(&self, told: &Told<'_>) -> Result<(String, String), TemplateError> {
        let value = |place: &str| {
            Some(match place {
                "address" => told.address.to_string(),
                "server" => match told.name {
                    Some(name) => format!("{} ({name})", told.address),
                    None => told.address.to_string(),
                },
                "me" => told.me.to_string(),
                "date" => header_date(told.date),
                "count" => told.count.to_string(),
                _ => return None,
            })
        };
        Ok((fill(&self.subject, value)?, fill(&self.text, value)?))
    }
}

impl Letter {
    /// A letter whose words can be sent.
    ///
    /// # Errors
    /// There are none, or they are too long.
    pub fn checked(to: Address, subject: String, text: String) -> Result<Self, TemplateError> {
        if subject.trim().is_empty() {
            return Err(TemplateError::NoSubject);
        }
        if text.trim().is_empty() {
            return Err(TemplateError::NoText);
        }
        if subject.chars().count() > MAX_SUBJECT || text.chars().count() > MAX_TEXT {
            return Err(TemplateError::TooLong);
        }
        Ok(Self { to, subject, text })
    }
}

/// A text with the places in it filled; braces around anything but a word are left as they are.
fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, TemplateError> {
    let known = |place: &str| ["address", "server", "me", "date", "count"].contains(&place);
    let (mut filled, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, behind)) = rest.split_once('{') {
        filled.push_str(before);
        match behind.split_once('}') {
            Some((place, after)) if !place.is_empty() && place.bytes().all(|b| b.is_ascii_lowercase()) => {
                let found = value(place).filter(|_| known(place));
                filled.push_str(&found.ok_or_else(|| TemplateError::Unknown(place.to_owned()))?);
                rest = after;
            }
            _ => {
                filled.push('{');
                rest = behind;
            }
        }
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(me: &Address) -> Told<'_> {
        Told {
            address: "192.0.2.7".parse().expect("an address"),
            name: Some("mx.shop.example"),
            me,
            date: UnixTime(1_795_800_000),
            count: 3,
        }
    }

    #[test]
    fn every_language_tells_the_same_facts() {
        let me = Address::new("ada@example.org").expect("an address");
        for language in [Language::En, Language::De, Language::Fr, Language::Es, Language::Ja] {
            for injector in [false, true] {
                let template = Template::built_in(language, injector).expect("it is a template");
                let (subject, text) = template.filled(&told(&me)).expect("every place is known");
                assert!(subject.contains("192.0.2.7"), "{language:?}: {subject}");
                for fact in ["192.0.2.7 (mx.shop.example)", "ada@example.org", "2026", "3", "RFC 5965"] {
                    assert!(text.contains(fact), "{language:?}, {injector}: {fact} in {text}");
                }
                let advice = ["RFC 5321", "6.2", "RFC 3834", "https://www.dontbouncespam.org/"];
                assert!(
                    injector || advice.iter().all(|fact| text.contains(fact)),
                    "{language:?}: what backscatter is, and where to read of it: {text}"
                );
                assert!(!text.contains('{'), "{language:?}: {text}");
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_template_is_told() {
        for (text, wrong) in [
            ("", TemplateError::NoSubject),
            ("Hello,\n\nwords", TemplateError::NoSubject),
            ("Subject:\n\nwords", TemplateError::NoSubject),
            ("Subject: x\n\n", TemplateError::NoText),
            ("Subject: x\n\nfrom {host}", TemplateError::Unknown("host".to_owned())),
            ("Subject: {x}\n\nwords", TemplateError::Unknown("x".to_owned())),
        ] {
            assert_eq!(Template::read(text), Err(wrong), "{text:?}");
        }
        assert_eq!(
            Template::read(&format!("Subject: x\n\n{}", "x".repeat(20_001))),
            Err(TemplateError::TooLong)
        );
        let me = Address::new("ada@example.org").expect("an address");
        let odd = Template::read("Subject: {address}\r\n\r\n{ } {X} {{me} {").expect("braces are allowed");
        let (_, text) = odd.filled(&told(&me)).expect("it is filled");
        assert_eq!(text, "{ } {X} {ada@example.org {", "what is no place is left");
    }
}
