import type { GroupView } from '../backend/types';

/** What tells a group from the others, however the list is ordered and whatever comes to it. */
export function keyOf(group: GroupView): string {
  return `${group.account} ${JSON.stringify(group.by)} ${group.why}`;
}

/** What may be a stolen account comes before everything else. */
export function inOrder(groups: readonly GroupView[]): GroupView[] {
  return [...groups].sort((a, b) => Number(b.misused) - Number(a.misused));
}

/**
 * Which group is `by` further than the current one; where that is gone, its neighbours are counted from the place
 * `at` where it stood.
 */
export function besides(keys: readonly string[], current: string | null, at: number, by: 1 | -1): string | null {
  const now = current === null ? -1 : keys.indexOf(current);
  const next = now >= 0 ? now + by : by > 0 ? at : at - 1;
  return keys[Math.min(Math.max(next, 0), keys.length - 1)] ?? null;
}
