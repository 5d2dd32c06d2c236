//! An IMAP4rev1 server in this process, on 127.0.0.1, whose capabilities, mail and faults a test sets.
//!
//! Commands are read by imap-codec; answers are written by hand, since a double must be able to say what no
//! codec would encode. It runs on threads of its own, so a test may block. All state is shared: the test is
//! "another mail program of the user" whenever it delivers, drags or deletes, and clients in IDLE hear of it
//! at once.

mod conversation;
mod fault;
mod fetch;
mod record;
mod search;
mod selected;
mod session;
mod setup;
mod structure;
mod wire;
mod world;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::net::TcpListener;
use tokio::sync::{broadcast, watch};
use tokio_rustls::TlsAcceptor;

pub use fault::{Fault, When};
pub use record::{Entry, Statistics};
pub use selected::uid_set;
pub use setup::{Capabilities, Setup};

use crate::mail::{Kept, Mail, Snapshot};
use crate::server::Endpoint;
use crate::tls::Identity;
use record::Record;
use world::World;

/// When a hook is called: a test can kill the client at exactly that point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The command has come and is not executed.
    Received,
    /// The command is executed and not answered.
    Executed,
}

/// What a hook is told.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// The command in capitals: `"UID MOVE"`.
    pub name: &'a str,
    /// The line without its tag.
    pub line: &'a str,
    /// How often a command of this name has come since the double started, from 1.
    pub nth: usize,
    /// Before or after it is executed.
    pub moment: Moment,
}

type Hook = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

#[derive(Clone, Debug)]
enum Control {
    Drop,
    Bye(String),
    Raw(Vec<u8>),
}

struct Shared {
    setup: Mutex<Setup>,
    world: Mutex<World>,
    record: Mutex<Record>,
    faults: Mutex<fault::Faults>,
    hook: Mutex<Option<Hook>>,
    greeting: Mutex<Option<Vec<u8>>>,
    control: broadcast::Sender<Control>,
    /// The world's tick: wakes IDLE.
    changed: watch::Sender<u64>,
    /// Counts everything that happens: wakes a waiting test.
    activity: watch::Sender<u64>,
    acceptor: TlsAcceptor,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn stirred(&self) {
        let tick = lock(&self.world).tick;
        self.changed.send_if_modified(|seen| std::mem::replace(seen, tick) != tick);
        self.activity.send_modify(|count| *count += 1);
    }

    fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let result = change(&mut lock(&self.world));
        self.stirred();
        result
    }

    fn new_uid_validity(&self, folder: &str) {
        self.change(|world| world.new_uid_validity(folder));
    }

    fn delete(&self, folder: &str) {
        self.change(|world| {
            world.folders.remove(folder);
            world.touch();
        });
    }
}

/// The server; it stops when this is dropped.
pub struct Double {
    shared: Arc<Shared>,
    identity: Identity,
    port: u16,
    runtime: Option<tokio::runtime::Runtime>,
    _directory: tempfile::TempDir,
}

