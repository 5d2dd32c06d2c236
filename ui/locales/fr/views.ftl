## Overview

account = Compte
mails = Messages
day = Jour
server = Serveur
today = Aujourd’hui
month = 30 derniers jours
last-30-days = 30 derniers jours
figure-moved = retirés de votre boîte
figure-restored = remis en place par vous
figure-rescued = sauvés automatiquement
figure-reported = signalés
chart-title = Réponses à du courrier jamais envoyé, par heure
chart-label =
    { $storms ->
        [0] Courbe des 30 derniers jours, sans tempête.
        [one] Courbe des 30 derniers jours, avec une tempête.
       *[other] Courbe des 30 derniers jours, avec { $storms } tempêtes.
    }
chart-all = Tous
chart-storm = Tempête
show-as-table = Afficher en tableau
show-as-chart = Afficher en courbe
storm = Tempête de { $count } messages en { $span }, { $from } ({ $when })
kinds = Ce qui est arrivé
reasons = Ce que disaient les serveurs
top-servers = Qui en a envoyé le plus
all-sources = Toutes les sources
nothing-yet = Rien n’a encore été retiré.
quarantined = Dans « Never Sent »
would-move = Seraient déplacés
coverage = Vos messages envoyés
look-at-these = Voir ces messages
type-password = Saisir de nouveau le mot de passe
check-now = Vérifier maintenant
try-now = Essayer maintenant
checking = Recherche de nouveaux messages.
pause-hour = Pause d’une heure
pause-tomorrow = Pause jusqu’à demain
paused = En pause. Votre courrier est laissé tranquille.
resume = Reprendre
resumed = Neversent reprend.
look-through = Examiner et activer

## Never Sent

never-sent-intro = Des réponses à du courrier que vous n’avez jamais envoyé. Des spammeurs ont utilisé votre adresse ; les réponses sont venues à vous.
found =
    { $count ->
        [0] Aucun message
        [one] Un message
       *[other] { $count } messages
    }
search = Rechercher
search-placeholder = Objet, adresse, serveur
search-and-filter = Rechercher et filtrer
any-kind = Tous les types
any-state = Partout
any-account = Tous les comptes
where = Où il se trouve
server-exactly = Ce serveur seulement
clear-filter = Effacer le filtre
nothing-matches = Rien ne correspond. Effacez le filtre pour tout voir.
quarantine-empty = Il n’y a rien ici. Votre boîte n’a reçu aucune réponse à du courrier jamais envoyé.
would-move-note =
    { $count ->
        [one] Un message serait déplacé ici. Le compte ne fait qu’observer.
       *[other] { $count } messages seraient déplacés ici. Leurs comptes ne font qu’observer.
    }
apply = Les déplacer maintenant
apply-ask =
    { $count ->
        [one] Déplacer un message vers « Never Sent » ?
       *[other] Déplacer { $count } messages vers « Never Sent » ?
    }
apply-ask-text = Chacun pourra être remis en place.
applied =
    { $count ->
        [one] Un message a été déplacé vers « Never Sent ».
       *[other] { $count } messages ont été déplacés vers « Never Sent ».
    }
chosen =
    { $count ->
        [one] Un sélectionné
       *[other] { $count } sélectionnés
    }
chosen-mails = Messages sélectionnés
choose-all = Tout sélectionner
choose-all-matching = Sélectionner les { $count } qui correspondent
choose-none = Ne rien sélectionner
choose-mail = Sélectionner « { $subject } »
actions = Actions
subject = Objet
from = De
came = Arrivé
grid-keys = Les flèches déplacent, Entrée ouvre, Espace sélectionne, R remet en place, P signale, Suppr supprime, / recherche.

## One mail

verdict-backscatter = Vous n’avez pas envoyé le message auquel celui-ci répond.
verdict-genuine = Ceci répond à l’un de vos messages.
verdict-misused = Ceci est passé par votre propre serveur, mais peut-être pas de votre fait.
verdict-undecided = On ne sait pas si vous avez envoyé le message auquel celui-ci répond.
verdict-ordinary = C’est un message ordinaire.
where-quarantined = Il est dans « Never Sent » depuis le { $when }.
where-quarantined-until = Il est dans « Never Sent » depuis le { $when } et sera supprimé le { $until }.
where-judged = Il est encore dans { $folder } et serait déplacé vers « Never Sent ».
where-restored = Vous l’avez remis dans { $folder }. Il ne sera plus déplacé.
where-rescued = Il était bien le vôtre et il est revenu dans { $folder }.
where-purged = Il a été supprimé de « Never Sent » une fois son délai passé.
where-gone = Il n’est plus dans « Never Sent » : un autre programme l’a déplacé ou supprimé.
where-undecided = Il reste dans { $folder } jusqu’à votre décision.
mail-gone = Ce message n’est plus ici.
mail-gone-where = Il a été déplacé, décidé ou supprimé entre-temps. S’il a été déplacé, il se trouve dans « Never Sent ».
decide-in-eye = Décider dans « À vérifier »
evidence = Pourquoi
says-mine = De vous :
says-not_mine = Pas de vous :
says-through_my_server = Votre serveur :
says-hint = Remarque :
detail = Détails
original = Le message auquel il répond
original-explain = Voici ce qui en est revenu. N’importe qui peut l’avoir écrit en votre nom.
original-none = Rien n’en est revenu.
to = À
date = Date
message-id = Numéro du message
not-reached = N’ont pas été atteints
hops = Le chemin suivi
hops-explain = L’étape la plus récente est en haut. Seul ce qui est au-dessus d’une rupture est fiable.
chain-breaks = Ici la chaîne se rompt
handed-over-by = Remis par
trust-reporter = écrit par le serveur qui a répondu
trust-follows = s’accorde avec l’étape au-dessus
trust-breaks = ne s’accorde pas avec l’étape au-dessus
trust-below = pas fiable
source = Source brute
source-part = Seul le début de { $size } est affiché.
save-mail = Enregistrer le message
folder = Dossier
size = Taille
rule = Règle

## Reporting one mail

report-title = Signaler
report-explain = SpamCop avertit l’exploitant du serveur que celui-ci répond à du courrier falsifié. Vous confirmez chez SpamCop avant tout envoi.
why-not = Il ne peut pas être signalé.
discard = Ne pas signaler
mark-done = J’ai confirmé
open-spamcop = Ouvrir la page de SpamCop
send-again = Envoyer de nouveau
time-left = encore { $span }
too-late = Trop tard
spamcop-is-off = Les signalements sont désactivés. Activez-les dans les réglages.
write-complaint = Écrire au responsable du réseau
complain-about = Au sujet de
channel-spam_cop = SpamCop
channel-operator = Le serveur qui a envoyé l’avis
channel-injector = La machine qui a transmis le faux message
complaint-host = Au sujet de la machine
look-up-contact = Chercher à qui écrire
look-up-tells = Le registre du réseau apprend que quelqu’un demande.
contact = Contact
contact-rdap = indiqué par le registre du réseau
contact-abusix = indiqué par Abusix
text = Texte
complain-again = Écrire même si ce contact a reçu un message il y a moins d’une semaine
send-complaint = Envoyer la plainte
complaint-sent = La plainte à { $to } est en route.

## Needs your eye

eye-intro = Ces messages restent où ils sont jusqu’à votre décision. Une décision règle tout un groupe.
eye-empty = Rien ne vous attend. Tout le reste était clair.
eye-keys = J et K changent de groupe. M : c’était moi. N : jamais envoyé. L : laisser.
group-label =
    { $count ->
        [one] Un message
       *[other] Groupe de { $count } messages
    }
group-address =
    { $count ->
        [one] Un message arrivé pour
       *[other] { $count } messages arrivés pour
    }
group-subject =
    { $count ->
        [one] Un message sur
       *[other] { $count } messages sur
    }
group-kind =
    { $count ->
        [one] Un message du type
       *[other] { $count } messages du type
    }
group-sent_folders =
    { $count ->
        [one] Un message d’une période où vos envois ne sont pas connus
       *[other] { $count } messages d’une période où vos envois ne sont pas connus
    }
newest = le plus récent { $when }
what-is-missing = Ce qui manque :
what-is-seen = Ce qui a été vu :
maybe-stolen = Votre compte est peut-être volé. Était-ce vous ?
see-mails =
    { $count ->
        [one] Voir le message
       *[other] Voir les messages
    }
that-was-me = C’était moi
never-sent = Jamais envoyé
leave = Laisser
choose-sent-folders = Choisir les dossiers d’envoi
whose-address = Dire à qui est cette adresse
decide-ask =
    { $count ->
        [one] Déplacer un message vers « Never Sent » ?
       *[other] Déplacer { $count } messages vers « Never Sent » ?
    }
