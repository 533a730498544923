import type { Command } from 'commander';
import { GatewayError } from '../../domain/errors';
import { toShopId } from '../../domain/ids';
import type { Shop } from '../../store/ports/shop';
import type { Stores } from '../../store/ports/stores';
import type { OpenStores } from './import';

/** Options of every command about one shop. */
export interface ShopOptions {
  readonly shop: string;
  readonly databaseUrl?: string;
  readonly json?: boolean;
}

/** Adds the options of {@link ShopOptions} to a command. */
export const addShopOptions = (command: Command): Command =>
  command
    .option('--shop <id>', 'the shop', 'demo')
    .option('--json', 'print JSON')
    .option('--database-url <url>', 'a PostgreSQL other than the configured one');

/** Opens the stores, finds the shop, and closes the stores after the work. @throws {GatewayError} NOT_FOUND, UNAVAILABLE */
export async function withShop(
  { shop, databaseUrl }: ShopOptions,
  openStores: OpenStores,
  work: (stores: Stores, shop: Shop) => Promise<void>,
): Promise<void> {
  const opened = await openStores({ databaseUrl });
  try {
    const found = await opened.stores.shops.find(toShopId(shop));
    if (found === null) {
      throw new GatewayError(
        'NOT_FOUND',
        `Expected a shop of this database; there is no shop "${shop}". Give --shop, or create it: affinity shop create.`,
      );
    }
    await work(opened.stores, found);
  } finally {
    await opened.close();
  }
}
