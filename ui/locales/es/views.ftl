## Overview

account = Cuenta
mails = Mensajes
day = Día
server = Servidor
today = Hoy
month = Últimos 30 días
last-30-days = Últimos 30 días
figure-moved = sacados de su bandeja
figure-restored = devueltos por usted
figure-rescued = rescatados automáticamente
figure-reported = denunciados
chart-title = Respuestas a correo nunca enviado, por hora
chart-label =
    { $storms ->
        [0] Gráfico de los últimos 30 días, sin tormentas.
        [one] Gráfico de los últimos 30 días, con una tormenta.
       *[other] Gráfico de los últimos 30 días, con { $storms } tormentas.
    }
chart-all = Todos
chart-storm = Tormenta
show-as-table = Mostrar como tabla
show-as-chart = Mostrar como gráfico
storm = Tormenta de { $count } mensajes en { $span }, { $from } ({ $when })
kinds = Qué llegó
reasons = Qué dijeron los servidores
top-servers = Quién envió más
all-sources = Todos los orígenes
nothing-yet = Todavía no se ha sacado nada.
quarantined = En «Never Sent»
would-move = Se moverían
coverage = Su correo enviado
look-at-these = Ver estos mensajes
type-password = Escribir de nuevo la contraseña
check-now = Comprobar ahora
try-now = Intentar ahora
checking = Buscando correo nuevo.
pause-hour = Pausa de una hora
pause-tomorrow = Pausa hasta mañana
paused = En pausa. Su correo no se toca.
resume = Continuar
resumed = Neversent continúa.
look-through = Revisar y activar

## Never Sent

never-sent-intro = Respuestas a correo que usted nunca envió. Alguien usó su dirección para enviar spam y las respuestas le llegaron a usted.
found =
    { $count ->
        [0] Ningún mensaje
        [one] Un mensaje
       *[other] { $count } mensajes
    }
search = Buscar
search-placeholder = Asunto, dirección, servidor
search-and-filter = Buscar y filtrar
any-kind = Cualquier tipo
any-state = En todas partes
any-account = Todas las cuentas
where = Dónde está
server-exactly = Solo este servidor
clear-filter = Quitar el filtro
nothing-matches = Nada coincide. Quite el filtro para verlo todo.
quarantine-empty = Aquí no hay nada. Su bandeja no ha recibido respuestas a correo nunca enviado.
would-move-note =
    { $count ->
        [one] Un mensaje se movería aquí. La cuenta solo observa.
       *[other] { $count } mensajes se moverían aquí. Sus cuentas solo observan.
    }
apply = Moverlos ahora
apply-ask =
    { $count ->
        [one] ¿Mover un mensaje a «Never Sent»?
       *[other] ¿Mover { $count } mensajes a «Never Sent»?
    }
apply-ask-text = Cada uno se puede devolver desde allí.
applied =
    { $count ->
        [one] Un mensaje se movió a «Never Sent».
       *[other] { $count } mensajes se movieron a «Never Sent».
    }
chosen =
    { $count ->
        [one] Uno seleccionado
       *[other] { $count } seleccionados
    }
chosen-mails = Mensajes seleccionados
choose-all = Seleccionar todo
choose-all-matching = Seleccionar los { $count } que coinciden
choose-none = No seleccionar nada
choose-mail = Seleccionar «{ $subject }»
actions = Acciones
subject = Asunto
from = De
came = Llegó
grid-keys = Las flechas mueven, Intro abre, Espacio selecciona, R devuelve, P denuncia, Supr borra, / busca.

## One mail

