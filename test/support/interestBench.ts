import { toShopId } from '../../src/domain/ids';
import type { InterestTags } from '../../src/insights/interestTags/reading';
import { saveInterests } from '../../src/insights/interestTags/save';
import { readSnapshot } from '../../src/training/readSnapshot';
import { fakeTags } from './fakeTags';
import { type Answer, startTestGateway, type TestGateway } from './gateway';

/** Data of a response without errors, loosely typed. */
export type Data = Readonly<Record<string, never>>;

/** A gateway whose shop has published tags, with who asks it. */
export interface InterestBench {
  gateway: TestGateway;
  staff: string;
  storefront: string;
  /** Anna, who reads German. */
  shopper: string;
  /** Does what training does after publication: saves tags, products and shoppers of the demo shop. */
  publish(tags?: InterestTags, version?: string): Promise<void>;
  /** The data of a response that must contain no errors. */
  ask(credential: string, query: string): Promise<Data>;
  /** Like ask, but also compares the store calls with a budget. */
  within(budget: readonly string[], credential: string, query: string): Promise<Data>;
  /** The code of the first error of a query. */
  refusal(credential: string, query: string): Promise<unknown>;
  /** Anna's weights by tag. */
  weights(): Promise<Readonly<Record<string, number>>>;
}

function dataOf(answer: Answer): Data {
  expect(answer.body.errors).toBeUndefined();
  return answer.body.data ?? {};
}

const weightsQuery = '{ user(userId: "anna") { interestTags { nodes { weight tag { tagId } } } } }';
type Weights = { interestTags: { nodes: { weight: number; tag: { tagId: string } }[] } };

/** A fresh gateway for each test. */
export function eachWithInterests(): InterestBench {
  const demo = toShopId('demo');
  const bench = {
    async publish(tags = fakeTags, version = 'tags-v2') {
      const { stores, clock } = bench.gateway;
      const snapshot = await readSnapshot(stores, demo, clock.now, new AbortController().signal);
      const options = { stores, history: { maxEvents: 200, halfLifeDays: 30 }, clock: () => clock.now };
      await saveInterests(options, { shopId: demo, version, tags, snapshot, readAt: clock.now });
    },
    ask: async (credential, query) => dataOf(await bench.gateway.ask(credential, query)),
    async within(budget, credential, query) {
      bench.gateway.counting.reset();
      const data = await bench.ask(credential, query);
      expect([...bench.gateway.counting.calls].sort()).toEqual([...budget].sort());
      return data;
    },
    async refusal(credential, query) {
      return (await bench.gateway.ask(credential, query)).body.errors?.[0].extensions['code'];
    },
    async weights() {
      const { nodes } = ((await bench.ask(bench.storefront, weightsQuery))['user'] as Weights).interestTags;
      return Object.fromEntries(nodes.map(({ weight, tag }) => [tag.tagId, weight]));
    },
  } as InterestBench;
  beforeEach(async () => {
    bench.gateway = await startTestGateway();
    bench.staff = await bench.gateway.token('MERCHANDISER');
    bench.storefront = await bench.gateway.token('STOREFRONT');
    bench.shopper = await bench.gateway.token('SHOPPER', { user: 'anna' });
    await bench.publish();
    await bench.ask(bench.staff, '{ shop { name } }');
  });
  afterEach(async () => {
    await bench.gateway.interests.stop();
    await bench.gateway.close();
  });
  return bench;
}
