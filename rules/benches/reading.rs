//! `triage` and `read` beside mail-parser's own parse of the same mails, per kind of mail.
//!
//! Run with `cargo bench -p rules`. The mails are those of `testdata`; with `NEVERSENT_CORPUS` set, the mails of
//! that folder as well, by the kinds of its `manifest.tsv`. An entry is all mails of a kind, once each.

#![expect(clippy::expect_used, clippy::disallowed_methods, reason = "a bench reads its mails, and may fail")]

mod support;

use std::hint::black_box;
use std::sync::LazyLock;

use divan::Bencher;
use mail_parser::MessageParser;
use rules::triage::triage;
use support::{Mail, TEN_TIMES, kinds, read_of};

fn each<R>(bencher: Bencher<'_, '_>, kind: &str, what: impl Fn(&Mail) -> R + Sync) {
    let mails = &read_of(kind);
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

#[divan::bench(args = kinds())]
fn header_3_triage_with_ten_times_the_rules(bencher: Bencher<'_, '_>, kind: &str) {
    each(bencher, kind, |mail| TEN_TIMES.triage(&mail.header, Some(&mail.structure)));
}

#[divan::bench(args = kinds())]
fn mail_3_read_with_ten_times_the_rules(bencher: Bencher<'_, '_>, kind: &str) {
    each(bencher, kind, |mail| TEN_TIMES.read(&mail.bytes));
}

fn main() {
    rules::prepare();
    LazyLock::force(&TEN_TIMES);
    divan::main();
}
