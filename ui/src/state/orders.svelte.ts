import type { Changed, Failed, Order } from '../backend/types';
import { t } from '../words/words.svelte';
import { agent } from './agent.svelte';
import { say, sayFailed, type Offer } from './messages.svelte';
import { confirmed } from './question.svelte';
import { inBatches } from './work.svelte';

async function all(label: string, ids: readonly string[], order: (part: string[]) => Promise<Changed>) {
  let done = 0;
  const failed: Failed[] = [];
  const { cancelled } = await inBatches(label, ids, async (part) => {
    const changed = await order(part);
    done += changed.done;
    failed.push(...changed.failed);
  });
  return { done, failed, cancelled };
}

function tell(text: string, failed: Failed[], cancelled: boolean, offer?: Offer): void {
  if (cancelled) say(`${text} ${t('work-stopped')}`, offer);
  else if (text) say(text, offer);
  tellFailed(failed);
}

/** Says what could not be changed: the first reason, and how many there are. */
export function tellFailed(failed: readonly Failed[]): void {
  const first = failed[0];
  if (first)
    sayFailed(new Error(failed.length === 1 ? first.why : t('failed-some', { count: failed.length, why: first.why })));
}

/** Puts mails back where they were. Several at once are asked about, for nothing takes that back. */
export async function restore(ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return false;
  const count = ids.length;
  if (count > 1 && !(await confirmed(t('restore-ask', { count }), t('restore-ask-text'), t('restore')))) return false;
  try {
    const { done, failed, cancelled } = await all(t('restoring'), ids, (part) =>
      agent.ask({ quarantine_restore: { ids: part } }, 'changed'),
    );
    tell(done > 0 ? t('restored-done', { count: done }) : '', failed, cancelled);
    return true;
  } catch (thrown) {
    sayFailed(thrown, { label: t('try-again'), run: () => void restore(ids) });
    return false;
  } finally {
    agent.changed();
  }
}

/** Deletes mails for good. */
export async function purge(ids: readonly string[]): Promise<boolean> {
  const count = ids.length;
  if (count === 0) return false;
  if (!(await confirmed(t('purge-ask', { count }), t('purge-ask-text'), t('purge'), true))) return false;
  try {
    const { done, failed, cancelled } = await all(t('purging'), ids, (part) => {
      const which = { ids: part };
      return agent.ask({ quarantine_purge: { which } }, 'changed');
    });
    tell(done > 0 ? t('purged-done', { count: done }) : '', failed, cancelled);
    return true;
  } catch (thrown) {
    sayFailed(thrown, { label: t('try-again'), run: () => void purge(ids) });
    return false;
  } finally {
    agent.changed();
  }
}

/** What is said when an order to reports was carried out, and what takes it back. */
const AFTER: Record<Order, { said: string; back?: Order }> = {
  approve: { said: 'report-approved', back: 'undo' },
  discard: { said: 'report-discarded', back: 'undo' },
  undo: { said: 'report-waits' },
  open: { said: 'report-opened' },
  done: { said: 'report-done-said' },
};

/** Approves, discards … the reports about mails. */
export async function orderReports(ids: readonly string[], order: Order): Promise<boolean> {
  if (ids.length === 0) return false;
  const { said, back } = AFTER[order];
  try {
    const { done, failed, cancelled } = await all(t('reporting'), ids, (part) =>
      agent.ask({ reports_order: { ids: part, order } }, 'changed'),
    );
    const refused = new Set(failed.map((one) => one.id));
    const changed = ids.filter((id) => !refused.has(id));
    const offer = back && done > 0 ? { label: t('undo'), run: () => void orderReports(changed, back) } : undefined;
    tell(done > 0 ? t(said, { count: done }) : '', failed, cancelled, offer);
    return done > 0;
  } catch (thrown) {
    sayFailed(thrown, { label: t('try-again'), run: () => void orderReports(ids, order) });
    return false;
  } finally {
    agent.changed();
  }
}

/** Has the program open SpamCop's page about a report. */
export async function openReport(id: string): Promise<void> {
  try {
    await agent.backend.openPage({ report: id });
    say(t('report-opened', { count: 1 }));
  } catch (thrown) {
    sayFailed(thrown, { label: t('try-again'), run: () => void openReport(id) });
  } finally {
    agent.changed();
  }
}
