import type { Kind, Reason, RecordState, RecordView } from '../types';
import { chance, pick } from './chance';
import { fact, say } from './told';

export const HOUR = 3600;
export const DAY = 86_400;

/** How many mails there are. */
export const MAILS = 100_000;

export interface Host {
  name: string;
  ip: string;
}

const HOST_WORDS = ['mx', 'mail', 'gate', 'relay', 'smtp', 'in', 'mta', 'post'];
const HOST_PLACES = [
  'shop.example',
  'office.example',
  'hosting.test',
  'uni.example',
  'firma.example',
  'klinik.test',
  'jp.example',
  'asso.example',
  'tienda.example',
  'parcel.test',
];

/** The servers that send notices, a few of them most. */
export const HOSTS: readonly Host[] = Array.from({ length: 400 }, (_, index) => ({
  name: `${HOST_WORDS[index % 8]}${1 + Math.floor(index / 80)}.${HOST_PLACES[Math.floor(index / 8) % 10]}`,
  ip: `${index % 2 ? '198.51.100' : '203.0.113'}.${1 + Math.floor(index / 2)}`,
}));

export const KINDS: readonly Kind[] = ['bounce', 'auto_reply', 'challenge', 'virus_notice', 'list_notice'];

const REASONS: readonly Reason[] = [
  'recipient_unknown',
  'recipient_unknown',
  'mailbox_full',
  'spam',
  'policy',
  'virus',
  'host_unknown',
];

const SUBJECTS: Record<string, readonly string[]> = {
  bounce: [
    'Undelivered Mail Returned to Sender',
    'Delivery Status Notification (Failure)',
    'Mail delivery failed: returning message to sender',
    'Unzustellbar: ',
    'Échec de la remise : ',
    'Undeliverable: ',
  ],
  auto_reply: ['Automatic reply: ', 'Out of office: ', 'Abwesenheitsnotiz: ', 'Réponse automatique : ', '自動返信: '],
  challenge: ['Please confirm your message', 'Your mail needs your approval: ', 'Spam filter: one click needed'],
  virus_notice: ['Virus found in a message you sent', 'Infected attachment removed: '],
  list_notice: ['Your message awaits moderator approval', 'Post by non-member rejected'],
};

const BAIT = [
  'Your parcel is waiting',
  'Invoice 40817 overdue',
  'You have won',
  'Meet me tonight',
  'Cheap watches',
  'Kredit ohne Auskunft',
  'Votre compte est bloqué',
  'Re: your order',
  'ご請求のお知らせ',
  'Update your password',
];

export const STORM_SUBJECT = 'Your parcel is waiting';

const SENDERS = ['Jan Kowalski', 'Sophie Martin', 'info', '田中', 'Support'];

const ACCOUNTS = ['home', 'home', 'home', 'work'];

/** Everything of a mail that lists are searched and ordered by. */
export class Mail {
  readonly index: number;
  readonly kind: Kind;
  readonly host: number;
  readonly bait: string;
  readonly arrived: number;
  readonly reason: Reason | null;
  account: string;
  state: RecordState;
  readonly #begin: string;
  readonly #sender: string;

  constructor(index: number, now: number) {
    const next = chance(index * 7919 + 17);
    const stormy = index % 5 === 0;
    this.index = index;
    this.kind = stormy ? 'bounce' : kindOf(next());
    this.host = Math.floor(Math.pow(next(), 3) * HOSTS.length);
    const seconds = age(index, next);
    this.account = pick(ACCOUNTS, next);
    this.bait = stormy ? STORM_SUBJECT : pick(BAIT, next);
    this.#begin = pick(SUBJECTS[this.kind] ?? [''], next);
    this.#sender = pick(SENDERS, next);
    this.arrived = Math.floor(now - 120 - seconds);
    this.state = stateOf(this.account, seconds / DAY, next);
    this.reason = this.kind === 'bounce' ? pick(REASONS, next) : null;
  }

  // Texts are put together when they are asked for: most of a hundred thousand never are.

  get id(): string {
    return `m${String(this.index).padStart(6, '0')}`;
  }

  get from(): string {
    const name = HOSTS[this.host]?.name ?? '';
    if (this.kind === 'bounce') return `Mail Delivery System <MAILER-DAEMON@${name}>`;
    return `${this.#sender} <reply@${name.slice(name.indexOf('.') + 1)}>`;
  }

  get subject(): string {
    return this.#begin.endsWith(': ') ? this.#begin + this.bait : this.#begin;
  }

  get until(): number | null {
    return this.state === 'quarantined' ? this.arrived + 30 * DAY : null;
  }
}

function kindOf(roll: number): Kind {
  if (roll < 0.5) return 'bounce';
  if (roll < 0.75) return 'auto_reply';
  if (roll < 0.88) return 'challenge';
  return roll < 0.95 ? 'virus_notice' : 'list_notice';
}

/** When a mail came, in seconds before now: most of a storm three days ago, the rest over ninety days. */
function age(index: number, next: () => number): number {
  if (index % 5 === 0) return 3 * DAY + next() * 9 * HOUR;
  if (index % 17 === 0) return 16 * DAY + next() * 4 * HOUR;
  return next() * 31 * DAY;
}

