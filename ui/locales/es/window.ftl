## Frame of the window

skip-to-content = Ir al contenido
nav-label = Vistas principales
nav-overview = Resumen
nav-never-sent = Nunca enviados
nav-eye = Por revisar
nav-reports = Informes
nav-sources = Orígenes
nav-accounts = Cuentas y ajustes
nav-first-run = Configurar una cuenta
loading = Un momento…
messages = Mensajes
dismiss = Cerrar este mensaje
undo = Deshacer
cancel = Cancelar
close = Cerrar
back = Atrás
stop = Detener
try-again = Intentar de nuevo
agent-away = Neversent no responde. Quizá esté arrancando o cerrándose; la ventana lo busca por sí sola.
agent-back = Neversent responde de nuevo.
settings-problem-file = El archivo es { $file }.
open-accounts = Abrir las cuentas
open-settings = Abrir los ajustes
check-store = Comprobar los datos
work-progress = { $what }: { $done } de { $total }
work-stopped = El resto quedó como estaba.
failed-some = { $count } no se pudieron cambiar. El primer motivo: { $why }
saved = Guardado.
saved-as = Guardado como { $path }.

## Text that strangers wrote

unfold = Mostrar todo
fold = Mostrar menos
cut-short = El resto es demasiado largo para mostrarlo.
hidden-character = Un carácter invisible
homograph = Letras que parecen otras: { $scripts }
unknown = desconocido
unknown-server = servidor desconocido
no-subject = (sin asunto)
and-more =
    { $count ->
        [one] y uno más
       *[other] y { $count } más
    }

## What an account is doing

state-stopped = Detenida.
state-connecting = Conectando con el servidor de correo.
state-signing-in = Iniciando sesión.
state-indexing = Leyendo su correo enviado: { $done } de { $total }.
state-indexing-short = Leyendo su correo enviado
state-scanning = Revisando su bandeja de entrada.
state-watching = A la espera de correo nuevo.
state-waiting = Nuevo intento { $when }.
state-sign-in-failed = El servidor de correo rechazó el inicio de sesión.
state-paused = En pausa hasta que usted continúe.
state-paused-until = En pausa hasta { $until }.

## Kinds of mail

kind = Tipo
kind-ordinary = Correo corriente
kind-bounce = Devolución
kind-auto_reply = Respuesta automática
kind-challenge = Petición de confirmación
kind-virus_notice = Aviso de virus
kind-list_notice = Aviso de lista
kind-receipt = Acuse de recibo
kind-abuse_report = Informe de abuso

reason = Motivo
reason-recipient_unknown = Destinatario desconocido
reason-mailbox_full = Buzón lleno
reason-spam = Tomado por spam
reason-virus = Virus
reason-policy = Contra las normas de allí
reason-relaying_denied = Reenvío denegado
reason-too_big = Demasiado grande
reason-host_unknown = Servidor desconocido
reason-timed_out = Tiempo agotado
reason-unspecified = Sin motivo indicado

## Where a mail is

state-of-mail-quarantined = En «Never Sent»
state-of-mail-judged = Se movería
state-of-mail-restored = Devuelto
state-of-mail-rescued = Rescatado
state-of-mail-purged = Borrado
state-of-mail-gone = Ya no está
state-of-mail-undecided = Sin decidir

## What can be done

restore = Devolver a su sitio
report = Denunciar
purge = Borrar…
restoring = Devolviendo
purging = Borrando
reporting = Informes
deciding = Decidiendo
restore-ask =
    { $count ->
        [one] ¿Devolver un mensaje a su sitio?
       *[other] ¿Devolver { $count } mensajes a su sitio?
    }
restore-ask-text = Vuelven adonde estaban. Neversent no los moverá nunca más, así que esto no se puede deshacer aquí.
restored-done =
    { $count ->
        [one] El mensaje está de nuevo donde estaba.
       *[other] { $count } mensajes están de nuevo donde estaban.
    }
purge-ask =
    { $count ->
        [one] ¿Borrar este mensaje?
       *[other] ¿Borrar { $count } mensajes?
    }
purge-ask-text = Se borran del servidor de correo para siempre.
purged-done =
    { $count ->
        [one] Borrado.
       *[other] Se borraron { $count } mensajes.
    }
report-approved =
    { $count ->
        [one] El informe está en camino.
       *[other] { $count } informes están en camino.
    }
report-discarded =
    { $count ->
        [one] El mensaje no se denuncia.
       *[other] { $count } mensajes no se denuncian.
    }
report-waits =
    { $count ->
        [one] El informe le espera de nuevo.
       *[other] { $count } informes le esperan de nuevo.
    }
report-opened = La página de SpamCop está abierta en su navegador. Mírela y confirme allí.
report-done-said =
    { $count ->
        [one] Anotado como confirmado.
       *[other] { $count } informes están anotados como confirmados.
    }
event-rescued =
    { $count ->
        [one] Un mensaje sí era suyo y está de nuevo en su carpeta.
       *[other] { $count } mensajes sí eran suyos y están de nuevo en sus carpetas.
    }
