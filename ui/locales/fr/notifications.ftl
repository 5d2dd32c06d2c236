notify-first = Une réponse à du courrier que vous n’avez jamais envoyé a été déplacée vers « Never Sent ».
notify-summary =
    { $count ->
        [one] Une réponse à du courrier jamais envoyé, déplacée vers « Never Sent ».
       *[other] { $count } réponses à du courrier jamais envoyé, déplacées vers « Never Sent ».
    }
notify-flood =
    { $count ->
        [one] Quelqu’un écrit en votre nom : une réponse jusqu’ici, déplacée vers « Never Sent ».
       *[other] Quelqu’un écrit en votre nom : { $count } réponses jusqu’ici, déplacées vers « Never Sent ».
    }
notify-alarm = Du courrier qui n’est peut-être pas de vous est parti par votre propre serveur ({ $account }). Était-ce vous ?
notify-sign-in = Le serveur de courrier a refusé l’identification de { $account }.
notify-no-tray = Ce bureau n’affiche pas d’icônes dans la barre. Neversent fonctionne quand même ; relancez-le pour voir sa fenêtre.
notify-show = Afficher
notify-report-all = Tout signaler
notify-from = De { $account }.
notify-digest = Signalé automatiquement :
