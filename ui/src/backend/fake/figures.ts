import type { OverviewView, SourceView, Totals } from '../types';
import { DAY, HOSTS, HOUR, type Mail } from './mails';

const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', '+00:00');

/** The hosts behind these mails. */
export function sources(mails: readonly Mail[]): SourceView[] {
  const found = new Map<number, SourceView>();
  for (const mail of mails) {
    const day = iso(mail.arrived).slice(0, 10);
    const host = HOSTS[mail.host];
    const view = found.get(mail.host) ?? {
      role: mail.host % 7 === 6 ? 'injector' : 'backscatterer',
      ip: host?.ip ?? null,
      name: host?.name ?? null,
      helo: host?.name ?? null,
      claimed_to_be_you: mail.host % 7 === 6,
      host: mail.host % 3 === 0 ? (host?.name ?? null) : null,
      listed: mail.host % 4 === 0 ? true : mail.host % 4 === 1 ? false : null,
      network: mail.host % 2 ? { asn: 64_496 + (mail.host % 16), country: 'DE', name: 'Example Hosting' } : null,
      count: 0,
      kinds: {} as SourceView['kinds'],
      days: {},
      first_seen: iso(mail.arrived),
      last_seen: iso(mail.arrived),
    };
    view.count += 1;
    view.kinds[mail.kind] = (view.kinds[mail.kind] ?? 0) + 1;
    view.days[day] = (view.days[day] ?? 0) + 1;
    view.first_seen = iso(mail.arrived);
    found.set(mail.host, view);
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

function totals(mails: readonly Mail[]): Totals {
  const moved = mails.filter((mail) => mail.state !== 'judged' && mail.state !== 'undecided').length;
  const of = (state: string) => mails.filter((mail) => mail.state === state).length;
  return { moved, restored: of('restored'), rescued: of('rescued'), reported: Math.round(moved / 900) };
}

/** What happened of late. */
export function overview(all: readonly Mail[], now: number, offset: number): OverviewView {
  const midnight = Math.floor((now + offset) / DAY) * DAY - offset;
  const month = all.filter((mail) => mail.arrived >= now - 30 * DAY);
  const hours = new Map<number, number>();
  const view: OverviewView = {
    today: totals(month.filter((mail) => mail.arrived >= midnight)),
    month: totals(month),
    hours: [],
    storms: [],
    kinds: {} as OverviewView['kinds'],
    reasons: {} as OverviewView['reasons'],
    top: sources(month).slice(0, 10),
  };
  for (const mail of month) {
    const hour = Math.floor(mail.arrived / HOUR) * HOUR;
    hours.set(hour, (hours.get(hour) ?? 0) + 1);
    view.kinds[mail.kind] = (view.kinds[mail.kind] ?? 0) + 1;
    if (mail.reason) view.reasons[mail.reason] = (view.reasons[mail.reason] ?? 0) + 1;
  }
  view.hours = [...hours].map(([at, count]) => ({ at, count })).sort((a, b) => a.at - b.at);
  for (const hour of view.hours.filter(({ count }) => count > 800)) {
    const last = view.storms.at(-1);
    if (last && hour.at - last.to < 3 * HOUR)
      Object.assign(last, { to: hour.at + HOUR, count: last.count + hour.count });
    else view.storms.push({ from: hour.at, to: hour.at + HOUR, count: hour.count });
  }
  return view;
}
