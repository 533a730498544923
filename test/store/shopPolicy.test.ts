import { Client } from 'pg';
import { toShopId } from '../../src/domain/ids';
import { defaultEventWeights } from '../../src/domain/shopPolicy';
import { createPrismaStores } from '../../src/store/prisma/stores';
import { createTestDatabase } from '../support/database';

it('serves the values in range of a policy written by other means, and names the others', async () => {
  const database = await createTestDatabase();
  const stores = await createPrismaStores({ url: database.url, poolSize: 2 });
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const id = toShopId('s');
  const write = (policy: string) =>
    client.query(`UPDATE "Shop" SET policy = $1::jsonb, "listRetentionDays" = 0`, [policy]);
  try {
    await stores.shops.upsert({ id, name: 'S', defaultLocale: 'en', currency: 'EUR' });
    await write('{"eventWeights.VIEW": 2, "eventWeights.TELEPORT": 1, "newcomers.every": "often"}');
    const shop = await stores.shops.find(id);
    // A policy stored before a type was known has the type's default weight.
    expect(shop?.policy.eventWeights).toEqual({ ...defaultEventWeights, VIEW: 2 });
    expect(shop?.policy).toMatchObject({ newcomers: { every: 10 }, retention: { listDays: 90 } });
    expect(shop?.policyProblems.map(({ key }) => key)).toEqual(['newcomers.every', 'retention.listDays']);
    await write('[1, 2]');
    expect((await stores.shops.find(id))?.policy.eventWeights).toEqual(defaultEventWeights);
    await stores.shops.changePolicy(id, { 'newcomers.every': 4 });
    expect((await stores.shops.find(id))?.policy.newcomers.every).toBe(4);
  } finally {
    await client.end();
    await stores.close();
    await database.drop();
  }
});
