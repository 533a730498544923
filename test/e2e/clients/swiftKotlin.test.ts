import { buildSchema, isScalarType, isSpecifiedScalarType, Kind, parse, print } from 'graphql';
import { pageBlocks } from '../../support/clientPage';
import { startTestGateway, type TestGateway } from '../../support/gateway';
import { readText } from '../../support/repository';

const page = 'swift-kotlin.md';
const [queries, mutation] = pageBlocks(page, 'graphql');

/** The document that a generated client sends: one operation and its fragments. */
const operation = (name: string): string =>
  parse(queries)
    .definitions.filter(
      node =>
        node.kind === Kind.FRAGMENT_DEFINITION ||
        (node.kind === Kind.OPERATION_DEFINITION && node.name?.value === name),
    )
    .map(print)
    .join('\n');

interface Items {
  readonly pageInfo: { readonly endCursor: string };
  readonly nodes: readonly { readonly rank: number }[];
}

describe('the operations of docs/clients/swift-kotlin.md', () => {
  let gateway: TestGateway;
  let shopper: string;
  beforeAll(async () => {
    gateway = await startTestGateway();
    shopper = await gateway.token('SHOPPER', { user: 'anna' });
  });
  afterAll(() => gateway.close());

  it('read a list and its next page', async () => {
    const home = await gateway.ask(shopper, operation('Home'), { locale: 'en' });
    const list = (
      home.body.data as unknown as { viewer: { recommendations: { listId: string; items: Items } } }
    ).viewer.recommendations;
    const variables = { listId: list.listId, after: list.items.pageInfo.endCursor };
    const more = await gateway.ask(shopper, operation('MoreItems'), variables);
    const next = (more.body.data as unknown as { recommendationList: { items: Items } }).recommendationList;
    expect([home.body.errors, more.body.errors]).toEqual([undefined, undefined]);
    expect([...list.items.nodes, ...next.items.nodes].map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('store events, and count a repeated one once', async () => {
    const events = [
      { eventId: 'phone-1', type: 'VIEW', productId: 'p04', occurredAt: '2026-03-01T11:00:00Z' },
    ];
    const answers = [];
    for (let time = 0; time < 2; time++)
      answers.push((await gateway.ask(shopper, mutation, { events })).body.data);
    expect(answers).toMatchObject([
      { eventsTrack: { accepted: 1, duplicates: 0 } },
      { eventsTrack: { accepted: 0, duplicates: 1 } },
    ]);
  });
});

it.each(['swift', 'kotlin'])('%s has a type for every scalar of the schema', language => {
  const scalars = Object.values(buildSchema(readText('schema.graphql')).getTypeMap()).filter(
    type => isScalarType(type) && !isSpecifiedScalarType(type),
  );
  const [code] = pageBlocks(page, language).filter(block => block.includes('DateTime'));
  expect(scalars.map(({ name }) => name).filter(name => !code.includes(name))).toEqual([]);
  expect(scalars.length).toBeGreaterThanOrEqual(3);
});
