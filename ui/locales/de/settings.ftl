## Accounts

settings-parts = Teile der Einstellungen
part-accounts = Konten
part-spamcop = Meldungen
part-privacy = Datenschutz
part-desktop = Dieser Rechner
part-learned = Gelerntes
part-rules = Regeln
part-data = Daten
accounts = Konten
no-accounts = Es gibt noch kein Konto.
no-such-account = Es gibt kein Konto „{ $name }“.
add-account = Konto hinzufügen
edit = Bearbeiten
edit-account = { $name } bearbeiten
add = Hinzufügen
remove = Entfernen
save = Speichern
more = Weitere Einstellungen
name = Name
name-hint = Was gefunden wurde, ist unter diesem Namen abgelegt; darum bleibt er.
your-address = Ihre Adresse
aliases = Weitere Adressen, unter denen Sie senden
aliases-hint = Eine je Zeile.
shared = Adressen, unter denen auch andere senden
shared-hint = Eine je Zeile. Was für diese kommt, wird nie verschoben.
own-domains = Domains, die Ihnen allein gehören
own-domains-hint = Eine je Zeile. Jede Adresse dort gilt als Ihre.
mode = Was mit nie Gesendetem geschieht
mode-observe = Nur beobachten
mode-observe-hint = Es wird hier gezeigt und bleibt im Posteingang.
mode-quarantine = Nach „Never Sent“ verschieben
mode-quarantine-hint = Es verlässt den Posteingang und lässt sich jederzeit zurücklegen.
imap-server = Server zum Lesen (IMAP)
smtp-server = Server zum Senden (SMTP)
smtp-hint = Nur für Meldungen nötig.
add-smtp = Server zum Senden hinzufügen
without-smtp = Ohne Server zum Senden
host = Server
port = Port
security = Sicherheit
security-tls = TLS
security-starttls = STARTTLS
security-none = Keine (nur dieser Rechner)
user = Anmeldename
password = Passwort
password-unchanged = unverändert
password-hint = Es kommt in den Schlüsselbund Ihres Desktops und sonst nirgendwohin.
password-command = Befehl, der das Passwort ausgibt
test-account = Anmeldung prüfen
test-hint = Meldet sich an und sieht die Ordner an. Nichts wird geändert.
sign-in-works = Die Anmeldung klappt.
sent-found = Die Gesendet-Ordner werden von selbst gefunden.
sent-chosen = Gesendet-Ordner: { $folders }
folders = Ordner
folder-sent = Gesendete Post
folder-watched = Überwacht
folder-is-sent = { $folder } enthält gesendete Post
folder-is-watched = { $folder } wird überwacht
declared-hint = Post von Ihnen, die in keinem Gesendet-Ordner liegt, etwa von einem Shop oder Drucker.
declared-kind = Erkannt an
declared-value = Woran man sie erkennt
declared-relay = Serveradresse
declared-id = Nachrichtennummer
declared-header = Kopfzeile
declared-dkim = DKIM-Schlüssel
quarantine-folder = Ordner für nie Gesendetes
grace = Wartezeit
grace-hint = So lange darf eine Kopie Ihrer Mail bis in „Gesendet“ brauchen, etwa 10m.
scan-back = Der erste Blick reicht zurück
scan-back-hint = Etwa 90d, oder all für alles.
keep = Aufbewahrt in „Never Sent“
keep-hint = Etwa 30d, oder forever für immer.
without-uidplus = Durch Kopieren und Löschen verschieben
without-uidplus-hint = Nur für Server, die nichts Besseres können.
switch-on = Einschalten
switch-on-ask = Nie Gesendetes ab jetzt verschieben?
switch-on-text = Antworten auf nie gesendete Post verlassen den Posteingang. Jede wird mit ihren Gründen gezeigt und lässt sich zurücklegen.
remove-account = Konto entfernen
remove-account-ask = { $name } entfernen?
remove-account-text = Neversent kümmert sich nicht mehr darum. Ihre Post bleibt, wie sie ist.
account-removed = { $name } wurde entfernt.

## Reports and complaints

