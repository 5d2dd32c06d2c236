## Overview

account = Konto
mails = Mails
day = Tag
server = Server
today = Heute
month = Letzte 30 Tage
last-30-days = Letzte 30 Tage
figure-moved = aus dem Posteingang genommen
figure-restored = von Ihnen zurückgelegt
figure-rescued = automatisch gerettet
figure-reported = gemeldet
chart-title = Antworten auf nie gesendete Post, nach Stunden
chart-label =
    { $storms ->
        [0] Verlauf der letzten 30 Tage, ohne Sturm.
        [one] Verlauf der letzten 30 Tage, mit einem Sturm.
       *[other] Verlauf der letzten 30 Tage, mit { $storms } Stürmen.
    }
chart-all = Alle
chart-storm = Sturm
show-as-table = Als Tabelle zeigen
show-as-chart = Als Diagramm zeigen
storm = Sturm mit { $count } Mails in { $span }, { $from } ({ $when })
kinds = Was kam
reasons = Was die Server sagten
top-servers = Wer am meisten schickte
all-sources = Alle Quellen
nothing-yet = Bisher wurde nichts herausgenommen.
quarantined = In „Never Sent“
would-move = Würde verschoben
coverage = Ihre gesendete Post
look-at-these = Diese Mails ansehen
type-password = Passwort neu eingeben
check-now = Jetzt nachsehen
try-now = Jetzt versuchen
checking = Es wird nach neuer Post gesehen.
pause-hour = Eine Stunde Pause
pause-tomorrow = Pause bis morgen
paused = Pausiert. Ihre Post wird in Ruhe gelassen.
resume = Fortfahren
resumed = Neversent macht weiter.
look-through = Durchsehen und einschalten

## Never Sent

never-sent-intro = Antworten auf Post, die Sie nie gesendet haben. Spammer haben Ihre Adresse benutzt, und die Antworten kamen zu Ihnen.
found =
    { $count ->
        [0] Keine Mails
        [one] Eine Mail
       *[other] { $count } Mails
    }
search = Suchen
search-placeholder = Betreff, Adresse, Server
search-and-filter = Suchen und filtern
any-kind = Jede Art
any-state = Überall
any-account = Alle Konten
where = Wo sie liegt
server-exactly = Nur dieser Server
clear-filter = Filter aufheben
nothing-matches = Nichts passt dazu. Heben Sie den Filter auf, um alles zu sehen.
quarantine-empty = Hier ist nichts. In Ihrem Posteingang waren keine Antworten auf nie gesendete Post.
would-move-note =
    { $count ->
        [one] Eine Mail würde hierher verschoben. Das Konto beobachtet nur.
       *[other] { $count } Mails würden hierher verschoben. Ihre Konten beobachten nur.
    }
apply = Jetzt verschieben
apply-ask =
    { $count ->
        [one] Eine Mail nach „Never Sent“ verschieben?
       *[other] { $count } Mails nach „Never Sent“ verschieben?
    }
apply-ask-text = Jede lässt sich von dort zurücklegen.
applied =
    { $count ->
        [one] Eine Mail wurde nach „Never Sent“ verschoben.
       *[other] { $count } Mails wurden nach „Never Sent“ verschoben.
    }
chosen =
    { $count ->
        [one] Eine ausgewählt
       *[other] { $count } ausgewählt
    }
chosen-mails = Ausgewählte Mails
choose-all = Alle auswählen
choose-all-matching = Alle { $count } passenden auswählen
choose-none = Auswahl aufheben
choose-mail = „{ $subject }“ auswählen
actions = Aktionen
subject = Betreff
from = Von
came = Kam
grid-keys = Pfeiltasten bewegen, Eingabe öffnet, Leertaste wählt aus, R legt zurück, P meldet, Entf löscht, / sucht.

## One mail

