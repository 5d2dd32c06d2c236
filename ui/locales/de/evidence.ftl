## Whom it came for

evidence-whom-own = Diese Mail kam für { $addresses }: Nur Sie senden unter dieser Adresse.
evidence-whom-shared = Diese Mail kam für { $address }, und unter dieser Adresse senden auch andere.
evidence-whom-not-own = Diese Mail kam für { $address }. Diese Adresse ist nicht als Ihre eigene eingetragen.
evidence-whom-role = Diese Mail kam für { $address }. Solche Adressen benutzen oft mehrere Leute oder Programme, und diese ist nicht als Ihre eingetragen.
evidence-whom-nobody = Diese Mail sagt nicht, für welche Adresse sie kam.

## The ids of the original

evidence-sent = Diese Mail antwortet auf eine Mail, die Sie gesendet haben und die in Ihrer gesendeten Post vom { $day } liegt.
evidence-own-report = Diese Mail antwortet auf eine Beschwerde, die Neversent am { $day } für Sie gesendet hat.
evidence-references = Diese Mail erwähnt eine Mail von Ihnen, sagt aber nicht, dass sie darauf antwortet.
evidence-never-sent = Die Mail, auf die das antwortet, ist nicht in Ihrer gesendeten Post, und diese ist für die fragliche Zeit vollständig.
evidence-not-found = Die Mail, auf die das antwortet, wurde in Ihrer gesendeten Post nicht gefunden.
evidence-no-id = Diese Mail nennt nicht die Nummer der Mail, auf die sie antwortet. Darum lässt sich nicht nachsehen, ob Sie sie gesendet haben.

## What speaks for the user

evidence-rewritten = Sie haben um diese Zeit eine Mail mit diesem Betreff an diese Person gesendet. Ein Server unterwegs gab ihr eine andere Nummer.
evidence-declared-relay = Sie haben gesagt, dass Mails vom Server { $address } von Ihnen sind.
evidence-declared-id = Sie haben gesagt, dass Mails mit Nummern wie { $pattern } von Ihnen sind.
evidence-declared-header = Sie haben gesagt, dass Mails mit dem Kennzeichen { $pattern } von Ihnen sind.
evidence-declared-dkim = Sie haben gesagt, dass Mails mit der Unterschrift { $selector } von Ihnen sind.

## What is not moved

evidence-doubtful = Nur Regeln, die nicht sicher sind, halten diese Mail für eine automatische Antwort. Darum wird sie nicht verschoben.
evidence-abuse-report = Das ist ein Bericht über Missbrauch oder über Mails im Namen Ihrer Domain.
evidence-postmaster-copy = Das ist eine Kopie für den Postmaster und betrifft die Mail von jemand anderem.
evidence-receipt = Das ist eine Empfangs- oder Lesebestätigung.
evidence-success-report = Das ist die Nachricht, dass eine Mail angekommen ist.
evidence-own-automatic = Die Mail, auf die das antwortet, hat ein Programm gesendet, vielleicht Ihre eigene automatische Antwort.
evidence-forward = Die Mail, auf die das antwortet, kam von jemand anderem und war für Sie: Vielleicht leiten Sie Ihre Post weiter.

## What was sent through the user's own server

evidence-signature = Die Mail, auf die das antwortet, trägt eine gültige Unterschrift Ihrer eigenen Domain.
evidence-relay = Die Mail, auf die das antwortet, kam von { $address }, und von dort kommt auch Ihre eigene Post.
evidence-own-server = Ihr eigener Mailserver { $server } hat die Mail, auf die das antwortet, von jemandem angenommen, der sich angemeldet hatte.
evidence-maybe-signature = Die Mail, auf die das antwortet, trägt eine gültige Unterschrift Ihrer Domain, aber einen anderen Absender als Sie.
evidence-maybe-relay =
    { $mails ->
        [one] Die Mail, auf die das antwortet, kam von { $address }. Von dort kam auch eine Ihrer eigenen Mails, die zurückkam.
       *[other] Die Mail, auf die das antwortet, kam von { $address }. Von dort kamen auch { $mails } Ihrer eigenen Mails, die zurückkamen.
    }
evidence-maybe-server = Der Mailserver { $server } scheint Ihrer zu sein, und nichts zeigt, dass die Mail von außen zu ihm kam.

## Proofs

evidence-made-up = Niemand hat je von dieser Adresse Ihrer Domain oder an sie geschrieben: Die Adresse ist erfunden.
evidence-storm-subject = Diese Mail gehört zu einem Sturm: Mindestens { $mails } Mails mit demselben Betreff aus den drei Tagen davor und danach sind nicht von Ihnen.
evidence-storm-networks = Diese Mail gehört zu einem Sturm: Mindestens { $mails } Mails mit demselben Betreff kamen innerhalb von drei Tagen aus { $networks } verschiedenen Netzen, und Sie haben diesen Betreff nie benutzt.
evidence-storm-address = Diese Mail gehört zu einem Sturm: Die Mail, auf die das antwortet, kam von { $address }, und ebenso mindestens { $mails } Mails innerhalb von drei Tagen, die nicht von Ihnen sind.
evidence-spf = Die Mail, auf die das antwortet, kam geradewegs von { $address }. Der Besitzer von { $domains } verbietet diesem Rechner, in seinem Namen zu senden.

