import { minuteOfWeek } from '../../domain/localTime';
import { nextSendingTime, type SendingCalendar } from '../../domain/sendingTime';
import { hoursPerDay } from './activeHours';

const hourMs = 3_600_000;
const minutesPerHour = 60;
/** Slots of a zone: those of a week, so that every weekday has its turn. */
const maxSlots = 7 * hoursPerDay;

/** An instant at which shoppers of one time zone may be contacted. */
export interface SendingSlot {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Local hour of the day, 0-23. */
  readonly hour: number;
}

/**
 * Returns the instants, at most one per hour, at which shoppers of a zone may be contacted, within a week from `from`
 * and before `until`; empty when there is none. They are computed once per zone, because local times are expensive.
 *
 * @param timeZone - IANA name, checked
 */
export function sendingSlots(
  calendar: SendingCalendar,
  timeZone: string,
  from: number,
  until: number,
): readonly SendingSlot[] {
  const slots: SendingSlot[] = [];
  const end = Math.min(until, from + maxSlots * hourMs);
  for (let hourStart = from; hourStart < end; ) {
    const at = nextSendingTime(calendar, timeZone, hourStart, end);
    if (at === null) break;
    const minute = minuteOfWeek(at, timeZone);
    slots.push({ at, hour: Math.floor(minute / minutesPerHour) % hoursPerDay });
    // The next slot begins with the next local hour.
    hourStart = at + (minutesPerHour - (minute % minutesPerHour)) * (hourMs / minutesPerHour);
    hourStart -= hourStart % (hourMs / minutesPerHour);
  }
  return slots;
}

/**
 * Returns the slot at whose hour a shopper is most active, the earliest of equal ones; null without slots.
 *
 * @param shares - activity by the hour of the day, [24]
 * @param isAllowed - false for instants at which other rules forbid a contact, such as a frequency cap
 */
export function bestSlot(
  slots: readonly SendingSlot[],
  shares: Float64Array,
  isAllowed: (at: number) => boolean,
): SendingSlot | null {
  let best: SendingSlot | null = null;
  for (const slot of slots) {
    if (best !== null && shares[slot.hour] <= shares[best.hour]) continue;
    if (isAllowed(slot.at)) best = slot;
  }
  return best;
}
