import { GatewayError } from '../../src/domain/errors';
import { toShopId, toUserId } from '../../src/domain/ids';
import { createMemoryTrainingQueue } from '../../src/store/memory/trainingQueue';
import { type Answer, startTestGateway, type TestGateway } from '../support/gateway';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const demo = toShopId('demo');
const dataOf = (answer: Answer): never => {
  expect(answer.body.errors).toBeUndefined();
  return answer.body.data as never;
};
const trackQuery = `mutation ($input: EventsTrackInput!) { eventsTrack(input: $input) { accepted duplicates rejected
  results { index eventId status code field } userErrors { field code } } }`;

async function track(input: unknown, credential?: string) {
  const answer = await gateway.ask(credential ?? (await gateway.token('INGEST')), trackQuery, { input });
  return (dataOf(answer) as { eventsTrack: Tracked }).eventsTrack;
}

interface Tracked {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly results: readonly {
    readonly status: string;
    readonly code: string | null;
    readonly field: string | null;
  }[];
  readonly userErrors: readonly { readonly code: string }[];
}

const view = (eventId: string, more: object = {}) => ({
  eventId,
  type: 'VIEW',
  userId: 'ben',
  productId: 'p01',
  ...more,
});

describe('eventsTrack', () => {
  it('stores each event once, however often it is repeated', async () => {
    const before = await gateway.stores.interactions.count(demo);
    const first = await track({ events: [view('e1'), view('e2'), view('e1')] });
    expect(first).toMatchObject({ accepted: 2, duplicates: 1, rejected: 0 });
    expect(first.results.map(({ status }) => status)).toEqual(['ACCEPTED', 'ACCEPTED', 'DUPLICATE']);
    expect(await track({ events: [view('e2'), view('e3')] })).toMatchObject({ accepted: 1, duplicates: 1 });
    expect(await gateway.stores.interactions.count(demo)).toBe(before + 3);
  });

  it('corrects the times of a clock that is two hours ahead or behind, and refuses none of its events', async () => {
    const at = (ms: number) => new Date(gateway.clock.now + ms).toISOString();
    const [hour, minute] = [3_600_000, 60_000];
    const timesOf = async (prefix: string) => {
      const rows = (await gateway.stores.interactions.recentOf(demo, [toUserId('ben')], 1000)).get(
        toUserId('ben'),
      );
      const ofBatch = (rows ?? []).filter(({ id }) => id.startsWith(prefix));
      return new Map(ofBatch.map(({ id, occurredAt }) => [String(id), occurredAt - gateway.clock.now]));
    };
    for (const [prefix, shift] of [
      ['ahead', 2 * hour],
      ['behind', -2 * hour],
    ] as const) {
      const events = [
        view(`${prefix}-1`, { occurredAt: at(shift - 10 * minute) }),
        view(`${prefix}-2`, { occurredAt: at(shift) }),
        view(`${prefix}-3`),
      ];
      expect(await track({ sentAt: at(shift), events })).toMatchObject({ accepted: 3, rejected: 0 });
      expect(await timesOf(prefix)).toEqual(
        new Map([
          [`${prefix}-1`, -10 * minute],
          [`${prefix}-2`, 0],
          [`${prefix}-3`, 0],
        ]),
      );
    }
    const queued = view('late-1', { occurredAt: at(-hour) });
    expect(await track({ sentAt: at(-30_000), events: [queued] })).toMatchObject({ accepted: 1 });
    expect(await timesOf('late')).toEqual(new Map([['late-1', -hour]]));
    const withoutSentAt = view('ahead-4', { occurredAt: at(2 * hour) });
    expect((await track({ events: [withoutSentAt] })).results[0].code).toBe('TIME_IN_FUTURE');
  });

  it.each(['noon', '2026-02-31T00:00:00Z', 1_772_366_400_000])(
    'stores nothing of a batch whose sentAt is not a time: %j',
    async sentAt => {
      const before = await gateway.stores.interactions.count(demo);
      const answer = await gateway.ask(await gateway.token('INGEST'), trackQuery, {
        input: { sentAt, events: [view('s1'), view('s2', { type: 'SMELL' })] },
      });
      expect(answer.status).toBe(400);
      const message = answer.body.errors?.[0].message;
      expect(message).toContain(
        'at "input.sentAt"; Expected an instant that exists, as ISO 8601 with a time zone; got',
      );
      expect(await gateway.stores.interactions.count(demo)).toBe(before);
    },
  );

  it('reports the reason for each invalid row, and stores the valid ones', async () => {
    const events = [
      view('good'),
      view('', {}),
      view('x'.repeat(257)),
      view('r1', { productId: null }),
      view('r2', { occurredAt: 'yesterday' }),
      view('r3', { occurredAt: '2126-01-01T00:00:00Z' }),
      view('r4', { type: 'RATING', value: 9 }),
      view('r5', { priceMinor: 1.5 }),
      view('r6', { type: 'SEARCH' }),
      view('r7', { userId: null }),
    ];
    const { accepted, rejected, results } = await track({ events });
    expect({ accepted, rejected }).toEqual({ accepted: 1, rejected: 9 });
    expect(results.slice(1).map(({ code, field }) => `${code} ${field}`)).toEqual([
      'ID_MISSING eventId',
      'ID_TOO_LONG eventId',
      'PRODUCT_MISSING productId',
      'TIME_INVALID occurredAt',
      'TIME_IN_FUTURE occurredAt',
      'VALUE_OUT_OF_RANGE value',
      'PRICE_INVALID priceMinor',
      'QUERY_TEXT_MISSING queryText',
      'ID_MISSING userId',
    ]);
  });

  it('stores reviews with their text and stars, both optional', async () => {
    const review = { type: 'REVIEW', queryText: 'Keeps tea warm for hours.', value: 5 };
    const tracked = await track({ events: [view('full', review), view('bare', { type: 'REVIEW' })] });
    expect(tracked).toMatchObject({ accepted: 2, rejected: 0 });
    const staff = await gateway.token('MERCHANDISER');
    const query =
      '{ user(userId: "ben") { interactions(first: 9, filter: { types: [REVIEW] }) { nodes { eventId queryText value } } } }';
    const data: { user: { interactions: { nodes: readonly { eventId: string }[] } } } = dataOf(
      await gateway.ask(staff, query),
    );
    expect(data.user.interactions.nodes).toHaveLength(2);
    expect(data.user.interactions.nodes).toEqual(
      expect.arrayContaining([
        { eventId: 'full', queryText: review.queryText, value: 5 },
        { eventId: 'bare', queryText: null, value: null },
      ]),
    );
  });

  it('stores nothing under REJECT_EVERYTHING when one row is invalid', async () => {
    const before = await gateway.stores.interactions.count(demo);
    const refused = await track({
      errorPolicy: 'REJECT_EVERYTHING',
      events: [view('n1'), view('n2', { occurredAt: 'x' })],
    });
    expect(refused).toMatchObject({ accepted: 0, rejected: 2, userErrors: [{ code: 'ROWS_REJECTED' }] });
    expect(refused.results.map(({ code }) => code)).toEqual(['BATCH_REJECTED', 'TIME_INVALID']);
    expect(await gateway.stores.interactions.count(demo)).toBe(before);
    expect(await track({ errorPolicy: 'REJECT_EVERYTHING', events: [view('n1')] })).toMatchObject({
      accepted: 1,
    });
  });
});

