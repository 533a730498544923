import { type Command, InvalidArgumentError, Option } from 'commander';
import { GatewayError } from '../../domain/errors';
import type { ShopId } from '../../domain/ids';
import { type Role, roles } from '../../domain/role';
import { newApiKey } from '../../graphql/apiKey/apiKeySecret';
import type { ApiKeyRecord } from '../../store/ports/apiKey';
import type { Stores } from '../../store/ports/stores';
import { formatColumns } from './columns';
import type { OpenStores } from './import';
import { addShopOptions, type ShopOptions, withShop } from './withShop';

interface CreateOptions extends ShopOptions {
  readonly role: Role;
  readonly label: string;
  readonly days?: number;
}

const dayMs = 86_400_000;
const keyRoles = roles.filter(role => role !== 'SHOPPER');

/** Adds `affinity keys create|list|revoke` to the program. */
export function registerKeys(program: Command, openStores: OpenStores): void {
  const keys = program.command('keys').description('API keys for servers (docs/security.md)');
  addShopOptions(keys.command('create').description('Create a key and print it; it is never shown again'))
    .addOption(new Option('--role <role>', 'role of the key').choices(keyRoles).makeOptionMandatory())
    .requiredOption('--label <text>', 'purpose of the key, 1 to 100 characters', readLabel)
    .option('--days <number>', 'days until it expires (default: never)', readDays)
    .action((options: CreateOptions) =>
      withShop(options, openStores, (stores, { id }) => createKey(stores, id, options)),
    );
  addShopOptions(keys.command('list').description('List the keys of a shop, including revoked ones')).action(
    (options: ShopOptions) =>
      withShop(options, openStores, (stores, { id }) => listKeys(stores, id, options)),
  );
  addShopOptions(
    keys.command('revoke').description('Revoke a key at once').argument('<id>', 'id of the key'),
  ).action((keyId: string, options: ShopOptions) =>
    withShop(options, openStores, (stores, { id }) => revokeKey(stores, id, keyId)),
  );
}

function readLabel(text: string): string {
  const label = text.trim();
  if (label !== '' && label.length <= 100) return label;
  throw new InvalidArgumentError('Expected 1 to 100 characters that describe the purpose of the key.');
}

function readDays(text: string): number {
  const days = Number(text);
  if (days > 0 && days <= 36_500) return days;
  throw new InvalidArgumentError('Expected a number of days above 0, such as 90.');
}

async function createKey(stores: Stores, shopId: ShopId, options: CreateOptions): Promise<void> {
  const { role, label, days, json } = options;
  const { id, key, secretHash } = newApiKey();
  const now = Date.now();
  const expiresAt = days === undefined ? null : now + days * dayMs;
  const times = { createdAt: now, expiresAt, revokedAt: null, lastUsedAt: null };
  await stores.apiKeys.insert({ shopId, id, label, role, secretHash, ...times });
  // Only the key goes to standard output, so that scripts can read it.
  console.log(json ? JSON.stringify({ id, key, role, label, expiresAt }) : key);
  if (!json) console.error(`Key ${id} (${role}, ${label}). Store it now; it is never shown again.`);
}

const dateOf = (instant: number | null): string =>
  instant === null ? '-' : new Date(instant).toISOString().slice(0, 10);

/** Returns the state of a key. */
export function stateOf({ revokedAt, expiresAt }: ApiKeyRecord, now: number): 'good' | 'revoked' | 'expired' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'good';
}

async function listKeys(stores: Stores, shopId: ShopId, { json }: ShopOptions): Promise<void> {
  const now = Date.now();
  const rows = (await stores.apiKeys.listOf(shopId)).map(key => ({
    id: key.id,
    role: key.role,
    state: stateOf(key, now),
    created: dateOf(key.createdAt),
    expires: dateOf(key.expiresAt),
    lastUsed: dateOf(key.lastUsedAt),
    label: key.label,
  }));
  if (json) console.log(JSON.stringify(rows));
  else if (rows.length === 0) console.log('No keys yet: affinity keys create --role STOREFRONT --label web');
  else console.log(formatColumns(rows));
}

async function revokeKey(stores: Stores, shopId: ShopId, id: string): Promise<void> {
  if (!(await stores.apiKeys.revoke(shopId, id, Date.now()))) {
    throw new GatewayError(
      'NOT_FOUND',
      `Expected the id of an unrevoked key of shop "${shopId}"; got another. Run affinity keys list.`,
    );
  }
  console.log(`Revoked ${id}. Gateways reject it within five seconds.`);
}
