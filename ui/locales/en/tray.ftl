tray-state-watching = Watching for new mail
tray-state-working = Looking through your mail
tray-state-waiting = Waiting to try again
tray-state-needs-you = Some mail needs your eye
tray-state-paused = Paused
tray-state-alarm = Your account may be stolen
tray-state-stopped = Stopped
tray-state-no-account = No account yet
tray-open = Open
tray-needs-eye = Needs your eye ({ $count })
tray-report =
    { $count ->
        [one] Report one waiting…
       *[other] Report { $count } waiting…
    }
tray-check = Check now
tray-pause-hour = Pause for an hour
tray-pause-tomorrow = Pause until tomorrow
tray-resume = Resume
tray-quit = Quit
