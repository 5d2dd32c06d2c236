//! Commands on the open mailbox.

use std::collections::BTreeSet;
use std::sync::Arc;

use imap_codec::imap_types::command::CommandBody;
use imap_codec::imap_types::fetch::MessageDataItemName;
use imap_codec::imap_types::flag::{Flag, StoreResponse, StoreType};
use imap_codec::imap_types::sequence::SequenceSet;

use super::conversation::{Answer, Conversation, name_of};
use super::setup::Capabilities;
use super::world::World;
use super::{fetch, lock, search};
use crate::mail::Mail;

impl Conversation {
    pub(super) fn execute_selected(&mut self, body: CommandBody<'_>, capabilities: &Capabilities) -> Answer {
        let Some((folder, read_only)) =
            self.selected.as_ref().map(|selected| (selected.folder.clone(), selected.read_only))
        else {
            return Answer::bad("no mailbox is open, or no such command");
        };
        match body {
            CommandBody::Unselect if capabilities.unselect => {
                self.selected = None;
                Answer::ok("closed")
            }
            CommandBody::Close => {
                if !read_only {
                    self.expunge(&folder, None, "CLOSE");
                }
                self.selected = None;
                Answer::ok("closed")
            }
            CommandBody::Fetch { sequence_set, macro_or_item_names, uid, .. } => {
                let items = fetch::items(macro_or_item_names);
                self.fetch(&folder, read_only, &sequence_set, &items, uid)
            }
            CommandBody::Search { criteria, uid, .. } => {
                let Some(selected) = &self.selected else { return Answer::bad("no mailbox is open") };
                let world = lock(&self.shared.world);
                let Some(mails) = world.folder(&folder).map(|folder| &folder.mails) else {
                    return Answer::no("[NONEXISTENT] no such folder");
                };
                let last = selected.view.last().copied().unwrap_or_default();
                let largest = (u32::try_from(selected.view.len()).unwrap_or(u32::MAX), last);
                let mut line = "SEARCH".to_owned();
                for (sequence, own) in (1..).zip(&selected.view) {
                    let Some(stored) = mails.get(own) else { continue };
                    if criteria
                        .as_ref()
                        .iter()
                        .all(|key| search::matches(key, sequence, *own, largest, stored))
                    {
                        line.push_str(&format!(" {}", if uid { *own } else { sequence }));
                    }
                }
                Answer::ok("done").line(line)
            }
            _ if read_only => Answer::no("[READ-ONLY] this mailbox is open read-only"),
            CommandBody::Store { sequence_set, kind, response, flags, uid, .. } => {
                self.store(&folder, &sequence_set, &kind, &response, &flags, uid)
            }
            CommandBody::Copy { sequence_set, mailbox, uid } => {
                self.copy(&folder, &sequence_set, uid, &name_of(&mailbox), false, capabilities.uidplus)
            }
            CommandBody::Move { sequence_set, mailbox, uid } if capabilities.moves => {
                self.copy(&folder, &sequence_set, uid, &name_of(&mailbox), true, capabilities.uidplus)
            }
            CommandBody::ExpungeUid { sequence_set } if capabilities.uidplus => {
                let uids = self.uids(&sequence_set, true);
                self.expunge(&folder, Some(&uids), "UID EXPUNGE");
                Answer::ok("expunged")
            }
            CommandBody::Expunge => {
                lock(&self.shared.record).violations.push("EXPUNGE without UIDs".to_owned());
                self.expunge(&folder, None, "EXPUNGE");
                Answer::ok("expunged")
            }
            _ => Answer::bad("no such command"),
        }
    }

    /// The UIDs of a set, of those that the client knows.
    fn uids(&self, set: &SequenceSet, by_uid: bool) -> Vec<u32> {
        let Some(selected) = &self.selected else { return Vec::new() };
        let view = &selected.view;
        let mut uids = Vec::new();
        if by_uid {
            for (from, to) in search::ranges(set, view.last().copied().unwrap_or_default()) {
                let start = view.partition_point(|uid| *uid < from);
                uids.extend(view.iter().skip(start).take_while(|uid| **uid <= to));
            }
        } else {
            for (from, to) in search::ranges(set, u32::try_from(view.len()).unwrap_or(u32::MAX)) {
                let count = (to - from) as usize + 1;
                uids.extend(view.iter().skip((from as usize).saturating_sub(1)).take(count));
            }
        }
        uids
    }

