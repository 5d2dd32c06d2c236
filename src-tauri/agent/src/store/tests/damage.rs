//! A damaged store is never taken for an empty one.

use std::{
    fs,
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
};

use rules::{Coverage, Profile, SentMail};

use super::{super::*, Bench, address, day, key, sent_id};

/// Ids in the store that is damaged: its data file is some megabytes long.
const MAILS: u32 = 12_000;

/// A store that was made durable, and closed.
fn whole() -> (tempfile::TempDir, PathBuf) {
    let bench = Bench::new();
    bench.read(1..=MAILS, MAILS + 1, day(i64::from(MAILS) + 1));
    bench.store.durable().expect("durable");
    let dir = bench.dir();
    drop(bench.store);
    (bench.home, dir)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("a directory").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)
        } else {
            fs::copy(entry.path(), target).map(|_| ()).expect("a copy")
        }
    }
}

/// A store set aside covers nothing, and works.
fn is_new(store: &Store, what: &str) {
    let account = store.account("home").expect("an account");
    assert_eq!(store.coverage_of(account).expect("coverage"), Coverage::none(), "{what}: nothing is covered");
    store.set_profile(&Profile { own_domains: ["example.org".into()].into(), ..Profile::default() });
    let own = store.coverage(&address("ada@example.org")).expect("coverage");
    assert_eq!(own, Coverage::none(), "{what}: nor for the user's address");
    store.durable().expect("it can be written");
}

#[test]
fn a_whole_store_is_opened_as_it_is() {
    let (_home, dir) = whole();
    let (store, found) = Store::open(&dir, &key(), day(0)).expect("it opens");
    assert_eq!(found, Found::Whole, "nothing is wrong with it");
    assert!(store.sent(&sent_id(MAILS)).expect("a look").is_some(), "the last id is there");
    let again = Store::open(&dir, &key(), day(0));
    assert!(matches!(again, Err(StoreError::InUse { .. })), "it is in use: {again:?}");
}

#[test]
fn every_damage_is_noticed_and_set_aside() {
    type Damage = fn(&Path);
    fn data(dir: &Path) -> fs::File {
        fs::File::options().read(true).write(true).open(dir.join("db")).expect("the data file")
    }
    fn shorten(dir: &Path, by: u64) {
        let file = data(dir);
        let length = file.metadata().expect("its length").len();
        file.set_len(length.saturating_sub(by)).expect("shortened");
    }
    let cases: [(&str, Damage); 9] = [
        ("the directory is deleted", |dir| fs::remove_dir_all(dir).expect("deleted")),
        ("the data file is deleted", |dir| fs::remove_file(dir.join("db")).expect("deleted")),
        ("the data file is emptied", |dir| data(dir).set_len(0).expect("emptied")),
        ("600 KB are cut off", |dir| shorten(dir, 600_000)),
        ("half is cut off", |dir| shorten(dir, dir.join("db").metadata().expect("its length").len() / 2)),
        ("the sidecar is deleted", |dir| fs::remove_file(sidecar::path(dir)).expect("deleted")),
        ("the sidecar is emptied", |dir| fs::write(sidecar::path(dir), "").expect("emptied")),
        ("the sidecar is garbled", |dir| {
            let text = fs::read_to_string(sidecar::path(dir)).expect("a sidecar");
            fs::write(sidecar::path(dir), text.replacen("\"generation\":", "\"generation\":9", 1))
                .expect("written");
        }),
        ("an empty database of sled's is in its place", |dir| {
            fs::remove_dir_all(dir).expect("deleted");
            let length = sidecar::path(dir);
            drop(sled::open(dir).expect("an empty one"));
            let file = data(dir);
            file.set_len(64 * 1024 * 1024).expect("as long as it was");
            assert!(length.exists(), "the sidecar is still there");
        }),
    ];
    let (home, dir) = whole();
    let length = dir.join("db").metadata().expect("its length").len();
    assert!(length > 2_000_000, "the data file is long enough to be cut: {length}");
    for (n, (what, damage)) in cases.into_iter().enumerate() {
        let copied = home.path().join(n.to_string()).join("index");
        copy(&dir, &copied);
        fs::copy(sidecar::path(&dir), sidecar::path(&copied)).expect("a copy");
        damage(&copied);
        let (store, found) = Store::open(&copied, &key(), day(1)).expect("it opens, or a new one");
        let Found::SetAside { to, .. } = &found else { panic!("{what}: found {found:?}") };
        assert!(to.exists(), "{what}: it is kept");
        is_new(&store, what);
    }
}

