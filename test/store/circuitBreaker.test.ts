import { GatewayError } from '../../src/domain/errors';
import { boundedStore, createCircuitBreaker } from '../../src/store/prisma/circuitBreaker';

const unavailable = { code: 'UNAVAILABLE' };
const never = (): Promise<never> => new Promise(() => undefined);

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Settles after the fake time has passed, with what the call gave. */
async function after<Result>(ms: number, call: Promise<Result>): Promise<PromiseSettledResult<Result>> {
  const settled = Promise.allSettled([call]);
  await jest.advanceTimersByTimeAsync(ms);
  return (await settled)[0];
}

it('rejects a late call and the next one at once, and runs calls again when a probe succeeds', async () => {
  let isBack = false;
  let calls = 0;
  const breaker = createCircuitBreaker(1_000, () => (isBack ? Promise.resolve() : never()));
  const call = (): Promise<string> => {
    calls++;
    return isBack ? Promise.resolve('done') : never();
  };
  expect(await after(1_010, breaker.run(call))).toMatchObject({ status: 'rejected', reason: unavailable });
  expect(breaker.isOpen()).toBe(false);
  await jest.advanceTimersByTimeAsync(300);
  expect(breaker.isOpen()).toBe(true);
  await expect(breaker.run(call)).rejects.toMatchObject({
    message: expect.stringContaining('Nothing was sent'),
  });
  expect(calls).toBe(1);
  isBack = true;
  await jest.advanceTimersByTimeAsync(2_000);
  expect(breaker.isOpen()).toBe(false);
  expect(await breaker.run(call)).toBe('done');
  breaker.stop();
});

it('stays closed when another call got a response meanwhile, also an error of the database', async () => {
  for (const response of [
    () => Promise.resolve(1),
    () => Promise.reject(new GatewayError('UNAVAILABLE', 'no', {}, { cause: { code: '57014' } })),
  ]) {
    const breaker = createCircuitBreaker(1_000, never);
    const late = after(1_010, breaker.run(never));
    await breaker.run<unknown>(response).catch(() => undefined);
    expect(await late).toMatchObject({ status: 'rejected', reason: unavailable });
    await jest.advanceTimersByTimeAsync(300);
    expect(breaker.isOpen()).toBe(false);
    breaker.stop();
  }
});

it('stays closed when one call waits for a lock and the database responds to a probe', async () => {
  let probes = 0;
  const breaker = createCircuitBreaker(1_000, async () => {
    probes++;
  });
  expect(await after(1_010, breaker.run(never))).toMatchObject({ status: 'rejected', reason: unavailable });
  await jest.advanceTimersByTimeAsync(300);
  expect([breaker.isOpen(), probes]).toEqual([false, 1]);
  breaker.stop();
});

it('stays closed when a call gets a response while the probe waits', async () => {
  const breaker = createCircuitBreaker(1_000, never);
  await after(1_010, breaker.run(never));
  expect(await breaker.run(async () => 'done')).toBe('done');
  await jest.advanceTimersByTimeAsync(300);
  expect(breaker.isOpen()).toBe(false);
  breaker.stop();
});

it('counts a lost connection as no response', async () => {
  const breaker = createCircuitBreaker(1_000, never);
  const late = after(1_010, breaker.run(never));
  await breaker.run(() => Promise.reject(new Error('Connection terminated'))).catch(() => undefined);
  await late;
  await jest.advanceTimersByTimeAsync(300);
  expect(breaker.isOpen()).toBe(true);
  breaker.stop();
});

it('bounds the methods of a store but the named ones', async () => {
  const breaker = createCircuitBreaker(1_000, never);
  const store = { read: never, stream: never };
  const bounded = boundedStore(store, breaker, new Set(['stream']));
  expect(bounded.stream).toBe(store.stream);
  expect(await after(1_010, bounded.read())).toMatchObject({ status: 'rejected', reason: unavailable });
  breaker.stop();
});