    fn fetch(
        &self,
        folder: &str,
        read_only: bool,
        set: &SequenceSet,
        items: &[MessageDataItemName<'_>],
        by_uid: bool,
    ) -> Answer {
        let seen = items.iter().any(fetch::sets_seen);
        if seen {
            let how = if read_only { "" } else { ", which set \\Seen" };
            lock(&self.shared.record).violations.push(format!("FETCH without PEEK{how}"));
        }
        let Some(selected) = &self.selected else { return Answer::bad("no mailbox is open") };
        let uids = self.uids(set, by_uid);
        let mut world = lock(&self.shared.world);
        if seen && !read_only {
            for uid in &uids {
                world.set_flags(folder, *uid, |flags| {
                    flags.insert("\\Seen".to_owned());
                });
            }
        }
        let mut answer = Answer::ok("fetched");
        let Some(folder) = world.folder(folder) else { return Answer::no("[NONEXISTENT] no such folder") };
        for uid in uids {
            let Some(stored) = folder.mails.get(&uid) else { continue };
            let sequence = selected.view.partition_point(|own| *own < uid) + 1;
            answer.untagged.push(fetch::response(sequence, uid, stored, items, by_uid));
        }
        answer
    }

    fn store(
        &mut self,
        folder: &str,
        set: &SequenceSet,
        kind: &StoreType,
        response: &StoreResponse,
        flags: &[Flag<'_>],
        by_uid: bool,
    ) -> Answer {
        let words: BTreeSet<String> = flags.iter().map(ToString::to_string).collect();
        if *kind == StoreType::Replace || words.iter().any(|word| !word.eq_ignore_ascii_case("\\Deleted")) {
            lock(&self.shared.record).violations.push("STORE of a flag other than \\Deleted".to_owned());
        }
        let uids = self.uids(set, by_uid);
        let mut answer = Answer::ok("stored");
        let shared = Arc::clone(&self.shared);
        let mut world = lock(&shared.world);
        for uid in uids {
            world.set_flags(folder, uid, |own| match kind {
                StoreType::Add => own.extend(words.iter().cloned()),
                StoreType::Remove => own.retain(|flag| !words.contains(flag)),
                StoreType::Replace => own.clone_from(&words),
            });
            let stored = world.folder(folder).and_then(|folder| folder.mails.get(&uid));
            let (Some(stored), Some(selected)) = (stored, &mut self.selected) else { continue };
            selected.own.insert((uid, stored.changed));
            if *response == StoreResponse::Answer {
                let sequence = selected.view.partition_point(|own| *own < uid) + 1;
                let flags = fetch::flag_list(&stored.mail.flags);
                answer = answer.line(format!("{sequence} FETCH (UID {uid} FLAGS ({flags}))"));
            }
        }
        answer
    }

    fn copy(
        &self,
        from: &str,
        set: &SequenceSet,
        by_uid: bool,
        to: &str,
        moves: bool,
        uidplus: bool,
    ) -> Answer {
        let uids = self.uids(set, by_uid);
        let shared = Arc::clone(&self.shared);
        let mut world = lock(&shared.world);
        let Some(target) = world.folder(to) else {
            return Answer::no("[TRYCREATE] no such folder");
        };
        if target.no_select || target.read_only {
            return Answer::no("[NOPERM] that folder takes no mail");
        }
        if self.quirks.pretend {
            return Answer::ok("done");
        }
        let validity = target.uid_validity;
        let source: Vec<(u32, super::world::Stored)> = match world.folder(from) {
            Some(folder) => {
                uids.iter().filter_map(|uid| Some((*uid, folder.mails.get(uid)?.clone()))).collect()
            }
            None => return Answer::no("[NONEXISTENT] no such folder"),
        };
        let size: u64 = source.iter().map(|(_, stored)| stored.mail.bytes.len() as u64).sum();
        // RFC 6851 §3.3: a MOVE within one quota root must not fail for want of space.
        if !moves && over_quota(&world, size) {
            return Answer::no("[OVERQUOTA] the mailbox is full");
        }
        let mut pairs = Vec::new();
        for (uid, stored) in source {
            pairs.push((uid, world.add_stored(to, stored)));
        }
        let old: Vec<u32> = pairs.iter().map(|(uid, _)| *uid).collect();
        if moves {
            world.remove(from, &old);
        }
        if !uidplus || pairs.is_empty() || self.quirks.omit_copyuid {
            return Answer::ok(if moves { "moved" } else { "copied" });
        }
        let new: Vec<u32> = pairs.iter().map(|(_, uid)| *uid).collect();
        let code = format!("[COPYUID {validity} {} {}]", uid_set(&old), uid_set(&new));
        // RFC 6851 §4.3: for MOVE the code comes in an untagged OK before the EXPUNGEs.
        if moves {
            Answer::ok("moved").line(format!("OK {code} moved"))
        } else {
            Answer::ok(format!("{code} copied"))
        }
    }

    pub(super) fn append(&self, folder: &str, mail: Mail) -> Answer {
        let shared = Arc::clone(&self.shared);
        let uidplus = lock(&shared.setup).capabilities.uidplus && !self.quirks.omit_copyuid;
        let mut world = lock(&shared.world);
        let Some(validity) = world.folder(folder).map(|folder| folder.uid_validity) else {
            return Answer::no("[TRYCREATE] no such folder");
        };
        if over_quota(&world, mail.bytes.len() as u64) {
            return Answer::no("[OVERQUOTA] the mailbox is full");
        }
        let uid = world.add(folder, mail);
        Answer::ok(if uidplus { format!("[APPENDUID {validity} {uid}] kept") } else { "kept".to_owned() })
    }

    /// Removes the mails with `\Deleted`, of these UIDs or of all.
    fn expunge(&self, folder: &str, only: Option<&[u32]>, command: &str) {
        let mut world = lock(&self.shared.world);
        let mut uids = world.uids(folder, |mail| mail.flags.contains("\\Deleted"));
        if let Some(only) = only {
            let only: BTreeSet<u32> = only.iter().copied().collect();
            uids.retain(|uid| only.contains(uid));
        }
        if command == "CLOSE" && !uids.is_empty() {
            lock(&self.shared.record).violations.push("CLOSE that expunged".to_owned());
        }
        world.remove(folder, &uids);
    }
}

fn over_quota(world: &World, more: u64) -> bool {
    world.quota.is_some_and(|limit| world.used() + more > limit)
}

/// UIDs as a set, runs of neighbours joined.
pub fn uid_set(uids: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for uid in uids {
        match runs.last_mut() {
            Some((_, to)) if *to + 1 == *uid => *to = *uid,
            _ => runs.push((*uid, *uid)),
        }
    }
    let words: Vec<String> = runs
        .iter()
        .map(|(from, to)| if from == to { from.to_string() } else { format!("{from}:{to}") })
        .collect();
    words.join(",")
}