verdict-backscatter = Die Mail, auf die das antwortet, haben Sie nicht gesendet.
verdict-genuine = Das antwortet auf eine Mail von Ihnen.
verdict-misused = Das ging über Ihren eigenen Server, aber vielleicht nicht von Ihnen.
verdict-undecided = Es ist nicht klar, ob Sie die Mail gesendet haben, auf die das antwortet.
verdict-ordinary = Das ist gewöhnliche Post.
where-quarantined = Sie liegt seit { $when } in „Never Sent“.
where-quarantined-until = Sie liegt seit { $when } in „Never Sent“ und wird am { $until } gelöscht.
where-judged = Sie liegt noch in { $folder } und würde nach „Never Sent“ verschoben.
where-restored = Sie haben sie nach { $folder } zurückgelegt. Sie wird nicht wieder verschoben.
where-rescued = Sie gehörte doch zu Ihnen und liegt wieder in { $folder }.
where-purged = Sie wurde nach ihrer Zeit aus „Never Sent“ gelöscht.
where-gone = Sie ist nicht mehr in „Never Sent“: Jemand hat sie mit einem anderen Programm verschoben oder gelöscht.
where-undecided = Sie bleibt in { $folder }, bis Sie entscheiden.
mail-gone = Diese Mail ist nicht mehr hier.
mail-gone-where = Sie wurde inzwischen verschoben, entschieden oder gelöscht. Wurde sie verschoben, steht sie in „Never Sent“.
decide-in-eye = In „Braucht Ihren Blick“ entscheiden
evidence = Warum
says-mine = Von Ihnen:
says-not_mine = Nicht von Ihnen:
says-through_my_server = Ihr Server:
says-hint = Hinweis:
detail = Einzelheiten
original = Die Mail, auf die sie antwortet
original-explain = Das kam von ihr zurück. Jeder kann es in Ihrem Namen geschrieben haben.
original-none = Von ihr kam nichts zurück.
to = An
date = Datum
message-id = Nachrichtennummer
not-reached = Nicht erreicht
hops = Der Weg, den sie nahm
hops-explain = Der jüngste Schritt steht oben. Nur was über einem Bruch steht, ist glaubhaft.
chain-breaks = Hier bricht die Kette
handed-over-by = Übergeben von
trust-reporter = geschrieben vom Server, der geantwortet hat
trust-follows = passt zum Schritt darüber
trust-breaks = passt nicht zum Schritt darüber
trust-below = nicht glaubhaft
source = Quelltext
source-part = Nur der Anfang von { $size } wird gezeigt.
save-mail = Mail als Datei speichern
folder = Ordner
size = Größe
rule = Regel

## Reporting one mail

report-title = Melden
report-explain = SpamCop sagt dem Betreiber des Servers, dass dieser auf gefälschte Post antwortet. Bevor etwas weitergeht, bestätigen Sie es dort.
why-not = Sie lässt sich nicht melden.
discard = Nicht melden
mark-done = Ich habe bestätigt
open-spamcop = Seite von SpamCop öffnen
send-again = Noch einmal senden
time-left = noch { $span }
too-late = Zu spät
spamcop-is-off = Meldungen sind aus. Schalten Sie sie in den Einstellungen ein.
write-complaint = An die Stelle des Netzes selbst schreiben
complain-about = Worüber
channel-spam_cop = SpamCop
channel-operator = Der Server, der die Meldung schickte
channel-injector = Der Rechner, der die gefälschte Post weitergab
complaint-host = Es geht um
look-up-contact = Nachsehen, an wen man schreibt
look-up-tells = Die Registrierungsstelle des Netzes erfährt, dass jemand fragt.
contact = Kontakt
contact-rdap = genannt von der Registrierungsstelle
contact-abusix = genannt von Abusix
text = Text
complain-again = Auch schreiben, wenn diese Stelle vor weniger als einer Woche Post bekam
send-complaint = Beschwerde senden
complaint-sent = Die Beschwerde an { $to } ist unterwegs.

## Needs your eye

eye-intro = Diese Mails bleiben, wo sie sind, bis Sie entscheiden. Eine Entscheidung klärt eine ganze Gruppe.
eye-empty = Nichts braucht Sie. Alles andere war klar.
eye-keys = J und K wechseln die Gruppe. M: das war ich. N: nie gesendet. L: lassen.
group-label =
    { $count ->
        [one] Eine Mail
       *[other] Gruppe von { $count } Mails
    }
group-address =
    { $count ->
        [one] Eine Mail kam für
       *[other] { $count } Mails kamen für
    }
group-subject =
    { $count ->
        [one] Eine Mail über
       *[other] { $count } Mails über
    }
group-kind =
    { $count ->
        [one] Eine Mail der Art
       *[other] { $count } Mails der Art
    }
group-sent_folders =
    { $count ->
        [one] Eine Mail aus einer Zeit, von der Ihre gesendete Post nicht bekannt ist
       *[other] { $count } Mails aus einer Zeit, von der Ihre gesendete Post nicht bekannt ist
    }
newest = die neueste { $when }
what-is-missing = Was fehlt:
what-is-seen = Was zu sehen ist:
maybe-stolen = Ihr Konto ist vielleicht gestohlen. Waren Sie das?
see-mails =
    { $count ->
        [one] Die Mail ansehen
       *[other] Die Mails ansehen
    }
that-was-me = Das war ich
never-sent = Nie gesendet
leave = Liegen lassen
choose-sent-folders = Gesendet-Ordner wählen
whose-address = Sagen, wessen Adresse das ist
decide-ask =
    { $count ->
        [one] Eine Mail nach „Never Sent“ verschieben?
       *[other] { $count } Mails nach „Never Sent“ verschieben?
    }
