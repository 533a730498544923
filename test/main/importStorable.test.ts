import fc from 'fast-check';
import { toShopId } from '../../src/domain/ids';
import { checkEvent } from '../../src/intake/event';
import { checkProduct } from '../../src/intake/product';
import type { Checked } from '../../src/intake/rejections';
import { checkUser } from '../../src/intake/user';
import type { Stores } from '../../src/store/ports/stores';
import { createPrismaStores } from '../../src/store/prisma/stores';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { importNow } from '../support/importRun';

const shopId = toShopId('s');
const context = { shopId, now: importNow };
const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.constantFrom('\ufffd', '\u2028', '\\', '"', '{a,b}', '\ud800', '\0'),
);
const number = fc.oneof(fc.double(), fc.constantFrom(5e-324, 1.7976931348623157e308, 2 ** 31 - 1, 0.1 + 0.2));
const flat = fc.dictionary(text, fc.oneof(text, number, fc.boolean(), fc.array(text, { maxLength: 3 })), {
  maxKeys: 4,
});

let database: TestDatabase;
let stores: Stores;
beforeAll(async () => {
  database = await createTestDatabase();
  stores = await createPrismaStores({ url: database.url, poolSize: 4 });
});
afterAll(async () => {
  await stores.close();
  await database.drop();
});

/** Rows accepted by the check out of 1,000 random ones, unique by id; checks that there are enough of them. */
function acceptedOf<Row extends { readonly id: string }>(
  drawn: fc.Arbitrary<unknown>,
  check: (raw: unknown) => Checked<Row>,
): readonly Row[] {
  const rows = fc.sample(drawn, { numRuns: 1_000, seed: 7 }).flatMap(raw => {
    const checked = check(raw);
    return checked.ok ? [checked.row] : [];
  });
  const accepted = [...new Map(rows.map(row => [row.id, row])).values()];
  expect(accepted.length).toBeGreaterThan(100);
  expect(accepted.length).toBeLessThan(1_000);
  return accepted;
}

describe('PostgreSQL stores unchanged what intake accepts', () => {
  it('of events', async () => {
    const drawn = fc.record({
      id: text,
      userId: text,
      productId: text,
      type: fc.constantFrom('PURCHASE', 'RATING'),
      value: fc.oneof({ weight: 4, arbitrary: fc.double({ min: 1e-6, max: 5, noNaN: true }) }, number),
      queryText: text,
      sessionId: text,
    });
    const rows = acceptedOf(drawn, raw => checkEvent(raw, context));
    expect(await stores.interactions.insertMany(rows)).toEqual(rows.map(() => 'accepted'));
    const { rows: kept } = await stores.interactions.page(shopId, { first: 10_000 });
    const byId = new Map(kept.map(row => [row.id, row]));
    expect(rows.map(row => byId.get(row.id))).toEqual(rows);
  });

  it('of products', async () => {
    const drawn = fc.record({
      id: text,
      title: text,
      tags: fc.array(text, { maxLength: 3 }),
      attributes: flat,
    });
    const rows = acceptedOf(drawn, raw => checkProduct(raw, context));
    await stores.products.upsertMany(shopId, rows, importNow);
    const kept = await stores.products.findMany(
      shopId,
      rows.map(row => row.id),
    );
    for (const row of rows) expect(kept.get(row.id)).toMatchObject(row);
  });

  it('of users', async () => {
    const rows = acceptedOf(fc.record({ id: text, attributes: flat }), raw => checkUser(raw, context));
    await stores.users.upsertMany(shopId, rows, importNow);
    const kept = await stores.users.findMany(
      shopId,
      rows.map(row => row.id),
    );
    for (const row of rows) expect(kept.get(row.id)).toMatchObject(row);
  });
});
