//! Listing, making and opening folders.

use std::num::NonZeroU32;

use async_imap::imap_proto::{
    MailboxDatum, MailboxListData, NameAttribute, Outcome, Response, ResponseCode, StatusAttribute,
};

use super::capabilities::unless_refused;
use super::command::Command;
use super::wire::Said;
use super::{Connection, FolderName, ImapError, UidSet};

/// A folder as LIST tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderEntry {
    /// Its name.
    pub name: FolderName,
    /// What stands between a folder and those in it.
    pub delimiter: Option<char>,
    /// Lower case, with backslash: `\sent`, `\noselect`, `\nonexistent` …
    pub attributes: Vec<String>,
}

impl FolderEntry {
    /// Whether the folder has an attribute, given in lower case with its backslash.
    #[must_use]
    pub fn has(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|a| a == attribute)
    }

    /// Whether the folder can be opened.
    #[must_use]
    pub fn is_selectable(&self) -> bool {
        !self.has("\\noselect") && !self.has("\\nonexistent")
    }
}

/// The state of the opened folder, at the moment it was opened or looked at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// A folder without UIDVALIDITY is refused before this exists.
    pub uid_validity: NonZeroU32,
    /// No mail that comes later gets a lower UID.
    pub uid_next: u32,
    /// How many mails are in it.
    pub exists: u32,
    /// Nothing in it can be changed: it was opened so, or the server allows no more.
    pub read_only: bool,
}

/// The state of a folder that is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FolderStatus {
    /// As in [`Selected::uid_validity`].
    pub uid_validity: NonZeroU32,
    /// As in [`Selected::uid_next`].
    pub uid_next: u32,
    /// How many mails are in it.
    pub messages: u32,
}

/// The opened folder.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) folder: FolderName,
    pub(super) examined: bool,
    pub(super) state: Selected,
}

const SPECIAL: [&str; 7] = ["\\all", "\\archive", "\\drafts", "\\flagged", "\\junk", "\\sent", "\\trash"];

impl Connection {
    /// Lists all folders of the user, as the server orders them.
    ///
    /// # Errors
    /// Refusal or loss.
    pub async fn list(&mut self) -> Result<Vec<FolderEntry>, ImapError> {
        let mut entries: Vec<FolderEntry> = vec![];
        self.wire
            .run(&Command::new("LIST").arg("\"\" \"*\""), &mut |said| entries.extend(entry(&said)))
            .await?;
        let special = entries.iter().any(|e| SPECIAL.iter().any(|s| e.has(s)));
        if !special && self.capabilities.has("SPECIAL-USE") {
            // RFC 6154 §5.1 lets a server keep the attributes back until asked. Proton Bridge answers BAD.
            let mut marked = vec![];
            let command = Command::new("LIST").arg("(SPECIAL-USE) \"\" \"*\"");
            unless_refused(self.wire.run(&command, &mut |said| marked.extend(entry(&said))).await)?;
            for marked in marked {
                if let Some(known) = entries.iter_mut().find(|e| e.name == marked.name) {
                    known.attributes.extend(marked.attributes);
                }
            }
        }
        for entry in &mut entries {
            entry.attributes.sort();
            entry.attributes.dedup();
        }
        Ok(entries)
    }

    /// Makes a folder; it may exist already.
    ///
    /// # Errors
    /// Refusal or loss.
    pub async fn create(&mut self, folder: &FolderName) -> Result<(), ImapError> {
        match self.wire.run(&Command::new("CREATE").folder(folder)?, &mut |_| {}).await {
            Err(ImapError::Refused { code: Some(code), .. }) if code == "ALREADYEXISTS" => Ok(()),
            answer => answer,
        }
    }

    /// Subscribes to a folder, so that other mail programs show it.
    ///
    /// # Errors
    /// Refusal or loss.
    pub async fn subscribe(&mut self, folder: &FolderName) -> Result<(), ImapError> {
        self.wire.run(&Command::new("SUBSCRIBE").folder(folder)?, &mut |_| {}).await
    }

    /// Opens a folder for reading and changing.
    ///
    /// # Errors
    /// [`ImapError::NoUidValidity`], refusal or loss; no folder is open then.
    pub async fn select(&mut self, folder: &FolderName) -> Result<Selected, ImapError> {
        self.open_folder(folder, false).await
    }