decide-ask-text = Sie sagen damit, dass Sie nicht gesendet haben, worauf sie antworten. Sie lassen sich von dort zurücklegen.
decided =
    { $count ->
        [one] Eine Mail wurde nach „Never Sent“ verschoben.
       *[other] { $count } Mails wurden nach „Never Sent“ verschoben.
    }
left =
    { $count ->
        [one] Eine Mail bleibt, wo sie ist, und es wird nicht mehr nach ihr gefragt.
       *[other] { $count } Mails bleiben, wo sie sind, und es wird nicht mehr nach ihnen gefragt.
    }
mine-explain = Wählen Sie, woran man Ihre Post erkennt. Antworten auf solche Post bleiben dann im Posteingang.
mine-settles =
    { $settles ->
        [0] Das klärt keine weitere Mail
        [one] Das klärt eine weitere Mail
       *[other] Das klärt { $settles } weitere Mails
    } { $back ->
        [0] und bringt keine zurück.
        [one] und bringt eine aus „Never Sent“ zurück.
       *[other] und bringt { $back } aus „Never Sent“ zurück.
    }
mine-seem-forged =
    { $count ->
        [one] Eine davon scheint von Spammern zu sein. Wahrscheinlich schreiben auch Spammer so.
       *[other] { $count } davon scheinen von Spammern zu sein. Wahrscheinlich schreiben auch Spammer so.
    }
mine-forgeable = Das kann jeder in eine Mail schreiben.
examples = Zum Beispiel:
no-proposal = Es gibt nichts, woran man diese Mails erkennen könnte.
learn-this = Das merken
declared = Eigene Absender

## Reports

reports-intro = Meldungen sagen Betreibern, dass ihre Server auf gefälschte Post antworten. SpamCop nimmt nichts, was älter als zwei Tage ist.
reports-empty = Es gibt nichts zu melden.
report-state-waiting = Wartet auf Sie
report-state-approved = Wird gesendet
report-state-sending = Wird gerade gesendet
report-state-cut_off = Vielleicht gesendet
report-state-sent = Gesendet
report-state-needs_confirmation = Bei SpamCop bestätigen
report-state-done = Bestätigt
report-state-refused = Abgelehnt
report-state-expired = Zu alt
report-state-discarded = Nicht gemeldet
report-state-withdrawn = Zurückgezogen
approve = Senden
approve-all =
    { $count ->
        [one] Eine wartende Meldung senden
       *[other] Alle { $count } wartenden Meldungen senden
    }
approve-all-ask =
    { $count ->
        [one] Eine Meldung senden?
       *[other] { $count } Meldungen senden?
    }
approve-all-text = Sie stehen für Ihre Meldungen ein. Sehen Sie die Mails vorher an, wenn Sie nicht sicher sind.
send-now =
    { $count ->
        [one] Eine jetzt senden
       *[other] { $count } jetzt senden
    }
sent-now =
    { $count ->
        [0] Jetzt ließ sich nichts senden.
        [one] Eine Meldung wurde gesendet.
       *[other] { $count } Meldungen wurden gesendet.
    }
chosen-reports = Ausgewählte Meldungen
by-itself = von selbst gesendet
was-put-back = Mail wurde zurückgelegt
others-of-server =
    { $count ->
        [one] noch eine solche
       *[other] noch { $count } solche
    }
sent-at = gesendet { $when }
opened-at = Seite geöffnet { $when }
spamcop-is-off-text = Meldungen sind aus. Nichts wird gesendet, bis Sie sie einschalten.
unmatched = Antworten von SpamCop ohne Meldung
unmatched-text = Zu welcher Meldung diese Verweise gehören, ist nicht bekannt. Kopieren Sie einen in Ihren Browser, um ihn zu sehen.
digest = Was von selbst gemeldet wurde

## Sources

sources-intro = Wer hinter den Antworten steht, die Sie bekamen.
role = Rolle
role-backscatterer = Server, die geantwortet haben
role-backscatterer-text = Sie nehmen gefälschte Post an und schicken den Fehler dann Ihnen, obwohl Sie nie geschrieben haben.
role-injector = Rechner, die sie weitergaben
role-injector-text = Sie gaben die gefälschte Post dem ersten echten Server, soweit ihre Spuren das zeigen.
servers-found =
    { $count ->
        [one] Ein Server
       *[other] { $count } Server
    }
no-sources = Es wurde kein Server gefunden.
last-seen = Zuletzt
network = Netz
claimed-to-be-you = gab sich für Sie aus
listed = steht bei backscatterer.org
spark-label = Mails je Tag, höchstens { $most }
export-csv = Als CSV speichern
export-json = Als JSON speichern
