//! Words of the tray and of notifications in the user's language, by Fluent.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

/// The texts of a language: its code, the tray's and those of notifications.
type Texts = (&'static str, &'static str, &'static str);

macro_rules! texts {
    ($($code:literal),+) => {
        [$((
            $code,
            include_str!(concat!("../../../../ui/locales/", $code, "/tray.ftl")),
            include_str!(concat!("../../../../ui/locales/", $code, "/notifications.ftl")),
        )),+]
    };
}

/// The first is what others fall back on.
const LANGUAGES: [Texts; 5] = texts!("en", "de", "fr", "es", "ja");

/// Words in a language.
pub struct Words {
    code: &'static str,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// The words of the first of these languages that there are any in, else English ones; `de_AT.UTF-8` is German.
    pub fn of<'a>(wanted: impl IntoIterator<Item = &'a str>) -> Self {
        let known = |wanted: &str| {
            let code = wanted.split(['_', '-', '.', '@']).next().unwrap_or_default().to_lowercase();
            LANGUAGES.iter().find(|(known, ..)| *known == code)
        };
        let [english, ..] = &LANGUAGES;
        let (code, tray, notifications) = wanted.into_iter().find_map(known).unwrap_or(english);
        let language: LanguageIdentifier = code.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Menus show the marks as boxes.
        bundle.set_use_isolating(false);
        for text in [tray, notifications] {
            // What of a file can be read is used; a test reads all of them.
            let resource =
                FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(resource, _)| resource);
            let _ = bundle.add_resource(resource);
        }
        Self { code, bundle }
    }

    /// The code of the language.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// A text.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        self.write(key, None)
    }

    /// A text with a number in it.
    #[must_use]
    pub fn counted(&self, key: &str, count: u64) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set("count", count);
        self.write(key, Some(&arguments))
    }

    /// A text about an account.
    #[must_use]
    pub fn about(&self, key: &str, account: &str) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set("account", account);
        self.write(key, Some(&arguments))
    }

    fn write(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let pattern = self.bundle.get_message(key).and_then(|message| message.value());
        let Some(pattern) = pattern else { return key.to_owned() };
        self.bundle.format_pattern(pattern, arguments, &mut Vec::new()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every text that the desktop asks for.
    const KEYS: [&str; 26] = [
        "tray-state-watching",
        "tray-state-working",
        "tray-state-waiting",
        "tray-state-needs-you",
        "tray-state-paused",
        "tray-state-alarm",
        "tray-state-stopped",
        "tray-state-no-account",
        "tray-open",
        "tray-needs-eye",
        "tray-report",
        "tray-check",
        "tray-pause-hour",
        "tray-pause-tomorrow",
        "tray-resume",
        "tray-quit",
        "notify-first",
        "notify-summary",
        "notify-flood",
        "notify-alarm",
        "notify-sign-in",
        "notify-no-tray",
        "notify-show",
        "notify-report-all",
        "notify-digest",
        "notify-from",
    ];

    #[test]
    fn every_language_has_every_text_and_no_other() {
        for (code, tray, notifications) in LANGUAGES {
            let words = Words::of([code]);
            for key in KEYS {
                let text = words.counted(key, 3);
                assert!(!text.is_empty() && text != key, "{code} has {key}");
            }
            let read = |text: &str| FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| errors);
            for text in [tray, notifications] {
                let resource = read(text).unwrap_or_else(|errors| panic!("{code}: {errors:?}"));
                for entry in resource.entries() {
                    if let fluent_syntax::ast::Entry::Message(message) = entry {
                        assert!(
                            KEYS.contains(&message.id.name),
                            "{code}: nobody asks for {}",
                            message.id.name
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn the_users_language_is_found_by_what_the_desktop_says() {
        assert_eq!(Words::of(["de_AT.UTF-8"]).code(), "de");
        assert_eq!(Words::of(["tlh", "fr"]).code(), "fr", "the first that there is");
        assert_eq!(Words::of(["C.UTF-8"]).code(), "en", "else English");
        assert_eq!(Words::of([]).code(), "en");
    }

    #[test]
    fn one_is_not_many() {
        let words = Words::of(["en"]);
        assert_ne!(
            words.counted("tray-report", 1),
            words.counted("tray-report", 2).replace('2', "1"),
            "by its number"
        );
        assert!(words.counted("notify-summary", 312).starts_with("312 replies"), "as it is meant");
    }
}