## Who handed it on

evidence-trace-claimed = Die Mail, auf die das antwortet, wurde von { $host } weitergegeben. Dieser Rechner nannte sich { $name }, und das ist ein Name von Ihnen.
evidence-trace-not-handed-on = Die Mail, auf die das antwortet, wurde von { $host } weitergegeben. Was sonst über ihren Weg gesagt wird, schließt nicht daran an und kann gefälscht sein.
evidence-trace-no-writer = Die Mail, auf die das antwortet, wurde von { $host } weitergegeben. Was sonst über ihren Weg gesagt wird, nennt keinen Server, der es geschrieben hat, und kann gefälscht sein.
evidence-trace-claimed-name = Die Mail, auf die das antwortet, wurde von { $host } weitergegeben. Was sonst über ihren Weg gesagt wird, beruht auf einem bloß behaupteten Namen und kann gefälscht sein.
evidence-trace-same-address = Die Mail, auf die das antwortet, wurde von { $host } weitergegeben. Was sonst über ihren Weg gesagt wird, lässt sie noch einmal von derselben Adresse kommen und kann gefälscht sein.
evidence-trace-times-backwards = Die Mail, auf die das antwortet, wurde von { $host } weitergegeben. Was sonst über ihren Weg gesagt wird, ist aus späterer Zeit und kann gefälscht sein.
evidence-trace-own-server = Was an ihrem Weg gefälscht sein kann, nennt einen Server von Ihnen.
evidence-authenticated = Eine Zeile im Namen Ihres Mailanbieters ({ $provider }) sagt, dass diese Mail von { $domain } kam.
evidence-not-authenticated = Eine Zeile im Namen Ihres Mailanbieters ({ $provider }) sagt, dass diese Mail nicht von { $domain } kam, wie sie behauptet: Diese Mail kann selbst gefälscht sein.
evidence-host-name = Der Server, der das gesendet hat, { $address }, heißt { $name }.
evidence-backscatterer = Der Server, der das gesendet hat, { $address }, steht auf der Liste von backscatterer.org: Man hat gesehen, dass er auf gefälschte Mails antwortet. Solche Server senden auch echte Fehlermeldungen.

## When it was sent

evidence-time-implausible = Laut dieser Mail wurde die andere am { $time } gesendet. Das kann nicht sein: Sie kam zu lange davor oder danach.
evidence-time-reported = Die Mail, auf die das antwortet, erreichte den anderen Server laut seinem Bericht am { $time }.
evidence-time-reached = Die Mail, auf die das antwortet, erreichte den anderen Server am { $time }.
evidence-time-of-notice = Diese Mail sagt nicht, wann die andere gesendet wurde. Darum zählt ihre eigene Zeit: { $time }.

## What is known of sent mail

evidence-covered = Alles, was Sie zwischen { $from } und { $to } gesendet haben, ist bekannt.
evidence-not-read = Ihre gesendete Post ist noch nicht zu Ende gelesen.
evidence-before-oldest = Was Sie vor { $oldest } gesendet haben, ist nicht bekannt: Ihre gesendete Post beginnt erst dort.
evidence-stale = Ihre gesendete Post wurde zuletzt am { $read } gelesen, und das ist nicht spät genug.
evidence-hole = Eine Mail, die Sie zwischen { $from } und { $to } gesendet haben, ist nicht mehr in Ihrer gesendeten Post: Das hier könnte die Antwort darauf sein.
evidence-use-taken = Ihre gesendete Post gilt für { $address } als vollständig.
evidence-use-proves = Ihre gesendete Post ist für { $address } vollständig: Von { $answers } Antworten auf Ihre Mails gehören { $known } zu einer Mail, die dort liegt.
evidence-use-too-few = Zu wenige Leute haben auf Ihre Mails von { $address } geantwortet, um zu zeigen, dass Ihre gesendete Post vollständig ist: { $answers }, und nötig sind 5.
evidence-use-missing =
    { $known ->
        [0] Es scheinen Mails von Ihnen zu fehlen: Von { $answers } Antworten auf Mails von { $address } gehört keine zu einer Mail in Ihrer gesendeten Post.
        [one] Es scheinen Mails von Ihnen zu fehlen: Von { $answers } Antworten auf Mails von { $address } gehört nur eine zu einer Mail in Ihrer gesendeten Post.
       *[other] Es scheinen Mails von Ihnen zu fehlen: Von { $answers } Antworten auf Mails von { $address } gehören nur { $known } zu einer Mail in Ihrer gesendeten Post.
    }