verdict-backscatter = Usted no envió el mensaje al que este responde.
verdict-genuine = Esto responde a un mensaje suyo.
verdict-misused = Esto salió por su propio servidor, pero quizá no lo envió usted.
verdict-undecided = No está claro si usted envió el mensaje al que este responde.
verdict-ordinary = Es correo corriente.
where-quarantined = Está en «Never Sent» desde { $when }.
where-quarantined-until = Está en «Never Sent» desde { $when } y se borrará el { $until }.
where-judged = Sigue en { $folder } y se movería a «Never Sent».
where-restored = Usted lo devolvió a { $folder }. No se moverá de nuevo.
where-rescued = Sí era suyo y está de nuevo en { $folder }.
where-purged = Se borró de «Never Sent» al cumplirse su plazo.
where-gone = Ya no está en «Never Sent»: alguien lo movió o borró con otro programa.
where-undecided = Se queda en { $folder } hasta que usted decida.
mail-gone = Este mensaje ya no está aquí.
mail-gone-where = Entretanto se movió, se decidió o se borró. Si se movió, está en «Never Sent».
decide-in-eye = Decidir en «Por revisar»
evidence = Por qué
says-mine = Suyo:
says-not_mine = No es suyo:
says-through_my_server = Su servidor:
says-hint = Nota:
detail = Detalles
original = El mensaje al que responde
original-explain = Esto es lo que volvió de él. Cualquiera puede haberlo escrito en su nombre.
original-none = De él no volvió nada.
to = Para
date = Fecha
message-id = Número de mensaje
not-reached = No llegó a
hops = El camino que siguió
hops-explain = El último paso está arriba. Solo es fiable lo que está por encima de una rotura.
chain-breaks = Aquí se rompe la cadena
handed-over-by = Entregado por
trust-reporter = escrito por el servidor que respondió
trust-follows = encaja con el paso de arriba
trust-breaks = no encaja con el paso de arriba
trust-below = no es fiable
source = Código fuente
source-part = Solo se muestra el principio de { $size }.
save-mail = Guardar el mensaje en un archivo
folder = Carpeta
size = Tamaño
rule = Regla

## Reporting one mail

report-title = Denunciar
report-explain = SpamCop avisa a quien administra el servidor de que responde a correo falsificado. Usted lo confirma allí antes de que se envíe nada.
why-not = No se puede denunciar.
discard = No denunciar
mark-done = Lo he confirmado
open-spamcop = Abrir la página de SpamCop
send-again = Enviar de nuevo
time-left = quedan { $span }
too-late = Demasiado tarde
spamcop-is-off = Los informes están desactivados. Actívelos en los ajustes.
write-complaint = Escribir al responsable de la red
complain-about = Sobre
channel-spam_cop = SpamCop
channel-operator = El servidor que envió el aviso
channel-injector = El equipo que entregó el correo falsificado
complaint-host = Sobre el equipo
look-up-contact = Buscar a quién escribir
look-up-tells = El registro de la red sabrá que alguien pregunta.
contact = Contacto
contact-rdap = según el registro de la red
contact-abusix = según Abusix
text = Texto
complain-again = Escribir aunque este contacto haya recibido algo hace menos de una semana
send-complaint = Enviar la queja
complaint-sent = La queja a { $to } está en camino.

## Needs your eye

eye-intro = Estos mensajes se quedan donde están hasta que usted decida. Una decisión resuelve un grupo entero.
eye-empty = Nada le espera. Todo lo demás estaba claro.
eye-keys = J y K cambian de grupo. M: fui yo. N: nunca enviado. L: dejar.
group-label =
    { $count ->
        [one] Un mensaje
       *[other] Grupo de { $count } mensajes
    }
group-address =
    { $count ->
        [one] Un mensaje llegó para
       *[other] { $count } mensajes llegaron para
    }
group-subject =
    { $count ->
        [one] Un mensaje sobre
       *[other] { $count } mensajes sobre
    }
group-kind =
    { $count ->
        [one] Un mensaje del tipo
       *[other] { $count } mensajes del tipo
    }
group-sent_folders =
    { $count ->
        [one] Un mensaje de una época cuyo correo enviado no se conoce
       *[other] { $count } mensajes de una época cuyo correo enviado no se conoce
    }
newest = el último { $when }
what-is-missing = Qué falta:
what-is-seen = Qué se ha visto:
maybe-stolen = Puede que le hayan robado la cuenta. ¿Fue usted?
see-mails =
    { $count ->
        [one] Ver el mensaje
       *[other] Ver los mensajes
    }
that-was-me = Fui yo
never-sent = Nunca enviado
leave = Dejarlos
choose-sent-folders = Elegir las carpetas de enviados
whose-address = Decir de quién es esta dirección
decide-ask =
    { $count ->
        [one] ¿Mover un mensaje a «Never Sent»?
       *[other] ¿Mover { $count } mensajes a «Never Sent»?
    }
