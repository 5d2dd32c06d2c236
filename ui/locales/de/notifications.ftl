notify-first = Eine Antwort auf Post, die Sie nie gesendet haben, wurde nach „Never Sent“ verschoben.
notify-summary =
    { $count ->
        [one] Eine Antwort auf nie gesendete Post, nach „Never Sent“ verschoben.
       *[other] { $count } Antworten auf nie gesendete Post, nach „Never Sent“ verschoben.
    }
notify-flood =
    { $count ->
        [one] Jemand schreibt in Ihrem Namen: bisher eine Antwort, nach „Never Sent“ verschoben.
       *[other] Jemand schreibt in Ihrem Namen: bisher { $count } Antworten, nach „Never Sent“ verschoben.
    }
notify-alarm = Post, die vielleicht nicht von Ihnen ist, ging über Ihren eigenen Server hinaus ({ $account }). Waren Sie das?
notify-sign-in = Der Mailserver hat die Anmeldung von { $account } abgelehnt.
notify-no-tray = Dieser Desktop zeigt keine Symbole in der Leiste. Neversent arbeitet trotzdem; starten Sie es noch einmal, um sein Fenster zu sehen.
notify-show = Zeigen
notify-report-all = Alle melden
notify-from = Von { $account }.
notify-digest = Von selbst gemeldet:
