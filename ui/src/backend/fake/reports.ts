import type { Changed, Order, RecordView, ReportView } from '../types';
import { DAY, HOUR } from './mails';

type Sample = [state: string, count: number, why: string | null];

const SAMPLES: readonly Sample[] = [
  ['waiting', 12, null],
  ['approved', 2, 'It is sent within the hour: 20 an hour at most.'],
  ['needs_confirmation', 3, 'SpamCop waits for your word: open its page, look at it, and confirm.'],
  ['cut_off', 1, 'The connection broke while it was handed over, so it may have been sent.'],
  ['sent', 4, null],
  ['done', 9, null],
  ['refused', 2, 'SpamCop does not take it: the mailhosts of your account are missing.'],
  ['expired', 3, 'SpamCop takes nothing that is older than two days.'],
  ['discarded', 2, null],
  ['withdrawn', 1, 'Its mail was put back.'],
];

/** The reports, about the newest mails of the quarantine. */
export class Reports {
  readonly #all = new Map<string, ReportView>();

  constructor(mails: readonly RecordView[], now: number) {
    let at = 0;
    for (const [state, count, why] of SAMPLES) {
      for (let nth = 0; nth < count; nth += 1) {
        const mail = mails[at];
        if (mail) this.#all.set(mail.id, made(mail, state, why, now, at));
        at += 1;
      }
    }
    const complained = mails[at];
    if (complained) {
      const view = made(complained, 'sent', null, now, at);
      this.#all.set(`${complained.id}/operator`, {
        ...view,
        id: `${complained.id}/operator`,
        channel: 'operator',
        to: 'abuse@hosting.test',
        link: null,
      });
    }
  }

  list(): ReportView[] {
    return [...this.#all.values()];
  }

  one(id: string): ReportView | undefined {
    return this.#all.get(id);
  }

  /** A report about a mail, made on demand. */
  make(mail: RecordView, now: number): ReportView {
    const view = this.#all.get(mail.id) ?? made(mail, 'waiting', null, now, 0);
    this.#all.set(mail.id, view);
    return view;
  }

  put(view: ReportView): void {
    this.#all.set(view.id, view);
  }

  order(ids: readonly string[], order: Order, now: number, mail: (id: string) => RecordView | undefined): Changed {
    const changed: Changed = { done: 0, failed: [], records: [] };
    const next: Record<Order, string> = {
      approve: 'approved',
      discard: 'discarded',
      undo: 'waiting',
      open: 'needs_confirmation',
      done: 'done',
    };
    for (const id of ids) {
      const about = mail(id);
      const view = this.#all.get(id) ?? (about && order === 'approve' ? this.make(about, now) : undefined);
      if (!view) {
        changed.failed.push({ id, why: 'There is no report about this mail.' });
      } else if (order === 'approve' && view.left <= 0) {
        changed.failed.push({ id, why: 'SpamCop takes nothing that is older than two days.' });
      } else {
        this.#all.set(id, {
          ...view,
          state: next[order],
          changed: now,
          why: null,
          opened: order === 'open' ? now : view.opened,
        });
        changed.done += 1;
      }
    }
    return changed;
  }

  /** Hands over what is approved. */
  send(now: number): Changed {
    let done = 0;
    for (const view of this.#all.values()) {
      if (view.state !== 'approved') continue;
      this.#all.set(view.id, { ...view, state: 'sent', sent: now, changed: now, why: null });
      done += 1;
    }
    return { done, failed: [], records: [] };
  }
}

function made(mail: RecordView, state: string, why: string | null, now: number, nth: number): ReportView {
  const [name, ip] = (mail.server ?? '').split(' ');
  const created = Math.max(mail.arrived, now - 40 * HOUR + nth * 600);
  const late = state === 'expired' || now - mail.arrived > 2 * DAY;
  return {
    id: mail.id,
    account: mail.account,
    channel: 'spam_cop',
    state,
    why,
    back: state === 'withdrawn',
    link:
      state === 'needs_confirmation' || state === 'done'
        ? 'https://www.spamcop.net/sc?id=z1234567890z0123456789abcdef'
        : null,
    opened: null,
    sent: ['sent', 'needs_confirmation', 'done'].includes(state)
      ? Math.min(now - 300 * (nth + 1), created + HOUR)
      : null,
    by_itself: false,
    to: null,
    message_id: null,
    server: ip?.replace(/[[\]]/g, '') ?? null,
    server_name: name ?? null,
    kind: mail.kind,
    subject: mail.subject,
    created,
    changed: Math.min(now - 300 * (nth + 1), created + HOUR),
    expires: late ? now - HOUR : created + 2 * DAY,
    left: late ? -HOUR : created + 2 * DAY - now,
    others: nth % 4 === 0 ? nth : 0,
  };
}
