import type { Command } from 'commander';
import { GatewayError } from '../../domain/errors';
import { toShopId } from '../../domain/ids';
import { Fields } from '../../intake/fields';
import type { Problem } from '../../intake/rejections';
import { checkShop } from '../../intake/shop';
import type { Shop, ShopDescription } from '../../store/ports/shop';
import type { Stores } from '../../store/ports/stores';
import type { OpenStores } from './import';

interface CreateOptions {
  readonly shop: string;
  readonly name?: string;
  readonly currency: string;
  readonly locale: string;
  readonly json?: boolean;
  readonly databaseUrl?: string;
}

/** Options of the command line by the field that they set. */
const optionOf = new Map([
  ['id', '--shop'],
  ['name', '--name'],
  ['currency', '--currency'],
  ['defaultLocale', '--locale'],
]);

/** A valid value of every field, beside which one field at a time is checked. */
const valid = { name: 'Shop', currency: 'EUR', defaultLocale: 'en' } as const;

/** Adds `affinity shop create` to the commands about shops. */
export function addShopCreate(shop: Command, openStores: OpenStores): void {
  shop
    .command('create')
    .description('Create a shop, so that keys can be made and data imported for it; safe to repeat')
    .requiredOption('--shop <id>', 'id of the shop, 1 to 256 characters; it cannot be changed later')
    .option('--name <text>', 'name of the shop (default: its id)')
    .requiredOption('--currency <code>', 'currency of amounts without one, ISO 4217, such as EUR')
    .option('--locale <tag>', 'language of texts without one, BCP 47, such as zh-CN', 'en')
    .option('--json', 'print JSON')
    .option('--database-url <url>', 'a PostgreSQL other than the configured one')
    .action((options: CreateOptions) => createCommand(options, openStores));
}

/** Returns the problem of every field, where {@link checkShop} returns the first. */
function problemsOf(given: Omit<ShopDescription, 'id'> & { readonly id: string }): readonly Problem[] {
  const { id, ...described } = given;
  const fields = new Fields({ id });
  fields.id('id');
  const others = Object.entries(described).map(([field, value]) => {
    const checked = checkShop({ ...valid, [field]: value });
    return 'problem' in checked ? checked.problem : null;
  });
  return [fields.problem, ...others].filter(problem => problem !== null);
}

/** @throws {GatewayError} BAD_USER_INPUT naming every bad option */
function checkedShop({ shop: id, name = id, currency, locale }: CreateOptions): ShopDescription {
  const described = { name: name.trim(), currency, defaultLocale: locale };
  const problems = problemsOf({ id, ...described });
  const checked = checkShop(described);
  if (problems.length === 0 && 'shop' in checked) {
    const { policy: _policy, ...shop } = checked.shop;
    return { ...shop, id: toShopId(id) };
  }
  const lines = problems.map(({ field, message }) => `${optionOf.get(field) ?? field}: ${message}`);
  throw new GatewayError('BAD_USER_INPUT', lines.join('\n'), { fields: problems.map(({ field }) => field) });
}

/** Returns the options of the stored shop that differ from those of the wanted one. */
function differences(stored: Shop, wanted: ShopDescription): readonly string[] {
  return (['name', 'currency', 'defaultLocale'] as const)
    .filter(key => stored[key] !== wanted[key])
    .map(key => `${optionOf.get(key)} ${stored[key]}`);
}

/** Creates the shop, or leaves an equal one as it is. @throws {GatewayError} BAD_USER_INPUT for one that differs */
async function createShop({ shops }: Stores, wanted: ShopDescription): Promise<boolean> {
  const stored = await shops.find(wanted.id);
  if (stored === null) {
    await shops.upsert(wanted);
    return true;
  }
  const differing = differences(stored, wanted);
  if (differing.length === 0) return false;
  throw new GatewayError(
    'BAD_USER_INPUT',
    `Expected a new shop, or the description of the existing shop "${wanted.id}"; got another. It has ${differing.join(', ')}. Repeat these, or choose another --shop.`,
    { shopId: wanted.id },
  );
}

async function createCommand(options: CreateOptions, openStores: OpenStores): Promise<void> {
  const wanted = checkedShop(options);
  const opened = await openStores({ databaseUrl: options.databaseUrl });
  try {
    const isNew = await createShop(opened.stores, wanted);
    const { id, name, currency, defaultLocale } = wanted;
    if (options.json) console.log(JSON.stringify({ ...wanted, created: isNew }));
    else if (isNew) console.log(`Created shop "${id}" (${name}, ${currency}, ${defaultLocale}).`);
    else console.log(`Shop "${id}" exists already with the same description; nothing was changed.`);
  } finally {
    await opened.close();
  }
}
