## Accounts

settings-parts = Partes de los ajustes
part-accounts = Cuentas
part-spamcop = Informes
part-privacy = Privacidad
part-desktop = Este equipo
part-learned = Aprendido
part-rules = Reglas
part-data = Datos
accounts = Cuentas
no-accounts = Todavía no hay ninguna cuenta.
no-such-account = No hay ninguna cuenta «{ $name }».
add-account = Añadir una cuenta
edit = Editar
edit-account = Editar { $name }
add = Añadir
remove = Quitar
save = Guardar
more = Más ajustes
name = Nombre
name-hint = Lo encontrado se guarda con este nombre, por eso ya no cambia.
your-address = Su dirección
aliases = Otras direcciones con las que usted envía
aliases-hint = Una por línea.
shared = Direcciones con las que también envían otros
shared-hint = Una por línea. Lo que llega para ellas no se mueve nunca.
own-domains = Dominios que son solo suyos
own-domains-hint = Uno por línea. Toda dirección de allí cuenta como suya.
mode = Qué hacer con lo que nunca envió
mode-observe = Solo observar
mode-observe-hint = Se muestra aquí y se queda en su bandeja.
mode-quarantine = Mover a «Never Sent»
mode-quarantine-hint = Sale de su bandeja y se puede devolver en cualquier momento.
imap-server = Servidor para leer correo (IMAP)
smtp-server = Servidor para enviar correo (SMTP)
smtp-hint = Solo hace falta para los informes.
add-smtp = Añadir un servidor de envío
without-smtp = Sin servidor de envío
host = Servidor
port = Puerto
security = Seguridad
security-tls = TLS
security-starttls = STARTTLS
security-none = Ninguna (solo este equipo)
user = Nombre de usuario
password = Contraseña
password-unchanged = sin cambios
password-hint = Va al llavero de su escritorio y a ningún otro sitio.
password-command = Orden que escribe la contraseña
test-account = Probar el inicio de sesión
test-hint = Inicia sesión y mira las carpetas. No se cambia nada.
sign-in-works = El inicio de sesión funciona.
sent-found = Las carpetas de enviados se encuentran por sí solas.
sent-chosen = Carpetas de enviados: { $folders }
folders = Carpetas
folder-sent = Correo enviado
folder-watched = Vigilada
folder-is-sent = { $folder } contiene correo enviado
folder-is-watched = { $folder } está vigilada
declared-hint = Correo suyo que no está en ninguna carpeta de enviados, por ejemplo de una tienda o una impresora.
declared-kind = Se reconoce por
declared-value = En qué se reconoce
declared-relay = Dirección de servidor
declared-id = Número de mensaje
declared-header = Línea de cabecera
declared-dkim = Clave DKIM
quarantine-folder = Carpeta para lo que nunca envió
grace = Tiempo de espera
grace-hint = Lo que una copia de su mensaje puede tardar en llegar a enviados, por ejemplo 10m.
scan-back = La primera revisión abarca
scan-back-hint = Por ejemplo 90d, o all para todo.
keep = Se guarda en «Never Sent»
keep-hint = Por ejemplo 30d, o forever para siempre.
without-uidplus = Mover copiando y borrando
without-uidplus-hint = Solo para servidores que no ofrecen nada mejor.
switch-on = Activar
switch-on-ask = ¿Mover desde ahora lo que nunca envió?
switch-on-text = Las respuestas a correo nunca enviado salen de su bandeja. Cada una se muestra con sus motivos y se puede devolver.
remove-account = Quitar la cuenta
remove-account-ask = ¿Quitar { $name }?
remove-account-text = Neversent deja de ocuparse de ella. Su correo queda como está.
account-removed = { $name } se ha quitado.

## Reports and complaints

