## Whom it came for

evidence-whom-own = Este mensaje llegó para { $addresses }: solo usted escribe desde esa dirección.
evidence-whom-shared = Este mensaje llegó para { $address }, y otros también escriben desde esa dirección.
evidence-whom-not-own = Este mensaje llegó para { $address }, que no figura como dirección propia de usted.
evidence-whom-role = Este mensaje llegó para { $address }, una dirección que suelen usar varias personas o programas; no figura como suya.
evidence-whom-nobody = Este mensaje no dice para qué dirección llegó.

## The ids of the original

evidence-sent = Este mensaje responde a un mensaje que usted envió: está en su correo enviado, con fecha { $day }.
evidence-own-report = Este mensaje responde a una queja que Neversent envió por usted el { $day }.
evidence-references = Este mensaje menciona un mensaje suyo, pero no dice que le responda.
evidence-never-sent = El mensaje al que este responde no está en su correo enviado, que está completo para esas fechas.
evidence-not-found = El mensaje al que este responde no se encontró en su correo enviado.
evidence-no-id = Este mensaje no indica el número del mensaje al que responde, así que no se puede buscar.

## What speaks for the user

evidence-rewritten = Usted envió en ese momento un mensaje con este asunto a esta persona; un servidor del camino le puso otro número.
evidence-declared-relay = Usted dijo que los mensajes que vienen del servidor { $address } son suyos.
evidence-declared-id = Usted dijo que los mensajes numerados como { $pattern } son suyos.
evidence-declared-header = Usted dijo que los mensajes marcados con { $pattern } son suyos.
evidence-declared-dkim = Usted dijo que los mensajes firmados con { $selector } son suyos.

## What is not moved

evidence-doubtful = Solo reglas que no están seguras toman este mensaje por una respuesta automática; por eso no se mueve.
evidence-abuse-report = Es un informe sobre un abuso o sobre correo en nombre de su dominio.
evidence-postmaster-copy = Es una copia para el administrador del correo, sobre el mensaje de otra persona.
evidence-receipt = Es un acuse de recibo.
evidence-success-report = Es un aviso de que un mensaje llegó.
evidence-own-automatic = El mensaje al que este responde lo envió un programa, quizá su propia respuesta automática.
evidence-forward = El mensaje al que este responde era de otra persona y para usted: quizá usted reenvía su correo.

## What was sent through the user's own server

evidence-signature = El mensaje al que este responde lleva una firma válida de su propio dominio.
evidence-relay = El mensaje al que este responde vino de { $address }, de donde viene también su propio correo.
evidence-own-server = Su propio servidor de correo { $server } recibió el mensaje al que responde de alguien que había iniciado sesión.
evidence-maybe-signature = El mensaje al que este responde lleva una firma válida de su dominio, pero un remitente distinto de usted.
evidence-maybe-relay =
    { $mails ->
        [one] El mensaje al que este responde vino de { $address }, igual que uno de sus propios mensajes que fue devuelto.
       *[other] El mensaje al que este responde vino de { $address }, igual que { $mails } de sus propios mensajes que fueron devueltos.
    }
evidence-maybe-server = El servidor de correo { $server } parece ser suyo, y nada muestra que el mensaje le llegara de fuera.

## Proofs

evidence-made-up = Nadie escribió nunca desde esta dirección de su dominio ni a ella: es inventada.
evidence-storm-subject = Este mensaje forma parte de una tormenta: al menos { $mails } mensajes con el mismo asunto, a menos de tres días de este, no los envió usted.
evidence-storm-networks = Este mensaje forma parte de una tormenta: al menos { $mails } mensajes con el mismo asunto vinieron de { $networks } redes distintas en tres días, y usted nunca usó este asunto.
evidence-storm-address = Este mensaje forma parte de una tormenta: el mensaje al que responde vino de { $address }, igual que al menos { $mails } mensajes en tres días que usted no envió.
evidence-spf = El mensaje al que este responde vino directamente de { $address }, y el dueño de { $domains } prohíbe a ese equipo enviar en su nombre.