spamcop-what = SpamCop findet heraus, wer einen Server betreibt, und gibt Ihre Beschwerde weiter. Neversent sendet nichts ohne Ihr Wort, außer Sie wünschen es.
spamcop-step-account = Legen Sie ein Konto bei SpamCop an.
spamcop-step-mailhosts = Tragen Sie dort Ihre Mailhosts ein, sonst beschuldigt SpamCop vielleicht Ihren eigenen Anbieter.
spamcop-step-address = Kopieren Sie die Adresse, die dort unter „Report Spam“ steht.
open-spamcop-account = SpamCop öffnen
spamcop-address = Ihre geheime Adresse bei SpamCop
spamcop-address-hint = Wer sie kennt, meldet in Ihrem Namen. Sie kommt in den Schlüsselbund.
address-known = bekannt; zum Ändern eintippen
report-mode = Wann Meldungen gesendet werden
report-mode-ask = Wenn ich jede freigegeben habe
report-mode-ask-hint = Vorher geht nichts hinaus.
report-mode-automatic = Von selbst
report-mode-automatic-hint = Nur was mehr als eine fehlende Nummer zeigt, und frühestens zwei Stunden später.
report-mode-off = Nie
report-mode-off-hint = Es entsteht keine Meldung.
cap-daily = Höchstens am Tag
cap-hourly = Höchstens je Stunde
cap-server = Je Server und Tag
quick = Schnellmeldungen
quick-what = SpamCop meldet dann sofort, ohne Sie zu fragen. Ein Irrtum meldet Ihren eigenen Anbieter. Die Betreiber von SpamCop müssen es erlauben.
quick-mailhosts = Jede Adresse, über die mich Post erreicht, ist bei SpamCop eingetragen und bestätigt
quick-on = Sofort melden
quick-on-hint = Nur zusammen mit dem Punkt darüber.
complaints = Beschwerden an die Stelle des Netzes
complaints-what = Sie können auch denen schreiben, die für ein Netz zuständig sind. Jede Beschwerde sehen Sie, bevor sie hinausgeht.
complaints-operator = Über Server, die Backscatter senden
complaints-injector = Über Rechner, die gefälschte Post weitergeben
complaints-language = Geschrieben auf

## Privacy

privacy = Was nachgeschlagen wird, und wer davon erfährt
privacy-intro = Außer Ihrem Mailserver fragt Neversent niemanden etwas, nur dies. Ohne eine Nachfrage bleibt eine Mail schlimmstenfalls unentschieden.
look-dkim_spf = Schlüssel und Absender Ihrer eigenen Domain
look-dkim_spf-tells = Ihre Nameserver und die Ihrer Domain erfahren, dass eine solche Meldung kam.
look-backscatterer = Die Liste von backscatterer.org
look-backscatterer-tells = Der Betreiber der Liste erfährt, dass jemand nach einem Server fragt.
look-host_names = Namen von Servern
look-host_names-tells = Die Nameserver einer Adresse erfahren, dass jemand nach ihr fragt.
look-rdap = Kontakte von der Registrierungsstelle des Netzes
look-rdap-tells = IANA und die Registrierungsstelle erfahren, dass jemand nach einer Adresse fragt.
look-abuse_contacts = Kontakte aus der Liste von Abusix
look-abuse_contacts-tells = Ihre Nameserver und die der Liste erfahren, dass jemand nach einer Adresse fragt.

## This computer

desktop = Sprache und Benachrichtigungen
language = Sprache
language-of-desktop = Wie der Desktop
notifications = Benachrichtigungen
show-notices-summary = Ab und zu, zusammengefasst
show-notices-alarms = Nur Alarme
show-senders = Absender und Betreff nennen
show-senders-hint = Man kann sie dann auf dem gesperrten Bildschirm lesen.
quiet-hours = Ruhezeit
quiet-hours-hint = Nur ein Alarm wird gezeigt.
quiet-from = Von Stunde
quiet-to = bis Stunde
program = Programm
autostart = Mit dem Desktop starten
version = Version { $version }
quit = Neversent beenden
quit-ask = Neversent beenden?
quit-text = Ihr Posteingang wird nicht überwacht, bis Sie es wieder starten.

## Learned, rules, data

learned = Was gelernt wurde
learned-intro = Daran erkennt Neversent Post von Ihnen, die es in „Gesendet“ nicht findet.
learned-nothing = Noch wurde nichts gelernt.
learned-rewritten = Ein Server auf dem Weg hinaus schreibt eigene Nummern über Ihre, seit { $day }.
learned-own_unseen = Menschen antworten auf Post von Ihnen mit solchen Nummern. Es gilt bis { $day }.
learned-declared = Sie haben am { $day } gesagt, dass dieser Absender Ihrer ist.
mails-showed =
    { $count ->
        [one] eine Mail zeigte es
       *[other] { $count } Mails zeigten es
    }
forget = Vergessen
forget-this = { $name } vergessen
forget-ask = { $name } vergessen?
forget-text = Antworten auf solche Post werden neu beurteilt. Man kann es wieder lernen.
forgotten = { $name } ist vergessen.
selectors = DKIM-Schlüssel auf Ihrer Post
rules = Regeln
rules-intro = Daran erkennt Neversent automatische Post. Was nur eine unsichere Regel erkennt, wird nie verschoben.
recognised = Erkannt
your-rule = Ihre
not-sure = unsicher
rule-gone = entfernt
backup = Sicherung
backup-text = Ein Export enthält Ihre Entscheidungen, Gelerntes und die Liste der Meldungen, aber keine Mail und kein Passwort.
export = Exportieren…
exported =
    { $entries ->
        [one] Ein Eintrag ({ $size }) steht in { $path }.
       *[other] { $entries } Einträge ({ $size }) stehen in { $path }.
    }