spamcop-what = SpamCop averigua quién administra un servidor y le entrega su queja. Neversent no envía nada sin su permiso, salvo que usted lo pida.
spamcop-step-account = Abra una cuenta en SpamCop.
spamcop-step-mailhosts = Registre allí sus «mailhosts», o SpamCop podría culpar a su propio proveedor.
spamcop-step-address = Copie la dirección que aparece en «Report Spam».
open-spamcop-account = Abrir SpamCop
spamcop-address = Su dirección secreta en SpamCop
spamcop-address-hint = Quien la conoce denuncia en su nombre. Va al llavero.
address-known = conocida; escriba para cambiarla
report-mode = Cuándo se envían los informes
report-mode-ask = Cuando yo apruebe cada uno
report-mode-ask-hint = Antes no sale nada.
report-mode-automatic = Por sí solos
report-mode-automatic-hint = Solo lo que demuestra algo más que un número que falta, y dos horas después como pronto.
report-mode-off = Nunca
report-mode-off-hint = No se hace ningún informe.
cap-daily = Como máximo al día
cap-hourly = Como máximo por hora
cap-server = Por servidor y día
quick = Informes rápidos
quick-what = SpamCop denuncia entonces al momento, sin preguntarle. Un error denuncia a su propio proveedor. Los administradores de SpamCop tienen que permitirlo.
quick-mailhosts = Cada dirección por la que me llega correo está registrada y confirmada en SpamCop
quick-on = Denunciar al momento
quick-on-hint = Solo junto con el punto anterior.
complaints = Quejas al responsable de la red
complaints-what = También puede escribir a quien responde de una red. Cada queja se le muestra antes de enviarla.
complaints-operator = Sobre servidores que envían estas respuestas
complaints-injector = Sobre equipos que entregan correo falsificado
complaints-language = Escritas en

## Privacy

privacy = Qué se consulta y quién se entera
privacy-intro = Aparte de su servidor de correo, Neversent no pregunta nada a nadie, salvo esto. Sin una consulta, un mensaje queda en el peor caso sin decidir.
look-dkim_spf = Claves y remitentes de su propio dominio
look-dkim_spf-tells = Sus servidores de nombres y los de su dominio saben que llegó un aviso así.
look-backscatterer = La lista de backscatterer.org
look-backscatterer-tells = El administrador de la lista sabe que alguien pregunta por un servidor.
look-host_names = Nombres de servidores
look-host_names-tells = Los servidores de nombres de una dirección saben que alguien pregunta por ella.
look-rdap = Contactos del registro de la red
look-rdap-tells = IANA y el registro saben que alguien pregunta por una dirección.
look-abuse_contacts = Contactos de la lista de Abusix
look-abuse_contacts-tells = Sus servidores de nombres y los de la lista saben que alguien pregunta por una dirección.

## This computer

desktop = Idioma y notificaciones
language = Idioma
language-of-desktop = Como el escritorio
notifications = Notificaciones
show-notices-summary = De vez en cuando, en resumen
show-notices-alarms = Solo alarmas
show-senders = Nombrar remitentes y asuntos
show-senders-hint = Entonces se pueden leer con la pantalla bloqueada.
quiet-hours = Horas de silencio
quiet-hours-hint = Solo se muestra una alarma.
quiet-from = De la hora
quiet-to = a la hora
program = Programa
autostart = Arrancar con el escritorio
version = Versión { $version }
quit = Salir de Neversent
quit-ask = ¿Salir de Neversent?
quit-text = Su bandeja no se vigila hasta que lo arranque de nuevo.

## Learned, rules, data

learned = Lo aprendido
learned-intro = Así reconoce Neversent el correo suyo que no encuentra en enviados.
learned-nothing = Todavía no se ha aprendido nada.
learned-rewritten = Un servidor del camino de salida escribe sus números sobre los de usted, desde el { $day }.
learned-own_unseen = La gente responde a correo suyo con estos números. Vale hasta el { $day }.
learned-declared = Usted dijo el { $day } que este remitente es suyo.
mails-showed =
    { $count ->
        [one] un mensaje lo mostró
       *[other] { $count } mensajes lo mostraron
    }
forget = Olvidar
forget-this = Olvidar { $name }
forget-ask = ¿Olvidar { $name }?
forget-text = Las respuestas a ese correo se juzgan de nuevo. Se puede volver a aprender.
forgotten = { $name } se ha olvidado.
selectors = Claves DKIM vistas en su correo
rules = Reglas
rules-intro = Así reconoce Neversent el correo automático. Lo que solo reconoce una regla insegura no se mueve nunca.
recognised = Reconocidos
your-rule = suya
not-sure = insegura
rule-gone = ya no existe
backup = Copia de seguridad
backup-text = Una exportación contiene sus decisiones, lo aprendido y la lista de informes, pero ningún mensaje ni contraseña.
export = Exportar…
exported =
    { $entries ->
        [one] Se escribió una entrada ({ $size }) en { $path }.
       *[other] Se escribieron { $entries } entradas ({ $size }) en { $path }.
    }
