import type { Changed, GroupView, RecordView } from '../types';
import { HOUR, DAY, STORM_SUBJECT, OWN } from './mails';
import { day, fact, say, type Sentence } from './told';

interface Sort {
  by: GroupView['by'];
  why: string;
  sentence: Sentence;
  count: number;
  kind: RecordView['kind'];
  subject: string;
  account?: string;
  misused?: boolean;
  to?: string;
}

const SORTS: readonly Sort[] = [
  {
    by: { subject: STORM_SUBJECT },
    why: 'veto',
    sentence: say('evidence-subject-used'),
    count: 240,
    kind: 'bounce',
    subject: `Undeliverable: ${STORM_SUBJECT}`,
  },
  {
    by: { subject: 'Quarterly figures' },
    why: 'maybe_through_own_server',
    sentence: say('evidence-relay', { address: { text: '192.0.2.25' } }),
    count: 3,
    kind: 'bounce',
    subject: 'Undeliverable: Quarterly figures',
    misused: true,
  },
  {
    by: { address: 'newsletter@example.org' },
    why: 'not_own',
    sentence: say('evidence-whom-not-own', { address: { text: 'newsletter@example.org' } }),
    count: 18,
    kind: 'bounce',
    subject: 'Delivery Status Notification (Failure)',
    to: 'newsletter@example.org',
  },
  {
    by: 'sent_folders',
    why: 'uncovered',
    sentence: say('evidence-hole', { from: { time: day(2026, 11, 2) }, to: { time: day(2026, 11, 9) } }),
    count: 7,
    kind: 'auto_reply',
    subject: 'Out of office: Re: offer',
    account: 'work',
  },
  {
    by: { kind: 'abuse_report' },
    why: 'left_alone',
    sentence: say('evidence-abuse-report'),
    count: 2,
    kind: 'abuse_report',
    subject: 'FW: complaint about 192.0.2.4',
  },
];

/** Mails that the user has to look at. */
export class Undecided {
  #groups: GroupView[] = [];
  #recorded = 0;
  readonly records = new Map<string, RecordView>();

  constructor(now: number) {
    SORTS.forEach((sort, number) => this.#add(sort, number, now));
  }

  #add(sort: Sort, number: number, now: number): void {
    const account = sort.account ?? 'home';
    const ids: string[] = [];
    for (let nth = 0; nth < sort.count; nth += 1) {
      const id = `u${number}-${nth}`;
      ids.push(id);
      const arrived = now - HOUR * (number + 1) - nth * 90;
      this.records.set(id, {
        id,
        account,
        folder: 'INBOX',
        from: `MAILER-DAEMON@mx${nth % 40}.office.example`,
        subject: sort.subject,
        arrived,
        kind: sort.kind,
        verdict: sort.misused ? 'misused' : 'undecided',
        rule: sort.misused ? 'misused' : 'unknown',
        why: sort.why,
        sentence: sort.sentence.text,
        told: sort.sentence.told,
        evidence: [fact(sort.why, sort.misused ? 'through_my_server' : 'hint', sort.sentence)],
        original: {
          message_id: `${id}@mailer.test`,
          from: sort.to ?? OWN[account] ?? null,
          to: [`someone${nth}@office.example`],
          subject: sort.subject.replace(/^[^:]+: /, ''),
          date: new Date((arrived - 60) * 1000).toISOString(),
        },
        recipients: [],
        hops: [],
        server: `mx${nth % 40}.office.example [203.0.113.${nth % 40}]`,
        size: 3100,
        moved_at: null,
        until: arrived + 30 * DAY,
        state: 'undecided',
      });
    }
    this.#groups.push({
      account,
      by: sort.by,
      why: sort.why,
      sentence: sort.sentence.text,
      told: sort.sentence.told,
      misused: sort.misused ?? false,
      count: sort.count,
      kinds: { [sort.kind]: sort.count } as GroupView['kinds'],
      newest: now - HOUR * (number + 1),
      ids,
    });
  }

  groups(): GroupView[] {
    return this.#groups
      .map((group) => ({ ...group, ids: group.ids.filter((id) => this.records.get(id)?.state === 'undecided') }))
      .map((group) => ({ ...group, count: group.ids.length }))
      .filter((group) => group.count > 0)
      .sort((a, b) => b.count - a.count);
  }

  count(account: string): number {
    let count = 0;
    for (const view of this.records.values()) if (view.state === 'undecided' && view.account === account) count += 1;
    return count;
  }

  /** Lets go of mails that stay where they are; what is moved becomes a record, under a name of its own. */
  settle(ids: readonly string[], move: boolean): Changed {
    const changed: Changed = { done: 0, failed: [], records: [] };
    for (const id of ids) {
      const view = this.records.get(id);
      if (view?.state !== 'undecided') {
        changed.failed.push({ id, why: 'This mail is no longer undecided.' });
        continue;
      }
      this.records.delete(id);
      changed.done += 1;
      if (!move) continue;
      const record = `q${++this.#recorded}`;
      this.records.set(record, { ...view, id: record, state: 'quarantined', verdict: 'backscatter', rule: 'user' });
      changed.records.push(record);
    }
    return changed;
  }

  /** Puts one of the records into another state; says of which account it is. */
  become(id: string, state: RecordView['state']): string | null {
    const view = this.records.get(id);
    if (!view || view.state === 'undecided') return null;
    this.records.set(id, { ...view, state });
    return view.account;
  }
}
