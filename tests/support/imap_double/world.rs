//! The mailboxes behind the double, shared by all its connections and by the test.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::mail::Mail;

/// What is worked out of a mail's octets once, and shared by its copies.
#[derive(Debug, Default)]
pub(super) struct Derived {
    pub structure: OnceLock<Vec<u8>>,
    pub body_start: OnceLock<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub mail: Mail,
    pub derived: Arc<Derived>,
    /// The tick of the last change of its flags.
    pub changed: u64,
}

#[derive(Debug)]
pub(super) struct Folder {
    pub uid_validity: u32,
    pub uid_next: u32,
    pub mails: BTreeMap<u32, Stored>,
    pub special_use: Option<String>,
    pub no_select: bool,
    pub read_only: bool,
    /// The tick of the last change.
    pub changed: u64,
    /// The tick of the last removal of a mail.
    pub removed: u64,
    /// The tick of the last change of flags.
    pub flagged: u64,
}

#[derive(Debug)]
pub(super) struct World {
    pub user: String,
    pub password: String,
    pub folders: BTreeMap<String, Folder>,
    /// Storage limit in octets over all folders (RFC 9208).
    pub quota: Option<u64>,
    pub tick: u64,
    next_validity: u32,
}

/// INBOX is the same in any case (RFC 3501 §5.1), all other names are not.
pub(super) fn folder_key(name: &str) -> String {
    if name.eq_ignore_ascii_case("INBOX") { "INBOX".to_owned() } else { name.to_owned() }
}

impl World {
    pub(super) fn new(user: String, password: String) -> Self {
        let mut world = Self {
            user,
            password,
            folders: BTreeMap::new(),
            quota: None,
            tick: 1,
            next_validity: 1_700_000_001,
        };
        world.create("INBOX");
        world
    }

    pub(super) fn folder(&self, name: &str) -> Option<&Folder> {
        self.folders.get(&folder_key(name))
    }

    pub(super) fn folder_mut(&mut self, name: &str) -> Option<&mut Folder> {
        self.folders.get_mut(&folder_key(name))
    }

    fn fresh_validity(&mut self) -> u32 {
        self.next_validity += 1;
        self.next_validity
    }

    pub(super) fn touch(&mut self) -> u64 {
        self.tick += 1;
        self.tick
    }

    /// Makes a folder; false if it is there already.
    pub(super) fn create(&mut self, name: &str) -> bool {
        let key = folder_key(name);
        if self.folders.contains_key(&key) {
            return false;
        }
        let uid_validity = self.fresh_validity();
        let changed = self.touch();
        self.folders.insert(
            key,
            Folder {
                uid_validity,
                uid_next: 1,
                mails: BTreeMap::new(),
                special_use: None,
                no_select: false,
                read_only: false,
                changed,
                removed: 0,
                flagged: 0,
            },
        );
        true
    }

    /// Adds a mail, making the folder if it is missing, and returns its UID.
    pub(super) fn add(&mut self, name: &str, mail: Mail) -> u32 {
        self.add_stored(name, Stored { mail, derived: Arc::default(), changed: 0 })
    }

    pub(super) fn add_stored(&mut self, name: &str, mut stored: Stored) -> u32 {
        self.create(name);
        let tick = self.touch();
        stored.changed = tick;
        let Some(folder) = self.folder_mut(name) else { return 0 };
        let uid = folder.uid_next;
        folder.uid_next += 1;
        folder.changed = tick;
        folder.mails.insert(uid, stored);
        uid
    }

    pub(super) fn remove(&mut self, name: &str, uids: &[u32]) -> Vec<(u32, Stored)> {
        let tick = self.touch();
        let Some(folder) = self.folder_mut(name) else { return Vec::new() };
        folder.changed = tick;
        folder.removed = tick;
        uids.iter().filter_map(|uid| Some((*uid, folder.mails.remove(uid)?))).collect()
    }

    pub(super) fn set_flags(&mut self, name: &str, uid: u32, change: impl FnOnce(&mut BTreeSet<String>)) {
        let tick = self.touch();
        let Some(folder) = self.folder_mut(name) else { return };
        folder.changed = tick;
        folder.flagged = tick;
        if let Some(stored) = folder.mails.get_mut(&uid) {
            change(&mut stored.mail.flags);
            stored.changed = tick;
        }
    }

    pub(super) fn uids(&self, name: &str, mut which: impl FnMut(&Mail) -> bool) -> Vec<u32> {
        self.folder(name)
            .map(|folder| {
                folder.mails.iter().filter(|(_, stored)| which(&stored.mail)).map(|(uid, _)| *uid).collect()
            })
            .unwrap_or_default()
    }

    /// Gives a folder a new UIDVALIDITY and new UIDs, as after a restored backup.
    pub(super) fn new_uid_validity(&mut self, name: &str) {
        let uid_validity = self.fresh_validity();
        let tick = self.touch();
        let Some(folder) = self.folder_mut(name) else { return };
        let mails = std::mem::take(&mut folder.mails);
        folder.mails = (101..).zip(mails.into_values()).collect();
        folder.uid_next = folder.mails.last_key_value().map_or(101, |(uid, _)| uid + 1);
        folder.uid_validity = uid_validity;
        folder.changed = tick;
    }

    pub(super) fn used(&self) -> u64 {
        let mails = self.folders.values().flat_map(|folder| folder.mails.values());
        mails.map(|stored| stored.mail.bytes.len() as u64).sum()
    }
}