import = Importar
import-file = Archivo que importar, con su ruta completa
import-ask = ¿Incorporar esta exportación?
import-text = Lo que ya se sabe se queda. No se borra nada.
imported = Se incorporaron { $entries } entradas, { $known } ya se conocían y { $damaged } dañadas quedaron fuera.
store = Datos
settings-file = Ajustes
data-folder = Datos
diagnostics = Diagnóstico
diagnostics-text = Si algo no funciona, esto ayuda a saber por qué. Se omiten direcciones, asuntos y números de mensaje. No se envía nada.
show-diagnostics = Mostrar lo que se guardaría
save-diagnostics = Guardarlo en un archivo

## First run

steps = Pasos
step-address = Dirección
step-servers = Iniciar sesión
step-folders = Carpetas
step-reading = Lectura
step-list = Revisión
title-address = Sacar de su bandeja las respuestas a correo que nunca envió
title-servers = Iniciar sesión en su servidor de correo
title-folders = ¿Dónde está su correo enviado?
title-reading = Leyendo lo que usted ha enviado
title-list = Esto es lo que se movería
title-ready = Neversent está activado
first-what = Cuando alguien envía spam en su nombre, los errores y los avisos de ausencia le llegan a usted. Neversent compara cada uno con el correo que usted envió de verdad.
first-promise-look = Primero solo mira. Usted ve la lista antes de que se mueva nada.
first-promise-moved = En la duda, un mensaje se queda en su bandeja. Lo movido se puede devolver.
first-promise-delete = Su contraseña se queda en el llavero de su escritorio.
next = Siguiente
servers-of = Estos son los servidores de { $provider }.
servers-unknown = Su proveedor no está en nuestra tabla. Indique los servidores; las páginas de ayuda de su proveedor los nombran.
sign-in = Iniciar sesión
signing-in = Iniciando sesión…
folders-why = Neversent lee los números de los mensajes de estas carpetas para saber qué envió usted. No lee su texto.
sent-elsewhere = ¿Hay correo enviado que no está en ninguna de estas carpetas?
sent-elsewhere-what = Entonces las respuestas a él podrían tomarse por respuestas a correo nunca enviado. Haga que sus programas guarden una copia en enviados, o diga después en «Sus otros remitentes» en qué se reconoce ese correo. Si no está seguro, siga observando.
sent-none = Sin carpeta de enviados no se puede saber qué envió usted. Entonces todo queda sin decidir.
sent-choose-one = Elija al menos una carpeta con correo enviado. Sin ella no se puede saber qué envió usted.
begin-reading = Empezar a leer
begin-reading-hint = De momento la cuenta solo observa. No se mueve nada.
reading-what = Neversent lee su correo enviado y después revisa su bandeja de entrada.
reading-close = Puede cerrar la ventana mientras tanto. La lectura sigue.
reading-done = La lectura ha terminado.
account-gone = La cuenta «{ $name }» se eliminó. Ya no se lee nada de ella.
start-over = Empezar de nuevo
go-on = Continuar
would-move-list =
    { $count ->
        [one] Un mensaje se movería a «Never Sent».
       *[other] { $count } mensajes se moverían a «Never Sent».
    }
would-move-look = Abra algunos y mire los motivos.
would-move-none = En su bandeja no hay respuestas a correo nunca enviado. Puede activar Neversent para lo que llegue.
undecided-stay =
    { $count ->
        [one] Otro mensaje está sin decidir y se queda en su bandeja.
       *[other] Otros { $count } mensajes están sin decidir y se quedan en su bandeja.
    }
move-now = Moverlos y activar
move-now-hint = Cada mensaje se puede devolver con sus marcas y su fecha.
keep-observing = Seguir observando
ready-moved =
    { $count ->
        [0] No había nada que mover.
        [one] Un mensaje se movió a «Never Sent».
       *[other] { $count } mensajes se movieron a «Never Sent».
    }
ready-next = Desde ahora, las respuestas a correo nunca enviado salen de su bandeja por sí solas.
