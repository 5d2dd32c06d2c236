//! Places of the window, as its address names them.

/// What came in and was taken out.
pub const NEVER_SENT: &str = "#/never-sent";
/// What waits for an answer.
pub const EYE: &str = "#/eye";
/// Reports.
pub const REPORTS: &str = "#/reports";
/// Accounts.
pub const ACCOUNTS: &str = "#/accounts";

/// Whether a text is the address of a place, and nothing else.
#[must_use]
pub fn is_place(text: &str) -> bool {
    let rest = text.strip_prefix("#/").unwrap_or(" ");
    rest.chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '_' | '%' | '.' | '?' | '=' | '&'))
}
