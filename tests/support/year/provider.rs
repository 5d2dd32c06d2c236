//! The providers of the simulated accounts, and what each does to mail.

/// Whose account it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Every mail of the user is in Sent at once, under its own id.
    Whole,
    /// A relay writes ids of its own over those of all mail, and half of it is sent under an alias.
    Rewriting,
    /// Some mail is sent by a telephone or a sending service without a copy, some copies come late or are deleted, there
    /// are two Sent folders, and these are moved about.
    Forgetful,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Whole, Self::Rewriting, Self::Forgetful];

    /// Its name in the table, and that of its account.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Rewriting => "rewriting",
            Self::Forgetful => "forgetful",
        }
    }

    /// The domain of the account, as long as that of the samples, in whose place it stands.
    #[must_use]
    pub fn domain(self) -> &'static str {
        match self {
            Self::Whole => "example.org",
            Self::Rewriting => "example.net",
            Self::Forgetful => "example.com",
        }
    }

    /// Its part of all mail that the user sends and of the notices about it, in percent.
    #[must_use]
    pub fn share(self) -> usize {
        match self {
            Self::Whole => 40,
            Self::Rewriting | Self::Forgetful => 30,
        }
    }

    /// The day of the year on which its storm begins.
    #[must_use]
    pub fn storm_begins(self) -> i64 {
        match self {
            Self::Whole => 120,
            Self::Rewriting => 210,
            Self::Forgetful => 290,
        }
    }

    /// The folders of sent mail, for the configuration.
    #[must_use]
    pub fn sent_folders(self) -> &'static [&'static str] {
        match self {
            Self::Whole | Self::Rewriting => &["Sent"],
            Self::Forgetful => &["Sent", "Gesendet", "Archive"],
        }
    }
}
