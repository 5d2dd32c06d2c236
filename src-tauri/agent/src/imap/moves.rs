//! Moving, copying, marking and expunging mails.

use std::{collections::BTreeMap, num::NonZeroU32, ops::RangeInclusive};

use async_imap::imap_proto::{Outcome, Response, ResponseCode, rfc4315::UidSetMember};

use super::command::Command;
use super::error::MoveFailed;
use super::wire::Said;
use super::{Connection, FolderName, ImapError, UidSet};

/// What a move or copy did, as far as the server told (COPYUID).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// UIDVALIDITY of the destination; `None` where the server told nothing.
    pub destination_uid_validity: Option<NonZeroU32>,
    /// Source UID to destination UID. An OK with nothing here is no proof that anything was moved.
    pub uids: BTreeMap<u32, u32>,
}

impl Connection {
    /// Moves mails of the open folder by UID MOVE (RFC 6851); more than one command where the set is long.
    ///
    /// # Errors
    /// [`ImapError::NotOffered`] before anything is sent; refusal or loss with what had been told to be done. Even a NO
    /// may have moved some (RFC 6851 §3.3).
    pub async fn move_mails(&mut self, uids: &UidSet, to: &FolderName) -> Result<Moved, MoveFailed> {
        if !self.capabilities.has("MOVE") {
            return Err(MoveFailed {
                done: Moved::default(),
                error: ImapError::NotOffered { capability: "MOVE" },
            });
        }
        self.transfer("UID MOVE", uids, to).await
    }

    /// Copies mails of the open folder with flags and dates; more than one command where the set is long.
    ///
    /// # Errors
    /// Refusal or loss with what had been told to be done.
    pub async fn copy_mails(&mut self, uids: &UidSet, to: &FolderName) -> Result<Moved, MoveFailed> {
        self.transfer("UID COPY", uids, to).await
    }

    /// Sets `\Deleted`, and nothing else.
    ///
    /// # Errors
    /// Refusal or loss: some may have it.
    pub async fn add_deleted(&mut self, uids: &UidSet) -> Result<(), ImapError> {
        self.store(uids, "+FLAGS.SILENT (\\Deleted)").await
    }

    /// Takes `\Deleted` off.
    ///
    /// # Errors
    /// Refusal or loss: some may still have it.
    pub async fn remove_deleted(&mut self, uids: &UidSet) -> Result<(), ImapError> {
        self.store(uids, "-FLAGS.SILENT (\\Deleted)").await
    }

    /// Removes those of the mails for good that have `\Deleted`, by UID EXPUNGE (RFC 4315).
    ///
    /// There is no plain EXPUNGE here: it removes what other programs have marked, too.
    ///
    /// # Errors
    /// [`ImapError::NotOffered`] without UIDPLUS; refusal or loss.
    pub async fn uid_expunge(&mut self, uids: &UidSet) -> Result<(), ImapError> {
        if !self.capabilities.has("UIDPLUS") {
            return Err(ImapError::NotOffered { capability: "UIDPLUS" });
        }
        self.must_be_open()?;
        for part in uids.commands() {
            self.wire.run(&Command::new("UID EXPUNGE").uids(&part), &mut |_| {}).await?;
        }
        Ok(())
    }

    async fn store(&mut self, uids: &UidSet, change: &'static str) -> Result<(), ImapError> {
        self.must_be_open()?;
        for part in uids.commands() {
            self.wire.run(&Command::new("UID STORE").uids(&part).arg(change), &mut |_| {}).await?;
        }
        Ok(())
    }

    async fn transfer(
        &mut self,
        name: &'static str,
        uids: &UidSet,
        to: &FolderName,
    ) -> Result<Moved, MoveFailed> {
        let mut done = Moved::default();
        match self.transfer_into(name, uids, to, &mut done).await {
            Ok(()) => Ok(done),
            Err(error) => Err(MoveFailed { done, error }),
        }
    }

    async fn transfer_into(
        &mut self,
        name: &'static str,
        uids: &UidSet,
        to: &FolderName,
        done: &mut Moved,
    ) -> Result<(), ImapError> {
        self.must_be_open()?;
        for asked in uids.commands() {
            let command = Command::new(name).uids(&asked).folder(to)?;
            self.wire.run(&command, &mut |said| done.take(&said, &asked)).await?;
        }
        Ok(())
    }
}

