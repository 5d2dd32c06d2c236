//! Every sentence that tells a fact, in English. Translations are in `ui/locales`, by key; a place in a sentence is written
//! as Fluent has it.

use crate::sentences;

sentences! {
    /// Every sentence that tells a fact.
    pub SENTENCES;

    // Whom it came for.
    pub(super) WHOM_OWN(addresses) "evidence-whom-own" "It came for { $addresses }: only you send from there."
    pub(super) WHOM_SHARED(address) "evidence-whom-shared" "It came for { $address }, and others send from this address, too."
    pub(super) WHOM_NOT_OWN(address) "evidence-whom-not-own" "It came for { $address }, which is not set up as your own address."
    pub(super) WHOM_ROLE(address) "evidence-whom-role" "It came for { $address }, an address that often several people or programs use; it is not set up as yours."
    pub(super) WHOM_NOBODY() "evidence-whom-nobody" "It does not tell which address it came for."

    // The ids of the original.
    pub(super) SENT(day) "evidence-sent" "It answers a mail that you sent: it is in your sent mail, of { $day }."
    pub(super) OWN_REPORT(day) "evidence-own-report" "It answers a complaint that Neversent sent for you on { $day }."
    pub(super) REFERENCES() "evidence-references" "It mentions a mail of yours, but does not say that it answers it."
    pub(super) NEVER_SENT() "evidence-never-sent" "The mail that it answers is not in your sent mail, which is complete for its time."
    pub(super) NOT_FOUND() "evidence-not-found" "The mail that it answers was not found in your sent mail."
    pub(super) NO_ID() "evidence-no-id" "It does not tell the number of the mail that it answers, so this cannot be looked up."

    // What speaks for the user.
    pub(super) REWRITTEN() "evidence-rewritten" "You sent a mail with this subject to this person at this time; a server on the way gave it another number."
    pub(super) DECLARED_RELAY(address) "evidence-declared-relay" "You said that mail that comes from the server { $address } is yours."
    pub(super) DECLARED_ID(pattern) "evidence-declared-id" "You said that mail numbered { $pattern } is yours."
    pub(super) DECLARED_HEADER(pattern) "evidence-declared-header" "You said that mail marked { $pattern } is yours."
    pub(super) DECLARED_DKIM(selector) "evidence-declared-dkim" "You said that mail signed with { $selector } is yours."

    // What is not moved.
    pub(super) DOUBTFUL() "evidence-doubtful" "Only rules that are not sure of it take this mail for a notice; so it is not moved."
    pub(super) ABUSE_REPORT() "evidence-abuse-report" "It is a report about abuse or about mail in the name of your domain."
    pub(super) POSTMASTER_COPY() "evidence-postmaster-copy" "It is a copy for the postmaster, about somebody else's mail."
    pub(super) RECEIPT() "evidence-receipt" "It is a receipt."
    pub(super) SUCCESS_REPORT() "evidence-success-report" "It is a report that a mail arrived."
    pub(super) OWN_AUTOMATIC() "evidence-own-automatic" "The mail that it answers was sent by a program, perhaps by your own automatic reply."
    pub(super) FORWARD() "evidence-forward" "The mail that it answers came from somebody else and was for you: perhaps you forward your mail."

    // What was sent through the user's own server.
    pub(super) SIGNATURE() "evidence-signature" "The mail that it answers has a valid signature of your own domain."
    pub(super) RELAY(address) "evidence-relay" "The mail that it answers came from { $address }, where your own mail comes from."
    pub(super) OWN_SERVER(server) "evidence-own-server" "Your own mail server { $server } took the mail that it answers from somebody who signed in."
    pub(super) MAYBE_SIGNATURE() "evidence-maybe-signature" "The mail that it answers has a valid signature of your domain, but another sender than you."
    pub(super) MAYBE_RELAY(address, mails) "evidence-maybe-relay" "The mail that it answers came from { $address }, and so did { $mails } of your own mails that came back."
    pub(super) MAYBE_SERVER(server) "evidence-maybe-server" "The mail server { $server } seems to be yours, and nothing shows that the mail came to it from outside."

    // Proofs.
    pub(super) MADE_UP() "evidence-made-up" "Nobody ever wrote from or to this address of your domain: it was made up."
    pub(super) STORM_SUBJECT(mails) "evidence-storm-subject" "It is one of a storm: at least { $mails } mails with the same subject, within three days of it, were not sent by you."
    pub(super) STORM_NETWORKS(mails, networks) "evidence-storm-networks" "It is one of a storm: at least { $mails } mails with the same subject came from { $networks } different networks within three days, and you never used this subject."
    pub(super) STORM_ADDRESS(address, mails) "evidence-storm-address" "It is one of a storm: the mail that it answers came from { $address }, and so did at least { $mails } mails within three days that were not sent by you."
    pub(super) SPF(address, domains) "evidence-spf" "The mail that it answers came straight from { $address }, and the owner of { $domains } forbids that host to send in its name."

    // Who handed it on.
    pub(super) TRACE_CLAIMED(host, name) "evidence-trace-claimed" "The mail that it answers was handed on by { $host }, which called itself { $name }, a name of yours."
    pub(super) TRACE_NOT_HANDED_ON(host) "evidence-trace-not-handed-on" "The mail that it answers was handed on by { $host }; what else is said of its way does not go on from there, and may be forged."
    pub(super) TRACE_NO_WRITER(host) "evidence-trace-no-writer" "The mail that it answers was handed on by { $host }; what else is said of its way names no server that wrote it, and may be forged."
    pub(super) TRACE_CLAIMED_NAME(host) "evidence-trace-claimed-name" "The mail that it answers was handed on by { $host }; what else is said of its way rests on a name that was only claimed, and may be forged."
    pub(super) TRACE_SAME_ADDRESS(host) "evidence-trace-same-address" "The mail that it answers was handed on by { $host }; what else is said of its way has it come from the same address once more, and may be forged."
    pub(super) TRACE_TIMES_BACKWARDS(host) "evidence-trace-times-backwards" "The mail that it answers was handed on by { $host }; what else is said of its way is of a later time, and may be forged."
    pub(super) TRACE_OWN_SERVER() "evidence-trace-own-server" "What may be forged of its way names a server of yours."
    pub(super) AUTHENTICATED(provider, domain) "evidence-authenticated" "A line in the name of your mail provider ({ $provider }) says that this notice came from { $domain }."
    pub(super) NOT_AUTHENTICATED(provider, domain) "evidence-not-authenticated" "A line in the name of your mail provider ({ $provider }) says that this notice did not come from { $domain }, as it claims: it may be forged itself."
    pub(super) HOST_NAME(address, name) "evidence-host-name" "The server that sent it, { $address }, is called { $name }."
    pub(super) BACKSCATTERER(address) "evidence-backscatterer" "The server that sent it, { $address }, is on the list of backscatterer.org: it was seen answering forged mail. Such servers send real bounces as well."

    // When it was sent.
    pub(super) TIME_IMPLAUSIBLE(time) "evidence-time-implausible" "It says that the mail was sent on { $time }, which cannot be: it came too long before or after."
    pub(super) TIME_REPORTED(time) "evidence-time-reported" "The mail that it answers reached the other server on { $time }, says its report."
    pub(super) TIME_REACHED(time) "evidence-time-reached" "The mail that it answers reached the other server on { $time }."
    pub(super) TIME_OF_NOTICE(time) "evidence-time-of-notice" "It does not tell when the mail was sent, so its own time counts: { $time }."

    // What is known of sent mail.
    pub(super) COVERED(from, to) "evidence-covered" "All that you sent from { $from } to { $to } is known."
    pub(super) NOT_READ() "evidence-not-read" "Your sent mail has not been read to its end yet."
    pub(super) BEFORE_OLDEST(oldest) "evidence-before-oldest" "What you sent before { $oldest } is not known: your sent mail begins there."
    pub(super) STALE(read) "evidence-stale" "Your sent mail was last read on { $read }, which is not late enough."
    pub(super) HOLE(from, to) "evidence-hole" "A mail that you sent between { $from } and { $to } is no longer in your sent mail: this could answer it."
    pub(super) USE_TAKEN(address) "evidence-use-taken" "Your sent mail is taken as complete for { $address }."
    pub(super) USE_PROVES(address, answers, known) "evidence-use-proves" "Your sent mail is complete for { $address }: of { $answers } answers to your mail, { $known } belong to a mail that is there."
    pub(super) USE_TOO_FEW(address, answers) "evidence-use-too-few" "Too few people have answered your mail from { $address } to show that your sent mail is complete: { $answers }, and 5 are needed."
    pub(super) USE_MISSING(address, answers, known) "evidence-use-missing" "Mail of yours seems to be missing: of { $answers } answers to mail from { $address }, only { $known } belong to a mail in your sent mail."
    pub(super) INDEX(why) "evidence-index" "Neversent's list of your sent mail cannot be read at the moment ({ $why }), so nothing is moved."

    // What forbids to condemn it.
    pub(super) SUBJECT_USED() "evidence-subject-used" "You used this subject in the 30 days before."
    pub(super) WROTE_TO(address) "evidence-wrote-to" "You wrote to { $address } in the 30 days before."
    pub(super) WROTE_TO_DOMAIN(domain) "evidence-wrote-to-domain" "You wrote to somebody at { $domain } in the 30 days before."
    pub(super) REWRITTEN_DOMAIN(domain) "evidence-rewritten-domain" "The mail's number was given by { $domain }, a server that may do so with yours, too."
    pub(super) OWN_UNSEEN_DOMAIN(domain) "evidence-own-unseen-domain" "People answer mail of yours numbered by { $domain } that is in no folder of sent mail."
    pub(super) SIGNATURE_VALID(domain) "evidence-signature-valid" "The mail that it answers bears a signature of { $domain }, your own domain, which is valid."
    pub(super) SIGNATURE_UNCHECKED(domain) "evidence-signature-unchecked" "The mail that it answers bears a signature of { $domain }, your own domain, which could not be checked."
    pub(super) NOTICES_OWN_ID(domain) "evidence-notices-own-id" "The number that it answers to was given by its own sender, { $domain }, as web forms do."

    // What is waited for.
    pub(super) WAITING_GRACE(until) "evidence-waiting-grace" "Your copy of the mail may still come: until { $until } nothing is moved."
    pub(super) WAITING_LOOK_UP(until) "evidence-waiting-look-up" "A question to the network is not answered yet; it is waited for until { $until }."
    pub(super) WAITING_REFRESH() "evidence-waiting-refresh" "Your sent mail is read again before this is decided."
}
