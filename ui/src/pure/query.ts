import type { Kind, Query, RecordState } from '../backend/types';

export const KINDS: readonly Kind[] = [
  'bounce',
  'auto_reply',
  'challenge',
  'virus_notice',
  'list_notice',
  'receipt',
  'abuse_report',
];

/** States by which the list can be narrowed; the undecided have a view of their own. */
export const STATES: readonly RecordState[] = ['quarantined', 'judged', 'restored', 'rescued', 'purged', 'gone'];

export interface Filter {
  text: string;
  kind: Kind | '';
  state: RecordState | 'any';
  account: string;
  server: string;
}

/** What the address of the window asks for. */
export function filterOf(params: URLSearchParams): Filter {
  return {
    text: params.get('text') ?? '',
    kind: KINDS.find((kind) => kind === params.get('kind')) ?? '',
    state:
      params.get('state') === 'any' ? 'any' : (STATES.find((state) => state === params.get('state')) ?? 'quarantined'),
    account: params.get('account') ?? '',
    server: params.get('server') ?? '',
  };
}

export function queryOf(filter: Filter): Query {
  return {
    account: filter.account || null,
    states: filter.state === 'any' ? [...STATES] : [filter.state],
    kinds: filter.kind ? [filter.kind] : [],
    text: filter.text.trim(),
    server: filter.server.trim() || null,
    from: null,
    to: null,
  };
}

export function narrows(filter: Filter): boolean {
  return (
    filter.text.trim() !== '' ||
    filter.kind !== '' ||
    filter.state !== 'quarantined' ||
    filter.account !== '' ||
    filter.server.trim() !== ''
  );
}
