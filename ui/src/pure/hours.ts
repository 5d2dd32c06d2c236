import type { HourView, StormView } from '../backend/types';

export const HOUR = 3600;

/** Hour by hour without holes, as a chart needs it: times, counts, and the counts within storms alone. */
export function series(
  hours: readonly HourView[],
  storms: readonly StormView[],
  from: number,
  to: number,
): [number[], number[], (number | null)[]] {
  const counts = new Map(hours.map(({ at, count }) => [Math.floor(at / HOUR), count]));
  const times: number[] = [];
  const all: number[] = [];
  const stormy: (number | null)[] = [];
  for (let hour = Math.floor(from / HOUR); hour <= Math.floor(to / HOUR); hour += 1) {
    const at = hour * HOUR;
    const count = counts.get(hour) ?? 0;
    times.push(at);
    all.push(count);
    stormy.push(storms.some((storm) => at >= storm.from && at < storm.to) ? count : null);
  }
  return [times, all, stormy];
}

/** The same by day where the user is, the newest first, for a table. */
export function byDay(
  hours: readonly HourView[],
  dayOf: (seconds: number) => string,
): { day: string; count: number }[] {
  const days = new Map<string, number>();
  for (const { at, count } of [...hours].reverse()) days.set(dayOf(at), (days.get(dayOf(at)) ?? 0) + count);
  return [...days].map(([day, count]) => ({ day, count }));
}
