import { toEventId, toProductId, toShopId, toUserId } from '../../src/domain/ids';
import type { Interaction } from '../../src/domain/interaction';
import { interestTags } from '../../src/insights/interestTags/insight';
import type { InterestTags } from '../../src/insights/interestTags/reading';
import { nextAction } from '../../src/insights/nextAction/insight';
import type { NextActionReading } from '../../src/insights/nextAction/reading';
import { insights } from '../../src/insights/registry';
import { createThreadPool, type WorkerThreadPool } from '../../src/main/threads';
import { type Compiled, compileSources } from '../support/compiled';
import { start } from '../support/insightSnapshots';
import { itBehavesLikeAnInsight, type Subject } from './insight';

let compiled: Compiled;
let threads: WorkerThreadPool;
beforeAll(() => {
  compiled = compileSources();
  threads = createThreadPool(2, compiled.fileOf('main/threadWorker.ts'));
});
afterAll(async () => {
  await threads.close();
  compiled.remove();
});
const pool = (): WorkerThreadPool => threads;

const event = (id: string, type: Interaction['type'], minute: number): Interaction => ({
  ...{ shopId: toShopId('shop'), userId: toUserId('ann'), id: toEventId(id), type },
  ...{ productId: toProductId('p01'), value: null, priceMinor: null, queryText: null, sessionId: 's' },
  ...{ attribution: null, occurredAt: start + minute * 60_000, receivedAt: start },
});

/** Every insight: settings that make it learn fast, and what is read after loading. */
const subjects: readonly Subject[] = [
  {
    insight: interestTags,
    overrides: { k: 3, resamples: 2, emIterations: 5, rank: 8 },
    otherOverrides: { k: 2, resamples: 1, emIterations: 5, rank: 4 },
    optionalArrays: ['resting'],
    async ask(reading) {
      const { tags, tagsOfProduct, tagsOfText, related, interestsOf } = reading as InterestTags;
      const seen = { id: 'e', occurredAt: start, weight: 1, productId: 'p01' };
      const interests = await interestsOf([seen], start);
      return [tags, tagsOfProduct('p01'), tagsOfText(['oolong']), related(tags[0].id, 9), interests];
    },
  },
  {
    insight: nextAction,
    overrides: { rank: 8, epochs: 1, maxTreeRounds: 3, maxTreeRows: 500, maxCategories: 4 },
    otherOverrides: { rank: 9, epochs: 1, maxTreeRounds: 2, maxTreeRows: 500, maxCategories: 2 },
    ask(reading) {
      const { servedBy, openShopper } = reading as NextActionReading;
      const shopper = openShopper();
      shopper.take(event('a', 'VIEW', 0), undefined);
      shopper.take(event('b', 'CART_ADD', 2), undefined);
      const { actions, ...forecast } = shopper.forecast();
      return [servedBy, [...actions], forecast];
    },
  },
];

for (const subject of subjects) itBehavesLikeAnInsight({ ...subject, pool });

it('is run for every insight', () => {
  expect(subjects.map(({ insight }) => insight)).toEqual(insights);
});
