import { createReadinessProbe } from '../../../src/main/http/health';

/** A component whose checks the test settles one by one. */
function startComponent() {
  const checks: ((isReady: boolean) => void)[] = [];
  const isReady = () => new Promise<boolean>(resolve => checks.push(resolve));
  return { checks, component: { name: 'database', isReady } };
}

const times = { freshMs: 0, staleMs: 60_000, patienceMs: 1 };

describe('createReadinessProbe', () => {
  it('waits for the first result', async () => {
    const { checks, component } = startComponent();
    const probe = createReadinessProbe([component, { name: 'models', isReady: () => true }], times);
    const first = probe();
    await Promise.resolve();
    checks[0](true);
    expect(await first).toEqual({ database: true, models: true });
  });

  it('returns the last result while a check takes long, and its result afterwards', async () => {
    const { checks, component } = startComponent();
    const probe = createReadinessProbe([component], times);
    const first = probe();
    await Promise.resolve();
    checks[0](true);
    await first;
    expect(await probe()).toEqual({ database: true });
    expect(await probe()).toEqual({ database: true });
    // One check runs, however many asked.
    expect(checks).toHaveLength(2);
    const third = probe();
    checks[1](false);
    expect(await third).toEqual({ database: false });
  });

  it('does not return a result that is too old', async () => {
    const { checks, component } = startComponent();
    const probe = createReadinessProbe([component], { ...times, staleMs: -1 });
    const first = probe();
    await Promise.resolve();
    checks[0](true);
    await first;
    const second = probe();
    await Promise.resolve();
    checks[1](false);
    expect(await second).toEqual({ database: false });
  });

  it('uses a fresh result again', async () => {
    let checks = 0;
    const isReady = () => ++checks > 0;
    const probe = createReadinessProbe([{ name: 'models', isReady }], { ...times, freshMs: 60_000 });
    await probe();
    await probe();
    expect(checks).toBe(1);
  });
});
