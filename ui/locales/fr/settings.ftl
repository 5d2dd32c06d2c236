## Accounts

settings-parts = Parties des réglages
part-accounts = Comptes
part-spamcop = Signalements
part-privacy = Vie privée
part-desktop = Cet ordinateur
part-learned = Appris
part-rules = Règles
part-data = Données
accounts = Comptes
no-accounts = Il n’y a pas encore de compte.
no-such-account = Il n’y a pas de compte « { $name } ».
add-account = Ajouter un compte
edit = Modifier
edit-account = Modifier { $name }
add = Ajouter
remove = Retirer
save = Enregistrer
more = Autres réglages
name = Nom
name-hint = Ce qui a été trouvé est gardé sous ce nom ; il ne change donc plus.
your-address = Votre adresse
aliases = Autres adresses avec lesquelles vous envoyez
aliases-hint = Une par ligne.
shared = Adresses que d’autres utilisent aussi
shared-hint = Une par ligne. Ce qui arrive pour elles n’est jamais déplacé.
own-domains = Domaines qui sont à vous seul
own-domains-hint = Un par ligne. Toute adresse y est considérée comme la vôtre.
mode = Que faire de ce que vous n’avez jamais envoyé
mode-observe = Observer seulement
mode-observe-hint = C’est montré ici et reste dans votre boîte.
mode-quarantine = Déplacer vers « Never Sent »
mode-quarantine-hint = Cela quitte votre boîte et peut être remis en place à tout moment.
imap-server = Serveur de lecture (IMAP)
smtp-server = Serveur d’envoi (SMTP)
smtp-hint = Nécessaire aux signalements seulement.
add-smtp = Ajouter un serveur d’envoi
without-smtp = Sans serveur d’envoi
host = Serveur
port = Port
security = Sécurité
security-tls = TLS
security-starttls = STARTTLS
security-none = Aucune (cet ordinateur seulement)
user = Identifiant
password = Mot de passe
password-unchanged = inchangé
password-hint = Il va dans le trousseau de votre bureau et nulle part ailleurs.
password-command = Commande qui donne le mot de passe
test-account = Tester l’identification
test-hint = Cela s’identifie et regarde les dossiers. Rien n’est modifié.
sign-in-works = L’identification fonctionne.
sent-found = Les dossiers d’envoi sont trouvés automatiquement.
sent-chosen = Dossiers d’envoi : { $folders }
folders = Dossiers
folder-sent = Messages envoyés
folder-watched = Surveillé
folder-is-sent = { $folder } contient des messages envoyés
folder-is-watched = { $folder } est surveillé
declared-hint = Vos messages qui ne sont dans aucun dossier d’envoi, par exemple ceux d’une boutique ou d’une imprimante.
declared-kind = Reconnu à
declared-value = Ce qui le distingue
declared-relay = Adresse de serveur
declared-id = Numéro de message
declared-header = Ligne d’en-tête
declared-dkim = Clé DKIM
quarantine-folder = Dossier pour ce que vous n’avez jamais envoyé
grace = Délai d’attente
grace-hint = Le temps qu’une copie de votre message peut mettre à arriver dans les envois, par exemple 10m.
scan-back = Le premier examen remonte à
scan-back-hint = Par exemple 90d, ou all pour tout.
keep = Conservé dans « Never Sent »
keep-hint = Par exemple 30d, ou forever pour toujours.
without-uidplus = Déplacer par copie et suppression
without-uidplus-hint = Seulement pour les serveurs qui n’offrent pas mieux.
switch-on = Activer
switch-on-ask = Déplacer désormais ce que vous n’avez jamais envoyé ?
switch-on-text = Les réponses à du courrier jamais envoyé quittent votre boîte. Chacune est montrée avec ses raisons et peut être remise en place.
remove-account = Retirer le compte
remove-account-ask = Retirer { $name } ?
remove-account-text = Neversent ne s’en occupe plus. Votre courrier reste tel quel.
account-removed = { $name } a été retiré.

## Reports and complaints

spamcop-what = SpamCop cherche qui exploite un serveur et lui transmet votre plainte. Neversent n’envoie rien sans votre accord, sauf si vous le demandez.
spamcop-step-account = Ouvrez un compte chez SpamCop.
spamcop-step-mailhosts = Enregistrez-y vos « mailhosts », sinon SpamCop pourrait accuser votre propre fournisseur.
spamcop-step-address = Copiez l’adresse affichée sous « Report Spam ».
open-spamcop-account = Ouvrir SpamCop
spamcop-address = Votre adresse secrète chez SpamCop
spamcop-address-hint = Qui la connaît signale en votre nom. Elle va dans le trousseau.
address-known = connue ; saisissez pour la changer
report-mode = Quand les signalements sont envoyés
report-mode-ask = Après mon accord pour chacun
report-mode-ask-hint = Rien ne part avant cela.
report-mode-automatic = Automatiquement
report-mode-automatic-hint = Seulement ce que montre plus qu’un numéro manquant, et deux heures plus tard au plus tôt.
report-mode-off = Jamais
report-mode-off-hint = Aucun signalement n’est préparé.
cap-daily = Au plus par jour
cap-hourly = Au plus par heure
cap-server = Par serveur et par jour
quick = Signalements rapides
quick-what = SpamCop signale alors aussitôt, sans vous demander. Une erreur accuse votre propre fournisseur. Les responsables de SpamCop doivent l’autoriser.
quick-mailhosts = Chaque adresse par laquelle du courrier m’arrive est enregistrée et confirmée chez SpamCop
quick-on = Signaler aussitôt
quick-on-hint = Seulement avec le point ci-dessus.
complaints = Plaintes au responsable du réseau
complaints-what = Vous pouvez aussi écrire au responsable d’un réseau. Chaque plainte vous est montrée avant l’envoi.
complaints-operator = Au sujet des serveurs qui envoient ces réponses
complaints-injector = Au sujet des machines qui transmettent du courrier falsifié
complaints-language = Rédigées en

## Privacy

privacy = Ce qui est consulté, et qui l’apprend
privacy-intro = Hormis votre serveur de courrier, Neversent ne demande rien à personne, sauf ceci. Sans une consultation, un message reste au pire indécis.
look-dkim_spf = Clés et expéditeurs de votre propre domaine
look-dkim_spf-tells = Vos serveurs de noms et ceux de votre domaine apprennent qu’un tel avis est arrivé.
look-backscatterer = La liste de backscatterer.org
look-backscatterer-tells = L’exploitant de la liste apprend que quelqu’un s’intéresse à un serveur.
look-host_names = Noms de serveurs
look-host_names-tells = Les serveurs de noms d’une adresse apprennent que quelqu’un s’y intéresse.
look-rdap = Contacts du registre du réseau
look-rdap-tells = L’IANA et le registre apprennent que quelqu’un s’intéresse à une adresse.
look-abuse_contacts = Contacts de la liste d’Abusix
look-abuse_contacts-tells = Vos serveurs de noms et ceux de la liste apprennent que quelqu’un s’intéresse à une adresse.

## This computer

desktop = Langue et notifications
language = Langue
language-of-desktop = Comme le bureau
notifications = Notifications
show-notices-summary = De temps en temps, en résumé
show-notices-alarms = Alertes seulement
show-senders = Indiquer expéditeurs et objets
show-senders-hint = On peut alors les lire sur un écran verrouillé.
quiet-hours = Heures calmes
quiet-hours-hint = Seule une alerte est montrée.
quiet-from = De l’heure
quiet-to = à l’heure
program = Programme
autostart = Démarrer avec le bureau
version = Version { $version }
quit = Quitter Neversent
quit-ask = Quitter Neversent ?
quit-text = Votre boîte ne sera plus surveillée jusqu’au prochain démarrage.

## Learned, rules, data

learned = Ce qui a été appris
learned-intro = Ainsi Neversent reconnaît vos messages qu’il ne trouve pas dans les envois.
learned-nothing = Rien n’a encore été appris.
learned-rewritten = Un serveur sur le chemin de sortie remplace vos numéros par les siens, depuis le { $day }.
learned-own_unseen = Des gens répondent à vos messages avec ces numéros. Valable jusqu’au { $day }.
learned-declared = Vous avez dit le { $day } que cet expéditeur est le vôtre.
mails-showed =
    { $count ->
        [one] un message l’a montré
       *[other] { $count } messages l’ont montré
    }
forget = Oublier
forget-this = Oublier { $name }
forget-ask = Oublier { $name } ?
forget-text = Les réponses à ce courrier seront jugées à nouveau. Cela pourra être réappris.
forgotten = { $name } est oublié.
selectors = Clés DKIM vues sur vos messages
rules = Règles
rules-intro = Ainsi Neversent reconnaît le courrier automatique. Ce que seule une règle incertaine reconnaît n’est jamais déplacé.
recognised = Reconnus
your-rule = la vôtre
not-sure = incertaine
rule-gone = disparue
backup = Sauvegarde
backup-text = Une exportation contient vos décisions, ce qui a été appris et la liste des signalements, mais aucun message ni mot de passe.
export = Exporter…
exported =
    { $entries ->
        [one] Une entrée ({ $size }) a été écrite dans { $path }.
       *[other] { $entries } entrées ({ $size }) ont été écrites dans { $path }.
    }
