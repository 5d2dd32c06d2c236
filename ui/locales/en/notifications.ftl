notify-first = A reply to mail you never sent was moved to Never Sent.
notify-summary =
    { $count ->
        [one] One reply to mail you never sent, moved to Never Sent.
       *[other] { $count } replies to mail you never sent, moved to Never Sent.
    }
notify-flood =
    { $count ->
        [one] Somebody is writing in your name: one reply so far, moved to Never Sent.
       *[other] Somebody is writing in your name: { $count } replies so far, moved to Never Sent.
    }
notify-alarm = Mail that you may not have written left through your own server ({ $account }). Was it you?
notify-sign-in = The mail server refused the sign-in of { $account }.
notify-no-tray = This desktop shows no tray icons. Neversent works all the same; start it again to see its window.
notify-show = Show
notify-report-all = Report all
notify-from = From { $account }.
notify-digest = Reported by itself:
