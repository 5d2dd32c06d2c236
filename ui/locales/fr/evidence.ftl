## Whom it came for

evidence-whom-own = Ce message est venu pour { $addresses } : vous êtes seul à écrire depuis cette adresse.
evidence-whom-shared = Ce message est venu pour { $address }, et d’autres écrivent aussi depuis cette adresse.
evidence-whom-not-own = Ce message est venu pour { $address }, qui n’est pas inscrite comme votre propre adresse.
evidence-whom-role = Ce message est venu pour { $address }, une adresse que plusieurs personnes ou programmes utilisent souvent ; elle n’est pas inscrite comme la vôtre.
evidence-whom-nobody = Ce message ne dit pas pour quelle adresse il est venu.

## The ids of the original

evidence-sent = Ce message répond à un message que vous avez envoyé : il est dans vos messages envoyés, à la date du { $day }.
evidence-own-report = Ce message répond à une plainte que Neversent a envoyée pour vous le { $day }.
evidence-references = Ce message mentionne l’un de vos messages, mais ne dit pas qu’il y répond.
evidence-never-sent = Le message auquel celui-ci répond n’est pas dans vos messages envoyés, qui sont complets pour cette période.
evidence-not-found = Le message auquel celui-ci répond n’a pas été trouvé dans vos messages envoyés.
evidence-no-id = Ce message n’indique pas le numéro du message auquel celui-ci répond ; on ne peut donc pas le rechercher.

## What speaks for the user

evidence-rewritten = Vous avez envoyé à ce moment un message avec cet objet à cette personne ; un serveur en chemin lui a donné un autre numéro.
evidence-declared-relay = Vous avez dit que les messages venant du serveur { $address } sont de vous.
evidence-declared-id = Vous avez dit que les messages numérotés { $pattern } sont de vous.
evidence-declared-header = Vous avez dit que les messages marqués { $pattern } sont de vous.
evidence-declared-dkim = Vous avez dit que les messages signés avec { $selector } sont de vous.

## What is not moved

evidence-doubtful = Seules des règles qui n’en sont pas sûres prennent ce message pour une réponse automatique ; il n’est donc pas déplacé.
evidence-abuse-report = C’est un rapport sur un abus ou sur des messages au nom de votre domaine.
evidence-postmaster-copy = C’est une copie pour l’administrateur du courrier, au sujet du message de quelqu’un d’autre.
evidence-receipt = C’est un accusé de réception.
evidence-success-report = C’est un avis disant qu’un message est arrivé.
evidence-own-automatic = Le message auquel celui-ci répond a été envoyé par un programme, peut-être par votre propre réponse automatique.
evidence-forward = Le message auquel celui-ci répond venait de quelqu’un d’autre et vous était destiné : peut-être faites-vous suivre votre courrier.

## What was sent through the user's own server

evidence-signature = Le message auquel celui-ci répond porte une signature valable de votre propre domaine.
evidence-relay = Le message auquel celui-ci répond venait de { $address }, d’où vient aussi votre propre courrier.
evidence-own-server = Votre propre serveur de courrier { $server } a reçu le message auquel celui-ci répond de quelqu’un qui s’était identifié.
evidence-maybe-signature = Le message auquel celui-ci répond porte une signature valable de votre domaine, mais un autre expéditeur que vous.
evidence-maybe-relay =
    { $mails ->
        [one] Le message auquel celui-ci répond venait de { $address }, tout comme l’un de vos propres messages qui est revenu.
       *[other] Le message auquel celui-ci répond venait de { $address }, tout comme { $mails } de vos propres messages qui sont revenus.
    }
evidence-maybe-server = Le serveur de courrier { $server } semble être le vôtre, et rien ne montre que le message lui soit venu de l’extérieur.

## Proofs

evidence-made-up = Personne n’a jamais écrit depuis ou à cette adresse de votre domaine : elle a été inventée.
evidence-storm-subject = Ce message fait partie d’une tempête : au moins { $mails } messages avec le même objet, à moins de trois jours de celui-ci, n’ont pas été envoyés par vous.
evidence-storm-networks = Ce message fait partie d’une tempête : au moins { $mails } messages avec le même objet sont venus de { $networks } réseaux différents en trois jours, et vous n’avez jamais utilisé cet objet.
evidence-storm-address = Ce message fait partie d’une tempête : le message auquel celui-ci répond venait de { $address }, tout comme au moins { $mails } messages en trois jours que vous n’avez pas envoyés.
evidence-spf = Le message auquel celui-ci répond venait directement de { $address }, et le propriétaire de { $domains } interdit à cet ordinateur d’envoyer en son nom.