decide-ask-text = Vous dites ainsi ne pas avoir envoyé ce à quoi ils répondent. Ils pourront être remis en place.
decided =
    { $count ->
        [one] Un message a été déplacé vers « Never Sent ».
       *[other] { $count } messages ont été déplacés vers « Never Sent ».
    }
left =
    { $count ->
        [one] Un message reste où il est ; on ne vous le demandera plus.
       *[other] { $count } messages restent où ils sont ; on ne vous le demandera plus.
    }
mine-explain = Choisissez ce qui distingue votre courrier. Les réponses à ce courrier resteront alors dans votre boîte.
mine-settles =
    { $settles ->
        [0] Cela ne règle aucun autre message
        [one] Cela règle un autre message
       *[other] Cela règle { $settles } autres messages
    } { $back ->
        [0] et n’en fait revenir aucun.
        [one] et en fait revenir un de « Never Sent ».
       *[other] et en fait revenir { $back } de « Never Sent ».
    }
mine-seem-forged =
    { $count ->
        [one] L’un d’eux semble venir de spammeurs. Des spammeurs écrivent sans doute cela aussi.
       *[other] { $count } d’entre eux semblent venir de spammeurs. Des spammeurs écrivent sans doute cela aussi.
    }
mine-forgeable = N’importe qui peut l’écrire dans un message.
examples = Par exemple :
no-proposal = Rien ne permet de distinguer ces messages.
learn-this = Retenir cela
declared = Vos autres expéditeurs

## Reports

reports-intro = Les signalements apprennent aux exploitants que leurs serveurs répondent à du courrier falsifié. SpamCop n’accepte rien de plus de deux jours.
reports-empty = Il n’y a rien à signaler.
report-state-waiting = Vous attend
report-state-approved = Sera envoyé
report-state-sending = Envoi en cours
report-state-cut_off = Peut-être envoyé
report-state-sent = Envoyé
report-state-needs_confirmation = À confirmer chez SpamCop
report-state-done = Confirmé
report-state-refused = Refusé
report-state-expired = Trop ancien
report-state-discarded = Non signalé
report-state-withdrawn = Retiré
approve = Envoyer
approve-all =
    { $count ->
        [one] Envoyer le signalement en attente
       *[other] Envoyer les { $count } signalements en attente
    }
approve-all-ask =
    { $count ->
        [one] Envoyer un signalement ?
       *[other] Envoyer { $count } signalements ?
    }
approve-all-text = Vous répondez de ce que vous signalez. En cas de doute, regardez d’abord les messages.
send-now =
    { $count ->
        [one] En envoyer un maintenant
       *[other] En envoyer { $count } maintenant
    }
sent-now =
    { $count ->
        [0] Rien n’a pu être envoyé maintenant.
        [one] Un signalement a été envoyé.
       *[other] { $count } signalements ont été envoyés.
    }
chosen-reports = Signalements sélectionnés
by-itself = envoyé automatiquement
was-put-back = message remis en place
others-of-server =
    { $count ->
        [one] un autre semblable
       *[other] { $count } autres semblables
    }
sent-at = envoyé le { $when }
opened-at = page ouverte { $when }
spamcop-is-off-text = Les signalements sont désactivés. Rien n’est envoyé tant que vous ne les activez pas.
unmatched = Réponses de SpamCop sans signalement
unmatched-text = On ne sait pas à quel signalement ces liens appartiennent. Copiez-en un dans votre navigateur pour le voir.
digest = Ce qui a été signalé automatiquement

## Sources

sources-intro = Qui est derrière les réponses que vous avez reçues.
role = Rôle
role-backscatterer = Serveurs qui ont répondu
role-backscatterer-text = Ils acceptent du courrier falsifié, puis vous envoient l’erreur, à vous qui n’avez rien écrit.
role-injector = Machines qui l’ont transmis
role-injector-text = Elles ont remis le faux message au premier vrai serveur, autant que ses traces le montrent.
servers-found =
    { $count ->
        [one] Un serveur
       *[other] { $count } serveurs
    }
no-sources = Aucun serveur trouvé.
last-seen = Vu en dernier
network = Réseau
claimed-to-be-you = s’est fait passer pour vous
listed = figure chez backscatterer.org
spark-label = Messages par jour, { $most } au plus
export-csv = Enregistrer en CSV
export-json = Enregistrer en JSON
