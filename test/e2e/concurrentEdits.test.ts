import type { Stores } from '../../src/store/ports/stores';
import { createPrismaStores } from '../../src/store/prisma/stores';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { startTestGateway, type TestGateway } from '../support/gateway';

let database: TestDatabase;
let stores: Stores;
let gateways: readonly TestGateway[];
let admin: string;
beforeAll(async () => {
  database = await createTestDatabase();
  stores = await createPrismaStores({ url: database.url, poolSize: 8 });
  gateways = [await startTestGateway({ stores }), await startTestGateway({ stores })];
  admin = await gateways[0].token('ADMIN');
});
afterAll(async () => {
  for (const gateway of gateways) await gateway.close();
  await stores.close();
  await database.drop();
});

const merge = (from: string, into: string) =>
  `mutation { interestTagMerge(input: { fromTagId: "${from}", intoTagId: "${into}" }) { tag { tagId } userErrors { code } } }`;

it('accepts one of two merges of each other that come at once, over two gateways', async () => {
  const [one, two] = gateways;
  for (let round = 0; round < 10; round++) {
    const answers = await Promise.all([
      one.ask(admin, merge('garden', 'kitchen')),
      two.ask(admin, merge('kitchen', 'garden')),
    ]);
    const payloads = answers.map(({ body }) => body.data?.['interestTagMerge'] as unknown);
    expect(payloads).toEqual(
      expect.arrayContaining([
        { tag: null, userErrors: [{ code: 'INVALID' }] },
        { tag: { tagId: expect.any(String) }, userErrors: [] },
      ]),
    );
    const listed = await one.ask(admin, '{ interestTags { nodes { tagId } } }');
    expect(listed.text).toMatch(/"garden"|"kitchen"/);
    for (const tag of ['garden', 'kitchen'])
      await one.ask(admin, `mutation { interestTagUnmerge(tagId: "${tag}") { userErrors { code } } }`);
  }
});

it('gives one of two tags a name that both are given at once', async () => {
  const rename = (tag: string, name: string) =>
    `mutation { interestTagUpdate(input: { tagId: "${tag}", names: [{ locale: "en", name: "${name}" }] }) { userErrors { code } } }`;
  for (let round = 0; round < 10; round++) {
    const answers = await Promise.all(
      ['garden', 'kitchen'].map((tag, at) => gateways[at].ask(admin, rename(tag, `Name ${round}`))),
    );
    const errors = answers.flatMap(
      ({ body }) => (body.data?.['interestTagUpdate'] as { userErrors: object[] } | undefined)?.userErrors,
    );
    expect(errors).toEqual([{ code: 'INVALID' }]);
  }
});