## Who handed it on

evidence-trace-claimed = Le message auquel celui-ci répond a été transmis par { $host }, qui se présentait comme { $name }, l’un de vos noms.
evidence-trace-not-handed-on = Le message auquel celui-ci répond a été transmis par { $host } ; ce qui est dit d’autre de son chemin n’y fait pas suite et peut être falsifié.
evidence-trace-no-writer = Le message auquel celui-ci répond a été transmis par { $host } ; ce qui est dit d’autre de son chemin ne nomme aucun serveur qui l’aurait écrit et peut être falsifié.
evidence-trace-claimed-name = Le message auquel celui-ci répond a été transmis par { $host } ; ce qui est dit d’autre de son chemin repose sur un nom simplement prétendu et peut être falsifié.
evidence-trace-same-address = Le message auquel celui-ci répond a été transmis par { $host } ; ce qui est dit d’autre de son chemin le fait venir encore une fois de la même adresse et peut être falsifié.
evidence-trace-times-backwards = Le message auquel celui-ci répond a été transmis par { $host } ; ce qui est dit d’autre de son chemin date d’un moment plus tardif et peut être falsifié.
evidence-trace-own-server = Ce qui peut être falsifié dans son chemin nomme l’un de vos serveurs.
evidence-authenticated = Une ligne au nom de votre fournisseur de courrier ({ $provider }) dit que ce message est venu de { $domain }.
evidence-not-authenticated = Une ligne au nom de votre fournisseur de courrier ({ $provider }) dit que ce message n’est pas venu de { $domain }, comme il le prétend : il peut être lui-même falsifié.
evidence-host-name = Le serveur qui l’a envoyé, { $address }, s’appelle { $name }.
evidence-backscatterer = Le serveur qui l’a envoyé, { $address }, figure sur la liste de backscatterer.org : on l’a vu répondre à des messages falsifiés. De tels serveurs envoient aussi de vrais avis de non-remise.

## When it was sent

evidence-time-implausible = Ce message dit que le message a été envoyé le { $time }, ce qui est impossible : il est venu trop longtemps avant ou après.
evidence-time-reported = Le message auquel celui-ci répond est arrivé à l’autre serveur le { $time }, selon son rapport.
evidence-time-reached = Le message auquel celui-ci répond est arrivé à l’autre serveur le { $time }.
evidence-time-of-notice = Ce message ne dit pas quand le message a été envoyé ; c’est donc sa propre date qui compte : { $time }.

## What is known of sent mail

evidence-covered = Tout ce que vous avez envoyé entre le { $from } et le { $to } est connu.
evidence-not-read = Vos messages envoyés n’ont pas encore été lus jusqu’au bout.
evidence-before-oldest = Ce que vous avez envoyé avant le { $oldest } n’est pas connu : vos messages envoyés commencent là.
evidence-stale = Vos messages envoyés ont été lus pour la dernière fois le { $read }, ce qui n’est pas assez récent.
evidence-hole = Un message que vous avez envoyé entre le { $from } et le { $to } n’est plus dans vos messages envoyés : celui-ci pourrait y répondre.
evidence-use-taken = Vos messages envoyés sont considérés comme complets pour { $address }.
evidence-use-proves = Vos messages envoyés sont complets pour { $address } : sur { $answers } réponses à vos messages, { $known } se rapportent à un message qui s’y trouve.
evidence-use-too-few = Trop peu de personnes ont répondu à vos messages de { $address } pour montrer que vos messages envoyés sont complets : { $answers }, et il en faut 5.
evidence-use-missing =
    { $known ->
        [0] Il semble manquer des messages de vous : sur { $answers } réponses à des messages de { $address }, aucune ne se rapporte à un message de vos messages envoyés.
        [one] Il semble manquer des messages de vous : sur { $answers } réponses à des messages de { $address }, une seule se rapporte à un message de vos messages envoyés.
       *[other] Il semble manquer des messages de vous : sur { $answers } réponses à des messages de { $address }, { $known } seulement se rapportent à un message de vos messages envoyés.
    }
