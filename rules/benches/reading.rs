//! `triage` and `read` beside mail-parser's own parse of the same mails, per kind of mail.
//!
//! Run with `cargo bench -p rules`. The mails are those of `testdata`; with `NEVERSENT_CORPUS` set, the mails of
//! that folder as well, by the kinds of its `manifest.tsv`. An entry is all mails of a kind, once each.

#![expect(clippy::expect_used, clippy::disallowed_methods, reason = "a bench reads its mails, and may fail")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::sync::LazyLock;

use divan::Bencher;
use mail_parser::MessageParser;
use rules::read::media_types;
use rules::triage::{Structure, triage};

/// A mail, and what triage is given of it.
struct Mail {
    bytes: Vec<u8>,
    header: Vec<u8>,
    structure: Structure,
}

impl Mail {
    fn new(bytes: Vec<u8>) -> Self {
        let end = |empty: &[u8]| {
            bytes.windows(empty.len()).position(|window| window == empty).map(|at| at + empty.len())
        };
        let behind = end(b"\n\n").into_iter().chain(end(b"\r\n\r\n")).min().unwrap_or(bytes.len());
        let header = bytes.get(..behind).unwrap_or_default().to_vec();
        let structure = Structure { media_types: media_types(&bytes) };
        Self { bytes, header, structure }
    }
}

/// Mails are compared up to this size: beyond it what is attached is all that is measured.
const MAX_SIZE: usize = 256 * 1024;
/// Mails of one kind.
const MAX_MAILS: usize = 500;

static MAILS: LazyLock<BTreeMap<String, Vec<Mail>>> = LazyLock::new(|| {
    let mut mails: BTreeMap<String, Vec<Mail>> = BTreeMap::new();
    let mut add = |kind: String, path: &Path| {
        let of_kind = mails.entry(kind).or_default();
        if of_kind.len() < MAX_MAILS
            && let Ok(bytes) = std::fs::read(path)
            && bytes.len() <= MAX_SIZE
        {
            of_kind.push(Mail::new(bytes));
        }
    };
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    for folder in std::fs::read_dir(own).expect("the test mails").flatten() {
        let kind = folder.file_name().to_string_lossy().into_owned();
        for mail in std::fs::read_dir(folder.path()).into_iter().flatten().flatten() {
            if mail.path().extension().is_some_and(|kind| kind == "eml") {
                add(kind.clone(), &mail.path());
            }
        }
    }
    if let Ok(corpus) = std::env::var("NEVERSENT_CORPUS") {
        let corpus = Path::new(&corpus);
        let manifest = std::fs::read_to_string(corpus.join("manifest.tsv")).expect("the corpus's manifest");
        for line in manifest.lines().skip(1) {
            let mut columns = line.split('\t');
            if let (Some(path), Some(kind)) = (columns.next(), columns.nth(2)) {
                add(format!("corpus: {kind}"), &corpus.join(path));
            }
        }
    }
    mails
});

fn kinds() -> impl Iterator<Item = &'static str> {
    MAILS.keys().map(String::as_str).filter(|kind| *kind != "judging")
}

fn each<R>(bencher: Bencher<'_, '_>, kind: &str, what: impl Fn(&Mail) -> R + Sync) {
    let mails = MAILS.get(kind).map(Vec::as_slice).unwrap_or_default();
    bencher.bench(|| {
        for mail in mails {
            black_box(what(black_box(mail)));
        }
    });
}

#[divan::bench(args = kinds())]
fn header_1_mail_parser(bencher: Bencher<'_, '_>, kind: &str) {
    let parser = MessageParser::default();
    each(bencher, kind, |mail| parser.parse_headers(&mail.header).map(|read| read.parts.len()));
}

#[divan::bench(args = kinds())]
fn header_2_triage(bencher: Bencher<'_, '_>, kind: &str) {
    each(bencher, kind, |mail| triage(&mail.header, Some(&mail.structure)));
}

#[divan::bench(args = kinds())]
fn mail_1_mail_parser(bencher: Bencher<'_, '_>, kind: &str) {
    let parser = MessageParser::default();
    each(bencher, kind, |mail| parser.parse(&mail.bytes).map(|read| read.parts.len()));
}

#[divan::bench(args = kinds())]
fn mail_2_read(bencher: Bencher<'_, '_>, kind: &str) {
    each(bencher, kind, |mail| rules::read(&mail.bytes));
}

fn main() {
    rules::prepare();
    divan::main();
}