describe('eventsTrack by a shopper', () => {
  const order = { eventId: 'order-77', type: 'PURCHASE', productId: 'p01' };

  it('cannot block an order of the shop by sending its id first', async () => {
    const anna = await gateway.token('SHOPPER', { user: 'anna' });
    const [taken, theirs] = [
      { ...order, type: 'VIEW' },
      { ...order, userId: 'ben' },
    ];
    expect(await track({ events: [taken] }, anna)).toMatchObject({ accepted: 1 });
    expect(await track({ events: [theirs] })).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(await track({ events: [theirs] })).toMatchObject({ accepted: 0, duplicates: 1 });
  });

  it('does not learn which ids the shop and other shoppers have used', async () => {
    await track({ events: [{ ...order, eventId: 'secret', userId: 'ben' }] });
    const [anna, cleo] = [
      await gateway.token('SHOPPER', { user: 'anna' }),
      await gateway.token('SHOPPER', { user: 'cleo' }),
    ];
    const probe = { ...order, eventId: 'secret', type: 'VIEW' };
    for (const token of [anna, cleo]) {
      expect(await track({ events: [probe] }, token)).toMatchObject({ accepted: 1, duplicates: 0 });
      expect(await track({ events: [probe] }, token)).toMatchObject({ accepted: 0, duplicates: 1 });
    }
  });

  it('reads its own ids as it sent them, on every page', async () => {
    const user = `long-${'u'.repeat(200)}`;
    const token = await gateway.token('SHOPPER', { user });
    const ids = ['茶'.repeat(200), `${'x'.repeat(255)}1`, 'short'];
    await track({ events: ids.map(eventId => ({ ...order, eventId, type: 'VIEW' })) }, token);
    const read: string[] = [];
    for (let after: string | null = null; ; ) {
      const answer = await gateway.ask(
        token,
        'query ($after: String) { viewer { user { interactions(first: 1, after: $after) { nodes { eventId } pageInfo { endCursor hasNextPage } } } } }',
        { after },
      );
      const { user: reader } = (dataOf(answer) as { viewer: { user: { interactions: InteractionsPage } } })
        .viewer;
      read.push(...reader.interactions.nodes.map(({ eventId }) => eventId));
      if (!reader.interactions.pageInfo.hasNextPage) break;
      after = reader.interactions.pageInfo.endCursor;
    }
    expect(read.toSorted()).toEqual(ids.toSorted());
  });
});

interface InteractionsPage {
  readonly nodes: readonly { readonly eventId: string }[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}

describe('eventsTrack with larger inputs and attribution', () => {
  it('stores 1,000 events in one call, and refuses more', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => view(`many-${index}`));
    gateway.counting.reset();
    expect(await track({ events: many(1000) })).toMatchObject({ accepted: 1000 });
    expect(gateway.counting.calls).toEqual([
      'users.rightsOf',
      'products.findMany',
      'interactions.insertMany',
    ]);
    gateway.counting.reset();
    expect(await track({ events: many(1001) })).toEqual({
      accepted: 0,
      duplicates: 0,
      rejected: 1001,
      results: [],
      userErrors: [{ field: ['input', 'events'], code: 'TOO_MANY' }],
    });
    expect(gateway.counting.calls).toEqual([]);
  });

  it('attributes events to a list by either of its ids', async () => {
    const storefront = await gateway.token('STOREFRONT');
    const made = dataOf(
      await gateway.ask(storefront, '{ viewer(userId: "ben") { recommendations(first: 1) { id listId } } }'),
    ) as {
      viewer: { recommendations: { id: string; listId: string } };
    };
    const { id, listId } = made.viewer.recommendations;
    const events = [id, listId].map((given, index) =>
      view(`attributed-${index}`, { type: 'CLICK', attribution: { listId: given, rank: 1 } }),
    );
    await track({ events });
    const { rows } = await gateway.stores.interactions.pageOfUser(
      demo,
      toUserId('ben'),
      { first: 2 },
      { types: ['CLICK'] },
    );
    expect(rows.map(({ attribution }) => attribution)).toEqual(Array(2).fill({ listId, rank: 1 }));
  });

  it('returns the next recommendations in the same call, after the commit', async () => {
    const shopper = await gateway.token('SHOPPER', { user: 'anna' });
    gateway.counting.reset();
    const data = dataOf(
      await gateway.ask(
        shopper,
        'mutation { eventsTrack(input: { events: [{ eventId: "next", type: VIEW, productId: "p05" }] }) { accepted viewer { recommendations(first: 2) { userId items { nodes { rank } } } } } }',
      ),
    );
    expect(data).toEqual({
      eventsTrack: {
        accepted: 1,
        viewer: { recommendations: { userId: 'anna', items: { nodes: [{ rank: 1 }, { rank: 2 }] } } },
      },
    });
    expect(gateway.counting.calls.indexOf('interactions.insertMany')).toBeLessThan(
      gateway.counting.calls.indexOf('products.page'),
    );
  });
});

describe('productsUpsert', () => {
  const query = `mutation ($input: ProductsUpsertInput!) { productsUpsert(input: $input) { created updated rejected results { index rowId status code field } userErrors { code } } }`;

  it('creates and updates products in one call, and serving reads them', async () => {
    const input = {
      products: [
        {
          productId: 'fresh',
          title: '新',
          locale: 'zh-CN',
          priceMinor: 250,
          translations: [{ locale: 'en', title: 'New' }],
        },
        { productId: 'p01', stock: 3 },
        { productId: 'p02', priceMinor: -1 },
      ],
    };
    const reads = gateway.recommender.catalogueReads;
    gateway.counting.reset();
    const data = dataOf(await gateway.ask(await gateway.token('INGEST'), query, { input }));
    expect(data).toEqual({
      productsUpsert: {
        created: 1,
        updated: 1,
        rejected: 1,
        results: [
          { index: 0, rowId: 'fresh', status: 'CREATED', code: null, field: null },
          { index: 1, rowId: 'p01', status: 'UPDATED', code: null, field: null },
          { index: 2, rowId: 'p02', status: 'REJECTED', code: 'PRICE_INVALID', field: 'priceMinor' },
        ],
        userErrors: [],
      },
    });
    expect(gateway.counting.calls).toEqual(['products.upsertMany']);
    expect(gateway.recommender.catalogueReads).toBe(reads + 1);
    const read = await gateway.ask(
      await gateway.token('STOREFRONT'),
      '{ new: product(productId: "fresh") { title zh: title(locale: "zh") } old: product(productId: "p01") { title stock } }',
    );
    expect(read.body.data).toEqual({
      new: { title: 'New', zh: '新' },
      old: { title: 'demo product 1', stock: 3 },
    });
  });
});

describe('usersUpsert', () => {
  it('writes users, attributes and consents', async () => {
    const answer = await gateway.ask(
      await gateway.token('INGEST'),
      `mutation { usersUpsert(input: { users: [
        { userId: "dora", locale: "fr", attributes: { tier: "gold" }, consents: [{ purpose: MARKETING, granted: false }] },
        { userId: "anna", attributes: { nested: { no: 1 } } }] }) { created rejected results { rowId status code field } } }`,
    );
    expect(dataOf(answer)).toEqual({
      usersUpsert: {
        created: 1,
        rejected: 1,
        results: [
          { rowId: 'dora', status: 'CREATED', code: null, field: null },
          {
            rowId: 'anna',
            status: 'REJECTED',
            code: 'ATTRIBUTES_INVALID',
            field: expect.stringContaining('attributes'),
          },
        ],
      },
    });
    const read = await gateway.ask(
      await gateway.token('SHOPPER', { user: 'dora' }),
      '{ viewer { user { locale attributes consents { purpose granted } } } }',
    );
    expect(read.body.data).toEqual({
      viewer: {
        user: {
          locale: 'fr',
          attributes: { tier: 'gold' },
          consents: [{ purpose: 'MARKETING', granted: false }],
        },
      },
    });
  });
});

describe('consentUpdate', () => {
  const query =
    'mutation ($input: ConsentUpdateInput!) { consentUpdate(input: $input) { consents { purpose granted source } userErrors { field code } } }';
  const update = async (credential: string, input: object) =>
    dataOf(await gateway.ask(credential, query, { input }));

  it('stores the consent of a shopper, and keeps those for other purposes', async () => {
    const data = await update(await gateway.token('SHOPPER', { user: 'cleo' }), {
      purpose: 'PERSONALIZATION',
      granted: false,
    });
    expect((data as { consentUpdate: { consents: unknown[] } }).consentUpdate.consents).toEqual(
      expect.arrayContaining([
        { purpose: 'PERSONALIZATION', granted: false, source: 'graphql:shopper' },
        { purpose: 'MARKETING', granted: true, source: 'seed' },
      ]),
    );
  });

  it('requires the shopper for whom a storefront acts', async () => {
    const storefront = await gateway.token('STOREFRONT');
    expect(await update(storefront, { purpose: 'ANALYTICS', granted: true })).toEqual({
      consentUpdate: { consents: [], userErrors: [{ field: ['input', 'userId'], code: 'USER_REQUIRED' }] },
    });
    for (const userId of ['b'.repeat(257), 'ben ', 'be\u0308n'])
      expect(await update(storefront, { purpose: 'ANALYTICS', granted: true, userId })).toEqual({
        consentUpdate: { consents: [], userErrors: [{ field: ['input', 'userId'], code: 'INVALID' }] },
      });
    expect(await update(storefront, { purpose: 'MARKETING', granted: false, userId: 'ben' })).toEqual({
      consentUpdate: {
        consents: [{ purpose: 'MARKETING', granted: false, source: 'graphql:storefront' }],
        userErrors: [],
      },
    });
  });
});

describe('trainingStart', () => {
  it('stores the run, then queues it, and lists it', async () => {
    const admin = await gateway.token('ADMIN');
    gateway.counting.reset();
    const data = dataOf(
      await gateway.ask(
        admin,
        'mutation { trainingStart(input: { model: "popularity" }) { trainingRun { runId status seed } userErrors { code } } }',
      ),
    ) as {
      trainingStart: { trainingRun: { runId: string } };
    };
    expect(data.trainingStart).toMatchObject({ trainingRun: { status: 'QUEUED', seed: 1 }, userErrors: [] });
    expect(gateway.counting.calls).toEqual(['trainingRuns.save']);
    const runs = await gateway.ask(admin, '{ trainingRuns(first: 1) { nodes { runId model } } }');
    expect(runs.body.data).toEqual({
      trainingRuns: { nodes: [{ runId: data.trainingStart.trainingRun.runId, model: 'popularity' }] },
    });
  });

  it('responds 503 and closes the run when the queue does not take the job', async () => {
    const add = () =>
      Promise.reject(new GatewayError('UNAVAILABLE', 'Expected a job queue; got none. Try again.'));
    const refusing = await startTestGateway({ trainingQueue: { ...createMemoryTrainingQueue(), add } });
    try {
      const admin = await refusing.token('ADMIN');
      const answer = await refusing.ask(
        admin,
        'mutation { trainingStart(input: { model: "popularity" }) { trainingRun { runId } } }',
      );
      expect(answer.status).toBe(503);
      expect(answer.body.errors?.[0].extensions['code']).toBe('UNAVAILABLE');
      const runs = await refusing.ask(
        admin,
        '{ trainingRuns(first: 2) { nodes { status reason finishedAt } } }',
      );
      expect(runs.body.data).toEqual({
        trainingRuns: {
          nodes: [
            {
              status: 'FAILED',
              reason: 'UNAVAILABLE: Expected a job queue; got none. Try again.',
              finishedAt: expect.any(String),
            },
          ],
        },
      });
    } finally {
      await refusing.close();
    }
  });

  it('refuses a model that is not in the registry', async () => {
    const answer = await gateway.ask(
      await gateway.token('ADMIN'),
      'mutation { trainingStart(input: { model: "astrology" }) { trainingRun { id } userErrors { field code } } }',
    );
    expect(dataOf(answer)).toEqual({
      trainingStart: {
        trainingRun: null,
        userErrors: [{ field: ['input', 'model'], code: 'UNKNOWN_MODEL' }],
      },
    });
  });
});
