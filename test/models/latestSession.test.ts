import { latestSessionStart } from '../../src/models/latestSession';

const minute = 60_000;

describe('the latest session of a history', () => {
  it('starts after the last gap longer than a session allows', () => {
    expect(latestSessionStart(Float64Array.of(0, 40 * minute, 50 * minute, 80 * minute))).toBe(1);
  });

  it('is the whole history without such a gap', () => {
    expect(latestSessionStart(Float64Array.of(0, 30 * minute))).toBe(0);
    expect(latestSessionStart(new Float64Array(0))).toBe(0);
  });
});
