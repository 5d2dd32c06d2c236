//! Instructions of `triage` and `read` beside those of mail-parser, counted by callgrind: these are the same on every run.
//!
//! Run with `cargo bench -p rules --bench counting`; it needs valgrind. The mails are those of the bench `reading`.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a bench reads its mails, and may fail"
)]
#![expect(clippy::print_stdout, reason = "it prints a table")]

mod support;

use std::hint::black_box;
use std::process::Command;
use std::sync::LazyLock;

use mail_parser::MessageParser;
use rules::triage::triage;
use support::{Mail, TEN_TIMES, kinds, read_of};

/// What is done with each mail.
type Work = fn(&Mail);

/// What is counted of a kind of mail.
const COUNTED: [(&str, Work); 6] = [
    ("parse_headers", |mail| {
        black_box(MessageParser::default().parse_headers(mail.header.as_slice()));
    }),
    ("parse", |mail| {
        black_box(MessageParser::default().parse(mail.bytes.as_slice()));
    }),
    ("triage", |mail| {
        black_box(triage(&mail.header, Some(&mail.structure)));
    }),
    ("read", |mail| {
        black_box(rules::read(&mail.bytes));
    }),
    ("triage_by_ten_times_the_rules", |mail| {
        black_box(TEN_TIMES.triage(&mail.header, Some(&mail.structure)));
    }),
    ("read_by_ten_times_the_rules", |mail| {
        black_box(TEN_TIMES.read(&mail.bytes));
    }),
];

/// What callgrind counts; by its name it finds it.
#[inline(never)]
fn counted_work(mails: &[Mail], what: Work) {
    mails.iter().for_each(what);
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    if let [name, kind] = words.as_slice() {
        let (_, what) = COUNTED.iter().find(|(known, _)| known == name).expect("a name of the table");
        let mails = read_of(kind);
        let mails = mails.as_slice();
        rules::prepare();
        if name.contains("ten_times") {
            LazyLock::force(&TEN_TIMES);
        }
        // What is compiled when it is first needed is no cost of a mail.
        mails.iter().for_each(what);
        counted_work(mails, *what);
        return;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("valgrind is not installed: nothing is counted");
        return;
    }
    println!(
        "{:<28} {:>12} {:>10} {:>10} {:>14} {:>12}",
        "", "triage/header", "triage/all", "read/all", "triage, x10", "read, x10"
    );
    let mut of_notices = [0_u64; COUNTED.len()];
    for kind in kinds() {
        let counts = COUNTED.map(|(name, _)| instructions(name, kind));
        print_ratios(kind, counts);
        if kind.starts_with("corpus: ") && !ORDINARY.contains(&kind) {
            of_notices.iter_mut().zip(counts).for_each(|(all, count)| *all += count);
        }
    }
    print_ratios("corpus: all notices", of_notices);
}

/// What is no notice in the corpus.
const ORDINARY: [&str; 2] = ["corpus: ham", "corpus: spam"];

fn print_ratios(kind: &str, counts: [u64; COUNTED.len()]) {
    let [headers, all, triage, read, triage_ten, read_ten] = counts.map(|count| count as f64);
    println!(
        "{kind:<28} {:>12.2} {:>10.2} {:>10.2} {:>14.2} {:>12.2}",
        triage / headers,
        triage / all,
        read / all,
        triage_ten / triage,
        read_ten / read
    );
}

fn instructions(name: &str, kind: &str) -> u64 {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*counted_work*"])
        .arg(program)
        .args([name, kind])
        .output()
        .expect("valgrind can be started; install it");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let collected =
        told.lines().find_map(|line| line.split_once("Collected :")).map(|(_, count)| count.trim());
    collected
        .and_then(|count| count.parse().ok())
        .unwrap_or_else(|| panic!("callgrind counted nothing: {told}"))
}
