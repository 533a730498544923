import { createRefusals, type RefusedConnection } from '../../../src/main/http/refusals';
import { deferred } from '../../support/deferred';

/** Refusals over a clock that only the test advances, whose delays end when the test says so. */
function startRefusals(maxWaiting = 10) {
  const clock = { now: 0 };
  const delays: number[] = [];
  const gate = deferred<void>();
  const refusals = createRefusals({
    maxWaiting,
    clock: () => clock.now,
    sleep: milliseconds => {
      delays.push(milliseconds);
      return gate.promise;
    },
  });
  return { clock, delays, refusals, release: gate.resolve };
}

const from = (remoteAddress: string): RefusedConnection => ({ remoteAddress });

/** Causes refusals until the address has spent what it may cause at once. */
async function spendBurst({ refusals }: ReturnType<typeof startRefusals>, address: string): Promise<void> {
  for (let i = 0; i < 101; i++) expect(await refusals.wait(from(address))).toBe(true);
}

describe('createRefusals', () => {
  it('delays no refusal of a client that is refused now and then', async () => {
    const started = startRefusals();
    for (let second = 0; second < 1000; second++) {
      started.clock.now += 1000;
      expect(started.refusals.areDelayed(from('a'))).toBe(false);
      expect(await started.refusals.wait(from('a'))).toBe(true);
    }
    expect(started.refusals.counts()).toEqual({ waiting: 0, delayed: 0, cut: 0 });
  });

  it('delays the flood of one address, and no refusal of another', async () => {
    const started = startRefusals();
    await spendBurst(started, 'flood');
    const flooding = [started.refusals.wait(from('flood')), started.refusals.wait(from('flood'))];
    expect(started.delays).toEqual([20, 40]);
    expect([from('flood'), from('b')].map(started.refusals.areDelayed)).toEqual([true, false]);
    expect(await started.refusals.wait(from('b'))).toBe(true);
    started.release();
    expect(await Promise.all(flooding)).toEqual([true, true]);
    expect(started.refusals.counts()).toEqual({ waiting: 0, delayed: 2, cut: 0 });
  });

  it('delays refusals of many addresses that together are a flood', async () => {
    const { delays, refusals } = startRefusals();
    for (let address = 0; address < 401; address++) await refusals.wait(from(String(address)));
    expect(refusals.areDelayed(from('new'))).toBe(true);
    void refusals.wait(from('new'));
    expect(delays).toEqual([5]);
  });

  it('delays by two seconds at most', async () => {
    const started = startRefusals(1000);
    await spendBurst(started, 'flood');
    for (let i = 0; i < 500; i++) void started.refusals.wait(from('flood'));
    expect(Math.max(...started.delays)).toBe(2000);
  });

  it('cuts a connection on which a refusal waits already, but not before the end of its delay', async () => {
    const started = startRefusals();
    await spendBurst(started, 'flood');
    const connection = from('flood');
    const ended: boolean[] = [];
    const [first, next] = [1, 2].map(async () => ended.push(await started.refusals.wait(connection)));
    await new Promise<void>(resolve => setImmediate(resolve));
    expect([ended, started.delays]).toEqual([[], [20]]);
    started.release();
    await Promise.all([first, next]);
    expect(ended).toEqual([true, false]);
    expect(started.refusals.counts()).toEqual({ waiting: 0, delayed: 1, cut: 1 });
  });

  it('cuts connections beyond the maximum that may wait', async () => {
    const started = startRefusals(1);
    await spendBurst(started, 'flood');
    const first = started.refusals.wait(from('flood'));
    expect(await started.refusals.wait(from('flood'))).toBe(false);
    expect(started.refusals.counts()).toEqual({ waiting: 1, delayed: 1, cut: 1 });
    started.release();
    expect(await first).toBe(true);
    expect(started.refusals.counts().waiting).toBe(0);
  });

  it('forgets a flood after some seconds', async () => {
    const started = startRefusals(1000);
    await spendBurst(started, 'flood');
    for (let i = 0; i < 500; i++) void started.refusals.wait(from('flood'));
    started.clock.now += 4000;
    expect(started.refusals.areDelayed(from('flood'))).toBe(false);
  });
});
