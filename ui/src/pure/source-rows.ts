import type { SourceView } from '../backend/types';
import { csv } from './csv';

export type SourceOrder = 'count' | 'name' | 'last_seen' | 'first_seen';

export const nameOf = (source: SourceView): string => source.host ?? source.name ?? source.helo ?? source.ip ?? '?';

/** The sources of one role that match, in order. */
export function sourceRows(
  sources: readonly SourceView[],
  role: SourceView['role'],
  text: string,
  order: SourceOrder,
  ascending: boolean,
): SourceView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const sign = ascending ? 1 : -1;
  return sources
    .filter((source) => source.role === role)
    .filter((source) => {
      const all = [source.ip, source.name, source.helo, source.host, source.network?.name].join(' ').toLowerCase();
      return words.every((word) => all.includes(word));
    })
    .sort((a, b) => {
      if (order === 'count') return sign * (a.count - b.count);
      const [left, right] = order === 'name' ? [nameOf(a), nameOf(b)] : [a[order], b[order]];
      return left < right ? -sign : left > right ? sign : 0;
    });
}

/** The table as a file for a spreadsheet. */
export function sourcesAsCsv(sources: readonly SourceView[]): string {
  const head = [
    'role',
    'ip',
    'name',
    'helo',
    'host',
    'listed',
    'network',
    'country',
    'claimed_to_be_you',
    'count',
    'first_seen',
    'last_seen',
  ];
  const rows = sources.map((source) => [
    source.role,
    source.ip,
    source.name,
    source.helo,
    source.host,
    source.listed,
    source.network?.name,
    source.network?.country,
    source.claimed_to_be_you,
    source.count,
    source.first_seen,
    source.last_seen,
  ]);
  return csv([head, ...rows]);
}
