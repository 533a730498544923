import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { toShopId } from '../../src/domain/ids';
import { openDatabase } from '../../src/store/prisma/database';
import { migrateDatabase } from '../../src/store/prisma/migrate';
import { prismaDir } from '../../src/store/prisma/migrationFiles';
import { createPrismaPredictions } from '../../src/store/prisma/predictions';
import { createEmptyDatabase } from '../support/database';

const before = '20261124230000_predictions_by_time';
const shop = toShopId('s');
/** The order in which gateways wrote probabilities when rows had no names. */
const unnamed = [
  ...['VIEW', 'CLICK', 'SEARCH', 'CART_ADD', 'CART_REMOVE', 'WISHLIST', 'PURCHASE', 'RETURN', 'RATING'],
  ...['SHARE', 'DISLIKE', 'LEAVE'],
];
const actions = [0.5, 0, 0, 0.125, 0, 0, 0.125, 0, 0, 0, 0, 0.25];

const insert = `INSERT INTO "Prediction" ("shopId", id, "userId", kind, "subjectId", distribution, "modelVersion",
    "predictedAt", "expiresAt", outcome, "outcomeAt")
  VALUES ('s', $1, 'ann', 'NEXT_ACTION', 'e', $2, 'v1', '2026-03-01T12:00:00Z', '2026-06-01T12:00:00Z',
    '{"action":"PURCHASE"}', '2026-03-01T12:01:00Z')`;

/** prisma/ as it was when predictions had no names. */
function olderPrisma(): string {
  const folder = mkdtempSync(join(tmpdir(), 'affinity-older-'));
  cpSync(prismaDir, folder, { recursive: true });
  const migrations = join(folder, 'migrations');
  cpSync(join(migrations, before, 'schema.prisma'), join(folder, 'schema.prisma'));
  for (const name of readdirSync(migrations))
    if (name > before && name !== 'migration_lock.toml') rmSync(join(migrations, name), { recursive: true });
  return folder;
}

async function insertOlder(url: string, id: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const distribution = { actions, expectedMinutes: 1, purchase: 0.5, abandonment: null };
  const rest = { returnWithin: [0, 0, 0], eventAt: 0, sessionId: null };
  await client.query(insert, [id, JSON.stringify({ ...distribution, ...rest })]);
  await client.end();
}

it('gives predictions of older gateways the names they were written with', async () => {
  const { url, drop } = await createEmptyDatabase();
  const folder = olderPrisma();
  try {
    await migrateDatabase(url, folder);
    await insertOlder(url, 'before the migration');
    await migrateDatabase(url);
    await insertOlder(url, 'after it, by a gateway that still runs the older version');
    const database = openDatabase(url, 2);
    const judged = [];
    for await (const rows of createPrismaPredictions(database).judged(shop, 0)) judged.push(...rows);
    await database.close();
    expect(judged).toHaveLength(2);
    for (const row of judged) {
      expect(row.actionNames).toEqual(unnamed);
      expect(row.actions[row.actionNames.indexOf(row.outcome.action)]).toBe(0.125);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await drop();
  }
});
