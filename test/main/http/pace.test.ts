import { createPace } from '../../../src/main/http/pace';

/** A pace over a clock that only the test advances, and the delays that it asked for. */
function startPace(options = {}) {
  const clock = { now: 0 };
  const delays: number[] = [];
  const pace = createPace({
    perSecond: 100,
    burst: 10,
    maxDelayMs: 1000,
    clock: () => clock.now,
    sleep: async milliseconds => void delays.push(milliseconds),
    ...options,
  });
  return { clock, delays, pace };
}

const times = async (count: number, act: () => Promise<void>) => {
  for (let i = 0; i < count; i++) await act();
};

describe('createPace', () => {
  it('delays nothing while refusals are rare', async () => {
    const { clock, delays, pace } = startPace();
    await times(1000, async () => {
      clock.now += 10;
      await pace.wait();
    });
    expect(delays).toEqual([]);
  });

  it('delays nothing in a burst, and what follows it evenly', async () => {
    const { delays, pace } = startPace();
    await times(13, pace.wait);
    expect(delays).toEqual([10, 20]);
  });

  it('bounds the rate of callers that wait for each refusal, however many they are', async () => {
    const { clock, delays, pace } = startPace();
    // 50 callers: each sends its next request when its refusal arrives.
    const dueAt = Array.from({ length: 50 }, () => 0);
    let refused = 0;
    while (clock.now < 10_000) {
      const caller = dueAt.indexOf(Math.min(...dueAt));
      clock.now = Math.max(clock.now, dueAt[caller]);
      const before = delays.length;
      await pace.wait();
      refused++;
      dueAt[caller] = clock.now + (delays.length > before ? delays[delays.length - 1] : 0);
    }
    expect(refused).toBeGreaterThan(950);
    expect(refused).toBeLessThan(1100);
  });

  it('delays by its maximum at most, and forgets a flood after as long', async () => {
    const { clock, delays, pace } = startPace();
    await times(5000, pace.wait);
    expect(Math.max(...delays)).toBeLessThanOrEqual(1000);
    clock.now += 1200;
    delays.length = 0;
    await pace.wait();
    expect(delays).toEqual([]);
  });

  it('tells whether the next refusal is delayed, without counting it', async () => {
    const { clock, pace } = startPace();
    expect(pace.isExceeded()).toBe(false);
    await times(11, pace.wait);
    expect([pace.isExceeded(), pace.isExceeded(), pace.nextDelayMs()]).toEqual([true, true, 10]);
    clock.now += 20;
    expect([pace.isExceeded(), pace.nextDelayMs()]).toEqual([false, 0]);
  });
});
