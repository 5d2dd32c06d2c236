## Frame of the window

skip-to-content = Skip to the content
nav-label = Main views
nav-overview = Overview
nav-never-sent = Never Sent
nav-eye = Needs your eye
nav-reports = Reports
nav-sources = Sources
nav-accounts = Accounts and settings
nav-first-run = Set up an account
loading = One moment…
messages = Messages
dismiss = Close this message
undo = Undo
cancel = Cancel
close = Close
back = Back
stop = Stop
try-again = Try again
agent-away = Neversent is not answering. It may be starting or ending; the window looks for it by itself.
agent-back = Neversent answers again.
settings-problem-file = The file is { $file }.
open-accounts = Open the accounts
open-settings = Open the settings
check-store = Check the store
work-progress = { $what } { $done } of { $total }
work-stopped = The rest was left as it is.
failed-some = { $count } could not be changed. The first one: { $why }
saved = Saved.
saved-as = Saved as { $path }.

## Text that strangers wrote

unfold = Show all
fold = Show less
cut-short = The rest is too long to show.
hidden-character = A character that is not seen
homograph = Letters that look like others: { $scripts }
unknown = unknown
unknown-server = unknown server
no-subject = (no subject)
and-more =
    { $count ->
        [one] and one more
       *[other] and { $count } more
    }

## What an account is doing

state-stopped = Stopped.
state-connecting = Connecting to the mail server.
state-signing-in = Signing in.
state-indexing = Reading your sent mail: { $done } of { $total }.
state-indexing-short = Reading your sent mail
state-scanning = Looking through your inbox.
state-watching = Watching for new mail.
state-waiting = Tries again { $when }.
state-sign-in-failed = The mail server refused the sign-in.
state-paused = Paused until you go on.
state-paused-until = Paused until { $until }.

## Kinds of mail

kind = Kind
kind-ordinary = Ordinary mail
kind-bounce = Bounce
kind-auto_reply = Auto-reply
kind-challenge = Challenge
kind-virus_notice = Virus notice
kind-list_notice = List notice
kind-receipt = Receipt
kind-abuse_report = Abuse report

reason = Reason
reason-recipient_unknown = No such recipient
reason-mailbox_full = Mailbox full
reason-spam = Taken for spam
reason-virus = Virus
reason-policy = Against the rules there
reason-relaying_denied = Not passed on
reason-too_big = Too big
reason-host_unknown = No such server
reason-timed_out = Timed out
reason-unspecified = No reason given

## Where a mail is

state-of-mail-quarantined = In Never Sent
state-of-mail-judged = Would be moved
state-of-mail-restored = Put back
state-of-mail-rescued = Rescued
state-of-mail-purged = Deleted
state-of-mail-gone = Gone
state-of-mail-undecided = Undecided

## What can be done

restore = Put back
report = Report
purge = Delete…
restoring = Putting back
purging = Deleting
reporting = Reports
deciding = Deciding
restore-ask =
    { $count ->
        [one] Put one mail back?
       *[other] Put { $count } mails back?
    }
restore-ask-text = They return to where they came from. Neversent never moves them again, so this cannot be undone here.
restored-done =
    { $count ->
        [one] Put back where it was.
       *[other] { $count } mails were put back where they were.
    }
purge-ask =
    { $count ->
        [one] Delete this mail?
       *[other] Delete { $count } mails?
    }
purge-ask-text = They are deleted on the mail server for good.
purged-done =
    { $count ->
        [one] Deleted.
       *[other] { $count } mails were deleted.
    }
report-approved =
    { $count ->
        [one] The report is on its way.
       *[other] { $count } reports are on their way.
    }
report-discarded =
    { $count ->
        [one] It is not reported.
       *[other] { $count } mails are not reported.
    }
report-waits =
    { $count ->
        [one] The report waits for you again.
       *[other] { $count } reports wait for you again.
    }
report-opened = SpamCop’s page is open in your browser. Look at it and confirm there.
report-done-said =
    { $count ->
        [one] Marked as confirmed.
       *[other] { $count } reports are marked as confirmed.
    }
event-rescued =
    { $count ->
        [one] A mail was yours after all and is back in its folder.
       *[other] { $count } mails were yours after all and are back in their folders.
    }
