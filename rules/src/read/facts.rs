//! What a mail's header shows of its being written by a program.

use std::cell::OnceCell;
use std::sync::LazyLock;

use super::patterns::Set;
use super::recognisers::{Candidates, Recognisers, Shows, Unusable};
use super::rule_file::Confidence;
use crate::{Address, fields::Fields, fold, notice::ReturnPath, subject};

/// What a From can be.
const DAEMON: usize = 0;
const DAEMON_NAME: usize = 1;
const LIST_SERVER: usize = 2;

/// Patterns of a folded From, whose white space is blanks. That they compile, and that a text tells of each, is tested.
const SENDERS: [(&str, usize); 7] = [
    // Local parts under which mail servers write.
    (r"(?:^|[<\x22 ])(?:mail(?:er)?[-_. ]?d(?:ae|ea)mon|mailerdaemon|mdaemon)[^@ ]*@", DAEMON),
    (r"(?:^|[<\x22 ])(?:post|poost|pooost)[-_]?maste?r?[^@ ]*@", DAEMON),
    (r"(?:^|[<\x22 ])(?:mailadmin|mailmaster|mail-?system|mailserver|mailer|mmdf|uucp|smtp)[^@ ]*@", DAEMON),
    (
        r"(?:^|[<\x22 ])(?:bounces?|scanner|majordom[oe]?|listserv|quotaagent|autoresponder|microsoftexchange[0-9a-f]+)[^@ ]*@",
        DAEMON,
    ),
    // Names under which mail servers write.
    (
        r"^[^@<]*(?:mail delivery|delivery (?:sub)?system|mail(?:er)?[-_ ]?daemon|postmaster|system administrator|mail administrator|mail system|administrador del sistema|systemadministrator|content[- ]filter|mail server at|delivery service|mail transport|internet mail service)",
        DAEMON_NAME,
    ),
    // Addresses under which list servers write.
    (
        r"[-+](?:owner|request|admin|bounces?|confirm|help|subscribe|unsubscribe)(?:[-+][^@ <]*)?@",
        LIST_SERVER,
    ),
    (
        r"(?:^|[< ])(?:mailman|majordomo|listserv|listproc|sympa|ecartis|minimalist|listar)(?:-[^@ <]+)?@",
        LIST_SERVER,
    ),
];

fn compile() -> Result<Set, Unusable> {
    Set::compile(SENDERS.iter().map(|(pattern, what)| ((*pattern).to_owned(), *what)).collect())
}

static SENDER: LazyLock<Set> = LazyLock::new(|| compile().unwrap_or_default());

/// What the header shows.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// The Subject, decoded.
    pub decoded_subject: String,
    /// The Subject, folded.
    pub subject: String,
    /// Its From looks like a mail server's, its envelope sender is null, or it calls itself automatic.
    pub machine: bool,
    /// Its envelope sender is null.
    pub null_sender: bool,
    /// Its From is a mail server's.
    pub daemon: bool,
    /// Its From is the address of a list server: `-owner`, `-request`, `-confirm+…`.
    pub list_server: bool,
    behind_prefix: OnceCell<Option<String>>,
    /// It answers something (In-Reply-To or References).
    pub answers: bool,
    /// It came through a list (RFC 2919).
    pub list: bool,
    /// Its Subject begins with a prefix of automatic replies; how sure that is one.
    pub automatic_subject: Option<Confidence>,
    /// The rules that hold for the header.
    pub candidates: Candidates,
}

impl Facts {
    /// Reads them from a header.
    pub fn of(rules: &Recognisers, fields: &Fields<'_>) -> Self {
        let decoded_subject = fields.decoded("subject").unwrap_or_default().into_owned();
        let subject = fold::fold(&decoded_subject);
        let from = fold::fold(&fields.decoded("from").unwrap_or_default());
        let auto_submitted = fields.lower("auto-submitted");
        let automatic = !auto_submitted.is_empty() && !auto_submitted.starts_with("no");
        let list = is_list(fields);
        let sender = SENDER.asked(&from);
        let like = |what: usize| sender.shows(what);
        let nobody = matches!(from.as_str(), "" | "<>");
        // On lists, spam comes under a server's name and the list's address.
        let daemon = (fields.has("from") && (nobody || like(DAEMON))) || (like(DAEMON_NAME) && !list);
        let null = return_path(fields) == ReturnPath::Null;
        let server = daemon || null || fields.has("x-failed-recipients");
        let machine = server || automatic;
        let shows = Shows { subject: &subject, from: &from, machine, server };
        let candidates = rules.of_header(fields, &shows);
        Self {
            machine,
            null_sender: null,
            daemon,
            list_server: like(LIST_SERVER),
            answers: fields.has("in-reply-to") || fields.has("references"),
            list,
            automatic_subject: subject::automatic(&subject),
            decoded_subject,
            behind_prefix: OnceCell::new(),
            subject,
            candidates,
        }
    }

    /// What stands behind the prefix that a notice put before the original's Subject; none where there is none.
    pub fn original_subject(&self) -> Option<&str> {
        self.behind_prefix
            .get_or_init(|| subject::behind_notice_prefix(&self.decoded_subject, &self.subject))
            .as_deref()
    }

    /// Whether the mail could be a notice, by its header and the media types of its parts.
    ///
    /// Reading asks this first, so that triage can never say no to what reading would call a notice.
    pub fn possible(&self, rules: &Recognisers, media_types: &[String]) -> bool {
        !rules.surely_ordinary(&self.candidates)
            && (self.null_sender
                || self.daemon
                || self.automatic_subject.is_some()
                || rules.any_notice(&self.candidates)
                || media_types.iter().any(|media_type| is_report_part(media_type)))
    }
}

/// Whether a part of this type tells what became of a mail.
pub(crate) fn is_report_part(media_type: &str) -> bool {
    matches!(
        media_type,
        "multipart/report"
            | "message/delivery-status"
            | "message/global-delivery-status"
            | "message/disposition-notification"
            | "message/global-disposition-notification"
            | "message/feedback-report"
    )
}

/// Whether a mail came through a list (RFC 2919; the older marks of list servers).
pub(crate) fn is_list(fields: &Fields<'_>) -> bool {
    fields.has("list-id")
        || fields.has("list-post")
        || fields.has("mailing-list")
        || fields.has("x-mailing-list")
        || fields.lower("precedence").starts_with("list")
}

/// The envelope sender as the topmost Return-Path shows it (RFC 5321 §4.4).
pub(crate) fn return_path(fields: &Fields<'_>) -> ReturnPath {
    let Some(field) = fields.first("return-path") else { return ReturnPath::Absent };
    let value = field.unfolded();
    let bare = value.trim();
    // Old Sendmail and Cyrus write MAILER-DAEMON for the null sender.
    if matches!(bare, "" | "<>" | "<\"\">" | "< >" | "<#@[]>")
        || bare.trim_matches(['<', '>']).eq_ignore_ascii_case("mailer-daemon")
    {
        return ReturnPath::Null;
    }
    Address::new(bare).map_or(ReturnPath::Absent, ReturnPath::From)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_are_told_by_a_text() {
        let set = compile().expect("they are valid");
        assert!(set.all_compile(), "each is a pattern");
        assert!(
            set.unhinted().is_empty(),
            "an ordinary From must not cost seven searches: {:?}",
            set.unhinted()
        );
    }

    #[test]
    fn senders_are_known() {
        let cases: [(&str, &[usize]); 9] = [
            ("mail delivery subsystem <mailer-daemon@mx.example.org>", &[DAEMON, DAEMON_NAME]),
            ("<postmaster@example.org>", &[DAEMON]),
            ("poostmaster@example.org", &[DAEMON]),
            ("microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@example.org", &[DAEMON]),
            ("smtp gateway <nobody@example.org>", &[]),
            ("ada lovelace <ada@gmail.example>", &[]),
            ("notes-owner@lists.example.org", &[LIST_SERVER]),
            ("sympa <sympa@example.org>", &[LIST_SERVER]),
            ("friends-confirm+abc@example.org", &[LIST_SERVER]),
        ];
        for (from, expected) in cases {
            let asked = SENDER.asked(from);
            let found = [DAEMON, DAEMON_NAME, LIST_SERVER].into_iter().filter(|what| asked.shows(*what));
            assert_eq!(found.collect::<Vec<_>>(), expected, "{from}");
        }
    }
}
