//! The address that SpamCop gave the user for reports.

use secrecy::{ExposeSecret as _, SecretString};

/// Where reports go.
const DOMAIN: &str = "spam.spamcop.net";

/// The address that reports go to: whoever knows it reports in the user's name, so it is a secret.
#[derive(Clone, Debug)]
pub struct SubmitCode(SecretString);

/// A text is no such address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is not the address that SpamCop gave you for reports; it looks like submit.AbCdEfGh12345678@spam.spamcop.net and \
     stands on your page at www.spamcop.net under \u{201c}Report Spam\u{201d}"
)]
pub struct WrongCode;

impl SubmitCode {
    /// Reads the address, or the code in it alone.
    ///
    /// # Errors
    /// It is neither.
    pub fn read(text: &str) -> Result<Self, WrongCode> {
        let text = text.trim();
        let (local, domain) = text.split_once('@').unwrap_or((text, DOMAIN));
        // The same code behind `quick.` reports without a look at the mail: that is a choice of its own.
        let code = local.strip_prefix("submit.").unwrap_or(local);
        let is_code = (8..=64).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_code || !domain.eq_ignore_ascii_case(DOMAIN) {
            return Err(WrongCode);
        }
        Ok(Self(SecretString::from(code.to_owned())))
    }

    /// A text without the code: servers name the address in their refusals.
    #[must_use]
    pub fn hidden_in(&self, text: &str) -> String {
        let (lower, code) = (text.to_ascii_lowercase(), self.0.expose_secret().to_ascii_lowercase());
        let (mut hidden, mut from) = (String::with_capacity(text.len()), 0);
        for (at, found) in lower.match_indices(&code) {
            hidden.push_str(text.get(from..at).unwrap_or_default());
            hidden.push('\u{2026}');
            from = at + found.len();
        }
        hidden.push_str(text.get(from..).unwrap_or_default());
        hidden
    }

    /// The address for reports that the user confirms.
    #[must_use]
    pub fn address(&self) -> SecretString {
        SecretString::from(format!("submit.{}@{DOMAIN}", self.0.expose_secret()))
    }

    /// The address for reports that nobody looks at before they are sent on.
    #[must_use]
    pub fn quick_address(&self) -> SecretString {
        SecretString::from(format!("quick.{}@{DOMAIN}", self.0.expose_secret()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_in_no_message() {
        let code = SubmitCode::read("AbCdEfGh12345678").expect("a code");
        for text in
            ["550 <submit.AbCdEfGh12345678@spam.spamcop.net>", "550 submit.abcdefgh12345678 ABCDEFGH12345678"]
        {
            let hidden = code.hidden_in(text).to_lowercase();
            assert!(!hidden.contains("abcdefgh") && hidden.starts_with("550 "), "{hidden}");
        }
    }
}