## Who handed it on

evidence-trace-claimed = El mensaje al que este responde lo entregó { $host }, que se presentó como { $name }, un nombre de usted.
evidence-trace-not-handed-on = El mensaje al que este responde lo entregó { $host }; lo demás que se dice de su camino no continúa desde ahí y puede estar falsificado.
evidence-trace-no-writer = El mensaje al que este responde lo entregó { $host }; lo demás que se dice de su camino no nombra ningún servidor que lo escribiera y puede estar falsificado.
evidence-trace-claimed-name = El mensaje al que este responde lo entregó { $host }; lo demás que se dice de su camino se apoya en un nombre que nadie comprobó y puede estar falsificado.
evidence-trace-same-address = El mensaje al que este responde lo entregó { $host }; lo demás que se dice de su camino lo hace venir otra vez de la misma dirección y puede estar falsificado.
evidence-trace-times-backwards = El mensaje al que este responde lo entregó { $host }; lo demás que se dice de su camino es de una hora posterior y puede estar falsificado.
evidence-trace-own-server = Lo que puede estar falsificado de su camino nombra un servidor de usted.
evidence-authenticated = Una línea en nombre de su proveedor de correo ({ $provider }) dice que este mensaje vino de { $domain }.
evidence-not-authenticated = Una línea en nombre de su proveedor de correo ({ $provider }) dice que este mensaje no vino de { $domain }, como afirma: puede estar falsificado él mismo.
evidence-host-name = El servidor que lo envió, { $address }, se llama { $name }.
evidence-backscatterer = El servidor que lo envió, { $address }, está en la lista de backscatterer.org: se le vio responder a mensajes falsificados. Esos servidores también envían devoluciones auténticas.

## When it was sent

evidence-time-implausible = Este mensaje dice que el mensaje se envió el { $time }, y eso no puede ser: llegó demasiado antes o después.
evidence-time-reported = El mensaje al que este responde llegó al otro servidor el { $time }, según su informe.
evidence-time-reached = El mensaje al que este responde llegó al otro servidor el { $time }.
evidence-time-of-notice = Este mensaje no dice cuándo se envió el mensaje, así que cuenta su propia hora: { $time }.

## What is known of sent mail

evidence-covered = Se conoce todo lo que usted envió entre el { $from } y el { $to }.
evidence-not-read = Su correo enviado aún no se ha leído hasta el final.
evidence-before-oldest = No se conoce lo que usted envió antes del { $oldest }: ahí empieza su correo enviado.
evidence-stale = Su correo enviado se leyó por última vez el { $read }, y eso no es lo bastante reciente.
evidence-hole = Un mensaje que usted envió entre el { $from } y el { $to } ya no está en su correo enviado: este podría ser su respuesta.
evidence-use-taken = Su correo enviado se da por completo para { $address }.
evidence-use-proves = Su correo enviado está completo para { $address }: de { $answers } respuestas a sus mensajes, { $known } corresponden a un mensaje que está ahí.
evidence-use-too-few = Muy pocas personas han respondido a sus mensajes desde { $address } para mostrar que su correo enviado está completo: { $answers }, y hacen falta 5.
evidence-use-missing =
    { $known ->
        [0] Parece que faltan mensajes suyos: de { $answers } respuestas a mensajes de { $address }, ninguna corresponde a un mensaje de su correo enviado.
        [one] Parece que faltan mensajes suyos: de { $answers } respuestas a mensajes de { $address }, solo una corresponde a un mensaje de su correo enviado.
       *[other] Parece que faltan mensajes suyos: de { $answers } respuestas a mensajes de { $address }, solo { $known } corresponden a un mensaje de su correo enviado.
    }
evidence-index = Lo que Neversent sabe de su correo enviado no se puede leer en este momento ({ $why }), así que no se mueve nada.

