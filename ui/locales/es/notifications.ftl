notify-first = Una respuesta a correo que usted nunca envió se movió a «Never Sent».
notify-summary =
    { $count ->
        [one] Una respuesta a correo que nunca envió, movida a «Never Sent».
       *[other] { $count } respuestas a correo que nunca envió, movidas a «Never Sent».
    }
notify-flood =
    { $count ->
        [one] Alguien escribe en su nombre: una respuesta hasta ahora, movida a «Never Sent».
       *[other] Alguien escribe en su nombre: { $count } respuestas hasta ahora, movidas a «Never Sent».
    }
notify-alarm = Por su propio servidor salió correo que quizá no escribió usted ({ $account }). ¿Fue usted?
notify-sign-in = El servidor de correo rechazó el inicio de sesión de { $account }.
notify-no-tray = Este escritorio no muestra iconos en la barra. Neversent funciona igualmente; ábralo otra vez para ver su ventana.
notify-show = Mostrar
notify-report-all = Denunciar todo
notify-from = De { $account }.
notify-digest = Notificado automáticamente:
