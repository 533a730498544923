import type { CommitObserver } from '../../src/graphql/request/commitObserver';
import { startTestGateway, type TestGateway } from '../support/gateway';

const failing: CommitObserver = {
  name: 'failing',
  eventsCommitted: () => Promise.reject(new Error('broken observer')),
  productsCommitted() {
    throw new Error('broken observer');
  },
};
const seen: string[] = [];
const recording: CommitObserver = {
  name: 'recording',
  eventsCommitted: ({ shopId, interactions }) =>
    void seen.push(`${shopId}: ${interactions.map(({ id, userId }) => `${id} of ${userId}`).join(', ')}`),
  productsCommitted: ({ shopId }) => void seen.push(`${shopId}: products`),
};

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ afterCommit: [failing, recording] });
});
afterAll(() => gateway.close());
beforeEach(() => {
  seen.length = 0;
});

const event = (eventId: string, more: object = {}) => ({
  eventId,
  type: 'VIEW',
  userId: 'ben',
  productId: 'p01',
  ...more,
});

async function ask(query: string, input: unknown) {
  const { body } = await gateway.ask(await gateway.token('INGEST'), query, { input });
  return body;
}
const track = (input: unknown) =>
  ask(
    'mutation ($input: EventsTrackInput!) { eventsTrack(input: $input) { accepted duplicates rejected } }',
    input,
  );
const upsert = (input: unknown) =>
  ask(
    'mutation ($input: ProductsUpsertInput!) { productsUpsert(input: $input) { created updated rejected } }',
    input,
  );

describe('a committed write', () => {
  it('of events reaches every observer, although one fails, and the failure is reported', async () => {
    const reported = gateway.unexpected.length;
    const body = await track({ events: [event('a1'), event('a2'), event('', {})] });
    expect(body).toEqual({ data: { eventsTrack: { accepted: 2, duplicates: 0, rejected: 1 } } });
    expect(seen).toEqual(['demo: a1 of ben, a2 of ben']);
    expect(gateway.unexpected.slice(reported)).toEqual([new Error('broken observer')]);
  });

  it('of events that were already stored reaches the observers again', async () => {
    const body = await track({ events: [event('a1')] });
    expect(body.data).toEqual({ eventsTrack: { accepted: 0, duplicates: 1, rejected: 0 } });
    expect(seen).toEqual(['demo: a1 of ben']);
  });

  it('of products reaches every observer, although one fails, and the failure is reported', async () => {
    const reported = gateway.unexpected.length;
    const body = await upsert({ products: [{ productId: 'observed', title: 'Lamp' }] });
    expect(body).toEqual({ data: { productsUpsert: { created: 1, updated: 0, rejected: 0 } } });
    expect(seen).toEqual(['demo: products']);
    expect(gateway.unexpected.slice(reported)).toEqual([new Error('broken observer')]);
  });
});

describe('a write that is not committed reaches no observer', () => {
  it.each([
    ['without rows', { events: [] }],
    ['without a valid row', { events: [event('')] }],
    ['refused as a whole', { events: [event('a9'), event('', {})], errorPolicy: 'REJECT_EVERYTHING' }],
  ])('%s', async (_what, input) => {
    expect((await track(input)).errors).toBeUndefined();
    expect(seen).toEqual([]);
  });
});
