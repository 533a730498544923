import type { Rng } from '../numeric/rng';
import { cumulate, drawIndex } from './draws';

/** Milliseconds of an hour. */
const hourMs = 3_600_000;
/** Milliseconds of a day. */
export const dayMs = 24 * hourMs;

/** Time zone of the shop: China Standard Time. */
const shopZoneHours = 8;

/** The simulated year, which ends at the last full hour before `now`. */
export interface Calendar {
  /** Milliseconds since the epoch: a midnight in the shop's time zone. */
  readonly start: number;
  /** Milliseconds since the epoch, exclusive: no event is later. */
  readonly end: number;
  /** Number of days, including the last, which is incomplete. */
  readonly days: number;
}

/** The 365 days up to the last full hour at `now` (ms since the epoch). */
export function calendarUntil(now: number): Calendar {
  const days = 365;
  const end = Math.floor(now / hourMs) * hourMs;
  const zoneMs = shopZoneHours * hourMs;
  const today = Math.floor((end + zoneMs) / dayMs) * dayMs - zoneMs;
  return { start: today - (days - 1) * dayMs, end, days };
}

/** Month 0-11, day of the month and day of the week (0 = Sunday) in the shop's time zone. */
function localDate(time: number): { readonly month: number; readonly day: number; readonly weekday: number } {
  const date = new Date(time + shopZoneHours * hourMs);
  return { month: date.getUTCMonth(), day: date.getUTCDate(), weekday: date.getUTCDay() };
}

/** Month 0-11 of an instant in the shop's time zone. */
export const monthOf = (time: number): number => localDate(time).month;

/** Traffic multiplier of sales days, keyed by month.day. */
const festivals: ReadonlyMap<string, number> = new Map([
  ['10.11', 2.4],
  ['10.10', 1.5],
  ['5.18', 2],
  ['11.12', 1.7],
  ['2.8', 1.4],
  ['0.1', 1.2],
]);

/** Traffic multiplier of a day: 1 except on sales days. */
export function festivity(time: number): number {
  const { month, day, weekday } = localDate(time);
  const isBlackFriday = month === 10 && weekday === 5 && day >= 22 && day <= 28;
  return isBlackFriday ? 2 : (festivals.get(`${month}.${day}`) ?? 1);
}

/** Weekends are busier, and traffic grows by a third within the year. */
const weekdayTraffic = [1.3, 0.92, 0.9, 0.92, 0.95, 1.05, 1.32];
const yearlyGrowth = 0.33;

/** Relative traffic of each day, in order. */
export function dailyTraffic(calendar: Calendar): Float64Array {
  return Float64Array.from({ length: calendar.days }, (_, day) => {
    const time = calendar.start + day * dayMs + dayMs / 2;
    const growth = 1 + (yearlyGrowth * day) / calendar.days;
    return weekdayTraffic[localDate(time).weekday] * growth * festivity(time);
  });
}

/** Relative traffic by local hour of the shopper: quiet nights, a lunch break, long evenings. */
const hourlyTraffic = cumulate([
  2.2, 1.1, 0.6, 0.4, 0.4, 0.6, 1.4, 2.6, 3.4, 4.0, 4.4, 4.6, 5.6, 5.2, 4.4, 4.2, 4.2, 4.4, 5.0, 6.2, 8.0,
  9.0, 8.0, 5.0,
]);

/** Draws an instant within the day from `dayStart` (a full hour) by the local hours of a shopper `zoneHours` east of UTC. */
export function timeWithin(rng: Rng, dayStart: number, zoneHours: number): number {
  const hour = drawIndex(rng, hourlyTraffic);
  const hourAtStart = (((dayStart / hourMs + zoneHours) % 24) + 24) % 24;
  const ahead = (hour - hourAtStart + 24) % 24;
  return dayStart + ahead * hourMs + rng.int(hourMs);
}
