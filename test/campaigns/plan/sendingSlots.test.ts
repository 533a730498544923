import fc from 'fast-check';
import { hoursPerDay } from '../../../src/campaigns/plan/activeHours';
import { bestSlot, sendingSlots } from '../../../src/campaigns/plan/sendingSlots';
import { minuteOfWeek, weekdays } from '../../../src/domain/localTime';
import { sendingCalendar } from '../../../src/domain/sendingTime';

const hourMs = 3_600_000;
const zones = [
  'UTC',
  'Europe/Berlin',
  'Asia/Shanghai',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
];
const always = sendingCalendar({ quietHours: [], windows: [] });

const sharesAt = (hour: number): Float64Array =>
  Float64Array.from({ length: hoursPerDay }, (_, own) => (own === hour ? 0.5 : 0.5 / 23));

describe('sending slots', () => {
  it('never break quiet hours or windows, in any zone, also when clocks change', () => {
    const someMinute = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        // Both changes of summer time of 2026 in Berlin and New York.
        fc.integer({ min: Date.UTC(2026, 2, 1), max: Date.UTC(2026, 11, 1) }),
        fc.tuple(someMinute, someMinute),
        fc.tuple(someMinute, fc.integer({ min: 1, max: 1440 })),
        fc.subarray([...weekdays], { minLength: 1 }),
        (zone, from, [quietStart, quietEnd], [windowStart, windowEnd], days) => {
          fc.pre(windowEnd > windowStart);
          const rules = {
            quietHours: [{ startMinute: quietStart, endMinute: quietEnd }],
            windows: [{ weekdays: days, startMinute: windowStart, endMinute: windowEnd }],
          };
          const until = from + 5 * 24 * hourMs;
          let last = Number.NEGATIVE_INFINITY;
          for (const { at, hour } of sendingSlots(sendingCalendar(rules), zone, from, until)) {
            const minute = minuteOfWeek(at, zone);
            const ofDay = minute % 1440;
            expect(at).toBeGreaterThanOrEqual(from);
            expect(at).toBeLessThan(until);
            expect(at).toBeGreaterThan(last);
            last = at;
            expect(hour).toBe(Math.floor(ofDay / 60));
            expect(days).toContain(weekdays[Math.floor(minute / 1440)]);
            expect(ofDay >= windowStart && ofDay < windowEnd).toBe(true);
            const isQuiet =
              quietStart <= quietEnd
                ? ofDay >= quietStart && ofDay < quietEnd
                : ofDay >= quietStart || ofDay < quietEnd;
            expect(isQuiet).toBe(false);
          }
        },
      ),
      { seed: 9, numRuns: 60 },
    );
  });

  it('are one per hour of a week, and the best is at the most active hour that is allowed', () => {
    const from = Date.UTC(2026, 5, 1, 10, 30);
    const slots = sendingSlots(always, 'Asia/Shanghai', from, from + 30 * 24 * hourMs);
    expect(slots.length).toBe(169);
    expect(slots[0]).toEqual({ at: from, hour: 18 });
    expect(bestSlot(slots, sharesAt(20), () => true)).toEqual({ at: Date.UTC(2026, 5, 1, 12), hour: 20 });
    const later = Date.UTC(2026, 5, 3);
    expect(bestSlot(slots, sharesAt(20), at => at >= later)?.at).toBe(Date.UTC(2026, 5, 3, 12));
    expect(bestSlot(slots, sharesAt(20), () => false)).toBeNull();
  });

  it('are none without an open minute', () => {
    const closed = sendingCalendar({
      quietHours: [{ startMinute: 0, endMinute: 1439 }],
      windows: [{ weekdays: ['MONDAY'], startMinute: 0, endMinute: 100 }],
    });
    expect(sendingSlots(closed, 'UTC', 0, 1e12)).toEqual([]);
  });
});
