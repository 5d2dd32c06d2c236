## Accounts

settings-parts = Parts of the settings
part-accounts = Accounts
part-spamcop = Reports
part-privacy = Privacy
part-desktop = This computer
part-learned = Learned
part-rules = Rules
part-data = Data
accounts = Accounts
no-accounts = There is no account yet.
no-such-account = There is no account “{ $name }”.
add-account = Add an account
edit = Edit
edit-account = Edit { $name }
add = Add
remove = Remove
save = Save
more = More settings
name = Name
name-hint = What was found is kept under this name, so it stays.
your-address = Your address
aliases = Other addresses that you send as
aliases-hint = One a line.
shared = Addresses that others send as, too
shared-hint = One a line. Nothing that comes for these is ever moved.
own-domains = Domains that are yours alone
own-domains-hint = One a line. Every address there counts as yours.
mode = What happens with what you never sent
mode-observe = Only observe
mode-observe-hint = It is shown here and stays in your inbox.
mode-quarantine = Move to Never Sent
mode-quarantine-hint = It leaves your inbox, and can be put back at any time.
imap-server = Server for reading mail (IMAP)
smtp-server = Server for sending mail (SMTP)
smtp-hint = Needed for reports alone.
add-smtp = Add a server for sending
without-smtp = Without a server for sending
host = Server
port = Port
security = Security
security-tls = TLS
security-starttls = STARTTLS
security-none = None (this computer only)
user = Name to sign in with
password = Password
password-unchanged = unchanged
password-hint = It goes into the keyring of your desktop and nowhere else.
password-command = Command that prints the password
test-account = Test the sign-in
test-hint = It signs in and looks at the folders. Nothing is changed.
sign-in-works = The sign-in works.
sent-found = The Sent folders are found by themselves.
sent-chosen = Sent folders: { $folders }
folders = Folders
folder-sent = Sent mail
folder-watched = Watched
folder-is-sent = { $folder } holds sent mail
folder-is-watched = { $folder } is watched
declared-hint = Mail of yours that is in no Sent folder, such as from a shop or a printer.
declared-kind = Told by
declared-value = What tells it
declared-relay = Server address
declared-id = Message number
declared-header = Header line
declared-dkim = DKIM key
quarantine-folder = Folder for what you never sent
grace = Waiting time
grace-hint = So long a copy of your own mail may take to reach Sent, such as 10m.
scan-back = The first look goes back
scan-back-hint = Such as 90d, or all.
keep = Kept in Never Sent
keep-hint = Such as 30d, or forever.
without-uidplus = Move by copying and deleting
without-uidplus-hint = Only for servers that offer no better way.
switch-on = Switch on
switch-on-ask = Move what you never sent from now on?
switch-on-text = Replies to mail that you never sent leave your inbox. Each one is shown with its reasons and can be put back.
remove-account = Remove the account
remove-account-ask = Remove { $name }?
remove-account-text = Neversent does not look after it any more. Your mail stays as it is.
account-removed = { $name } was removed.

## Reports and complaints

spamcop-what = SpamCop finds out who runs a server and hands them your complaint. Neversent sends nothing without your word unless you ask for that.
spamcop-step-account = Get an account at SpamCop.
spamcop-step-mailhosts = Register your mailhosts there, or SpamCop may blame your own provider.
spamcop-step-address = Copy the address that it shows under “Report Spam”.
open-spamcop-account = Open SpamCop
spamcop-address = Your secret address at SpamCop
spamcop-address-hint = Whoever knows it reports in your name. It goes into the keyring.
address-known = known; type to change it
report-mode = When reports are sent
report-mode-ask = After I have approved each
report-mode-ask-hint = Nothing leaves before that.
report-mode-automatic = By themselves
report-mode-automatic-hint = Only what more than a missing number shows, and two hours later at the earliest.
report-mode-off = Never
report-mode-off-hint = No report is made.
cap-daily = At most in a day
cap-hourly = At most in an hour
cap-server = For one server in a day
quick = Quick reports
quick-what = SpamCop then reports at once, without asking you. A mistake reports your own provider. SpamCop’s admins have to allow it.
quick-mailhosts = Every address that mail reaches me by is registered and confirmed at SpamCop
quick-on = Report at once
quick-on-hint = Only with the point above.
complaints = Complaints to the network’s own desk
complaints-what = You can also write to whoever answers for a network. Each one is shown to you before it is sent.
complaints-operator = About servers that send backscatter
complaints-injector = About hosts that hand forged mail on
complaints-language = Written in

## Privacy

privacy = What is looked up, and who learns of it
privacy-intro = Beside your mail server, Neversent asks nobody anything but this. With a look-up off, a mail stays undecided at worst.
look-dkim_spf = Keys and senders of your own domain
look-dkim_spf-tells = Your name servers and those of your domain learn that such a notice came.
look-backscatterer = The list of backscatterer.org
look-backscatterer-tells = The list’s operator learns that somebody asks about a server.
look-host_names = Names of servers
look-host_names-tells = The name servers of an address learn that somebody asks about it.
look-rdap = Contacts from the network’s registry
look-rdap-tells = IANA and the registry learn that somebody asks about an address.
look-abuse_contacts = Contacts from the list of Abusix
look-abuse_contacts-tells = Your name servers and those of the list learn that somebody asks about an address.