import = Importer
import-file = Fichier à importer, chemin complet
import-ask = Reprendre cette exportation ?
import-text = Ce qui est déjà connu reste. Rien n’est supprimé.
imported = { $entries } entrées reprises, { $known } déjà connues, { $damaged } endommagées et laissées de côté.
store = Données
settings-file = Réglages
data-folder = Données
diagnostics = Diagnostic
diagnostics-text = Si quelque chose ne va pas, ceci aide à trouver pourquoi. Adresses, objets et numéros de message sont omis. Rien n’est envoyé.
show-diagnostics = Montrer ce qui serait enregistré
save-diagnostics = Enregistrer dans un fichier

## First run

steps = Étapes
step-address = Adresse
step-servers = Identification
step-folders = Dossiers
step-reading = Lecture
step-list = Examen
title-address = Retirer de votre boîte les réponses à du courrier jamais envoyé
title-servers = S’identifier auprès du serveur de courrier
title-folders = Où sont vos messages envoyés ?
title-reading = Lecture de ce que vous avez envoyé
title-list = Voici ce qui serait déplacé
title-ready = Neversent est activé
first-what = Quand des spammeurs écrivent en votre nom, les erreurs et les messages d’absence arrivent chez vous. Neversent compare chacun avec le courrier que vous avez vraiment envoyé.
first-promise-look = D’abord il ne fait que regarder. Vous voyez la liste avant tout déplacement.
first-promise-moved = Dans le doute, un message reste dans votre boîte. Ce qui est déplacé peut être remis en place.
first-promise-delete = Votre mot de passe reste dans le trousseau de votre bureau.
next = Suivant
servers-of = Voici les serveurs de { $provider }.
servers-unknown = Votre fournisseur n’est pas dans notre table. Indiquez les serveurs ; les pages d’aide de votre fournisseur les donnent.
sign-in = S’identifier
signing-in = Identification…
folders-why = Neversent lit les numéros des messages de ces dossiers pour savoir ce que vous avez envoyé. Il ne lit pas leur texte.
sent-elsewhere = Une partie de vos envois n’est dans aucun de ces dossiers ?
sent-elsewhere-what = Alors des réponses à ces envois pourraient être prises pour des réponses à du courrier jamais envoyé. Faites garder une copie dans les envois par vos logiciels, ou indiquez plus tard sous « Vos autres expéditeurs » ce qui distingue ce courrier. En cas de doute, continuez à observer.
sent-none = Sans dossier d’envoi, on ne peut pas savoir ce que vous avez envoyé. Tout reste alors indécis.
sent-choose-one = Choisissez au moins un dossier qui contient des messages envoyés. Sinon, on ne peut pas savoir ce que vous avez envoyé.
begin-reading = Commencer la lecture
begin-reading-hint = Le compte ne fait qu’observer pour l’instant. Rien n’est déplacé.
reading-what = Neversent lit vos messages envoyés, puis examine votre boîte de réception.
reading-close = Vous pouvez fermer la fenêtre en attendant. La lecture continue.
reading-done = La lecture est terminée.
account-gone = Le compte « { $name } » a été supprimé. Plus rien n’en est lu.
start-over = Recommencer
go-on = Continuer
would-move-list =
    { $count ->
        [one] Un message serait déplacé vers « Never Sent ».
       *[other] { $count } messages seraient déplacés vers « Never Sent ».
    }
would-move-look = Ouvrez-en quelques-uns et regardez les raisons.
would-move-none = Votre boîte ne contient aucune réponse à du courrier jamais envoyé. Vous pouvez activer Neversent pour la suite.
undecided-stay =
    { $count ->
        [one] Un autre message est indécis et reste dans votre boîte.
       *[other] { $count } autres messages sont indécis et restent dans votre boîte.
    }
move-now = Les déplacer et activer
move-now-hint = Chaque message peut être remis en place avec ses marques et sa date.
keep-observing = Continuer à observer
ready-moved =
    { $count ->
        [0] Il n’y avait rien à déplacer.
        [one] Un message a été déplacé vers « Never Sent ».
       *[other] { $count } messages ont été déplacés vers « Never Sent ».
    }
ready-next = Désormais, les réponses à du courrier jamais envoyé quittent votre boîte d’elles-mêmes.
