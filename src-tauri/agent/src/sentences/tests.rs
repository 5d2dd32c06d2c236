//! Every sentence is translated, and the English that is translated is the one that is said.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::SENTENCES;

macro_rules! translations {
    ($($code:literal),+) => {
        [$(($code, include_str!(concat!("../../../../ui/locales/", $code, "/evidence.ftl")))),+]
    };
}

/// The first is English.
const TRANSLATIONS: [(&str, &str); 5] = translations!("en", "de", "fr", "es", "ja");

fn all() -> impl Iterator<Item = &'static rules::sentence::Pattern> {
    rules::judge::SENTENCES.iter().chain(SENTENCES)
}

/// A translated sentence: its text with every choice taken by its default, and all places that are named in it.
#[derive(Default)]
struct Translated {
    text: String,
    places: BTreeSet<String>,
}

impl Translated {
    fn read(&mut self, pattern: &Pattern<&str>, code: &str) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } => self.text.push_str(value),
                PatternElement::Placeable { expression } => self.expression(expression, code),
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>, code: &str) {
        match expression {
            Expression::Inline(InlineExpression::VariableReference { id }) => {
                self.places.insert(id.name.to_owned());
                self.text.push_str(&format!("{{ ${} }}", id.name));
            }
            Expression::Select { selector: InlineExpression::VariableReference { id }, variants } => {
                self.places.insert(id.name.to_owned());
                for variant in variants {
                    let mut one = Self::default();
                    one.read(&variant.value, code);
                    if variant.default {
                        self.text.push_str(&one.text);
                    }
                    self.places.extend(one.places);
                }
            }
            other => panic!("{code}: nothing but places and choices by them is understood: {other:?}"),
        }
    }
}

fn translations(code: &str, text: &'static str) -> BTreeMap<&'static str, Translated> {
    let resource = fluent_syntax::parser::parse(text).unwrap_or_else(|(_, why)| panic!("{code}: {why:?}"));
    let mut found = BTreeMap::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else { continue };
        let mut translated = Translated::default();
        translated.read(&message.value.expect("a sentence is no empty one"), code);
        assert!(found.insert(message.id.name, translated).is_none(), "{code}: {} twice", message.id.name);
    }
    found
}

#[test]
fn each_sentence_is_there_in_every_language_and_no_other() {
    let keys: BTreeSet<&str> = all().map(|pattern| pattern.key).collect();
    assert_eq!(keys.len(), all().count(), "no two sentences have one key");
    for (code, text) in TRANSLATIONS {
        let translations = translations(code, text);
        let found: BTreeSet<&str> = translations.keys().copied().collect();
        let differ: Vec<_> = found.symmetric_difference(&keys).collect();
        assert!(differ.is_empty(), "{code}: too many or too few: {differ:?}");
        for pattern in all() {
            let places: BTreeSet<String> = pattern.names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(translations[pattern.key].places, places, "{code}: what stands in {}", pattern.key);
        }
    }
}

#[test]
fn the_english_that_is_translated_is_the_one_that_is_said() {
    let [(code, english), ..] = TRANSLATIONS;
    let translations = translations(code, english);
    for pattern in all() {
        assert_eq!(translations[pattern.key].text, pattern.english, "{}", pattern.key);
    }
}
