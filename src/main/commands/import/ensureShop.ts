import { GatewayError } from '../../../domain/errors';
import type { ShopId } from '../../../domain/ids';
import { policyKeys } from '../../../domain/shopPolicy';
import type { ShopDraft } from '../../../intake/shop';
import type { ImportStores } from './importStores';

/** A file that describes its shop in its first line. */
export interface DescribedShop {
  readonly path: string;
  readonly draft: ShopDraft;
}

function otherCurrency(path: string, expected: string, got: string): GatewayError {
  const message = `Expected a file of a shop with the currency ${expected} at ${path}; got one of ${got}, whose prices would change their value. Import it into a shop of its own; nothing was written.`;
  return new GatewayError('IMPORT_INVALID', message, { path, expected, got });
}

async function isEmpty({ products, users }: ImportStores, id: ShopId): Promise<boolean> {
  return (await products.count(id)) === 0 && (await users.count(id)) === 0;
}

async function describe({ shops }: ImportStores, id: ShopId, { policy, ...draft }: ShopDraft): Promise<void> {
  await shops.upsert({ id, ...draft });
  const unset = Object.fromEntries(policyKeys.map(key => [key, null]));
  await shops.changePolicy(id, { ...unset, ...policy });
}

/**
 * Creates the shop when it is missing, as the first file that has a shop describes it, or with the preset's currency. Such a
 * file also describes a shop that is still empty; a shop with rows keeps its name and settings.
 *
 * @returns whether it was created
 * @throws {GatewayError} IMPORT_INVALID when the currencies of the files, or of a shop with rows, differ
 */
export async function ensureShop(
  stores: ImportStores,
  id: ShopId,
  described: readonly DescribedShop[],
  currency: string,
): Promise<boolean> {
  const first = described.at(0);
  const known = await stores.shops.find(id);
  const canChange = known === null || (await isEmpty(stores, id));
  const expected = canChange ? first?.draft.currency : known.currency;
  for (const { path, draft } of described)
    if (expected !== undefined && draft.currency !== expected)
      throw otherCurrency(path, expected, draft.currency);
  if (canChange && first) await describe(stores, id, first.draft);
  else if (known === null) await stores.shops.upsert({ id, name: id, defaultLocale: 'en', currency });
  return known === null;
}
