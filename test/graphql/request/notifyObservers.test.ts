import { toShopId } from '../../../src/domain/ids';
import type { CommitObserver } from '../../../src/graphql/request/commitObserver';
import { notifyObservers } from '../../../src/graphql/request/notifyObservers';
import type { GraphqlServices } from '../../../src/graphql/request/services';

const shopId = toShopId('demo');

/** Notifies the observers of products, and returns the reported errors. */
async function notify(afterCommit: readonly CommitObserver[]): Promise<readonly unknown[]> {
  const reported: unknown[] = [];
  const reports = { observerFailed: (...failure: unknown[]) => reported.push(failure) };
  await notifyObservers(
    { services: { afterCommit, reports } as unknown as GraphqlServices, requestId: 'request-1' },
    observer => observer.productsCommitted?.({ shopId }),
  );
  return reported;
}

const pause = () => new Promise<void>(resolve => setTimeout(resolve, 5));

describe('observers of committed writes', () => {
  it('run one after another in the order of the list', async () => {
    const steps: string[] = [];
    const slow = (name: string): CommitObserver => ({
      name,
      async productsCommitted() {
        steps.push(`${name} starts`);
        await pause();
        steps.push(`${name} ends`);
      },
    });
    expect(await notify([slow('first'), slow('second')])).toEqual([]);
    expect(steps).toEqual(['first starts', 'first ends', 'second starts', 'second ends']);
  });

  it.each<[string, () => void | Promise<void>]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])('still run after one that %s, which is reported with its name', async (_how, fail) => {
    const seen: string[] = [];
    const reported = await notify([
      { name: 'failing', productsCommitted: fail },
      { name: 'working', productsCommitted: ({ shopId: shop }) => void seen.push(shop) },
    ]);
    expect(seen).toEqual(['demo']);
    expect(reported).toEqual([['failing', new Error('broken'), 'request-1']]);
  });

  it('ignore the kinds of writes that they do not observe', async () => {
    expect(await notify([{ name: 'events only', eventsCommitted: () => Promise.reject() }])).toEqual([]);
  });
});
