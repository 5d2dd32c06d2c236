//! Rules of the user: what is refused, with what words, and what the others do.

use rules::{Reading, RuleFile, RuleProblem, Rules};

fn with(text: &str) -> (Rules, Vec<RuleProblem>) {
    Rules::with_files(&[RuleFile { name: "mine.toml".to_owned(), text: text.to_owned() }])
}

#[test]
fn what_cannot_be_meant_is_refused_with_line_and_words() {
    // What stands behind `id = "x"`, the line of the problem, and some of its words.
    let cases: [(&str, usize, &str); 16] = [
        ("kind = \"bounce\"\nsubject = ['(']", 4, "not valid"),
        ("kind = \"bounce\"\nsubject = ['Back from']", 4, "lower case"),
        ("kind = \"bounce\"\nsubject = ['']", 1, "any text"),
        ("kind = \"bounce\"\nfrom = ['.*']", 4, "any text"),
        ("kind = \"bounce\"\nheader = ['x-loop']", 4, "`name: pattern`"),
        ("kind = \"bounce\"\nheader = ['X-Loop: .']", 4, "`name: pattern`"),
        ("kind = \"bounce\"\nheader = ['x-loop : .']", 4, "`name: pattern`"),
        ("kind = \"bounce\"\nmachine = true", 1, "add a list"),
        ("kind = \"bounce\"\ntext = ['not delivered']", 1, "of the header"),
        ("kind = \"bounce\"\nmachine = true\ntext = ['no']", 5, "too short"),
        ("subject = ['^back']", 1, "`kind` is missing"),
        ("off = true", 2, "no built-in rule"),
        ("kind = \"bonce\"\nsubject = ['^back']", 3, "unknown variant"),
        ("kind = \"bounce\"\nsubjct = ['^back']", 4, "unknown field"),
        ("kind = \"bounce\"\nsubject = '^back'", 4, "sequence"),
        ("kind = \"bounce\"\naction = \"lost\"\nsubject = ['^back']", 4, "unknown variant"),
    ];
    for (rule, line, words) in cases {
        let (rules, problems) = with(&format!("[[rule]]\nid = \"x\"\n{rule}\n"));
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(
            matches!(problems.as_slice(), [one] if one.line == line && one.what.contains(words)),
            "{rule} must be refused in line {line} with {words:?}: {told:?}"
        );
        assert!(rules.list().all(|about| about.id != "x"), "{rule} is left out");
    }
    for id in ["delivery_report", "server_sender"] {
        let (_, problems) =
            with(&format!("[[rule]]\nid = \"{id}\"\nkind = \"bounce\"\nsubject = ['^back']\n"));
        assert_eq!(problems.len(), 1, "{id} is the name of something else");
    }
    let twice = "[[rule]]\nid = \"x\"\nkind = \"bounce\"\nsubject = ['^back']\n";
    let (rules, problems) = with(&twice.repeat(2));
    assert!(problems.len() == 1 && rules.list().any(|about| about.id == "x"), "the first of two is used");
}

#[test]
fn rules_are_written_in_many_ways() {
    let fine = [
        "\u{feff}[[rule]]\nid = \"x\"\nkind = \"bounce\"\nsubject = ['^back']\n",
        "# mine\n\n  [[ rule ]]\nid = \"x\"\nkind = \"bounce\"\nfrom = ['\\bharbour\\b', '\\S+@harbour\\.example']\n",
        "[[rule]]\r\nid = \"x\"\r\nkind = \"ordinary\"\r\nheader = ['x-loop: .', 'x-any:']\r\n",
        "[[rule]]\nid = \"x\"\nkind = \"receipt\"\npart = ['Message/Odd']\nserver = true\n",
        "[[rule]]\nid = \"x\"\nkind = \"bounce\"\nsubject = ['\\p{Greek}+ back', 'a\\\\b', '\\b{start}back']\n",
    ];
    for text in fine {
        let (rules, problems) = with(text);
        assert_eq!(problems, [], "{text} can be used");
        assert!(rules.list().any(|about| about.id == "x"), "{text} is used");
    }
}

const RETURNED: &str = "From: office@harbour.example\nTo: ada@example.org\nSubject: Back from the harbour\n\
    Message-ID: <h-1@harbour.example>\nIn-Reply-To: <moor-1@laptop.example.org>\n\npilot@harbour.example is not here.\n";

#[test]
fn a_rule_of_low_confidence_makes_a_notice_doubtful() {
    for (confidence, doubtful) in [("high", false), ("low", true)] {
        let (rules, _) = with(&format!(
            "[[rule]]\nid = \"x\"\nkind = \"bounce\"\nconfidence = \"{confidence}\"\nsubject = ['^back from the harbour']\n"
        ));
        let read = rules.read(RETURNED.as_bytes());
        assert!(
            matches!(&read, Reading::Notice(notice) if notice.doubtful == doubtful && notice.recognised_by == "x"),
            "with confidence {confidence}: {read:?}"
        );
    }
}

#[test]
fn a_rule_can_ask_for_a_part_and_for_ordinary_mail() {
    let odd = "From: office@harbour.example\nSubject: Back\nContent-Type: message/odd\n\nx\n";
    let text = "[[rule]]\nid = \"x\"\nkind = \"bounce\"\nsubject = ['^back']\npart = ['message/odd']\n";
    let (rules, _) = with(text);
    assert!(matches!(rules.read(odd.as_bytes()), Reading::Notice(_)), "it has the part");
    assert_eq!(rules.read(RETURNED.as_bytes()), Reading::Ordinary, "it lacks the part");
    let ordinary = "[[rule]]\nid = \"mine\"\nkind = \"ordinary\"\nfrom = ['@harbour\\.example']\n";
    let (rules, _) = with(&format!("{text}{ordinary}"));
    assert_eq!(rules.read(odd.as_bytes()), Reading::Ordinary, "the user knows better");
    let spamcop =
        b"From: SpamCop <spamcop@devnull.spamcop.net>\nReturn-Path: <>\nAuto-Submitted: auto-replied\n\nx\n";
    assert_eq!(Rules::built_in().read(spamcop), Reading::Ordinary, "by a built-in rule");
    let (rules, _) = with("[[rule]]\nid = \"spamcop\"\noff = true\n");
    assert!(matches!(rules.read(spamcop), Reading::Notice(_)), "without that rule it would be one");
}