    /// Opens a folder for changing unless it is open so already: what it is called and how it is numbered then still
    /// holds (RFC 3501 §2.3.1.1), what it contains may not.
    ///
    /// # Errors
    /// As [`Connection::select`].
    pub async fn keep_selected(&mut self, folder: &FolderName) -> Result<Selected, ImapError> {
        match &self.selected {
            Some(open) if open.folder == *folder && !open.examined => Ok(open.state.clone()),
            _ => self.select(folder).await,
        }
    }

    /// Opens a folder for reading alone: no flag of it changes, `\Recent` included.
    ///
    /// # Errors
    /// As [`Connection::select`].
    pub async fn examine(&mut self, folder: &FolderName) -> Result<Selected, ImapError> {
        self.open_folder(folder, true).await
    }

    /// Opens a folder to look at it, in the way in which its UIDs can be relied on: by EXAMINE, which leaves `\Recent` as
    /// it is, but by SELECT on servers of before MOVE (RFC 6851). Courier 5.0.13, which is one, keeps the UIDs and the
    /// UIDVALIDITY that it gives only at SELECT: at EXAMINE a folder that nobody had opened before, or mail that had
    /// just come into it, was numbered anew each time.
    ///
    /// # Errors
    /// As [`Connection::select`].
    pub async fn look_into(&mut self, folder: &FolderName) -> Result<Selected, ImapError> {
        let kept_at_examine = self.capabilities.has("MOVE");
        self.open_folder(folder, kept_at_examine).await
    }

    /// The folder that is open, and its state when it was last looked at.
    #[must_use]
    pub fn selected(&self) -> Option<(&FolderName, &Selected)> {
        self.selected.as_ref().map(|open| (&open.folder, &open.state))
    }

    /// Looks at the open folder again; the numbers of unsolicited responses are never trusted.
    ///
    /// Opens it anew: STATUS on the open folder is what RFC 3501 §6.3.10 advises against, and some servers answer it
    /// from what they knew before.
    ///
    /// # Errors
    /// [`ImapError::NothingSelected`], or as [`Connection::select`].
    pub async fn refresh_selected(&mut self) -> Result<Selected, ImapError> {
        let Open { folder, examined, .. } = self.selected.clone().ok_or(ImapError::NothingSelected)?;
        self.open_folder(&folder, examined).await
    }

    /// Asks for the state of a folder that is not open.
    ///
    /// # Errors
    /// [`ImapError::NoUidValidity`] or [`ImapError::NotTold`] where the answer is incomplete, refusal or loss.
    pub async fn status(&mut self, folder: &FolderName) -> Result<FolderStatus, ImapError> {
        let command = Command::new("STATUS").folder(folder)?.arg("(MESSAGES UIDNEXT UIDVALIDITY)");
        let (mut validity, mut next, mut messages) = (None, None, None);
        self.wire
            .run(&command, &mut |said| {
                let Said::Response(Response::MailboxData(MailboxDatum::Status { status, .. })) = said else {
                    return;
                };
                for attribute in status {
                    match attribute {
                        StatusAttribute::UidValidity(n) => validity = NonZeroU32::new(*n),
                        StatusAttribute::UidNext(n) => next = Some(*n),
                        StatusAttribute::Messages(n) => messages = Some(*n),
                        _ => {}
                    }
                }
            })
            .await?;
        let (Some(uid_next), Some(messages)) = (next, messages) else {
            return Err(ImapError::NotTold { what: "the state of a folder" });
        };
        let uid_validity = validity.ok_or_else(|| ImapError::NoUidValidity { folder: folder.clone() })?;
        Ok(FolderStatus { uid_validity, uid_next, messages })
    }

    /// Asks whether anything new is known; says whether mail came or went in the open folder since this was last told.
    ///
    /// # Errors
    /// Refusal or loss.
    pub async fn noop(&mut self) -> Result<bool, ImapError> {
        self.wire.run(&Command::new("NOOP"), &mut |_| {}).await?;
        Ok(self.wire.take_news())
    }

