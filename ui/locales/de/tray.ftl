tray-state-watching = Wartet auf neue Post
tray-state-working = Sieht Ihre Post durch
tray-state-waiting = Wartet auf den nächsten Versuch
tray-state-needs-you = Einige Mails brauchen Ihren Blick
tray-state-paused = Pausiert
tray-state-alarm = Ihr Konto ist vielleicht gestohlen
tray-state-stopped = Angehalten
tray-state-no-account = Noch kein Konto
tray-open = Öffnen
tray-needs-eye = Braucht Ihren Blick ({ $count })
tray-report =
    { $count ->
        [one] Eine wartende melden…
       *[other] { $count } wartende melden…
    }
tray-check = Jetzt nachsehen
tray-pause-hour = Eine Stunde Pause
tray-pause-tomorrow = Pause bis morgen
tray-resume = Fortfahren
tray-quit = Beenden
