//! The sentences of the agent that the window says in the user's language, in English. Translations are in `ui/locales`, by
//! key, as those of the facts that [`rules::judge::SENTENCES`] tells.

rules::sentences! {
    /// Every sentence of the agent that has translations.
    pub SENTENCES;

    pub(crate) USERS_WORD() "evidence-users-word" "You said that you never sent the mail that it answers."

    // How far an account's index proves what was never sent.
    pub(crate) COVERAGE_NONE() "coverage-none" "Sent folders are not read to the end yet; nothing can be called backscatter"
    pub(crate) COVERAGE_WHOLE(from, minutes) "coverage-whole" "sent mail since { $from } is known without a hole; read { $minutes } minutes ago"
    pub(crate) COVERAGE_HOLE(from, minutes) "coverage-hole" "sent mail since { $from } is known with one hole, where a sent mail is missing; read { $minutes } minutes ago"
    pub(crate) COVERAGE_HOLES(from, holes, minutes) "coverage-holes" "sent mail since { $from } is known with { $holes } holes, where sent mails are missing; read { $minutes } minutes ago"

    // Why a mail is not reported.
    pub(crate) NOT_BACKSCATTER() "why-not-backscatter" "Only what was taken out as backscatter is reported."
    pub(crate) DELAYED() "why-not-delayed" "It tells of a delay; if the mail fails for good, that notice is reported."
    pub(crate) LIST() "why-not-list" "It came from a mailing list or its server; only the list's owner may report that."
    pub(crate) LEFT_ALONE() "why-not-left-alone" "It is a receipt, a report of success or a report about abuse, and no backscatter to report."
    pub(crate) OWN_PROVIDER() "why-not-own-provider" "Your own mail provider sent it, or nobody else is named in it: you would report your own provider."
    pub(crate) NO_SERVER() "why-not-no-server" "It does not show the address of the server that sent it."
    pub(crate) TOO_OLD() "why-not-too-old" "It came more than two days ago; SpamCop takes no older mail."
    pub(crate) TOO_OLD_FOR_OPERATOR() "why-not-too-old-for-operator" "It came more than a week ago; nobody can look that up any more."
    pub(crate) NO_INJECTOR() "why-not-no-injector" "It does not show who handed the forged mail on: only what the reporting server itself wrote down counts."
}

#[cfg(test)]
mod tests;