## What forbids to condemn it

evidence-subject-used = Usted usó este asunto en los 30 días anteriores.
evidence-wrote-to = Usted escribió a { $address } en los 30 días anteriores.
evidence-wrote-to-domain = Usted escribió a alguien de { $domain } en los 30 días anteriores.
evidence-rewritten-domain = El número del mensaje lo puso { $domain }, un servidor que quizá haga lo mismo con los de usted.
evidence-own-unseen-domain = Hay respuestas a mensajes suyos numerados por { $domain } que no están en ninguna carpeta de correo enviado.
evidence-signature-valid = El mensaje al que este responde lleva una firma de { $domain }, su propio dominio, y es válida.
evidence-signature-unchecked = El mensaje al que este responde lleva una firma de { $domain }, su propio dominio, que no se pudo comprobar.
evidence-notices-own-id = El número al que responde lo puso su propio remitente, { $domain }, como hacen los formularios web.

## What is waited for

evidence-waiting-grace = Su copia del mensaje aún puede llegar: hasta el { $until } no se mueve nada.
evidence-waiting-look-up = Una consulta a la red aún no tiene respuesta; se espera hasta el { $until }.
evidence-waiting-refresh = Su correo enviado se lee de nuevo antes de decidir esto.

## What the user said

evidence-users-word = Usted dijo que nunca envió el mensaje al que este responde.

## How far an account's index proves what was never sent

coverage-none = Las carpetas de correo enviado aún no se han leído hasta el final; hasta entonces no se mueve nada.
coverage-whole =
    { $minutes ->
        [0] Su correo enviado se conoce sin huecos desde el { $from }; leído ahora mismo.
        [one] Su correo enviado se conoce sin huecos desde el { $from }; leído hace un minuto.
       *[other] Su correo enviado se conoce sin huecos desde el { $from }; leído hace { $minutes } minutos.
    }
coverage-hole =
    { $minutes ->
        [0] Su correo enviado se conoce desde el { $from }, con un hueco donde falta un mensaje; leído ahora mismo.
        [one] Su correo enviado se conoce desde el { $from }, con un hueco donde falta un mensaje; leído hace un minuto.
       *[other] Su correo enviado se conoce desde el { $from }, con un hueco donde falta un mensaje; leído hace { $minutes } minutos.
    }
coverage-holes =
    { $minutes ->
        [0] Su correo enviado se conoce desde el { $from }, con { $holes } huecos donde faltan mensajes; leído ahora mismo.
        [one] Su correo enviado se conoce desde el { $from }, con { $holes } huecos donde faltan mensajes; leído hace un minuto.
       *[other] Su correo enviado se conoce desde el { $from }, con { $holes } huecos donde faltan mensajes; leído hace { $minutes } minutos.
    }

## Why a mail is not reported

why-not-backscatter = Solo se denuncia lo que se sacó como respuesta a correo nunca enviado.
why-not-delayed = Este mensaje avisa de un retraso; si el mensaje falla del todo, se denuncia ese aviso.
why-not-list = Este mensaje vino de una lista de correo o de su servidor; solo quien lleva la lista puede denunciarlo.
why-not-left-alone = Es un acuse de recibo, un aviso de éxito o un informe de abuso, y nada que se denuncie.
why-not-own-provider = Este mensaje lo envió su propio proveedor de correo, o no se nombra a nadie más: usted denunciaría a su propio proveedor.
why-not-no-server = Este mensaje no muestra la dirección del servidor que lo envió.
why-not-too-old = Este mensaje llegó hace más de dos días; SpamCop no acepta nada más antiguo.
why-not-too-old-for-operator = Este mensaje llegó hace más de una semana; ya nadie puede averiguarlo.
why-not-no-injector = Este mensaje no muestra quién entregó el mensaje falsificado: solo cuenta lo que anotó el propio servidor que informa.
