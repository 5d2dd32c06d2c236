//! Whatever the bytes: no panic, the same answer twice, a notice is a candidate, and judging holds.
//!
//! Panics are caught inside the crate, so that a mail which breaks the parser is left alone: here such a mail is a finding.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rules::judge::LookedUp;
use rules::read::{media_types, read_ordinary_headers, read_sent_headers};
use rules::sent::memory::MemorySent;
use rules::triage::{Sorted, Structure, sort, triage};
use rules::{Case, Profile, Reading, RuleFile, Rules, Triage, UnixTime, Verdict, judge};

/// The header as a server tells it; of empty lines before it the parser knows nothing.
fn header_of(mail: &[u8]) -> &[u8] {
    let first = mail.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or_default();
    let end = |blank: &[u8]| {
        let found = mail.windows(blank.len()).skip(first).position(|window| window == blank);
        found.map(|at| first + at + blank.len())
    };
    let end = end(b"\n\n").into_iter().chain(end(b"\r\n\r\n")).min();
    mail.get(..end.unwrap_or(mail.len())).unwrap_or(mail)
}

fuzz_target!(|mail: &[u8]| {
    let reading = rules::read(mail);
    assert_eq!(reading, rules::read(mail), "the same answer twice");
    let structure = Structure { media_types: media_types(mail) };
    let headers = header_of(mail);
    let asked = triage(headers, Some(&structure));
    assert_eq!(
        asked == Triage::Ordinary,
        matches!(sort(headers, Some(&structure)), Sorted::Ordinary(_)),
        "in one pass or two"
    );
    let _ = (read_ordinary_headers(headers), read_sent_headers(headers));
    match reading {
        Reading::Unreadable { why } => panic!("{why}"),
        Reading::Ordinary => {}
        Reading::Notice(notice) => {
            assert_eq!(asked, Triage::Candidate, "what is a notice is fetched");
            let case = Case { notice: &notice, arrived: UnixTime(1_700_000_000), grace: 600 };
            let now = UnixTime(1_700_100_000);
            let nothing =
                judge(&case, &MemorySent::default(), &Profile::default(), &LookedUp::default(), now);
            assert!(!matches!(nothing.verdict, Verdict::Backscatter(_)), "nothing is known of sent mail");
        }
    }
    // The same bytes as rules of a user.
    if let Ok(text) = std::str::from_utf8(mail)
        && text.contains("[[rule]]")
    {
        let (rules, _) = Rules::with_files(&[RuleFile { name: "fuzz".to_owned(), text: text.to_owned() }]);
        let _ = rules.read(mail);
    }
});
