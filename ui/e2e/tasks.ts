import type { Browser, Page } from '@playwright/test';

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  /** Time for which the thread really ran, without what other programs took from it. */
  tdur?: number;
  args?: { name?: string };
}

/** By these, Chromium runs scripts of a page. */
const SCRIPT = ['FunctionCall', 'EvaluateScript', 'FireAnimationFrame', 'TimerFire', 'EventDispatch', 'RunMicrotasks'];

/** The longest task of the page's main thread in which scripts ran, in milliseconds of processor time. */
export async function longestScriptTask(browser: Browser, page: Page, work: () => Promise<unknown>): Promise<number> {
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'v8', '__metadata'] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const scripts = traceEvents.filter(({ name, ph }) => ph === 'X' && SCRIPT.includes(name));
  const counts = new Map<string, number>();
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const main = new Set(
    traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(thread),
  );
  for (const event of scripts)
    if (main.has(thread(event))) counts.set(thread(event), (counts.get(thread(event)) ?? 0) + 1);
  const busiest = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
  const times = scripts.filter((event) => thread(event) === busiest).map(({ dur, tdur }) => (tdur ?? dur ?? 0) / 1000);
  return Math.max(0, ...times);
}
