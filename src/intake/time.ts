import type { Fields } from './fields';

/** 1990-01-01T00:00:00Z. No shop has older events; an older time is most likely in a wrong unit. */
export const earliestTime = Date.UTC(1990, 0, 1);
/** The end of the year 9999, the last that ISO 8601 writes with four digits. An offset could lead beyond it. */
const latestTime = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
/** How far a client's clock may be ahead, in milliseconds; such an event counts as having occurred now. */
export const maxAheadMs = 300_000;

const isoInstant =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):?(\d\d))$/;
const plainInstant = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?$/;

/**
 * Parses an ISO 8601 instant with a zone (`2026-07-01T12:00:00Z`, `…+02:00`) to milliseconds since the epoch. NaN for other
 * text, for a day or an hour that does not exist (a leap second among them), and for an instant after the year 9999. Digits below the millisecond are truncated.
 */
export function parseInstant(text: string): number {
  const match = isoInstant.exec(text);
  if (!match) return Number.NaN;
  const hours = Number(match[9] ?? 0);
  const minutes = Number(match[10] ?? 0);
  if (hours > 23 || minutes > 59) return Number.NaN;
  const ahead = (hours * 60 + minutes) * 60_000 * (match[8] === '-' ? -1 : 1);
  const instant = utcOf(match) - ahead;
  return instant <= latestTime ? instant : Number.NaN;
}

/**
 * Parses a day (`2026-07-01`) or a day and a time without zone (`2026-07-01 12:00:00`), as UTC, to milliseconds since the
 * epoch; NaN for other text.
 */
export function parseUtc(text: string): number {
  const match = plainInstant.exec(text);
  return match ? utcOf(match) : Number.NaN;
}

/** Returns the UTC instant of the matched year to millisecond; NaN for dates that do not exist. */
function utcOf(match: RegExpExecArray): number {
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(part => Number(part ?? 0));
  const millisecond = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  return utcInstant([year, month, day, hour, minute, second, millisecond]);
}

/**
 * Returns milliseconds since the epoch of `[year, month, day, hour, minute, second, millisecond]` in UTC, months from 1; NaN
 * for days and hours that do not exist, such as 30 February or 24:00.
 */
export function utcInstant([year, month, day, hour, minute, second, millisecond]: readonly number[]): number {
  const isTime = hour <= 23 && minute <= 59 && second <= 59;
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
  // Date.UTC reads the years 0-99 as 1900-1999; all of them are before the first accepted time anyway.
  if (!isTime || !isDay || year < 100) return Number.NaN;
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
}

const daysByMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysOf(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : daysByMonth[month - 1];
}

/** Returns the instant of ISO text with a zone, or of a Date from a trusted caller; NaN for anything else. */
function instantOf(value: unknown): number {
  if (typeof value === 'string') return parseInstant(value);
  return value instanceof Date ? value.getTime() : Number.NaN;
}

/**
 * Reads the instant of a field in milliseconds since the epoch, from 1990 to now. Absent or null means now; up to
 * {@link maxAheadMs} ahead of `now` counts as now, so that no age is negative.
 */
export function readTime(fields: Fields, field: string, now: number): number {
  const value = fields.value(field);
  if (value === undefined || value === null) return now;
  const time = instantOf(value);
  if (Number.isNaN(time)) {
    fields.fail(
      'TIME_INVALID',
      field,
      'an ISO 8601 instant with a zone',
      'Send one such as 2026-07-01T12:00:00Z.',
    );
  } else if (time < earliestTime) {
    fields.fail(
      'TIME_TOO_OLD',
      field,
      'a time from 1990-01-01 on',
      'Check the unit and the clock that made it.',
    );
  } else if (time > now + maxAheadMs) {
    fields.fail(
      'TIME_IN_FUTURE',
      field,
      'a time that has come',
      'Check the zone and the clock that made it.',
    );
  }
  return Math.min(time, now);
}
