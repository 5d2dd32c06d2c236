## Whom it came for

evidence-whom-own = It came for { $addresses }: only you send from there.
evidence-whom-shared = It came for { $address }, and others send from this address, too.
evidence-whom-not-own = It came for { $address }, which is not set up as your own address.
evidence-whom-role = It came for { $address }, an address that often several people or programs use; it is not set up as yours.
evidence-whom-nobody = It does not tell which address it came for.

## The ids of the original

evidence-sent = It answers a mail that you sent: it is in your sent mail, of { $day }.
evidence-own-report = It answers a complaint that Neversent sent for you on { $day }.
evidence-references = It mentions a mail of yours, but does not say that it answers it.
evidence-never-sent = The mail that it answers is not in your sent mail, which is complete for its time.
evidence-not-found = The mail that it answers was not found in your sent mail.
evidence-no-id = It does not tell the number of the mail that it answers, so this cannot be looked up.

## What speaks for the user

evidence-rewritten = You sent a mail with this subject to this person at this time; a server on the way gave it another number.
evidence-declared-relay = You said that mail that comes from the server { $address } is yours.
evidence-declared-id = You said that mail numbered { $pattern } is yours.
evidence-declared-header = You said that mail marked { $pattern } is yours.
evidence-declared-dkim = You said that mail signed with { $selector } is yours.

## What is not moved

evidence-doubtful = Only rules that are not sure of it take this mail for a notice; so it is not moved.
evidence-abuse-report = It is a report about abuse or about mail in the name of your domain.
evidence-postmaster-copy = It is a copy for the postmaster, about somebody else's mail.
evidence-receipt = It is a receipt.
evidence-success-report = It is a report that a mail arrived.
evidence-own-automatic = The mail that it answers was sent by a program, perhaps by your own automatic reply.
evidence-forward = The mail that it answers came from somebody else and was for you: perhaps you forward your mail.

## What was sent through the user's own server

evidence-signature = The mail that it answers has a valid signature of your own domain.
evidence-relay = The mail that it answers came from { $address }, where your own mail comes from.
evidence-own-server = Your own mail server { $server } took the mail that it answers from somebody who signed in.
evidence-maybe-signature = The mail that it answers has a valid signature of your domain, but another sender than you.
evidence-maybe-relay =
    { $mails ->
        [one] The mail that it answers came from { $address }, and so did one of your own mails that came back.
       *[other] The mail that it answers came from { $address }, and so did { $mails } of your own mails that came back.
    }
evidence-maybe-server = The mail server { $server } seems to be yours, and nothing shows that the mail came to it from outside.

## Proofs

evidence-made-up = Nobody ever wrote from or to this address of your domain: it was made up.
evidence-storm-subject = It is one of a storm: at least { $mails } mails with the same subject, within three days of it, were not sent by you.
evidence-storm-networks = It is one of a storm: at least { $mails } mails with the same subject came from { $networks } different networks within three days, and you never used this subject.
evidence-storm-address = It is one of a storm: the mail that it answers came from { $address }, and so did at least { $mails } mails within three days that were not sent by you.
evidence-spf = The mail that it answers came straight from { $address }, and the owner of { $domains } forbids that host to send in its name.

## Who handed it on

evidence-trace-claimed = The mail that it answers was handed on by { $host }, which called itself { $name }, a name of yours.
evidence-trace-not-handed-on = The mail that it answers was handed on by { $host }; what else is said of its way does not go on from there, and may be forged.
evidence-trace-no-writer = The mail that it answers was handed on by { $host }; what else is said of its way names no server that wrote it, and may be forged.
evidence-trace-claimed-name = The mail that it answers was handed on by { $host }; what else is said of its way rests on a name that was only claimed, and may be forged.
evidence-trace-same-address = The mail that it answers was handed on by { $host }; what else is said of its way has it come from the same address once more, and may be forged.
evidence-trace-times-backwards = The mail that it answers was handed on by { $host }; what else is said of its way is of a later time, and may be forged.
evidence-trace-own-server = What may be forged of its way names a server of yours.
evidence-authenticated = A line in the name of your mail provider ({ $provider }) says that this notice came from { $domain }.
evidence-not-authenticated = A line in the name of your mail provider ({ $provider }) says that this notice did not come from { $domain }, as it claims: it may be forged itself.
evidence-host-name = The server that sent it, { $address }, is called { $name }.
evidence-backscatterer = The server that sent it, { $address }, is on the list of backscatterer.org: it was seen answering forged mail. Such servers send real bounces as well.

## When it was sent

