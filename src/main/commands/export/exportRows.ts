import { eventIdAndSpaceOf } from '../../../domain/eventKey';
import type { Interaction } from '../../../domain/interaction';
import type { Product } from '../../../domain/product';
import { defaultShopPolicy, policyKeys, policyValueOf } from '../../../domain/shopPolicy';
import type { Consent, User } from '../../../domain/user';
import type { Page, PageCursor, PageRequest } from '../../../store/ports/page';
import type { Shop } from '../../../store/ports/shop';
import type { Stores } from '../../../store/ports/stores';

/** Kinds of rows that can be exported, in the order they are written. */
export const exportKinds = ['shop', 'products', 'users', 'events'] as const;
/** One of {@link exportKinds}. */
export type ExportKind = (typeof exportKinds)[number];

const pageLength = 5_000;

/** What to export of a shop. */
interface Exported {
  readonly stores: Stores;
  readonly shop: Shop;
  readonly kinds: readonly ExportKind[];
}

/**
 * Exports a shop as JSONL in the format of the preset `affinity`, one string per page: its description without its id, so that
 * it can be imported into another shop, then its rows. Products and users are ordered by id, events by time and id, so that
 * equal rows give equal bytes. Stubs are skipped, as an import recreates them from events. Memory holds the ids of one kind.
 */
export async function* exportRows(
  stores: Stores,
  shop: Shop,
  kinds: readonly ExportKind[],
): AsyncGenerator<string> {
  const exported = { stores, shop, kinds };
  for (const kind of exportKinds.filter(one => kinds.includes(one))) yield* rowsOf[kind](exported);
}

const rowsOf: Readonly<Record<ExportKind, (exported: Exported) => AsyncGenerator<string>>> = {
  shop: shopRow,
  products: productRows,
  users: userRows,
  events: eventRows,
};

/** The shop without its id, with the settings that differ from their defaults. */
async function* shopRow({ shop }: Exported): AsyncGenerator<string> {
  const { name, defaultLocale, currency, policy } = shop;
  const settings = policyKeys
    .map(key => [key, policyValueOf(policy, key)] as const)
    .filter(([key, value]) => value !== policyValueOf(defaultShopPolicy, key));
  yield linesOf([{ kind: 'shop', name, defaultLocale, currency, policy: Object.fromEntries(settings) }]);
}

async function* productRows({ stores, shop, kinds }: Exported): AsyncGenerator<string> {
  const shopId = shop.id;
  // Without the shop, a price would take the currency of the shop that it is imported into.
  const currency = kinds.includes('shop') ? null : shop.currency;
  const ids = await describedIds(request => stores.products.page(shopId, request));
  for (const page of pagesOf(ids)) {
    const found = await stores.products.findMany(shopId, page);
    yield linesOf(page.flatMap(id => found.get(id) ?? []).map(product => productLine(product, currency)));
  }
}

async function* userRows({ stores, shop }: Exported): AsyncGenerator<string> {
  const shopId = shop.id;
  const ids = await describedIds(request => stores.users.page(shopId, request));
  for (const page of pagesOf(ids)) {
    const [found, consents] = await Promise.all([
      stores.users.findMany(shopId, page),
      stores.users.consentsOf(shopId, page),
    ]);
    const users = page.flatMap(id => found.get(id) ?? []);
    yield linesOf(users.map(user => userLine(user, consents.get(user.id) ?? [])));
  }
}

async function* eventRows({ stores, shop }: Exported): AsyncGenerator<string> {
  const pages = allPages(
    request => stores.interactions.page(shop.id, request),
    row => ({ at: row.occurredAt, id: row.id }),
  );
  for await (const rows of pages) yield linesOf(rows.map(eventLine));
}

/** Returns the ids of all rows except stubs, sorted. */
async function describedIds<
  Row extends { readonly id: string; readonly isStub: boolean; readonly createdAt: number },
>(read: (request: PageRequest) => Promise<Page<Row>>): Promise<readonly Row['id'][]> {
  const ids: Row['id'][] = [];
  for await (const rows of allPages(read, row => ({ at: row.createdAt, id: row.id }))) {
    for (const row of rows) if (!row.isStub) ids.push(row.id);
  }
  return ids.sort();
}

async function* allPages<Row>(
  read: (request: PageRequest) => Promise<Page<Row>>,
  cursorOf: (row: Row) => PageCursor,
): AsyncGenerator<readonly Row[]> {
  let after: PageCursor | undefined;
  for (;;) {
    const { rows, hasNext } = await read({ first: pageLength, ...(after && { after }) });
    yield rows;
    const last = rows.at(-1);
    if (!hasNext || last === undefined) return;
    after = cursorOf(last);
  }
}

function* pagesOf<Id>(ids: readonly Id[]): Generator<readonly Id[]> {
  for (let start = 0; start < ids.length; start += pageLength) yield ids.slice(start, start + pageLength);
}

const linesOf = (rows: readonly object[]): string => rows.map(row => `${JSON.stringify(row)}\n`).join('');

const timeOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Sorts the keys of an object, as their order depends on the store. */
function sorted<Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** @param shopCurrency - given to prices without a currency of their own; null leaves them without */
function productLine(product: Product, shopCurrency: string | null): object {
  const { id, title, description, locale, categoryPath, tags, priceMinor, stock, imageUrl, isActive } =
    product;
  const currency = product.currency ?? (priceMinor === null ? null : shopCurrency);
  const createdAt = timeOf(product.createdAt);
  const translations = sorted(product.translations);
  const attributes = sorted(product.attributes);
  const words = { title, description, locale, translations, categoryPath, tags };
  const facts = { priceMinor, currency, stock, imageUrl, attributes, isActive };
  return { kind: 'product', id, ...words, ...facts, createdAt };
}

function userLine(user: User, consents: readonly Consent[]): object {
  const { id, locale, attributes, deactivatedAt } = user;
  const answers = consents.map(({ purpose, granted, source, updatedAt }) => ({
    purpose,
    granted,
    source,
    updatedAt: timeOf(updatedAt),
  }));
  answers.sort((left, right) => (left.purpose < right.purpose ? -1 : 1));
  return {
    kind: 'user',
    id,
    locale,
    attributes: sorted(attributes),
    consents: answers,
    createdAt: timeOf(user.createdAt),
    ...(deactivatedAt !== null && { deactivatedAt: timeOf(deactivatedAt) }),
  };
}

/** Null fields are omitted, as most events have few fields. */
function eventLine(event: Interaction): object {
  const { userId, productId, type, value, priceMinor, queryText, sessionId, attribution } = event;
  const { eventId: id, space: sender } = eventIdAndSpaceOf(event.id);
  const optional = { productId, value, priceMinor, queryText, sessionId, attribution, sender };
  const present = Object.entries(optional).filter(([, field]) => field !== null);
  return {
    kind: 'event',
    id,
    userId,
    type,
    ...Object.fromEntries(present),
    occurredAt: timeOf(event.occurredAt),
    receivedAt: timeOf(event.receivedAt),
  };
}