impl Drop for Double {
    fn drop(&mut self) {
        let _ = self.shared.control.send(Control::Drop);
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Double {
    /// Starts a server with an empty INBOX and, unless [`Setup::sent`] is empty, a folder for sent mail.
    ///
    /// # Errors
    /// When no port, thread or certificate can be had.
    pub fn start(setup: Setup) -> Result<Self> {
        let directory = tempfile::Builder::new().prefix("double-").tempdir()?;
        let identity = Identity::new(directory.path(), setup.flaw)?;
        let mut world = World::new(setup.user.clone(), setup.password.clone());
        if !setup.sent.is_empty() {
            let sent = format!("{}{}", setup.prefix, setup.sent);
            world.create(&sent);
            if let Some(folder) = world.folder_mut(&sent) {
                folder.special_use = Some("\\Sent".to_owned());
            }
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("imap-double")
            .enable_all()
            .build()
            .context("start the double's threads")?;
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).context("find a port")?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared {
            acceptor: identity.acceptor()?,
            setup: Mutex::new(setup),
            world: Mutex::new(world),
            record: Mutex::default(),
            faults: Mutex::default(),
            hook: Mutex::default(),
            greeting: Mutex::default(),
            control: broadcast::Sender::new(256),
            changed: watch::Sender::new(0),
            activity: watch::Sender::new(0),
        });
        runtime.spawn(accept(Arc::clone(&shared), listener));
        Ok(Self { shared, identity, port, runtime: Some(runtime), _directory: directory })
    }

    /// All that a client needs to sign in.
    pub fn endpoint(&self) -> Endpoint {
        let (user, password) = {
            let world = lock(&self.shared.world);
            (world.user.clone(), world.password.clone())
        };
        Endpoint {
            host: "localhost".to_owned(),
            port: self.port,
            security: lock(&self.shared.setup).security,
            ca_file: self.identity.ca_file().to_owned(),
            user,
            password,
        }
    }

    /// Changes what is announced and done, for connections open and to come.
    pub fn set_capabilities(&self, change: impl FnOnce(&mut Capabilities)) {
        change(&mut lock(&self.shared.setup).capabilities);
    }

    /// From now on this password is asked for.
    pub fn set_password(&self, password: &str) {
        password.clone_into(&mut lock(&self.shared.world).password);
    }

    /// Sets the storage limit in octets.
    pub fn set_quota(&self, limit: Option<u64>) {
        lock(&self.shared.world).quota = limit;
    }

    /// Greets with these octets from now on: `* BYE …`, HTML of a captive portal.
    pub fn set_greeting(&self, octets: &[u8]) {
        *lock(&self.shared.greeting) = Some(octets.to_vec());
    }

    /// Makes a folder; false if it is there.
    pub fn create(&self, folder: &str) -> bool {
        self.shared.change(|world| world.create(folder))
    }

    /// Deletes a folder; clients that have it open get BYE.
    pub fn delete(&self, folder: &str) {
        self.shared.delete(folder);
    }

    /// Sets a folder's special use: `"\\Sent"`, `"\\Junk"`.
    pub fn set_special_use(&self, folder: &str, attribute: Option<&str>) {
        self.shared.change(|world| {
            if let Some(folder) = world.folder_mut(folder) {
                folder.special_use = attribute.map(str::to_owned);
            }
        });
    }

    /// A folder that can only be opened read-only, and takes no mail.
    pub fn set_read_only(&self, folder: &str, read_only: bool) {
        self.shared.change(|world| {
            if let Some(folder) = world.folder_mut(folder) {
                folder.read_only = read_only;
            }
        });
    }

    /// A folder that is only a name in the hierarchy.
    pub fn set_no_select(&self, folder: &str, no_select: bool) {
        self.shared.change(|world| {
            if let Some(folder) = world.folder_mut(folder) {
                folder.no_select = no_select;
            }
        });
    }

    /// Gives a folder a new UIDVALIDITY and new UIDs; clients that have it open get BYE.
    pub fn new_uid_validity(&self, folder: &str) {
        self.shared.new_uid_validity(folder);
    }

    /// Adds a mail and returns its UID; the folder is made if it is missing.
    pub fn deliver(&self, folder: &str, mail: Mail) -> u32 {
        self.shared.change(|world| world.add(folder, mail))
    }

    /// Adds many mails in one change.
    pub fn deliver_all(&self, folder: &str, mails: impl IntoIterator<Item = Mail>) {
        self.shared.change(|world| {
            for mail in mails {
                world.add(folder, mail);
            }
        });
    }

    /// Removes the mails of which this is true, and returns them.
    pub fn expunge(&self, folder: &str, which: impl FnMut(&Mail) -> bool) -> Vec<Mail> {
        self.shared.change(|world| {
            let uids = world.uids(folder, which);
            world.remove(folder, &uids).into_iter().map(|(_, stored)| stored.mail).collect()
        })
    }

    /// Moves the mails of which this is true, and returns how many these were.
    pub fn drag(&self, from: &str, to: &str, which: impl FnMut(&Mail) -> bool) -> usize {
        self.shared.change(|world| {
            let uids = world.uids(from, which);
            let moved = world.remove(from, &uids);
            let count = moved.len();
            for (_, stored) in moved {
                world.add_stored(to, stored);
            }
            count
        })
    }

    /// Changes the flags of the mails of which this is true.
    pub fn flag(
        &self,
        folder: &str,
        which: impl FnMut(&Mail) -> bool,
        change: impl Fn(&mut std::collections::BTreeSet<String>),
    ) {
        self.shared.change(|world| {
            for uid in world.uids(folder, which) {
                world.set_flags(folder, uid, &change);
            }
        });
    }

    /// The mails of a folder with their UIDs.
    pub fn mails(&self, folder: &str) -> Vec<(u32, Mail)> {
        let world = lock(&self.shared.world);
        let mails = world.folder(folder).map(|folder| &folder.mails);
        mails.into_iter().flatten().map(|(uid, stored)| (*uid, stored.mail.clone())).collect()
    }

    /// UIDVALIDITY and UIDNEXT of a folder.
    pub fn uids(&self, folder: &str) -> Option<(u32, u32)> {
        lock(&self.shared.world).folder(folder).map(|folder| (folder.uid_validity, folder.uid_next))
    }

    /// The names of all folders.
    pub fn folders(&self) -> Vec<String> {
        lock(&self.shared.world).folders.keys().cloned().collect()
    }

    /// Every mail of every folder.
    pub fn snapshot(&self) -> Snapshot {
        let world = lock(&self.shared.world);
        let kept = world.folders.iter().flat_map(|(name, folder)| {
            folder.mails.values().map(|stored| Kept {
                folder: name.clone(),
                digest: stored.mail.digest(),
                flags: stored.mail.flags.clone(),
                internal_date: stored.mail.internal_date,
            })
        });
        let mut kept: Vec<Kept> = kept.collect();
        kept.sort();
        Snapshot(kept)
    }

    /// Sets a fault.
    pub fn fault(&self, when: When, fault: Fault) {
        lock(&self.shared.faults).add(when, fault);
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        lock(&self.shared.faults).clear();
    }

    /// Calls this at every command, before and after it is executed; it may block and kill.
    pub fn on_command(&self, hook: impl Fn(&Event<'_>) + Send + Sync + 'static) {
        *lock(&self.shared.hook) = Some(Arc::new(hook));
    }

    /// Takes the hook away.
    pub fn clear_hook(&self) {
        *lock(&self.shared.hook) = None;
    }

    /// Cuts all connections without a word.
    pub fn drop_connections(&self) {
        let _ = self.shared.control.send(Control::Drop);
    }

    /// Says BYE on all connections and closes them.
    pub fn bye(&self, text: &str) {
        let _ = self.shared.control.send(Control::Bye(text.to_owned()));
    }

    /// Writes these octets on every connection that waits for a command or idles.
    pub fn push(&self, octets: &[u8]) {
        let _ = self.shared.control.send(Control::Raw(octets.to_vec()));
    }

    /// All commands so far, in order.
    pub fn log(&self) -> Vec<Entry> {
        lock(&self.shared.record).log.clone()
    }

    /// Sums over all connections.
    pub fn statistics(&self) -> Statistics {
        lock(&self.shared.record).statistics.clone()
    }

    /// What a client did that must never be done: a FETCH that sets `\Seen`, a plain EXPUNGE, a CLOSE that
    /// expunges, a STORE of another flag than `\Deleted`, a password in clear text.
    pub fn violations(&self) -> Vec<String> {
        lock(&self.shared.record).violations.clone()
    }

    /// Forgets log, sums and violations.
    pub fn clear_record(&self) {
        let mut record = lock(&self.shared.record);
        let (open, idling) = (record.statistics.open, record.statistics.idling);
        *record = Record::default();
        (record.statistics.open, record.statistics.idling) = (open, idling);
    }

    /// Waits until this is true; it is asked again after each event.
    ///
    /// # Errors
    /// When the deadline passes first.
    pub async fn wait_until(&self, deadline: Duration, mut met: impl FnMut(&Self) -> bool) -> Result<()> {
        let mut activity = self.shared.activity.subscribe();
        let waiting = async {
            while !met(self) {
                if activity.changed().await.is_err() {
                    break;
                }
            }
        };
        match tokio::time::timeout(deadline, waiting).await {
            Ok(()) => Ok(()),
            Err(_) => bail!("what the test waits for did not come within {deadline:?}"),
        }
    }
}

async fn accept(shared: Arc<Shared>, listener: std::net::TcpListener) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    while let Ok((stream, _)) = listener.accept().await {
        let id = {
            let statistics = &mut lock(&shared.record).statistics;
            statistics.connections += 1;
            statistics.open += 1;
            statistics.most_open = statistics.most_open.max(statistics.open);
            statistics.connections
        };
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            session::serve(Arc::clone(&shared), id, stream).await;
            lock(&shared.record).statistics.open -= 1;
            shared.stirred();
        });
    }
}
