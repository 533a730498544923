import { parseInstant, parseUtc } from '../../src/intake/time';

describe('parseInstant', () => {
  it.each([
    ['2026-07-01T12:00:00Z', Date.UTC(2026, 6, 1, 12)],
    ['2026-07-01T12:00Z', Date.UTC(2026, 6, 1, 12)],
    ['2026-07-01T12:00:00.123456789Z', Date.UTC(2026, 6, 1, 12, 0, 0, 123)],
    ['2026-07-01T12:00:00.5+02:00', Date.UTC(2026, 6, 1, 10, 0, 0, 500)],
    ['2026-07-01T00:30:00-0530', Date.UTC(2026, 6, 1, 6)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ])('reads %s', (text, time) => {
    expect(parseInstant(text)).toBe(time);
  });

  it.each([
    '2026-07-01',
    '2026-07-01T12:00:00',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-07-01T24:00:00Z',
    '2026-07-01T12:60:00Z',
    '2026-07-01T12:00:00+25:00',
    '0000-01-01T00:00:00Z',
    '+12026-07-01T12:00:00Z',
    'now',
    '',
  ])('refuses %s', text => {
    expect(parseInstant(text)).toBeNaN();
  });
});

describe('parseUtc', () => {
  it('reads a day, and a day with a time', () => {
    expect(parseUtc('2010-12-01')).toBe(Date.UTC(2010, 11, 1));
    expect(parseUtc('2010-12-01 08:26:00')).toBe(Date.UTC(2010, 11, 1, 8, 26));
    expect(parseUtc('2010-12-01 08:26:00Z')).toBeNaN();
    expect(parseUtc('01/12/2010')).toBeNaN();
  });
});