evidence-index = Ce que Neversent sait de vos messages envoyés ne peut pas être lu en ce moment ({ $why }) ; rien n’est donc déplacé.

## What forbids to condemn it

evidence-subject-used = Vous avez utilisé cet objet dans les 30 jours précédents.
evidence-wrote-to = Vous avez écrit à { $address } dans les 30 jours précédents.
evidence-wrote-to-domain = Vous avez écrit à quelqu’un chez { $domain } dans les 30 jours précédents.
evidence-rewritten-domain = Le numéro du message a été donné par { $domain }, un serveur qui fait peut-être de même avec les vôtres.
evidence-own-unseen-domain = On répond à des messages de vous numérotés par { $domain } qui ne sont dans aucun dossier de messages envoyés.
evidence-signature-valid = Le message auquel celui-ci répond porte une signature de { $domain }, votre propre domaine, et elle est valable.
evidence-signature-unchecked = Le message auquel celui-ci répond porte une signature de { $domain }, votre propre domaine, qui n’a pas pu être vérifiée.
evidence-notices-own-id = Le numéro auquel ce message répond a été donné par son propre expéditeur, { $domain }, comme le font les formulaires sur le web.

## What is waited for

evidence-waiting-grace = Votre copie du message peut encore arriver : jusqu’au { $until }, rien n’est déplacé.
evidence-waiting-look-up = Une question posée au réseau n’a pas encore de réponse ; on l’attend jusqu’au { $until }.
evidence-waiting-refresh = Vos messages envoyés sont relus avant que cela soit décidé.

## What the user said

evidence-users-word = Vous avez dit que vous n’avez jamais envoyé le message auquel celui-ci répond.

## How far an account's index proves what was never sent

coverage-none = Les dossiers de messages envoyés ne sont pas encore lus jusqu’au bout ; d’ici là, rien n’est déplacé.
coverage-whole =
    { $minutes ->
        [0] Vos messages envoyés sont connus sans lacune depuis le { $from } ; lus à l’instant.
        [one] Vos messages envoyés sont connus sans lacune depuis le { $from } ; lus il y a une minute.
       *[other] Vos messages envoyés sont connus sans lacune depuis le { $from } ; lus il y a { $minutes } minutes.
    }
coverage-hole =
    { $minutes ->
        [0] Vos messages envoyés sont connus depuis le { $from }, avec une lacune où manque un message ; lus à l’instant.
        [one] Vos messages envoyés sont connus depuis le { $from }, avec une lacune où manque un message ; lus il y a une minute.
       *[other] Vos messages envoyés sont connus depuis le { $from }, avec une lacune où manque un message ; lus il y a { $minutes } minutes.
    }
coverage-holes =
    { $minutes ->
        [0] Vos messages envoyés sont connus depuis le { $from }, avec { $holes } lacunes où manquent des messages ; lus à l’instant.
        [one] Vos messages envoyés sont connus depuis le { $from }, avec { $holes } lacunes où manquent des messages ; lus il y a une minute.
       *[other] Vos messages envoyés sont connus depuis le { $from }, avec { $holes } lacunes où manquent des messages ; lus il y a { $minutes } minutes.
    }

## Why a mail is not reported

why-not-backscatter = On ne signale que ce qui a été retiré comme réponse à un message jamais envoyé.
why-not-delayed = Ce message annonce un retard ; si le message échoue pour de bon, c’est cet avis-là qui sera signalé.
why-not-list = Ce message vient d’une liste de diffusion ou de son serveur ; seul le responsable de la liste peut le signaler.
why-not-left-alone = C’est un accusé de réception, un avis de réussite ou un rapport d’abus, et rien qui se signale.
why-not-own-provider = Votre propre fournisseur de courrier l’a envoyé, ou personne d’autre n’y est nommé : vous signaleriez votre propre fournisseur.
why-not-no-server = Ce message ne montre pas l’adresse du serveur qui l’a envoyé.
why-not-too-old = Ce message est arrivé il y a plus de deux jours ; SpamCop ne prend rien de plus ancien.
why-not-too-old-for-operator = Ce message est arrivé il y a plus d’une semaine ; plus personne ne peut le retrouver.
why-not-no-injector = Ce message ne montre pas qui a transmis le message falsifié : seul compte ce que le serveur qui le rapporte a noté lui-même.
