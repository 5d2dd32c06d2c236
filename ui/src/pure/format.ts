/** Numbers and times as people of one language write them. */
export interface Formats {
  locale: string;
  number(value: number): string;
  percent(value: number): string;
  dateTime(seconds: number): string;
  /** The time alone if it is today, else the day; for narrow columns. */
  brief(seconds: number, now: number): string;
  day(seconds: number): string;
  hour(seconds: number): string;
  /** Such as "3 hours ago" or "in 2 days". */
  relative(seconds: number, now: number): string;
  /** Such as "1 h 20 min". */
  span(seconds: number): string;
  bytes(count: number): string;
  list(words: readonly string[]): string;
  /** A time as RFC 3339 has it; what is none stays as it is. */
  stamp(text: string | null): string | null;
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

export function formats(locale: string, timeZone?: string): Formats {
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone });
  const shortDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone });
  const hour = new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const unit = (name: string, value: number) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: 1 }).format(
      value,
    );
  const at = (seconds: number) => new Date(seconds * 1000);
  return {
    locale,
    number: (value) => number.format(value),
    percent: (value) => percent.format(value),
    dateTime: (seconds) => dateTime.format(at(seconds)),
    brief: (seconds, now) =>
      (Math.abs(now - seconds) < 86_400 && day.format(at(seconds)) === day.format(at(now)) ? time : shortDay).format(
        at(seconds),
      ),
    day: (seconds) => day.format(at(seconds)),
    hour: (seconds) => hour.format(at(seconds)),
    relative(seconds, now) {
      const away = seconds - now;
      for (const [name, length] of STEPS) {
        if (Math.abs(away) >= length) return relative.format(Math.trunc(away / length), name);
      }
      return relative.format(0, 'minute');
    },
    span(seconds) {
      const minutes = Math.max(0, Math.floor(seconds / 60));
      if (minutes >= 48 * 60) return unit('day', Math.floor(minutes / 1440));
      const hours = Math.floor(minutes / 60);
      if (hours === 0) return unit('minute', minutes);
      return minutes % 60 === 0 ? unit('hour', hours) : `${unit('hour', hours)} ${unit('minute', minutes % 60)}`;
    },
    bytes(count) {
      if (count < 1000) return unit('byte', count);
      if (count < 1_000_000) return unit('kilobyte', count / 1000);
      return unit('megabyte', count / 1_000_000);
    },
    list: (words) => list.format(words),
    stamp(text) {
      const time = /^\d{4}-\d\d-\d\dT/.test(text ?? '') ? Date.parse(text ?? '') : NaN;
      return Number.isNaN(time) ? text : exact.format(time);
    },
  };
}