evidence-index = Was Neversent von Ihrer gesendeten Post weiß, lässt sich gerade nicht lesen ({ $why }). Darum wird nichts verschoben.

## What forbids to condemn it

evidence-subject-used = Sie haben diesen Betreff in den 30 Tagen davor benutzt.
evidence-wrote-to = Sie haben in den 30 Tagen davor an { $address } geschrieben.
evidence-wrote-to-domain = Sie haben in den 30 Tagen davor an jemanden bei { $domain } geschrieben.
evidence-rewritten-domain = Die Nummer der Mail stammt von { $domain }. Dieser Server gibt vielleicht auch Ihren Mails neue Nummern.
evidence-own-unseen-domain = Es kommen Antworten auf Mails von Ihnen mit Nummern von { $domain }, die in keinem Ordner gesendeter Post liegen.
evidence-signature-valid = Die Mail, auf die das antwortet, trägt eine Unterschrift Ihrer eigenen Domain { $domain }, und diese ist gültig.
evidence-signature-unchecked = Die Mail, auf die das antwortet, trägt eine Unterschrift Ihrer eigenen Domain { $domain }, die sich nicht prüfen ließ.
evidence-notices-own-id = Die Nummer, auf die das antwortet, hat der Absender { $domain } selbst vergeben, wie es Webformulare tun.

## What is waited for

evidence-waiting-grace = Ihre Kopie der Mail kann noch kommen: Bis { $until } wird nichts verschoben.
evidence-waiting-look-up = Eine Anfrage ans Netz ist noch nicht beantwortet. Darauf wird bis { $until } gewartet.
evidence-waiting-refresh = Ihre gesendete Post wird noch einmal gelesen, bevor das entschieden wird.

## What the user said

evidence-users-word = Sie haben gesagt, dass Sie die Mail, auf die das antwortet, nie gesendet haben.

## How far an account's index proves what was never sent

coverage-none = Die Ordner mit gesendeter Post sind noch nicht zu Ende gelesen. Bis dahin wird nichts verschoben.
coverage-whole =
    { $minutes ->
        [0] Ihre gesendete Post ist seit { $from } lückenlos bekannt; gerade eben gelesen.
        [one] Ihre gesendete Post ist seit { $from } lückenlos bekannt; gelesen vor einer Minute.
       *[other] Ihre gesendete Post ist seit { $from } lückenlos bekannt; gelesen vor { $minutes } Minuten.
    }
coverage-hole =
    { $minutes ->
        [0] Ihre gesendete Post ist seit { $from } bekannt, mit einer Lücke, wo eine Mail fehlt; gerade eben gelesen.
        [one] Ihre gesendete Post ist seit { $from } bekannt, mit einer Lücke, wo eine Mail fehlt; gelesen vor einer Minute.
       *[other] Ihre gesendete Post ist seit { $from } bekannt, mit einer Lücke, wo eine Mail fehlt; gelesen vor { $minutes } Minuten.
    }
coverage-holes =
    { $minutes ->
        [0] Ihre gesendete Post ist seit { $from } bekannt, mit { $holes } Lücken, wo Mails fehlen; gerade eben gelesen.
        [one] Ihre gesendete Post ist seit { $from } bekannt, mit { $holes } Lücken, wo Mails fehlen; gelesen vor einer Minute.
       *[other] Ihre gesendete Post ist seit { $from } bekannt, mit { $holes } Lücken, wo Mails fehlen; gelesen vor { $minutes } Minuten.
    }

## Why a mail is not reported

why-not-backscatter = Gemeldet wird nur, was als Antwort auf nie gesendete Post herausgenommen wurde.
why-not-delayed = Diese Mail meldet nur eine Verzögerung. Scheitert die Zustellung endgültig, wird die Nachricht darüber gemeldet.
why-not-list = Diese Mail kam von einer Mailingliste oder deren Server. Nur wer die Liste betreibt, darf das melden.
why-not-left-alone = Das ist eine Bestätigung, eine Erfolgsmeldung oder ein Bericht über Missbrauch und nichts, was gemeldet wird.
why-not-own-provider = Ihr eigener Mailanbieter hat das gesendet, oder sonst wird niemand darin genannt: Sie würden Ihren eigenen Anbieter melden.
why-not-no-server = Diese Mail zeigt nicht die Adresse des Servers, der sie gesendet hat.
why-not-too-old = Diese Mail kam vor mehr als zwei Tagen. SpamCop nimmt nichts Älteres an.
why-not-too-old-for-operator = Diese Mail kam vor mehr als einer Woche. Das kann niemand mehr nachsehen.
why-not-no-injector = Diese Mail zeigt nicht, wer die gefälschte Mail weitergegeben hat: Es zählt nur, was der meldende Server selbst notiert hat.
