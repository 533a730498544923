import { createHourlyQuota } from '../../../src/graphql/limits/hourlyQuota';

const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);

describe('an hourly quota', () => {
  it('grants at most the quota at once, to each key', () => {
    const quota = createHourlyQuota(100);
    expect(quota.take('anna', 70, start)).toBe(70);
    expect(quota.take('anna', 70, start)).toBe(30);
    expect(quota.take('anna', 1, start)).toBe(0);
    expect(quota.take('ben', 500, start)).toBe(100);
  });

  it('refills continuously, up to the quota', () => {
    const quota = createHourlyQuota(60);
    quota.take('anna', 60, start);
    expect(quota.refillSeconds).toBe(60);
    expect(quota.take('anna', 5, start + quota.refillSeconds * 1000)).toBe(1);
    expect(quota.take('anna', 5, start + 3 * quota.refillSeconds * 1000)).toBe(2);
    expect(quota.take('anna', 500, start + 100 * hour)).toBe(60);
  });

  it('grants nothing more when the clock goes back', () => {
    const quota = createHourlyQuota(10);
    quota.take('anna', 10, start);
    expect(quota.take('anna', 1, start - hour)).toBe(0);
    expect(quota.take('anna', 1, start - hour + 1)).toBe(0);
  });

  it('never grants more than twice the quota within an hour', () => {
    const quota = createHourlyQuota(50);
    let granted = 0;
    for (let second = 0; second < 3_600; second++) granted += quota.take('anna', 3, start + second * 1000);
    expect(granted).toBeLessThanOrEqual(100);
  });
});
