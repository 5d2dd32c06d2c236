import type { ReportView } from '../backend/types';

/** The states of reports, those first that the user can do something about. */
export const REPORT_STATES = [
  'needs_confirmation',
  'waiting',
  'cut_off',
  'approved',
  'sending',
  'refused',
  'sent',
  'done',
  'expired',
  'discarded',
  'withdrawn',
] as const;

/** These want the user; the others are history or go on by themselves. */
export const OPEN_STATES: readonly string[] = ['needs_confirmation', 'waiting', 'cut_off', 'approved', 'sending'];

export interface ReportGroup {
  state: string;
  reports: ReportView[];
}

/** Reports by state; within one, those first that have the least time left, and in history the newest. */
export function byState(reports: readonly ReportView[]): ReportGroup[] {
  const states = [...REPORT_STATES, ...reports.map((report) => report.state)];
  return [...new Set(states)]
    .map((state) => ({
      state,
      reports: reports
        .filter((report) => report.state === state)
        .sort((a, b) => (OPEN_STATES.includes(state) ? a.expires - b.expires : b.changed - a.changed)),
    }))
    .filter(({ reports: some }) => some.length > 0);
}
