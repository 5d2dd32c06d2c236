import { batches } from '../pure/selection';

/** Long work of the window's own, such as an order for 3,000 mails. */
export interface Work {
  id: number;
  label: string;
  done: number;
  total: number;
  cancel: () => void;
}

/** So many mails are named in one order. */
export const BATCH = 500;

let last = 0;
let running = $state.raw<Work[]>([]);

export function works(): Work[] {
  return running;
}

/** Does something for all of a list, part by part, so that it can be watched and ended; says how much was done. */
export async function inBatches(
  label: string,
  ids: readonly string[],
  order: (part: string[]) => Promise<void>,
): Promise<{ done: number; cancelled: boolean }> {
  const id = ++last;
  let cancelled = false;
  let done = 0;
  const show = () => {
    const work: Work = { id, label, done, total: ids.length, cancel: () => (cancelled = true) };
    running = [...running.filter((other) => other.id !== id), work];
  };
  const parts = batches(ids, BATCH);
  if (parts.length > 1) show();
  try {
    for (const part of parts) {
      if (cancelled) break;
      await order(part);
      done += part.length;
      if (parts.length > 1) show();
    }
  } finally {
    running = running.filter((work) => work.id !== id);
  }
  return { done, cancelled };
}
