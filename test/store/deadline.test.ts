import { GatewayError } from '../../src/domain/errors';
import { boundedStore, createSilenceWatch } from '../../src/store/prisma/deadline';

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

it('rejects a late call, refuses the next at once, and lets calls through when an attempt succeeds', async () => {
  let isBack = false;
  let calls = 0;
  const watch = createSilenceWatch(1_000, () => (isBack ? Promise.resolve() : never()));
  const call = (): Promise<string> => {
    calls++;
    return isBack ? Promise.resolve('done') : never();
  };
  expect(await after(1_010, watch.run(call))).toMatchObject({ status: 'rejected', reason: unavailable });
  expect(watch.isSilent()).toBe(false);
  await jest.advanceTimersByTimeAsync(300);
  expect(watch.isSilent()).toBe(true);
  await expect(watch.run(call)).rejects.toMatchObject({
    message: expect.stringContaining('Nothing was sent'),
  });
  expect(calls).toBe(1);
  isBack = true;
  await jest.advanceTimersByTimeAsync(2_000);
  expect(watch.isSilent()).toBe(false);
  expect(await watch.run(call)).toBe('done');
  watch.stop();
});

it('does not refuse calls when others were answered meanwhile, also with an error of the database', async () => {
  for (const answer of [
    () => Promise.resolve(1),
    () => Promise.reject(new GatewayError('UNAVAILABLE', 'no', {}, { cause: { code: '57014' } })),
  ]) {
    const watch = createSilenceWatch(1_000, never);
    const late = after(1_010, watch.run(never));
    await watch.run<unknown>(answer).catch(() => undefined);
    expect(await late).toMatchObject({ status: 'rejected', reason: unavailable });
    await jest.advanceTimersByTimeAsync(300);
    expect(watch.isSilent()).toBe(false);
    watch.stop();
  }
});

it('does not refuse calls when one waits for a lock alone and the database answers a question', async () => {
  let questions = 0;
  const watch = createSilenceWatch(1_000, async () => {
    questions++;
  });
  expect(await after(1_010, watch.run(never))).toMatchObject({ status: 'rejected', reason: unavailable });
  await jest.advanceTimersByTimeAsync(300);
  expect([watch.isSilent(), questions]).toEqual([false, 1]);
  watch.stop();
});

it('is not silent when a call is answered while the question waits', async () => {
  const watch = createSilenceWatch(1_000, never);
  await after(1_010, watch.run(never));
  expect(await watch.run(async () => 'done')).toBe('done');
  await jest.advanceTimersByTimeAsync(300);
  expect(watch.isSilent()).toBe(false);
  watch.stop();
});

it('counts a lost connection as no answer', async () => {
  const watch = createSilenceWatch(1_000, never);
  const late = after(1_010, watch.run(never));
  await watch.run(() => Promise.reject(new Error('Connection terminated'))).catch(() => undefined);
  await late;
  await jest.advanceTimersByTimeAsync(300);
  expect(watch.isSilent()).toBe(true);
  watch.stop();
});

it('bounds the methods of a store but the named ones', async () => {
  const watch = createSilenceWatch(1_000, never);
  const store = { read: never, stream: never };
  const bounded = boundedStore(store, watch, new Set(['stream']));
  expect(bounded.stream).toBe(store.stream);
  expect(await after(1_010, bounded.read())).toMatchObject({ status: 'rejected', reason: unavailable });
  watch.stop();
});
