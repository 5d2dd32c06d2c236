## Overview

account = Account
mails = Mails
day = Day
server = Server
today = Today
month = Last 30 days
last-30-days = Last 30 days
figure-moved = taken out of your inbox
figure-restored = put back by you
figure-rescued = rescued automatically
figure-reported = reported
chart-title = Replies to mail you never sent, by hour
chart-label =
    { $storms ->
        [0] Chart of the last 30 days, without a storm.
        [one] Chart of the last 30 days, with one storm.
       *[other] Chart of the last 30 days, with { $storms } storms.
    }
chart-all = All
chart-storm = Storm
show-as-table = Show as table
show-as-chart = Show as chart
storm = Storm of { $count } mails in { $span }, { $from } ({ $when })
kinds = What came
reasons = What the servers said
top-servers = Who sent most
all-sources = All sources
nothing-yet = Nothing has been taken out yet.
quarantined = In Never Sent
would-move = Would be moved
coverage = Your sent mail
look-at-these = Look at these mails
type-password = Type the password anew
check-now = Check now
try-now = Try now
checking = Looking for new mail.
pause-hour = Pause for an hour
pause-tomorrow = Pause until tomorrow
paused = Paused. Your mail is left alone.
resume = Resume
resumed = Neversent goes on.
look-through = Look through and switch on

## Never Sent

never-sent-intro = Replies to mail that you never sent. Spammers used your address; these answers came to you.
found =
    { $count ->
        [0] No mails
        [one] One mail
       *[other] { $count } mails
    }
search = Search
search-placeholder = Subject, address, server
search-and-filter = Search and filter
any-kind = Any kind
any-state = Anywhere
any-account = All accounts
where = Where it is
server-exactly = This server alone
clear-filter = Clear the filter
nothing-matches = Nothing matches. Clear the filter to see all.
quarantine-empty = Nothing is here. Your inbox has had no replies to mail you never sent.
would-move-note =
    { $count ->
        [one] One mail would be moved here. The account only observes.
       *[other] { $count } mails would be moved here. Their accounts only observe.
    }
apply = Move them now
apply-ask =
    { $count ->
        [one] Move one mail to Never Sent?
       *[other] Move { $count } mails to Never Sent?
    }
apply-ask-text = Each one can be put back from there.
applied =
    { $count ->
        [one] One mail was moved to Never Sent.
       *[other] { $count } mails were moved to Never Sent.
    }
chosen =
    { $count ->
        [one] One selected
       *[other] { $count } selected
    }
chosen-mails = Selected mails
choose-all = Select all
choose-all-matching = Select all { $count } that match
choose-none = Select none
choose-mail = Select “{ $subject }”
actions = Actions
subject = Subject
from = From
came = Came
grid-keys = Arrow keys move, Enter opens, Space selects, R puts back, P reports, Delete deletes, / searches.

## One mail

verdict-backscatter = You did not send the mail that this answers.
verdict-genuine = This answers a mail of yours.
verdict-misused = This was sent through your own server, but maybe not by you.
verdict-undecided = It is not clear whether you sent the mail that this answers.
verdict-ordinary = This is ordinary mail.
where-quarantined = It lies in Never Sent since { $when }.
where-quarantined-until = It lies in Never Sent since { $when } and is deleted on { $until }.
where-judged = It still lies in { $folder } and would be moved to Never Sent.
where-restored = You put it back into { $folder }. It is not moved again.
where-rescued = It turned out to be yours and is back in { $folder }.
where-purged = It was deleted from Never Sent after its time.
where-gone = It is no longer in Never Sent: somebody moved or deleted it with another program.
where-undecided = It stays in { $folder } until you decide.
mail-gone = This mail is no longer here.
mail-gone-where = It was moved, decided or deleted meanwhile. If it was moved, you find it in Never Sent.
decide-in-eye = Decide in “Needs your eye”
evidence = Why
says-mine = Yours:
says-not_mine = Not yours:
says-through_my_server = Your server:
says-hint = Note:
detail = Details
original = The mail that it answers
original-explain = This is what came back of it. Anybody can have written it in your name.
original-none = Nothing of it came back.
to = To
date = Date
message-id = Message number
not-reached = Did not reach
hops = The way it took
hops-explain = The newest step is on top. Only what stands above a break can be believed.
chain-breaks = Here the chain breaks
handed-over-by = Handed over by
trust-reporter = written by the server that answered
trust-follows = fits the step above
trust-breaks = does not fit the step above
trust-below = cannot be believed
source = Raw source
source-part = Only the beginning of { $size } is shown.
save-mail = Save the mail as a file
folder = Folder
size = Size
rule = Rule

## Reporting one mail