import = Importieren
import-file = Datei, mit ganzem Pfad
import-ask = Diesen Export aufnehmen?
import-text = Was schon bekannt ist, bleibt. Nichts wird gelöscht.
imported = { $entries } Einträge aufgenommen, { $known } waren bekannt, { $damaged } waren beschädigt und blieben draußen.
store = Datenbestand
settings-file = Einstellungen
data-folder = Daten
diagnostics = Diagnose
diagnostics-text = Wenn etwas nicht geht, hilft das, den Grund zu finden. Adressen, Betreffe und Nachrichtennummern sind ausgelassen. Nichts wird gesendet.
show-diagnostics = Zeigen, was gespeichert würde
save-diagnostics = Als Datei speichern

## First run

steps = Schritte
step-address = Adresse
step-servers = Anmelden
step-folders = Ordner
step-reading = Lesen
step-list = Durchsehen
title-address = Antworten auf nie gesendete Post aus dem Posteingang nehmen
title-servers = Beim Mailserver anmelden
title-folders = Wo liegt Ihre gesendete Post?
title-reading = Ihre gesendete Post wird gelesen
title-list = Das würde verschoben
title-ready = Neversent ist an
first-what = Wenn Spammer in Ihrem Namen schreiben, kommen die Fehler und Abwesenheitsnotizen zu Ihnen. Neversent vergleicht jede mit der Post, die Sie wirklich gesendet haben.
first-promise-look = Zuerst sieht es nur nach. Sie sehen die Liste, bevor etwas verschoben wird.
first-promise-moved = Im Zweifel bleibt eine Mail im Posteingang. Verschobenes lässt sich zurücklegen.
first-promise-delete = Ihr Passwort bleibt im Schlüsselbund Ihres Desktops.
next = Weiter
servers-of = Das sind die Server von { $provider }.
servers-unknown = Ihr Anbieter steht nicht in unserer Tabelle. Bitte tragen Sie die Server ein; die Hilfeseiten Ihres Anbieters nennen sie.
sign-in = Anmelden
signing-in = Anmeldung läuft…
folders-why = Neversent liest die Nummern der Mails in diesen Ordnern, um zu wissen, was Sie gesendet haben. Ihren Text liest es nicht.
sent-elsewhere = Liegt ein Teil Ihrer gesendeten Post in keinem dieser Ordner?
sent-elsewhere-what = Dann könnten Antworten darauf für Antworten auf nie gesendete Post gehalten werden. Lassen Sie Ihre Mailprogramme eine Kopie in „Gesendet“ ablegen, oder sagen Sie später unter „Eigene Absender“, woran man solche Post erkennt. Sind Sie unsicher, beobachten Sie weiter.
sent-none = Ohne Gesendet-Ordner ist nicht zu wissen, was Sie gesendet haben. Dann bleibt alles unentschieden.
sent-choose-one = Wählen Sie mindestens einen Ordner mit gesendeter Post. Sonst ist nicht zu wissen, was Sie gesendet haben.
begin-reading = Mit dem Lesen beginnen
begin-reading-hint = Das Konto beobachtet vorerst nur. Nichts wird verschoben.
reading-what = Neversent liest Ihre gesendete Post und sieht dann den Posteingang durch.
reading-close = Sie können das Fenster inzwischen schließen. Das Lesen geht weiter.
reading-done = Das Lesen ist fertig.
account-gone = Das Konto „{ $name }“ wurde entfernt. Es wird nichts mehr davon gelesen.
start-over = Von vorn beginnen
go-on = Fortfahren
would-move-list =
    { $count ->
        [one] Eine Mail würde nach „Never Sent“ verschoben.
       *[other] { $count } Mails würden nach „Never Sent“ verschoben.
    }
would-move-look = Öffnen Sie ein paar davon und sehen Sie die Gründe an.
would-move-none = In Ihrem Posteingang sind keine Antworten auf nie gesendete Post. Sie können Neversent für das einschalten, was kommt.
undecided-stay =
    { $count ->
        [one] Eine weitere Mail ist unentschieden und bleibt im Posteingang.
       *[other] { $count } weitere Mails sind unentschieden und bleiben im Posteingang.
    }
move-now = Verschieben und einschalten
move-now-hint = Jede Mail lässt sich mit Markierungen und Datum zurücklegen.
keep-observing = Weiter beobachten
ready-moved =
    { $count ->
        [0] Es war nichts zu verschieben.
        [one] Eine Mail wurde nach „Never Sent“ verschoben.
       *[other] { $count } Mails wurden nach „Never Sent“ verschoben.
    }
ready-next = Von jetzt an verlassen Antworten auf nie gesendete Post Ihren Posteingang von selbst.