    async fn open_folder(&mut self, folder: &FolderName, examined: bool) -> Result<Selected, ImapError> {
        let command = Command::new(if examined { "EXAMINE" } else { "SELECT" }).folder(folder)?;
        self.selected = None;
        self.wire.uid_validity = None;
        let (mut validity, mut next, mut exists, mut read_only) = (None, None, 0, examined);
        self.wire
            .run(&command, &mut |said| match said {
                Said::Response(Response::MailboxData(MailboxDatum::Exists(n))) => exists = *n,
                Said::Response(
                    Response::Data { outcome: Outcome { code: Some(code), .. }, .. }
                    | Response::Done { outcome: Outcome { code: Some(code), .. }, .. },
                ) => match code {
                    ResponseCode::UidValidity(n) => validity = NonZeroU32::new(*n),
                    ResponseCode::UidNext(n) => next = Some(*n),
                    ResponseCode::ReadOnly => read_only = true,
                    _ => {}
                },
                _ => {}
            })
            .await?;
        self.wire.take_news();
        // Some servers have none, some one of 64 bits: UIDs of such a folder mean nothing tomorrow.
        let uid_validity = validity.ok_or_else(|| ImapError::NoUidValidity { folder: folder.clone() })?;
        self.wire.uid_validity = Some(uid_validity.get());
        let uid_next = match next {
            Some(next) => next,
            None if exists == 0 => 1,
            None => self.uid_after_last().await?,
        };
        let state = Selected { uid_validity, uid_next, exists, read_only };
        self.selected = Some(Open { folder: folder.clone(), examined, state: state.clone() });
        Ok(state)
    }

    /// UIDNEXT of a server that does not tell it: RFC 3501 §6.3.1 lets it out.
    async fn uid_after_last(&mut self) -> Result<u32, ImapError> {
        let mut last = UidSet::default();
        self.wire.run(&Command::new("UID FETCH").arg("* (UID)"), &mut |said| last.extend_told(&said)).await?;
        Ok(last.iter().last().unwrap_or(0).saturating_add(1))
    }
}

fn entry(said: &Said<'_>) -> Option<FolderEntry> {
    let Said::Response(Response::MailboxData(MailboxDatum::List(list))) = said else { return None };
    let MailboxListData { name_attributes, delimiter, name } = list;
    Some(FolderEntry {
        name: FolderName(unescaped(name)),
        delimiter: delimiter.as_deref().and_then(|d| unescaped(d).chars().next()),
        attributes: name_attributes.iter().map(attribute).collect(),
    })
}

fn attribute(attribute: &NameAttribute<'_>) -> String {
    match attribute {
        NameAttribute::NoInferiors => "\\noinferiors".to_owned(),
        NameAttribute::NoSelect => "\\noselect".to_owned(),
        NameAttribute::Marked => "\\marked".to_owned(),
        NameAttribute::Unmarked => "\\unmarked".to_owned(),
        NameAttribute::All => "\\all".to_owned(),
        NameAttribute::Archive => "\\archive".to_owned(),
        NameAttribute::Drafts => "\\drafts".to_owned(),
        NameAttribute::Flagged => "\\flagged".to_owned(),
        NameAttribute::Junk => "\\junk".to_owned(),
        NameAttribute::Sent => "\\sent".to_owned(),
        NameAttribute::Trash => "\\trash".to_owned(),
        NameAttribute::Extension(name) => name.to_ascii_lowercase(),
        _ => String::new(),
    }
}

/// imap-proto 0.17 leaves the backslashes of a quoted string in it; a literal has none of this form but by rare chance.
fn unescaped(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut chars = name.chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            match chars.next() {
                Some(escaped @ ('\\' | '"')) => plain.push(escaped),
                // No quoted string holds this: it came as a literal.
                _ => return name.to_owned(),
            }
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_names_lose_their_escapes_alone() {
        let cases =
            [("Sent", "Sent"), ("a\\\"b", "a\"b"), ("a\\\\b", "a\\b"), ("a\\b", "a\\b"), ("end\\", "end\\")];
        for (told, name) in cases {
            assert_eq!(unescaped(told), name, "{told:?}");
        }
    }
}