report-title = Report
report-explain = SpamCop tells the operator of the server that it answers forged mail. You confirm it there before anything is sent on.
why-not = It cannot be reported.
discard = Do not report
mark-done = I confirmed it
open-spamcop = Open SpamCop’s page
send-again = Send again
time-left = { $span } left
too-late = Too late
spamcop-is-off = Reports are off. Switch them on in the settings.
write-complaint = Write to the network’s own desk
complain-about = About
channel-spam_cop = SpamCop
channel-operator = The server that sent the notice
channel-injector = The host that handed the forged mail on
complaint-host = About the host
look-up-contact = Look up whom to write to
look-up-tells = The network’s registry learns that somebody asks.
contact = Contact
contact-rdap = named by the network’s registry
contact-abusix = named by Abusix
text = Text
complain-again = Write even if this desk was written to within a week
send-complaint = Send the complaint
complaint-sent = The complaint to { $to } is on its way.

## Needs your eye

eye-intro = These stay where they are until you decide. One decision settles a whole group.
eye-empty = Nothing needs you. Everything else was clear.
eye-keys = J and K move between groups. M: that was me. N: never sent. L: leave.
group-label =
    { $count ->
        [one] One mail
       *[other] Group of { $count } mails
    }
group-address =
    { $count ->
        [one] One mail came for
       *[other] { $count } mails came for
    }
group-subject =
    { $count ->
        [one] One mail about
       *[other] { $count } mails about
    }
group-kind =
    { $count ->
        [one] One mail of the kind
       *[other] { $count } mails of the kind
    }
group-sent_folders =
    { $count ->
        [one] One mail from a time of which your sent mail is not known
       *[other] { $count } mails from a time of which your sent mail is not known
    }
newest = newest { $when }
what-is-missing = What is missing:
what-is-seen = What was seen:
maybe-stolen = Your account may be stolen. Was it you?
see-mails =
    { $count ->
        [one] See the mail
       *[other] See the mails
    }
that-was-me = That was me
never-sent = Never sent
leave = Leave them
choose-sent-folders = Choose the Sent folders
whose-address = Say whose address this is
decide-ask =
    { $count ->
        [one] Move one mail to Never Sent?
       *[other] Move { $count } mails to Never Sent?
    }
decide-ask-text = You say that you did not send what they answer. They can be put back from there.
decided =
    { $count ->
        [one] One mail was moved to Never Sent.
       *[other] { $count } mails were moved to Never Sent.
    }
left =
    { $count ->
        [one] One mail stays where it is and is not asked about again.
       *[other] { $count } mails stay where they are and are not asked about again.
    }
mine-explain = Choose what tells your mail. From then on, answers to such mail stay in your inbox.
mine-settles =
    { $settles ->
        [0] It settles no other mail
        [one] It settles one other mail
       *[other] It settles { $settles } other mails
    } { $back ->
        [0] and brings none back.
        [one] and brings one back from Never Sent.
       *[other] and brings { $back } back from Never Sent.
    }
mine-seem-forged =
    { $count ->
        [one] One of them seems to be a spammer’s. Spammers probably write this, too.
       *[other] { $count } of them seem to be spammers’. Spammers probably write this, too.
    }
mine-forgeable = Anybody can write this into a mail.
examples = Such as:
no-proposal = There is nothing by which these mails could be told.
learn-this = Learn this
declared = Your own senders

## Reports

reports-intro = Reports tell operators that their servers answer forged mail. SpamCop takes nothing older than two days.
reports-empty = There is nothing to report.
report-state-waiting = Waits for you
report-state-approved = Will be sent
report-state-sending = Being sent
report-state-cut_off = Maybe sent
report-state-sent = Sent
report-state-needs_confirmation = Confirm at SpamCop
report-state-done = Confirmed
report-state-refused = Refused
report-state-expired = Too old
report-state-discarded = Not reported
report-state-withdrawn = Withdrawn
approve = Send
approve-all =
    { $count ->
        [one] Send one waiting report
       *[other] Send all { $count } waiting reports
    }
approve-all-ask =
    { $count ->
        [one] Send one report?
       *[other] Send { $count } reports?
    }
approve-all-text = You answer for what you report. Look at the mails first if you are not sure.
send-now =
    { $count ->
        [one] Send one now
       *[other] Send { $count } now
    }
sent-now =
    { $count ->
        [0] Nothing could be sent now.
        [one] One report was sent.
       *[other] { $count } reports were sent.
    }
chosen-reports = Selected reports
by-itself = sent by itself
was-put-back = mail was put back
others-of-server =
    { $count ->
        [one] one more like it
       *[other] { $count } more like it
    }
sent-at = sent { $when }
opened-at = page opened { $when }
spamcop-is-off-text = Reports are off. Nothing is sent until you switch them on.
unmatched = Answers of SpamCop’s without a report
unmatched-text = It is not known which report these links are for. Copy one into your browser to see it.
digest = What was reported by itself

## Sources

sources-intro = Who is behind the replies that you got.
role = Role
role-backscatterer = Servers that answered
role-backscatterer-text = They take forged mail and then send the error to you, who never wrote it.
role-injector = Hosts that handed it on
role-injector-text = They handed the forged mail to its first real server, as far as its traces show.
servers-found =
    { $count ->
        [one] One server
       *[other] { $count } servers
    }
no-sources = No server was found.
last-seen = Last seen
network = Network
claimed-to-be-you = claimed to be you
listed = listed at backscatterer.org
spark-label = Mails by day, { $most } at most
export-csv = Save as CSV
export-json = Save as JSON
