tray-state-watching = A la espera de correo nuevo
tray-state-working = Revisando su correo
tray-state-waiting = Esperando para intentarlo de nuevo
tray-state-needs-you = Hay mensajes por revisar
tray-state-paused = En pausa
tray-state-alarm = Puede que le hayan robado la cuenta
tray-state-stopped = Detenido
tray-state-no-account = Todavía no hay cuenta
tray-open = Abrir
tray-needs-eye = Por revisar ({ $count })
tray-report =
    { $count ->
        [one] Denunciar el que espera…
       *[other] Denunciar los { $count } que esperan…
    }
tray-check = Comprobar ahora
tray-pause-hour = Pausa de una hora
tray-pause-tomorrow = Pausa hasta mañana
tray-resume = Continuar
tray-quit = Salir