decide-ask-text = Usted dice que no envió aquello a lo que responden. Se pueden devolver desde allí.
decided =
    { $count ->
        [one] Un mensaje se movió a «Never Sent».
       *[other] { $count } mensajes se movieron a «Never Sent».
    }
left =
    { $count ->
        [one] Un mensaje se queda donde está y no se volverá a preguntar por él.
       *[other] { $count } mensajes se quedan donde están y no se volverá a preguntar por ellos.
    }
mine-explain = Elija en qué se reconoce su correo. Desde entonces, las respuestas a ese correo se quedan en su bandeja.
mine-settles =
    { $settles ->
        [0] No resuelve ningún otro mensaje
        [one] Resuelve otro mensaje
       *[other] Resuelve otros { $settles } mensajes
    } { $back ->
        [0] y no devuelve ninguno.
        [one] y devuelve uno de «Never Sent».
       *[other] y devuelve { $back } de «Never Sent».
    }
mine-seem-forged =
    { $count ->
        [one] Uno de ellos parece de spammers. Probablemente los spammers también escriben así.
       *[other] { $count } de ellos parecen de spammers. Probablemente los spammers también escriben así.
    }
mine-forgeable = Cualquiera puede escribir esto en un mensaje.
examples = Por ejemplo:
no-proposal = No hay nada en lo que se puedan reconocer estos mensajes.
learn-this = Recordar esto
declared = Sus otros remitentes

## Reports

reports-intro = Los informes avisan a los administradores de que sus servidores responden a correo falsificado. SpamCop no acepta nada de más de dos días.
reports-empty = No hay nada que denunciar.
report-state-waiting = Le espera
report-state-approved = Se enviará
report-state-sending = Enviándose
report-state-cut_off = Quizá enviado
report-state-sent = Enviado
report-state-needs_confirmation = Por confirmar en SpamCop
report-state-done = Confirmado
report-state-refused = Rechazado
report-state-expired = Demasiado antiguo
report-state-discarded = No denunciado
report-state-withdrawn = Retirado
approve = Enviar
approve-all =
    { $count ->
        [one] Enviar el informe que espera
       *[other] Enviar los { $count } informes que esperan
    }
approve-all-ask =
    { $count ->
        [one] ¿Enviar un informe?
       *[other] ¿Enviar { $count } informes?
    }
approve-all-text = Usted responde de lo que denuncia. Si no está seguro, mire antes los mensajes.
send-now =
    { $count ->
        [one] Enviar uno ahora
       *[other] Enviar { $count } ahora
    }
sent-now =
    { $count ->
        [0] Ahora no se pudo enviar nada.
        [one] Se envió un informe.
       *[other] Se enviaron { $count } informes.
    }
chosen-reports = Informes seleccionados
by-itself = enviado por sí solo
was-put-back = el mensaje fue devuelto
others-of-server =
    { $count ->
        [one] uno más igual
       *[other] { $count } más iguales
    }
sent-at = enviado { $when }
opened-at = página abierta { $when }
spamcop-is-off-text = Los informes están desactivados. No se envía nada hasta que los active.
unmatched = Respuestas de SpamCop sin informe
unmatched-text = No se sabe a qué informe pertenecen estos enlaces. Copie uno en su navegador para verlo.
digest = Lo que se denunció por sí solo

## Sources

sources-intro = Quién está detrás de las respuestas que le llegaron.
role = Papel
role-backscatterer = Servidores que respondieron
role-backscatterer-text = Aceptan correo falsificado y luego le envían el error a usted, que nunca escribió.
role-injector = Equipos que lo entregaron
role-injector-text = Entregaron el correo falsificado al primer servidor verdadero, hasta donde muestran sus rastros.
servers-found =
    { $count ->
        [one] Un servidor
       *[other] { $count } servidores
    }
no-sources = No se encontró ningún servidor.
last-seen = Última vez
network = Red
claimed-to-be-you = se hizo pasar por usted
listed = figura en backscatterer.org
spark-label = Mensajes por día, { $most } como máximo
export-csv = Guardar como CSV
export-json = Guardar como JSON