evidence-time-implausible = It says that the mail was sent on { $time }, which cannot be: it came too long before or after.
evidence-time-reported = The mail that it answers reached the other server on { $time }, says its report.
evidence-time-reached = The mail that it answers reached the other server on { $time }.
evidence-time-of-notice = It does not tell when the mail was sent, so its own time counts: { $time }.

## What is known of sent mail

evidence-covered = All that you sent from { $from } to { $to } is known.
evidence-not-read = Your sent mail has not been read to its end yet.
evidence-before-oldest = What you sent before { $oldest } is not known: your sent mail begins there.
evidence-stale = Your sent mail was last read on { $read }, which is not late enough.
evidence-hole = A mail that you sent between { $from } and { $to } is no longer in your sent mail: this could answer it.
evidence-use-taken = Your sent mail is taken as complete for { $address }.
evidence-use-proves = Your sent mail is complete for { $address }: of { $answers } answers to your mail, { $known } belong to a mail that is there.
evidence-use-too-few = Too few people have answered your mail from { $address } to show that your sent mail is complete: { $answers }, and 5 are needed.
evidence-use-missing =
    { $known ->
        [0] Mail of yours seems to be missing: of { $answers } answers to mail from { $address }, none belongs to a mail in your sent mail.
        [one] Mail of yours seems to be missing: of { $answers } answers to mail from { $address }, only one belongs to a mail in your sent mail.
       *[other] Mail of yours seems to be missing: of { $answers } answers to mail from { $address }, only { $known } belong to a mail in your sent mail.
    }
evidence-index = Neversent's list of your sent mail cannot be read at the moment ({ $why }), so nothing is moved.

## What forbids to condemn it

evidence-subject-used = You used this subject in the 30 days before.
evidence-wrote-to = You wrote to { $address } in the 30 days before.
evidence-wrote-to-domain = You wrote to somebody at { $domain } in the 30 days before.
evidence-rewritten-domain = The mail's number was given by { $domain }, a server that may do so with yours, too.
evidence-own-unseen-domain = People answer mail of yours numbered by { $domain } that is in no folder of sent mail.
evidence-signature-valid = The mail that it answers bears a signature of { $domain }, your own domain, which is valid.
evidence-signature-unchecked = The mail that it answers bears a signature of { $domain }, your own domain, which could not be checked.
evidence-notices-own-id = The number that it answers to was given by its own sender, { $domain }, as web forms do.

## What is waited for

evidence-waiting-grace = Your copy of the mail may still come: until { $until } nothing is moved.
evidence-waiting-look-up = A question to the network is not answered yet; it is waited for until { $until }.
evidence-waiting-refresh = Your sent mail is read again before this is decided.

## What the user said

evidence-users-word = You said that you never sent the mail that it answers.

## How far an account's index proves what was never sent

coverage-none = Sent folders are not read to the end yet; nothing can be called backscatter
coverage-whole =
    { $minutes ->
        [0] sent mail since { $from } is known without a hole; read just now
        [one] sent mail since { $from } is known without a hole; read a minute ago
       *[other] sent mail since { $from } is known without a hole; read { $minutes } minutes ago
    }
coverage-hole =
    { $minutes ->
        [0] sent mail since { $from } is known with one hole, where a sent mail is missing; read just now
        [one] sent mail since { $from } is known with one hole, where a sent mail is missing; read a minute ago
       *[other] sent mail since { $from } is known with one hole, where a sent mail is missing; read { $minutes } minutes ago
    }
coverage-holes =
    { $minutes ->
        [0] sent mail since { $from } is known with { $holes } holes, where sent mails are missing; read just now
        [one] sent mail since { $from } is known with { $holes } holes, where sent mails are missing; read a minute ago
       *[other] sent mail since { $from } is known with { $holes } holes, where sent mails are missing; read { $minutes } minutes ago
    }

## Why a mail is not reported

why-not-backscatter = Only what was taken out as backscatter is reported.
why-not-delayed = It tells of a delay; if the mail fails for good, that notice is reported.
why-not-list = It came from a mailing list or its server; only the list's owner may report that.
why-not-left-alone = It is a receipt, a report of success or a report about abuse, and no backscatter to report.
why-not-own-provider = Your own mail provider sent it, or nobody else is named in it: you would report your own provider.
why-not-no-server = It does not show the address of the server that sent it.
why-not-too-old = It came more than two days ago; SpamCop takes no older mail.
why-not-too-old-for-operator = It came more than a week ago; nobody can look that up any more.
why-not-no-injector = It does not show who handed the forged mail on: only what the reporting server itself wrote down counts.