#[test]
fn a_store_of_another_key_is_set_aside() {
    let (_home, dir) = whole();
    let (store, found) = Store::open(&dir, &IndexKey::from_bytes([8; 32]), day(1)).expect("a new one");
    assert!(matches!(&found, Found::SetAside { why, .. } if why.contains("another key")), "{found:?}");
    is_new(&store, "another key");
}

#[test]
fn an_older_database_under_a_newer_sidecar_is_set_aside() {
    let (home, dir) = whole();
    let old = home.path().join("old");
    copy(&dir, &old);
    let (store, _) = Store::open(&dir, &key(), day(1)).expect("it opens");
    store.set_misc("a", b"1").expect("kept");
    store.durable().expect("durable");
    drop(store);
    fs::remove_dir_all(&dir).expect("deleted");
    copy(&old, &dir);
    let (store, found) = Store::open(&dir, &key(), day(2)).expect("a new one");
    assert!(matches!(&found, Found::SetAside { .. }), "its generation is past: {found:?}");
    is_new(&store, "an older database");
}

#[test]
fn one_store_set_aside_is_kept() {
    let (home, dir) = whole();
    for n in 1..=3 {
        fs::remove_file(sidecar::path(&dir)).expect("deleted");
        let (store, found) = Store::open(&dir, &key(), day(n)).expect("a new one");
        assert!(matches!(found, Found::SetAside { .. }), "round {n}: {found:?}");
        drop(store);
        let kept: Vec<_> = fs::read_dir(home.path())
            .expect("a directory")
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| name.starts_with("index.bad-"))
            .collect();
        assert_eq!(kept, [format!("index.bad-{}", day(n).0)], "the last one alone");
    }
}

/// A byte flipped anywhere: the store is set aside, or breaks off, or it did not matter — but an id that was
/// there is never "not found" while the folder is covered.
#[test]
fn a_flipped_byte_never_makes_an_id_unknown() {
    let (home, dir) = whole();
    let length = dir.join("db").metadata().expect("its length").len();
    let (mut set_aside, mut broke, mut harmless) = (0, 0, 0);
    const PLACES: u64 = 40;
    for n in 0..PLACES {
        let copied = home.path().join(format!("flip{n}")).join("index");
        copy(&dir, &copied);
        fs::copy(sidecar::path(&dir), sidecar::path(&copied)).expect("a copy");
        let place = length * (2 * n + 1) / (2 * PLACES) + n % 7;
        let mut file =
            fs::File::options().read(true).write(true).open(copied.join("db")).expect("the data file");
        let mut byte = [0];
        file.seek(SeekFrom::Start(place)).expect("there");
        file.read_exact(&mut byte).expect("read");
        file.seek(SeekFrom::Start(place)).expect("there");
        file.write_all(&[byte[0] ^ 0x10]).expect("flipped");
        drop(file);
        let (store, found) = Store::open(&copied, &key(), day(1)).expect("it opens, or a new one");
        if found != Found::Whole {
            set_aside += 1;
            is_new(&store, &format!("byte {place}"));
            continue;
        }
        let mut failed = false;
        for uid in 1..=MAILS {
            let known = store.sent(&sent_id(uid)).map(|known| known.is_some());
            let person = address(&format!("person{uid}@there.example"));
            let written = store.wrote_to(&person, rules::Span::around(day(i64::from(uid)), 60));
            match (known, written) {
                (Ok(known), Ok(written)) => {
                    assert!(known, "byte {place}: id {uid} must not be unknown");
                    assert!(written, "byte {place}: person {uid} must not be unknown");
                }
                _ => {
                    failed = true;
                    break;
                }
            }
        }
        if failed {
            broke += 1;
            assert!(store.broken().is_some(), "byte {place}: it is broken off");
            let account = store.account("home");
            assert!(account.is_err(), "byte {place}: nothing can be asked any more");
            let found = store.replace(day(2)).expect("replaced");
            assert!(matches!(found, Found::SetAside { .. }), "byte {place}: {found:?}");
            is_new(&store, &format!("byte {place}"));
        } else {
            harmless += 1;
        }
        drop(store);
        fs::remove_dir_all(copied.parent().expect("a parent")).expect("deleted");
    }
    println!("{set_aside} set aside, {broke} broke off, {harmless} did not matter");
    assert!(set_aside + broke > 0, "some of {PLACES} places must matter");
}

