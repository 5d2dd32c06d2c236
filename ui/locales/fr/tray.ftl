tray-state-watching = À l’écoute des nouveaux messages
tray-state-working = Examine votre courrier
tray-state-waiting = Attend avant de réessayer
tray-state-needs-you = Des messages sont à vérifier
tray-state-paused = En pause
tray-state-alarm = Votre compte est peut-être volé
tray-state-stopped = Arrêté
tray-state-no-account = Pas encore de compte
tray-open = Ouvrir
tray-needs-eye = À vérifier ({ $count })
tray-report =
    { $count ->
        [one] Signaler celui qui attend…
       *[other] Signaler les { $count } en attente…
    }
tray-check = Vérifier maintenant
tray-pause-hour = Pause d’une heure
tray-pause-tomorrow = Pause jusqu’à demain
tray-resume = Reprendre
tray-quit = Quitter
