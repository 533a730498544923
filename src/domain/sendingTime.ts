import {
  minuteOfWeek,
  minutesPerDay,
  minutesPerWeek,
  offsetChange,
  type Weekday,
  weekdays,
} from './localTime';

const minuteMs = 60_000;

/** Minutes of each local day in which nobody is contacted: from `startMinute` up to, not including, `endMinute`. */
export interface QuietHours {
  /** 0 (00:00) to 1439. Later than `endMinute` where they last over midnight; equal: no quiet hours. */
  readonly startMinute: number;
  /** 0 to 1439. */
  readonly endMinute: number;
}

/** Minutes of some weekdays, by local time, from `startMinute` up to, not including, `endMinute`. */
export interface SendingWindow {
  /** At least one, each once. */
  readonly weekdays: readonly Weekday[];
  /** 0 (00:00) to 1439. */
  readonly startMinute: number;
  /** 1 to 1440 (24:00), later than `startMinute`. */
  readonly endMinute: number;
}

/** When shoppers may be contacted. All quiet hours hold; the windows add up. */
export interface SendingRules {
  readonly quietHours: readonly QuietHours[];
  /** Empty: at any time outside quiet hours. */
  readonly windows: readonly SendingWindow[];
}

const isQuiet = (minute: number, { startMinute, endMinute }: QuietHours): boolean =>
  startMinute <= endMinute
    ? minute >= startMinute && minute < endMinute
    : minute >= startMinute || minute < endMinute;

function isOpen(minuteOfTheWeek: number, { quietHours, windows }: SendingRules): boolean {
  const minute = minuteOfTheWeek % minutesPerDay;
  if (quietHours.some(quiet => isQuiet(minute, quiet))) return false;
  const weekday = weekdays[Math.floor(minuteOfTheWeek / minutesPerDay)];
  return (
    windows.length === 0 ||
    windows.some(
      window =>
        window.weekdays.includes(weekday) && minute >= window.startMinute && minute < window.endMinute,
    )
  );
}

/** Minutes of a local week in which shoppers may be contacted. */
export interface SendingCalendar {
  /** Number of such minutes, 0 to 10,080. */
  readonly openMinutes: number;
  /** Per minute of the week, Monday 00:00 first: minutes to wait for one that is open, 0 for open ones. */
  readonly waits: Uint16Array;
}

/** Computes the calendar of rules. O(minutes of a week × rules). Waits are 65,535 where no minute is open. */
export function sendingCalendar(rules: SendingRules): SendingCalendar {
  const waits = new Uint16Array(minutesPerWeek).fill(0xffff);
  let openMinutes = 0;
  let next = Number.POSITIVE_INFINITY;
  // Twice around the week, backwards, so that minutes at its end know the first open one of the next week.
  for (let minute = 2 * minutesPerWeek - 1; minute >= 0; minute--) {
    const place = minute % minutesPerWeek;
    if (isOpen(place, rules)) {
      next = minute;
      if (minute < minutesPerWeek) openMinutes++;
    }
    if (next < Number.POSITIVE_INFINITY) waits[place] = next - minute;
  }
  return { openMinutes, waits };
}

/**
 * Returns the first instant from `from` on at which a shopper of this zone may be contacted, before `until`; null when there
 * is none. It is `from` itself or the start of a minute. Local minutes that summer time leaves out never come, and those that
 * it repeats come twice.
 *
 * @param timeZone - IANA name, checked
 */
export function nextSendingTime(
  { openMinutes, waits }: SendingCalendar,
  timeZone: string,
  from: number,
  until: number,
): number | null {
  if (openMinutes === 0) return null;
  let at = from;
  while (at < until) {
    const wait = waits[minuteOfWeek(at, timeZone)];
    if (wait === 0) return at;
    const then = (Math.floor(at / minuteMs) + wait) * minuteMs;
    // Where the clocks are changed on the way, the search goes on from there.
    at = offsetChange(at, then, timeZone) ?? then;
  }
  return null;
}