#[test]
fn a_broken_store_answers_nothing_until_it_is_replaced() {
    let bench = Bench::new();
    bench.read(1..=5, 6, day(6));
    let _ = bench.store.0.guard.break_off("a page could not be read");
    let store = &bench.store;
    let ada = address("ada@example.org");
    let span = rules::Span::around(day(3), 60);
    assert!(store.sent(&sent_id(1)).is_err(), "an id");
    assert!(store.sent(&sent_id(99)).is_err(), "an unknown id");
    assert!(store.coverage(&ada).is_err(), "coverage");
    assert!(store.used(&ada, span).is_err(), "use");
    assert!(store.subject_used(&rules::Subject::new("Matter number 3"), span).is_err(), "a subject");
    assert!(store.ordinary_mail_came_to(&ada).is_err(), "an address");
    assert!(store.id_domain("example.org", day(1)).is_err(), "a domain");
    assert!(store.durable().is_err(), "nothing is made durable");
    let found = store.replace(day(7)).expect("replaced");
    assert!(matches!(&found, Found::SetAside { why, .. } if why.contains("page")), "{found:?}");
    is_new(store, "replaced");
    assert!(store.sent(&sent_id(1)).expect("a look").is_none(), "it is new");
}

#[test]
fn a_panic_of_the_engine_breaks_the_store_off() {
    struct Panics;
    impl kv::Engine for Panics {
        fn get(&self, _: kv::Tree, key: &[u8]) -> Result<Option<Vec<u8>>, kv::Fault> {
            if key == digest::KEY {
                return Ok(None);
            }
            panic!("a page of the log is garbled")
        }
        fn write(&self, _: kv::Tree, _: &[&kv::Change]) -> Result<(), kv::Fault> {
            Err(kv::Fault::Broken("no space".into()))
        }
        fn visit(
            &self,
            _: kv::Tree,
            _: &[u8],
            _: Option<&[u8]>,
            _: bool,
            _: &mut kv::Visit<'_>,
        ) -> Result<(), kv::Fault> {
            panic!("a page of the log is garbled")
        }
        fn flush(&self) -> Result<(), kv::Fault> {
            Ok(())
        }
    }
    let bench = Bench::new();
    bench.read(1..=5, 6, day(6));
    type Fails = fn(&Store) -> bool;
    let asks: [(&str, Fails); 3] = [
        ("a look-up", |store| store.sent(&sent_id(1)).is_err()),
        ("a range", |store| {
            // As after the start, when no fact is in memory.
            *lock(&store.0.facts) = facts::Facts::default();
            store.wrote_to(&address("a@b.example"), rules::Span::around(day(1), 9)).is_err()
        }),
        ("a write", |store| store.0.guard.put(kv::Tree::Work, vec![1], vec![]).is_err()),
    ];
    for (what, fails) in asks {
        bench.store.0.guard.install(Box::new(Panics));
        assert!(fails(&bench.store), "{what} fails");
        assert!(bench.store.broken().is_some(), "{what}: the store is broken off");
        assert!(bench.store.sent(&sent_id(99)).is_err(), "{what}: and stays so");
    }
}

