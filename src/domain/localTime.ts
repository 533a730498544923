const minuteMs = 60_000;

/** Days of the week, Monday first (ISO 8601). */
export const weekdays = [
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
  'SUNDAY',
] as const;
/** One of {@link weekdays}. */
export type Weekday = (typeof weekdays)[number];

export const minutesPerDay = 1440;
export const minutesPerWeek = 7 * minutesPerDay;

/** Formats by the name of the zone, because making one is expensive. */
const formats = new Map<string, Intl.DateTimeFormat>();
const maxFormats = 1000;

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    ...{
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    },
    era: 'short',
  });
  // About 600 names exist; in other letter cases, which count as well, there are more.
  if (formats.size >= maxFormats) formats.clear();
  formats.set(timeZone, format);
  return format;
}

/** An area of the IANA database (`Europe/Berlin`), or UTC; not an offset such as `+02:00`, which knows no summer time. */
const zonePattern = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,2}$/;

/** Returns whether a value is the name of a time zone that this Node.js knows. */
export function isTimeZone(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > 64 || !zonePattern.test(value)) return false;
  try {
    formatOf(value);
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns the difference between local time and UTC at an instant, in milliseconds; positive east of Greenwich.
 *
 * @throws {RangeError} for an unknown zone
 */
export function zoneOffset(instant: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const year = parts.get('era') === 'BC' ? 1 - number('year') : number('year');
  const local = Date.UTC(
    year,
    number('month') - 1,
    number('day'),
    number('hour'),
    number('minute'),
    number('second'),
  );
  return local - Math.floor(instant / 1000) * 1000;
}

/**
 * Returns the minute of the local week that an instant lies in, 0 (Monday 00:00) to 10079.
 *
 * @throws {RangeError} for an unknown zone
 */
export function minuteOfWeek(instant: number, timeZone: string): number {
  const minutes = Math.floor((instant + zoneOffset(instant, timeZone)) / minuteMs);
  // 1970-01-01 was a Thursday.
  const sinceMonday = minutes + 3 * minutesPerDay;
  return ((sinceMonday % minutesPerWeek) + minutesPerWeek) % minutesPerWeek;
}

/**
 * Returns the first instant in (from, to] at which the zone has another offset than at `from`, to the second; null when
 * both ends have the same. Offsets change at most twice a year, so an interval of a week has at most one change.
 */
export function offsetChange(from: number, to: number, timeZone: string): number | null {
  const before = zoneOffset(from, timeZone);
  if (zoneOffset(to, timeZone) === before) return null;
  let low = Math.floor(from / 1000);
  let high = Math.ceil(to / 1000);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (zoneOffset(middle * 1000, timeZone) === before) low = middle;
    else high = middle;
  }
  return high * 1000;
}
