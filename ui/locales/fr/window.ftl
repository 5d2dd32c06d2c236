## Frame of the window

skip-to-content = Aller au contenu
nav-label = Vues principales
nav-overview = Vue d’ensemble
nav-never-sent = Jamais envoyés
nav-eye = À vérifier
nav-reports = Signalements
nav-sources = Sources
nav-accounts = Comptes et réglages
nav-first-run = Configurer un compte
loading = Un instant…
messages = Messages
dismiss = Fermer ce message
undo = Annuler l’action
cancel = Annuler
close = Fermer
back = Retour
stop = Arrêter
try-again = Réessayer
agent-away = Neversent ne répond pas. Il démarre ou se ferme peut-être ; la fenêtre le cherche d’elle-même.
agent-back = Neversent répond de nouveau.
settings-problem-file = Le fichier est { $file }.
open-accounts = Ouvrir les comptes
open-settings = Ouvrir les réglages
check-store = Vérifier les données
work-progress = { $what } : { $done } sur { $total }
work-stopped = Le reste est inchangé.
failed-some = { $count } n’ont pas pu être modifiés. Première raison : { $why }
saved = Enregistré.
saved-as = Enregistré sous { $path }.

## Text that strangers wrote

unfold = Tout afficher
fold = Afficher moins
cut-short = Le reste est trop long pour être affiché.
hidden-character = Un caractère invisible
homograph = Des lettres qui en imitent d’autres : { $scripts }
unknown = inconnu
unknown-server = serveur inconnu
no-subject = (sans objet)
and-more =
    { $count ->
        [one] et un autre
       *[other] et { $count } autres
    }

## What an account is doing

state-stopped = Arrêté.
state-connecting = Connexion au serveur de courrier.
state-signing-in = Identification en cours.
state-indexing = Lecture de vos messages envoyés : { $done } sur { $total }.
state-indexing-short = Lecture de vos messages envoyés
state-scanning = Examen de votre boîte de réception.
state-watching = À l’écoute des nouveaux messages.
state-waiting = Nouvel essai { $when }.
state-sign-in-failed = Le serveur de courrier a refusé l’identification.
state-paused = En pause jusqu’à ce que vous repreniez.
state-paused-until = En pause jusqu’au { $until }.

## Kinds of mail

kind = Type
kind-ordinary = Message ordinaire
kind-bounce = Non-remise
kind-auto_reply = Réponse automatique
kind-challenge = Demande de confirmation
kind-virus_notice = Alerte de virus
kind-list_notice = Avis de liste
kind-receipt = Accusé de réception
kind-abuse_report = Rapport d’abus

reason = Raison
reason-recipient_unknown = Destinataire inconnu
reason-mailbox_full = Boîte pleine
reason-spam = Pris pour du spam
reason-virus = Virus
reason-policy = Contraire aux règles du serveur
reason-relaying_denied = Relais refusé
reason-too_big = Trop volumineux
reason-host_unknown = Serveur inconnu
reason-timed_out = Délai dépassé
reason-unspecified = Sans raison indiquée

## Where a mail is

state-of-mail-quarantined = Dans « Never Sent »
state-of-mail-judged = Serait déplacé
state-of-mail-restored = Remis en place
state-of-mail-rescued = Sauvé
state-of-mail-purged = Supprimé
state-of-mail-gone = Disparu
state-of-mail-undecided = Indécis

## What can be done

restore = Remettre en place
report = Signaler
purge = Supprimer…
restoring = Remise en place
purging = Suppression
reporting = Signalements
deciding = Décision
restore-ask =
    { $count ->
        [one] Remettre un message en place ?
       *[other] Remettre { $count } messages en place ?
    }
restore-ask-text = Ils retournent là où ils étaient. Neversent ne les déplacera plus jamais : cela ne peut pas être annulé ici.
restored-done =
    { $count ->
        [one] Le message est de nouveau à sa place.
       *[other] { $count } messages sont de nouveau à leur place.
    }
purge-ask =
    { $count ->
        [one] Supprimer ce message ?
       *[other] Supprimer { $count } messages ?
    }
purge-ask-text = La suppression sur le serveur est définitive.
purged-done =
    { $count ->
        [one] Supprimé.
       *[other] { $count } messages ont été supprimés.
    }
report-approved =
    { $count ->
        [one] Le signalement est en route.
       *[other] { $count } signalements sont en route.
    }
report-discarded =
    { $count ->
        [one] Le message n’est pas signalé.
       *[other] { $count } messages ne sont pas signalés.
    }
report-waits =
    { $count ->
        [one] Le signalement vous attend de nouveau.
       *[other] { $count } signalements vous attendent de nouveau.
    }
report-opened = La page de SpamCop est ouverte dans votre navigateur. Lisez-la et confirmez.
report-done-said =
    { $count ->
        [one] Marqué comme confirmé.
       *[other] { $count } signalements sont marqués comme confirmés.
    }
event-rescued =
    { $count ->
        [one] Un message était bien le vôtre ; il est revenu dans son dossier.
       *[other] { $count } messages étaient bien les vôtres ; ils sont revenus dans leurs dossiers.
    }