function stateOf(account: string, days: number, next: () => number): RecordState {
  const roll = next();
  if (account === 'work')
    return roll < 0.02 ? 'judged' : roll < 0.03 ? 'restored' : days > 29.9 ? 'purged' : 'quarantined';
  if (days > 29.9) return 'purged';
  if (roll < 0.008) return 'restored';
  if (roll < 0.011) return 'rescued';
  if (roll < 0.015) return 'gone';
  return 'quarantined';
}

export const OWN: Record<string, string> = { home: 'ada@example.org', work: 'ada.king@firma.example' };

const NEVER_SENT = say('evidence-never-sent');

/** A mail as a list shows it. */
export function record(mail: Mail): RecordView {
  const host = HOSTS[mail.host];
  const wasYou = mail.state === 'rescued';
  const sentence = wasYou ? say('evidence-sent', { day: { day: mail.arrived - 90 } }) : NEVER_SENT;
  return {
    id: mail.id,
    account: mail.account,
    folder: 'INBOX',
    from: mail.from,
    subject: mail.subject,
    arrived: mail.arrived,
    kind: mail.kind,
    verdict: wasYou ? 'genuine' : 'backscatter',
    rule: wasYou ? 'sent' : mail.index % 5 === 0 ? 'never_sent_proved' : 'never_sent',
    why: null,
    sentence: sentence.text,
    told: sentence.told,
    evidence: [],
    original: {
      message_id: `${mail.index}.forged@mailer.test`,
      from: OWN[mail.account] ?? null,
      to: [`kunde${mail.index % 977}@${host?.name.split('.').slice(1).join('.')}`],
      subject: mail.bait,
      date: new Date((mail.arrived - 90) * 1000).toISOString().replace('.000Z', '+00:00'),
    },
    recipients: [],
    hops: [],
    server: host ? `${host.name} [${host.ip}]` : null,
    size: 2_000 + (mail.index % 40) * 311,
    moved_at: ['judged', 'undecided'].includes(mail.state) ? null : mail.arrived + 40,
    until: mail.until,
    state: mail.state,
  };
}

/** A mail with all that was found of it. */
export function shown(mail: Mail): RecordView {
  const view = record(mail);
  const host = HOSTS[mail.host];
  const seconds = (away: number) => new Date((mail.arrived - away) * 1000).toISOString().replace('.000Z', '+00:00');
  return {
    ...view,
    evidence: [
      fact('never_sent', 'not_mine', NEVER_SENT, `Message-ID ${mail.index}.forged@mailer.test`),
      fact(
        'covered',
        'not_mine',
        say('evidence-covered', { from: { time: mail.arrived - 7 * DAY }, to: { time: mail.arrived } }),
        'Sent: read to the end four minutes before it came; Archive/Sent: no gap since 3 February 2024',
      ),
      fact(
        'use',
        'hint',
        say('evidence-use-proves', {
          address: { text: OWN[mail.account] ?? '' },
          answers: { number: 1204 },
          known: { number: 1203 },
        }),
      ),
      ...(mail.index % 5 === 0
        ? [
            fact(
              'storm',
              'not_mine',
              say('evidence-storm-subject', { mails: { number: 412 } }),
              `Subject “${mail.bait}”, networks 203.0.0.0/16, 198.51.0.0/16, 192.0.0.0/16 and 38 more`,
            ),
          ]
        : []),
      fact(
        'authenticated',
        'hint',
        say('evidence-authenticated', {
          provider: { text: 'mx.example.org' },
          domain: { text: host?.name ?? '' },
        }),
      ),
    ],
    recipients: mail.reason
      ? [
          {
            address: view.original?.to[0] ?? '',
            status: mail.reason === 'mailbox_full' ? '5.2.2' : '5.1.1',
            reason: mail.reason,
          },
        ]
      : [],
    hops: [
      {
        helo: 'mail.example.org',
        host: null,
        ip: `192.0.2.${mail.index % 250}`,
        by: host?.name ?? null,
        date: seconds(92),
        trust: 'reporter',
      },
      {
        helo: 'localhost',
        host: 'pool-77.dsl.test',
        ip: '192.0.2.77',
        by: 'mail.example.org',
        date: seconds(95),
        trust: 'breaks',
      },
      { helo: 'ada-laptop', host: null, ip: '10.0.0.4', by: 'smtp.example.org', date: seconds(4000), trust: 'below' },
    ],
  };
}

export function source(view: RecordView): string {
  return `Return-Path: <>
Received: from ${view.server ?? 'unknown'} by mx.example.org with ESMTPS
From: ${view.from ?? ''}
To: ${OWN[view.account] ?? ''}
Subject: ${view.subject}
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; ${view.server ?? 'unknown'}
Final-Recipient: rfc822; ${view.original?.to[0] ?? ''}
Action: failed
Status: 5.1.1

--b1
Content-Type: text/rfc822-headers

From: ${view.original?.from ?? ''}
To: ${view.original?.to[0] ?? ''}
Subject: ${view.original?.subject ?? ''}
Message-ID: <${view.original?.message_id ?? ''}>

--b1--
`;
}
