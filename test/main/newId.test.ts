import { newId } from '../../src/main/newId';

describe('newId', () => {
  it('is a UUID of version 7, variant 10', () => {
    expect(newId(1_700_000_000_000)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('contains the time in its first 48 bits, so that ids sort by age', () => {
    expect(Number.parseInt(newId(1_700_000_000_123).replaceAll('-', '').slice(0, 12), 16)).toBe(
      1_700_000_000_123,
    );
    expect(newId(1_700_000_000_000) < newId(1_700_000_000_001)).toBe(true);
  });

  it('is unique within one millisecond', () => {
    expect(new Set(Array.from({ length: 1000 }, () => newId(1))).size).toBe(1000);
  });
});
