import { isTimeZone, minuteOfWeek, offsetChange, weekdays, zoneOffset } from '../../src/domain/localTime';
import { nextSendingTime, type SendingRules, sendingCalendar } from '../../src/domain/sendingTime';
import { createRng } from '../../src/numeric/rng';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const at = (text: string): number => Date.parse(text);
const always: SendingRules = { quietHours: [], windows: [] };
const everyDay = [...weekdays];

describe('local time', () => {
  // Offsets of the IANA database (2024a), as `zdump -v` prints them.
  it.each([
    ['Europe/Berlin', '2026-03-29T00:59:59Z', 1],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', 2],
    ['Europe/Berlin', '2026-10-25T01:00:00Z', 1],
    ['America/New_York', '2026-07-01T00:00:00Z', -4],
    ['Asia/Kolkata', '2026-07-01T00:00:00Z', 5.5],
    ['Australia/Lord_Howe', '2026-07-01T00:00:00Z', 10.5],
    ['UTC', '1969-12-31T23:59:59.999Z', 0],
  ])('of %s at %s is %d hours off', (zone, instant, hours) => {
    expect(zoneOffset(at(instant), zone)).toBe(hours * hourMs);
  });

  it('counts the minutes of a week from Monday', () => {
    expect(minuteOfWeek(at('2026-03-02T00:00:59.999Z'), 'UTC')).toBe(0);
    expect(minuteOfWeek(at('2026-03-01T23:59:00Z'), 'UTC')).toBe(7 * 1440 - 1);
    expect(minuteOfWeek(at('2026-03-01T23:59:00Z'), 'Asia/Tokyo')).toBe(8 * 60 + 59);
  });

  it('finds the second at which the clocks are changed', () => {
    const [from, to] = [at('2026-03-26T10:00:00Z'), at('2026-04-02T10:00:00Z')];
    expect(offsetChange(from, to, 'Europe/Berlin')).toBe(at('2026-03-29T01:00:00Z'));
    expect(offsetChange(from, to, 'Asia/Tokyo')).toBeNull();
  });

  it('knows zones of the IANA database, and nothing else', () => {
    for (const zone of ['Europe/Berlin', 'UTC', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires'])
      expect(isTimeZone(zone)).toBe(true);
    for (const value of ['', 'Berlin', '+02:00', 'Europe/Berlin ', 'a'.repeat(99), '\0', 5, null, {}])
      expect(isTimeZone(value)).toBe(false);
  });
});

describe('the next time to send', () => {
  const next = (rules: SendingRules, zone: string, from: string, until = '2027-12-31T00:00:00Z') => {
    const found = nextSendingTime(sendingCalendar(rules), zone, at(from), at(until));
    return found === null ? null : new Date(found).toISOString().replace(':00.000', '');
  };
  const nights = { startMinute: 1260, endMinute: 480 };
  const window = (startMinute: number, endMinute: number, days = everyDay) => ({
    weekdays: days,
    startMinute,
    endMinute,
  });

  it.each<[string, SendingRules, string, string, string | null]>([
    ['now where nothing forbids it', always, 'UTC', '2026-03-02T03:04:05.006Z', '2026-03-02T03:04:05.006Z'],
    [
      'in the morning after quiet hours',
      { ...always, quietHours: [nights] },
      'Europe/Berlin',
      '2026-01-05T22:30:00Z',
      '2026-01-06T07:00Z',
    ],
    [
      'in the morning before which clocks went forward',
      { ...always, quietHours: [nights] },
      'Europe/Berlin',
      '2026-03-28T22:30:00Z',
      '2026-03-29T06:00Z',
    ],
    [
      'in the morning before which clocks went back',
      { ...always, quietHours: [nights] },
      'Europe/Berlin',
      '2026-10-24T20:30:00Z',
      '2026-10-25T07:00Z',
    ],
    [
      'a day later where the local hour does not exist',
      { ...always, windows: [window(125, 175)] },
      'Europe/Berlin',
      '2026-03-28T12:00:00Z',
      '2026-03-30T00:05Z',
    ],
    [
      'at the first of two equal local hours',
      { ...always, windows: [window(120, 180)] },
      'Europe/Berlin',
      '2026-10-24T12:00:00Z',
      '2026-10-25T00:00Z',
    ],
    [
      'on the weekday of the shopper',
      { ...always, windows: [window(0, 60, ['MONDAY'])] },
      'Pacific/Auckland',
      '2026-03-01T09:00:00Z',
      '2026-03-01T11:00Z',
    ],
    [
      'in a window outside quiet hours',
      { quietHours: [nights, { startMinute: 480, endMinute: 720 }], windows: [window(0, 780)] },
      'UTC',
      '2026-03-02T00:00:00Z',
      '2026-03-02T12:00Z',
    ],
    [
      'never where no minute is open',
      { quietHours: [nights], windows: [window(1300, 1440)] },
      'UTC',
      '2026-03-02T00:00:00Z',
      null,
    ],
  ])('is %s', (_what, rules, zone, from, expected) => {
    expect(next(rules, zone, from)).toBe(expected);
  });

  it('is before the end, or never', () => {
    expect(
      next({ ...always, quietHours: [nights] }, 'UTC', '2026-01-05T22:30:00Z', '2026-01-06T08:00:00Z'),
    ).toBeNull();
    expect(
      next({ ...always, quietHours: [nights] }, 'UTC', '2026-01-05T22:30:00Z', '2026-01-06T08:01:00Z'),
    ).not.toBeNull();
  });

  it('has no quiet minute, is in a window, and leaves out no earlier minute, whatever the rules', () => {
    const rng = createRng(7);
    const whole = (below: number): number => Math.floor(rng.uniform() * below);
    const zones = [
      'Europe/Berlin',
      'America/St_Johns',
      'Asia/Kathmandu',
      'Pacific/Chatham',
      'Africa/Casablanca',
      'UTC',
    ];
    for (let round = 0; round < 25; round++) {
      const quietHours = Array.from({ length: whole(3) }, () => ({
        startMinute: whole(1440),
        endMinute: whole(1440),
      }));
      const windows = Array.from({ length: whole(3) }, () => {
        const startMinute = whole(1440);
        return window(
          startMinute,
          startMinute + 1 + whole(1440 - startMinute),
          everyDay.filter(() => whole(2) === 0),
        );
      }).filter(({ weekdays: days }) => days.length > 0);
      const calendar = sendingCalendar({ quietHours, windows });
      const zone = zones[whole(zones.length)];
      // Around the changes of the clocks as well as far from them.
      const from =
        at(['2026-03-27', '2026-10-24', '2026-06-10', '2026-02-14'][whole(4)]) + whole(3 * 1440) * minuteMs;
      const isOpen = (time: number): boolean => calendar.waits[minuteOfWeek(time, zone)] === 0;
      const found = nextSendingTime(calendar, zone, from, from + 3 * dayMs);
      let expected: number | null = null;
      for (let time = from; expected === null && time < from + 3 * dayMs; time += minuteMs)
        if (isOpen(time)) expected = time;
      expect(found).toBe(expected);
    }
  });
});
