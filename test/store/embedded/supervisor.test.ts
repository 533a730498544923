import { type Supervisor, supervise } from '../../../src/store/prisma/embedded/supervisor';

/** A server that ends when told to, and whose next starts fail a given number of times. */
function createFakeServer() {
  const state = { isRunning: true, starts: 0, failures: 0 };
  let onStart: () => void = () => undefined;
  const logged: string[] = [];
  const supervisor: Supervisor = supervise({
    name: 'The server',
    isRunning: () => state.isRunning,
    onLog: message => void logged.push(message),
    async restart() {
      state.starts++;
      if (state.failures > 0) {
        state.failures--;
        throw new Error('the disk is full');
      }
      state.isRunning = true;
      onStart();
    },
  });
  const endOnce = (failures = 0): Promise<void> =>
    new Promise(resolve => {
      onStart = resolve;
      state.failures = failures;
      state.isRunning = false;
    });
  return { state, logged, supervisor, endOnce };
}

describe('supervise', () => {
  it('starts a server again each time that it ends', async () => {
    const { state, logged, supervisor, endOnce } = createFakeServer();
    for (let end = 1; end <= 3; end++) {
      await endOnce();
      expect(state.starts).toBe(end);
    }
    expect(logged).toEqual(Array(3).fill('The server has ended: starting it again.'));
    await supervisor.stop();
  });

  it('tries again until it starts, and reports the cause once', async () => {
    const { state, logged, supervisor, endOnce } = createFakeServer();
    await endOnce(3);
    expect(state).toEqual({ isRunning: true, starts: 4, failures: 0 });
    expect(logged).toEqual([
      'The server has ended: starting it again.',
      'The server does not start; trying until it does. the disk is full',
    ]);
    await supervisor.stop();
  });

  it('starts nothing after it was stopped, also while it waits for the next try', async () => {
    const { state, supervisor, endOnce } = createFakeServer();
    void endOnce(Number.POSITIVE_INFINITY);
    while (state.starts < 2) await new Promise(setImmediate);
    await supervisor.stop();
    const { starts } = state;
    for (let turn = 0; turn < 1000; turn++) await new Promise(setImmediate);
    expect(state.starts).toBe(starts);
  });
});
