## Frame of the window

skip-to-content = Zum Inhalt springen
nav-label = Hauptansichten
nav-overview = Übersicht
nav-never-sent = Nie gesendet
nav-eye = Braucht Ihren Blick
nav-reports = Meldungen
nav-sources = Quellen
nav-accounts = Konten und Einstellungen
nav-first-run = Konto einrichten
loading = Einen Moment…
messages = Mitteilungen
dismiss = Mitteilung schließen
undo = Rückgängig
cancel = Abbrechen
close = Schließen
back = Zurück
stop = Anhalten
try-again = Noch einmal versuchen
agent-away = Neversent antwortet nicht. Vielleicht startet oder endet es gerade; das Fenster sucht es von selbst.
agent-back = Neversent antwortet wieder.
settings-problem-file = Die Datei ist { $file }.
open-accounts = Konten öffnen
open-settings = Einstellungen öffnen
check-store = Datenbestand prüfen
work-progress = { $what }: { $done } von { $total }
work-stopped = Der Rest blieb, wie er war.
failed-some = { $count } ließen sich nicht ändern. Der erste Grund: { $why }
saved = Gespeichert.
saved-as = Gespeichert als { $path }.

## Text that strangers wrote

unfold = Alles zeigen
fold = Weniger zeigen
cut-short = Der Rest ist zu lang, um ihn zu zeigen.
hidden-character = Ein Zeichen, das man nicht sieht
homograph = Buchstaben, die wie andere aussehen: { $scripts }
unknown = unbekannt
unknown-server = unbekannter Server
no-subject = (kein Betreff)
and-more =
    { $count ->
        [one] und eine weitere
       *[other] und { $count } weitere
    }

## What an account is doing

state-stopped = Angehalten.
state-connecting = Verbindet sich mit dem Mailserver.
state-signing-in = Meldet sich an.
state-indexing = Liest Ihre gesendete Post: { $done } von { $total }.
state-indexing-short = Liest Ihre gesendete Post
state-scanning = Sieht Ihren Posteingang durch.
state-watching = Wartet auf neue Post.
state-waiting = Nächster Versuch { $when }.
state-sign-in-failed = Der Mailserver hat die Anmeldung abgelehnt.
state-paused = Pausiert, bis Sie fortfahren.
state-paused-until = Pausiert bis { $until }.

## Kinds of mail

kind = Art
kind-ordinary = Gewöhnliche Mail
kind-bounce = Unzustellbar
kind-auto_reply = Automatische Antwort
kind-challenge = Rückfrage
kind-virus_notice = Virenmeldung
kind-list_notice = Listenmeldung
kind-receipt = Lesebestätigung
kind-abuse_report = Missbrauchsmeldung

reason = Grund
reason-recipient_unknown = Empfänger unbekannt
reason-mailbox_full = Postfach voll
reason-spam = Für Spam gehalten
reason-virus = Virus
reason-policy = Gegen die dortigen Regeln
reason-relaying_denied = Nicht weitergeleitet
reason-too_big = Zu groß
reason-host_unknown = Server unbekannt
reason-timed_out = Zeit abgelaufen
reason-unspecified = Kein Grund genannt

## Where a mail is

state-of-mail-quarantined = In „Never Sent“
state-of-mail-judged = Würde verschoben
state-of-mail-restored = Zurückgelegt
state-of-mail-rescued = Gerettet
state-of-mail-purged = Gelöscht
state-of-mail-gone = Nicht mehr da
state-of-mail-undecided = Unentschieden

## What can be done

restore = Zurücklegen
report = Melden
purge = Löschen…
restoring = Wird zurückgelegt
purging = Wird gelöscht
reporting = Meldungen
deciding = Wird entschieden
restore-ask =
    { $count ->
        [one] Eine Mail zurücklegen?
       *[other] { $count } Mails zurücklegen?
    }
restore-ask-text = Sie kommen dorthin zurück, wo sie waren. Neversent verschiebt sie nie wieder, deshalb lässt sich das hier nicht rückgängig machen.
restored-done =
    { $count ->
        [one] Die Mail liegt wieder, wo sie war.
       *[other] { $count } Mails liegen wieder, wo sie waren.
    }
purge-ask =
    { $count ->
        [one] Diese Mail löschen?
       *[other] { $count } Mails löschen?
    }
purge-ask-text = Auf dem Mailserver wird endgültig gelöscht.
purged-done =
    { $count ->
        [one] Gelöscht.
       *[other] { $count } Mails wurden gelöscht.
    }
report-approved =
    { $count ->
        [one] Die Meldung ist unterwegs.
       *[other] { $count } Meldungen sind unterwegs.
    }
report-discarded =
    { $count ->
        [one] Die Mail wird nicht gemeldet.
       *[other] { $count } Mails werden nicht gemeldet.
    }
report-waits =
    { $count ->
        [one] Die Meldung wartet wieder auf Sie.
       *[other] { $count } Meldungen warten wieder auf Sie.
    }
report-opened = Die Seite von SpamCop ist in Ihrem Browser offen. Sehen Sie sie an und bestätigen Sie dort.
report-done-said =
    { $count ->
        [one] Als bestätigt vermerkt.
       *[other] { $count } Meldungen sind als bestätigt vermerkt.
    }
event-rescued =
    { $count ->
        [one] Eine Mail gehörte doch zu Ihnen und liegt wieder in ihrem Ordner.
       *[other] { $count } Mails gehörten doch zu Ihnen und liegen wieder in ihren Ordnern.
    }
