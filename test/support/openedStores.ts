import { createMemoryStores } from '../../src/store/memory/stores';
import type { Stores } from '../../src/store/ports/stores';
import { createPrismaStores } from '../../src/store/prisma/stores';
import { createTestDatabase } from './database';

/** Stores under a test, and their disposal. */
interface OpenedStores {
  readonly stores: Stores;
  readonly close: () => Promise<void>;
}

async function openPrismaStores(): Promise<OpenedStores> {
  const database = await createTestDatabase();
  const stores = await createPrismaStores({ url: database.url, poolSize: 4 });
  return { stores, close: () => stores.close().then(database.drop) };
}

/** Every kind of stores by its name, for `describe.each`. */
export const storesByKind: readonly (readonly [kind: string, open: () => Promise<OpenedStores>])[] = [
  ['memory', async () => ({ stores: createMemoryStores(), close: async () => undefined })],
  ['PostgreSQL', openPrismaStores],
];