#[test]
fn a_swap_cut_off_anywhere_is_finished_or_undone() {
    let (home, dir) = whole();
    let (store, _) = Store::open(&dir, &key(), day(1)).expect("it opens");
    store.compact().expect("written anew");
    assert!(store.sent(&sent_id(MAILS)).expect("a look").is_some(), "all is there");
    drop(store);
    let meta = fs::read(sidecar::path(&dir)).expect("a sidecar");
    let beside = |suffix: &str| sidecar::beside(&dir, suffix);
    let steps: [(&str, &dyn Fn()); 3] = [
        ("before the swap", &|| copy(&dir, &beside(".new"))),
        ("with no store in its place", &|| {
            copy(&dir, &beside(".new"));
            fs::write(beside(".new.meta"), &meta).expect("written");
            fs::rename(&dir, beside(".old")).expect("moved");
        }),
        ("with the old sidecar", &|| {
            copy(&dir, &beside(".old"));
            fs::write(beside(".new.meta"), fs::read(sidecar::path(&dir)).expect("a sidecar"))
                .expect("written");
            fs::remove_file(sidecar::path(&dir)).expect("deleted");
        }),
    ];
    for (what, cut_off) in steps {
        cut_off();
        let (store, found) = Store::open(&dir, &key(), day(2)).expect("it opens");
        assert_eq!(found, Found::Whole, "cut off {what}");
        assert!(store.sent(&sent_id(1)).expect("a look").is_some(), "cut off {what}: all is there");
        drop(store);
        for suffix in [".new", ".old", ".new.meta"] {
            assert!(!beside(suffix).exists(), "cut off {what}: {suffix} is cleared away");
        }
    }
    drop(home);
}

#[test]
fn a_store_that_shrank_by_itself_is_whole() {
    let bench = Bench::new();
    bench.read(1..=MAILS, MAILS + 1, day(i64::from(MAILS) + 1));
    let notices: Vec<_> = (1..=3_000).map(|uid| super::open_notices::open(&bench, uid, None)).collect();
    bench.store.put_open(&notices).expect("kept");
    bench.store.durable().expect("durable");
    let before = bench.dir().join("db").metadata().expect("its length").len();
    let keys: Vec<_> = notices.iter().map(|notice| notice.key).collect();
    for _ in 0..3 {
        bench.store.remove_open(&keys).expect("removed");
        bench.store.start_sent_folder(bench.sent, 2, UnixTime(0)).expect("begun anew");
        bench.store.put_open(&notices).expect("kept");
        bench.store.remove_open(&keys).expect("removed");
    }
    let (home, _store, found) = bench.reopened();
    let after = home.path().join("index").join("db").metadata().expect("its length").len();
    println!("{before} bytes, then {after}");
    assert_eq!(found, Found::Whole, "{before} bytes have become {after}");
}

#[test]
fn damage_done_to_a_store_in_use_breaks_it_off() {
    let (_home, dir) = whole();
    let (store, _) = Store::open(&dir, &key(), day(1)).expect("it opens");
    let mut file = fs::File::options().write(true).open(dir.join("db")).expect("the data file");
    let length = file.metadata().expect("its length").len();
    for place in (4_096..length).step_by(16 * 1_024) {
        file.seek(SeekFrom::Start(place)).expect("there");
        file.write_all(&[0xA5; 512]).expect("garbled");
    }
    for round in 0..2 {
        for uid in 1..=MAILS {
            let Ok(known) = store.sent(&sent_id(uid)) else { break };
            assert!(known.is_some(), "round {round}: id {uid} must not be unknown");
        }
        if round == 0 {
            assert!(store.reopen().is_err(), "read again, it shows");
        }
    }
    assert!(store.broken().is_some(), "it is broken off");
    let found = store.replace(day(2)).expect("replaced");
    assert!(matches!(found, Found::SetAside { .. }), "{found:?}");
    is_new(&store, "replaced");
}