impl Moved {
    /// Takes a COPYUID: RFC 6851 §4.3 has it in an untagged OK before the EXPUNGEs, RFC 4315 in the tagged one.
    fn take(&mut self, said: &Said<'_>, asked: &UidSet) {
        match said {
            Said::Response(
                Response::Data { outcome: Outcome { code: Some(code), .. }, .. }
                | Response::Done { outcome: Outcome { code: Some(code), .. }, .. },
            ) => self.take_code(code, asked),
            Said::Response(_) => {}
            Said::Unreadable(line) => {
                // home.pl says `* [COPYUID 1 2 3]`, without the OK.
                if let Some(code) = line.strip_prefix(b"* [") {
                    let whole = [b"* OK [", code].concat();
                    if let Ok((_, Response::Data { outcome: Outcome { code: Some(code), .. }, .. })) =
                        Response::parse(&whole)
                    {
                        self.take_code(&code, asked);
                    }
                }
            }
        }
    }

    fn take_code(&mut self, code: &ResponseCode<'_>, asked: &UidSet) {
        let ResponseCode::CopyUid(validity, from, to) = code else { return };
        // Two sets of unlike length can't be paired, and a wrong pair would restore a wrong mail.
        let count = length(from);
        if count != length(to) || count > asked.len() || count == 0 {
            return;
        }
        let Some(validity) = NonZeroU32::new(*validity) else { return };
        if self.destination_uid_validity.is_some_and(|known| known != validity) {
            self.uids.clear();
        }
        self.destination_uid_validity = Some(validity);
        self.uids.extend(each(from).zip(each(to)).filter(|(from, _)| asked.contains(*from)));
    }
}

fn ends(member: &UidSetMember) -> RangeInclusive<u32> {
    match member {
        UidSetMember::Uid(uid) => *uid..=*uid,
        UidSetMember::UidRange(range) => range.clone(),
    }
}

fn length(set: &[UidSetMember]) -> u64 {
    set.iter().map(ends).map(|range| u64::from(range.end().saturating_sub(*range.start())) + 1).sum()
}

/// The UIDs in the order of the code, which pairs the two sets (RFC 4315 §3).
fn each(set: &[UidSetMember]) -> impl Iterator<Item = u32> + '_ {
    set.iter().flat_map(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(line: &str, asked: &[u32]) -> Moved {
        let (mut moved, asked) = (Moved::default(), asked.iter().copied().collect());
        match Response::parse(line.as_bytes()) {
            Ok((_, said)) => moved.take(&Said::Response(&said), &asked),
            Err(_) => moved.take(&Said::Unreadable(line.as_bytes()), &asked),
        }
        moved
    }

    #[test]
    fn every_form_of_copyuid_is_read() {
        type Case<'a> = (&'a str, &'a [u32], &'a [(u32, u32)]);
        let cases: [Case<'_>; 9] = [
            ("* OK [COPYUID 9 4,6:7 1:3] moved\r\n", &[4, 6, 7], &[(4, 1), (6, 2), (7, 3)]),
            ("N5 OK [COPYUID 9 4 8] Done\r\n", &[4], &[(4, 8)]),
            ("* [COPYUID 9 4 8] Done\r\n", &[4], &[(4, 8)]),
            ("* [COPYUID 9 4 8]\r\n", &[4], &[(4, 8)]),
            ("* OK [COPYUID 9 4:6 1:2] unlike lengths\r\n", &[4, 5, 6], &[]),
            ("* OK [COPYUID 9 1:4294967295 1:4294967295] all the world\r\n", &[4], &[]),
            ("* OK [COPYUID 9 5 8] another mail\r\n", &[4], &[]),
            ("* OK [COPYUID 0 4 8] no validity\r\n", &[4], &[]),
            ("* [COPYUID x\r\n", &[4], &[]),
        ];
        for (line, asked, pairs) in cases {
            assert_eq!(taken(line, asked).uids, pairs.iter().copied().collect(), "{line:?}");
        }
    }
}