## This computer

desktop = Language and notifications
language = Language
language-of-desktop = As the desktop
notifications = Notifications
show-notices-summary = Now and then, in sum
show-notices-alarms = Alarms only
show-senders = Name senders and subjects
show-senders-hint = They can then be read on a locked screen.
quiet-hours = Quiet hours
quiet-hours-hint = Nothing but an alarm is shown.
quiet-from = From hour
quiet-to = to hour
program = Program
autostart = Start with the desktop
version = Version { $version }
quit = Quit Neversent
quit-ask = Quit Neversent?
quit-text = Your inbox is not watched until you start it again.

## Learned, rules, data

learned = What was learned
learned-intro = By this, Neversent knows mail of yours that it cannot find in Sent.
learned-nothing = Nothing has been learned yet.
learned-rewritten = A server on your way out writes its own numbers over yours, since { $day }.
learned-own_unseen = People answer mail of yours with these numbers. It counts until { $day }.
learned-declared = You said that this sender is yours, on { $day }.
mails-showed =
    { $count ->
        [one] one mail showed it
       *[other] { $count } mails showed it
    }
forget = Forget
forget-this = Forget { $name }
forget-ask = Forget { $name }?
forget-text = Answers to such mail are judged anew. It can be learned again.
forgotten = { $name } is forgotten.
selectors = DKIM keys seen on your mail
rules = Rules
rules-intro = By these, Neversent recognises automatic mail. What only an unsure rule recognises is never moved.
recognised = Recognised
your-rule = yours
not-sure = not sure
rule-gone = gone
backup = Backup
backup-text = An export holds your decisions, what was learned and the list of reports, but no mail and no password.
export = Export…
exported =
    { $entries ->
        [one] One entry ({ $size }) was written to { $path }.
       *[other] { $entries } entries ({ $size }) were written to { $path }.
    }
import = Import
import-file = File to import, with its whole path
import-ask = Take in this export?
import-text = What is known already stays. Nothing is deleted.
imported = { $entries } entries were taken in, { $known } were known, { $damaged } were damaged and left out.
store = Store
settings-file = Settings
data-folder = Data
diagnostics = Diagnostics
diagnostics-text = If something does not work, this helps to find out why. Addresses, subjects and message numbers are left out. Nothing is sent.
show-diagnostics = Show what would be saved
save-diagnostics = Save this as a file

## First run

steps = Steps
step-address = Address
step-servers = Sign in
step-folders = Folders
step-reading = Reading
step-list = Look through
title-address = Take the replies to mail you never sent out of your inbox
title-servers = Sign in to your mail server
title-folders = Where is your sent mail?
title-reading = Reading what you have sent
title-list = This is what would be moved
title-ready = Neversent is on
first-what = When spammers write in your name, the errors and out-of-office replies come to you. Neversent compares each with the mail that you really sent.
first-promise-look = First it only looks. You see the list before anything is moved.
first-promise-moved = In doubt a mail stays in your inbox. What was moved can be put back.
first-promise-delete = Your password stays in the keyring of your desktop.
next = Next
servers-of = These are the servers of { $provider }.
servers-unknown = Your provider is not in our table. Please enter the servers; your provider’s help pages name them.
sign-in = Sign in
signing-in = Signing in…
folders-why = Neversent reads the numbers of the mails in these folders to know what you sent. It does not read their text.
sent-elsewhere = Is some of your sent mail in none of these folders?
sent-elsewhere-what = Then answers to it could be taken for replies to mail you never sent. Let your mail programs save a copy in Sent, or say later under “Your own senders” how such mail is told. What you are not sure of, keep observing.
sent-none = Without a Sent folder it cannot be known what you sent. Everything then stays undecided.
sent-choose-one = Choose at least one folder that holds sent mail. Without one it cannot be known what you sent.
begin-reading = Start reading
begin-reading-hint = The account only observes for now. Nothing is moved.
reading-what = Neversent reads your sent mail, then looks through your inbox.
reading-close = You can close the window meanwhile. Reading goes on.
reading-done = Reading is done.
account-gone = The account “{ $name }” was removed. Nothing of it is read any more.
start-over = Start over
go-on = Go on
would-move-list =
    { $count ->
        [one] One mail would be moved to Never Sent.
       *[other] { $count } mails would be moved to Never Sent.
    }
would-move-look = Open some of them and look at the reasons.
would-move-none = Your inbox holds no replies to mail that you never sent. You can switch Neversent on for what comes.
undecided-stay =
    { $count ->
        [one] One more mail is undecided and stays in your inbox.
       *[other] { $count } more mails are undecided and stay in your inbox.
    }
move-now = Move them and switch on
move-now-hint = Each mail can be put back with its flags and date.
keep-observing = Keep observing
ready-moved =
    { $count ->
        [0] Nothing had to be moved.
        [one] One mail was moved to Never Sent.
       *[other] { $count } mails were moved to Never Sent.
    }
ready-next = From now on, replies to mail you never sent leave your inbox by themselves.
