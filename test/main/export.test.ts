import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Command } from 'commander';
import { type ShopId, toEventId, toListId, toProductId, toShopId, toUserId } from '../../src/domain/ids';
import type { Interaction } from '../../src/domain/interaction';
import { registerExport } from '../../src/main/commands/export';
import { registerImport } from '../../src/main/commands/import';
import { createMemoryStores } from '../../src/store/memory/stores';
import type { Stores } from '../../src/store/ports/stores';
import { createPrismaStores } from '../../src/store/prisma/stores';
import { createTestDatabase } from '../support/database';
import { importNow, makeTestFolder, type TestFolder } from '../support/importRun';

let folder: TestFolder;
beforeEach(() => {
  folder = makeTestFolder();
});
afterEach(() => folder.remove());

/** Runs a command line over the given stores, as the package's bin does. */
async function affinity(stores: Stores, ...line: readonly string[]): Promise<void> {
  const program = new Command().exitOverride();
  const openStores = async () => ({ stores, close: async () => undefined });
  registerImport(program, openStores);
  registerExport(program, openStores);
  await program.parseAsync(line, { from: 'user' });
}

const event = (shopId: ShopId, id: string, fields: Partial<Interaction> = {}): Interaction => ({
  shopId,
  id: toEventId(id),
  userId: toUserId('u1'),
  productId: toProductId('p1'),
  type: 'VIEW',
  value: null,
  priceMinor: null,
  queryText: null,
  sessionId: null,
  occurredAt: Date.UTC(2026, 0, 1),
  receivedAt: Date.UTC(2026, 0, 2),
  attribution: null,
  ...fields,
});

/** A shop with every kind of row: two languages, stubs, consents, every optional field. */
async function seed(stores: Stores): Promise<void> {
  const shopId = toShopId('full');
  await stores.shops.upsert({
    id: shopId,
    name: 'Full',
    defaultLocale: 'en',
    currency: 'USD',
  });
  const product = (id: string) => ({
    id: toProductId(id),
    title: 'Mug, "large"',
    description: null,
    locale: 'en',
    translations: {
      zh: { title: '大杯子', description: null },
      fr: { title: 'Tasse', description: 'Grande' },
    },
    categoryPath: ['Home', 'Kitchen'],
    tags: ['blue', 'a,b'],
    priceMinor: 1299,
    currency: 'USD',
    stock: 3,
    imageUrl: 'https://example.org/p.jpg',
    attributes: { size: 'L', count: 2.5, gift: true, list: ['x'] },
    isActive: false,
  });
  await stores.products.upsertMany(shopId, [product('p2')], importNow);
  await stores.products.upsertMany(shopId, [product('p1'), { id: toProductId('p3') }], importNow + 1);
  const consents = [
    { purpose: 'MARKETING' as const, granted: false, source: 'form' },
    { purpose: 'ANALYTICS' as const, granted: true, source: null },
  ];
  await stores.users.upsertMany(
    shopId,
    [{ id: toUserId('u1'), locale: 'zh-CN', attributes: { age: 30 }, consents }],
    importNow,
  );
  await stores.interactions.insertMany([
    event(shopId, 'e2'),
    event(shopId, 'e1', { attribution: { listId: toListId('l1'), rank: 3 }, sessionId: 's1' }),
    event(shopId, 'e3', { type: 'PURCHASE', value: 2.5, priceMinor: 1299, occurredAt: Date.UTC(2025, 0, 1) }),
    event(shopId, 'e4', { type: 'SEARCH', productId: null, queryText: '红色\n杯子 😀' }),
    event(shopId, 'e5', { userId: toUserId('stub'), productId: toProductId('stub') }),
  ]);
}

/** Exports `first`, imports that into `second`, exports again, and returns both texts. */
async function roundTrip(first: Stores, second: Stores): Promise<readonly [string, string]> {
  await seed(first);
  const out = join(folder.path, 'first.jsonl');
  const again = join(folder.path, 'second.jsonl.gz');
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  await affinity(first, 'export', '--shop', 'full', '--out', out);
  await affinity(second, 'import', '--shop', 'full', '--preset', 'affinity', '--json', out);
  await affinity(second, 'export', '--shop', 'full', '--out', again);
  log.mockRestore();
  return [readFileSync(out, 'utf8'), gunzipSync(readFileSync(again)).toString()];
}

describe('export', () => {
  it('round-trips byte for byte through an empty database', async () => {
    const second = createMemoryStores();
    const [before, after] = await roundTrip(createMemoryStores(), second);
    expect(after).toBe(before);
    expect(before.split('\n')).toHaveLength(3 + 1 + 5 + 1);
    const stubs = await second.products.findMany(toShopId('full'), [toProductId('stub')]);
    expect(stubs.get(toProductId('stub'))?.isStub).toBe(true);
  });

  it('round-trips byte for byte through PostgreSQL', async () => {
    const database = await createTestDatabase();
    const stores = await createPrismaStores({ url: database.url, poolSize: 4 });
    try {
      const [before, after] = await roundTrip(createMemoryStores(), stores);
      expect(after).toBe(before);
    } finally {
      await stores.close();
      await database.drop();
    }
  });

  it('writes only the requested kinds', async () => {
    const stores = createMemoryStores();
    await seed(stores);
    const out = join(folder.path, 'out.jsonl');
    await affinity(stores, 'export', '--shop', 'full', '--kind', 'users', '--out', out);
    const line =
      '{"kind":"user","id":"u1","locale":"zh-CN","attributes":{"age":30},"consents":[{"purpose":"ANALYTICS","granted":true,"source":null},{"purpose":"MARKETING","granted":false,"source":"form"}]}\n';
    expect(readFileSync(out, 'utf8')).toBe(line);
  });

  it('rejects an unknown shop and an unknown kind', async () => {
    const stores = createMemoryStores();
    await expect(affinity(stores, 'export', '--shop', 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(affinity(stores, 'export', '--shop', 'full', '--kind', 'posts')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });
});

describe('the import command', () => {
  it('prints a summary, reads a mapping, and writes rejects to the given file', async () => {
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const stores = createMemoryStores();
    const mapping = folder.write(
      'mapping.json',
      JSON.stringify({
        format: 'csv',
        event: { id: 'n', userId: 'u', productId: 'p', type: { constant: 'VIEW' } },
      }),
    );
    const data = folder.write('data.csv', 'n,u,p\n1,u1,p1\n2,,p1\n');
    const rejects = join(folder.path, 'rejects.jsonl');
    await affinity(stores, 'import', '--shop', 'm', '--mapping', mapping, '--rejects', rejects, data);
    expect(log.mock.calls[0][0]).toContain('rejected ID_MISSING');
    expect(folder.rejects()).toMatchObject([{ line: 3, code: 'ID_MISSING', text: '2,,p1' }]);
    log.mockRestore();
  });

  it.each([
    [['--preset', 'nothing'], 'Expected either --mapping FILE or --preset'],
    [['--preset', 'affinity', '--mapping', 'x.json'], 'got neither or both'],
    [['--preset', 'affinity', '--encoding', 'ebcdic'], 'Expected --encoding utf-8 or latin1'],
    [['--mapping', '/nowhere.json'], 'the file cannot be read'],
  ])('rejects %j', async (options, message) => {
    const line = ['import', '--shop', 'm', ...options, 'file.csv'];
    await expect(affinity(createMemoryStores(), ...line)).rejects.toThrow(message);
  });
});
