import { type AdmissionOptions, createAdmission, type Leave } from '../../../src/main/http/admission';

/** Runs what is due in this turn of the event loop. */
const nextTurn = () => new Promise<void>(resolve => setImmediate(resolve));

/** An admission over a clock that only the test advances, and its lag meter. */
function startAdmission(options: Partial<AdmissionOptions> = {}) {
  const clock = { now: 0 };
  const admission = createAdmission({
    minInProgress: 1,
    maxInProgress: 2,
    maxWaiting: 2,
    maxWaitMs: 1000,
    lagMs: 40,
    sliceMs: 10,
    clock: () => clock.now,
    ...options,
  });
  /** Lets the meter see a lag. */
  const lag = (milliseconds: number) => {
    clock.now += 20 + milliseconds;
    jest.advanceTimersByTime(20);
  };
  return { admission, clock, lag };
}

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
afterEach(() => void jest.useRealTimers());

const isPending = async (promise: Promise<unknown>): Promise<boolean> => {
  const pending = Symbol('pending');
  await nextTurn();
  return (await Promise.race([promise, Promise.resolve(pending)])) === pending;
};

async function enterNow(enter: () => Promise<Leave | null>): Promise<Leave> {
  const leave = await enter();
  if (leave === null) throw new Error('Expected a place; got none.');
  return leave;
}

describe('createAdmission', () => {
  it('lets requests in up to the limit, and the others in their order as places become free', async () => {
    const { admission } = startAdmission();
    const first = await enterNow(admission.enter);
    const second = await enterNow(admission.enter);
    const third = admission.enter();
    const fourth = admission.enter();
    expect(await isPending(third)).toBe(true);
    expect(admission.counts()).toMatchObject({ inProgress: 2, waiting: 2 });
    second();
    expect(await isPending(third)).toBe(false);
    expect(await isPending(fourth)).toBe(true);
    first();
    expect(await isPending(fourth)).toBe(false);
    expect(admission.counts()).toEqual({ inProgress: 2, waiting: 0, limit: 2, refused: 0 });
  });

  it('refuses when as many wait as may', async () => {
    const { admission } = startAdmission();
    await enterNow(admission.enter);
    await enterNow(admission.enter);
    const waiting = [admission.enter(), admission.enter()];
    expect(admission.refuses()).toBe(true);
    expect(await admission.enter()).toBeNull();
    expect(admission.counts()).toMatchObject({ waiting: waiting.length, refused: 2 });
  });

  it('gives a place back once', async () => {
    const { admission } = startAdmission();
    const leave = await enterNow(admission.enter);
    leave();
    leave();
    expect(admission.counts().inProgress).toBe(0);
  });

  it('refuses what has waited too long, also while no place becomes free', async () => {
    const { admission, clock, lag } = startAdmission();
    await enterNow(admission.enter);
    await enterNow(admission.enter);
    const late = admission.enter();
    clock.now += 1001;
    lag(0);
    expect(await late).toBeNull();
    expect(admission.counts()).toMatchObject({ waiting: 0, refused: 1 });
  });

  it('lowers its limit while the event loop lags, and raises it again', () => {
    const { admission, lag } = startAdmission({ minInProgress: 8, maxInProgress: 64 });
    lag(41);
    expect(admission.counts().limit).toBe(48);
    lag(30);
    expect(admission.counts().limit).toBe(48);
    for (let i = 0; i < 20; i++) lag(100);
    expect(admission.counts().limit).toBe(8);
    for (let i = 0; i < 100; i++) lag(0);
    expect(admission.counts().limit).toBe(64);
  });

  it('starts no more in a turn of the event loop than its slice, and goes on in the next', async () => {
    const { admission, clock } = startAdmission({ maxInProgress: 100, maxWaiting: 100 });
    const started: number[] = [];
    const work = async (index: number) => {
      const leave = await enterNow(admission.enter);
      started.push(index);
      clock.now += 6;
      leave();
    };
    await work(0);
    await work(1);
    const later = [work(2), work(3)];
    expect(started).toEqual([0, 1]);
    await nextTurn();
    await Promise.all(later);
    expect(started).toEqual([0, 1, 2, 3]);
  });

  it('starts nothing while each turn accepts a connection, for as long as its setting', async () => {
    const { admission, clock } = startAdmission({ acceptMs: 100 });
    admission.connectionAccepted();
    const waiting = admission.enter();
    for (let turn = 0; turn < 9; turn++) {
      clock.now += 10;
      await nextTurn();
      expect(admission.counts().waiting).toBe(1);
      admission.connectionAccepted();
    }
    clock.now += 11;
    await nextTurn();
    expect(await waiting).not.toBeNull();
    admission.connectionAccepted();
    await nextTurn();
    admission.connectionAccepted();
    const next = admission.enter();
    expect(await isPending(next)).toBe(true);
  });

  it('starts what waits in the first turn without a new connection', async () => {
    const { admission } = startAdmission();
    admission.connectionAccepted();
    const waiting = admission.enter();
    await nextTurn();
    expect(await isPending(waiting)).toBe(false);
  });
});
