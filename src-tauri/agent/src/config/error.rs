//! What is wrong with a configuration, where, and how to mend it.

use std::path::{Path, PathBuf};

/// The configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is none.
    #[error(
        "there is no configuration at {}; write one (the README shows how), or name another with --config",
        file.display()
    )]
    Missing {
        /// Where it was looked for.
        file: PathBuf,
    },
    /// It cannot be read.
    #[error("the configuration {} cannot be read; check that it is yours and is text", file.display())]
    Unreadable {
        /// Where it lies.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Something in it is wrong.
    #[error("{}, line {line}{}: {message}", file.display(), key.as_ref().map(|key| format!(", key `{key}`")).unwrap_or_default())]
    Wrong {
        /// Where it lies.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The key whose value is wrong, where it is one.
        key: Option<String>,
        /// What is wrong and what to write.
        message: String,
    },
    /// No place for it or for the data is known.
    #[error("the home directory is unknown; set HOME, or give both --config and --data-dir")]
    NoHome,
}

impl ConfigError {
    /// An error of the TOML reader, with its line and key.
    pub(super) fn from_toml(file: &Path, text: &str, error: &toml::de::Error) -> Self {
        // serde speaks of fields and variants; in a TOML file they are keys and values.
        let message = error
            .message()
            .replace("unknown field", "unknown key")
            .replace("missing field", "missing key")
            .replace("unknown variant", "unknown value");
        Self::at(file, text, error.span().map_or(0, |span| span.start), message)
    }

    /// An error at a byte of the text.
    pub(super) fn at(file: &Path, text: &str, byte: usize, message: String) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        Self::Wrong { file: file.to_owned(), line, key: key_before(before), message }
    }
}

/// The key whose value begins where `before` ends.
fn key_before(before: &str) -> Option<String> {
    let line = before.rsplit('\n').next()?;
    let key = line.trim_end_matches(['[', ' ', '\t', '"']).strip_suffix('=')?.trim_end();
    let key = key.rsplit(['{', ',', ' ']).next()?.trim().trim_matches(['"', '\'']);
    (!key.is_empty()).then(|| key.to_owned())
}
