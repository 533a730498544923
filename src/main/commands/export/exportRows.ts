import type { Page, PageCursor, PageRequest } from '../../../store/ports/page';
import type { Shop } from '../../../store/ports/shop';
import type { Stores } from '../../../store/ports/stores';
import {
  campaignLine,
  contactLine,
  eventLine,
  followLine,
  identityLine,
  interestTagLine,
  offerLine,
  outcomeLine,
  postLine,
  productLine,
  reactionLine,
  shopLine,
  userLine,
} from './exportLines';

/** Kinds of rows that can be exported, in the order they are written. */
export const exportKinds = [
  'shop',
  'products',
  'users',
  'events',
  'campaigns',
  'social',
  'interestTags',
] as const;
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
 * it can be imported into another shop, then its rows. Products and users are ordered by id, events and campaigns by time and
 * id, other rows by their key, so that equal rows give equal bytes. Stubs are skipped, as an import recreates them from
 * events. Memory holds the ids of one kind.
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
  campaigns: campaignRows,
  social: socialRows,
  interestTags: interestTagRows,
};

async function* shopRow({ shop }: Exported): AsyncGenerator<string> {
  yield linesOf([shopLine(shop)]);
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
  yield* linesOfAll(stores.users.scanIdentities(shopId), identityLine);
}

async function* eventRows({ stores, shop }: Exported): AsyncGenerator<string> {
  const pages = allPages(
    request => stores.interactions.page(shop.id, request),
    row => ({ at: row.occurredAt, id: row.id }),
  );
  yield* linesOfAll(pages, eventLine);
}

async function* campaignRows({ stores: { campaigns }, shop }: Exported): AsyncGenerator<string> {
  const pages = allPages(
    request => campaigns.page(shop.id, request),
    row => ({ at: row.createdAt, id: row.id }),
  );
  yield* linesOfAll(pages, campaignLine);
  yield* linesOfAll(campaigns.scanOffers(shop.id), offerLine);
  yield* linesOfAll(campaigns.scanContacts(shop.id), contactLine);
  yield* linesOfAll(campaigns.scanOutcomes(shop.id), outcomeLine);
}

async function* socialRows({ stores: { social }, shop }: Exported): AsyncGenerator<string> {
  yield* linesOfAll(social.scanPosts(shop.id), postLine);
  yield* linesOfAll(social.scanReactions(shop.id), reactionLine);
  yield* linesOfAll(social.scanFollows(shop.id), followLine);
}

async function* interestTagRows({ stores, shop }: Exported): AsyncGenerator<string> {
  yield linesOf((await stores.interests.tagsOf(shop.id)).map(interestTagLine));
}

async function* linesOfAll<Row>(
  batches: AsyncIterable<readonly Row[]>,
  lineOf: (row: Row) => object,
): AsyncGenerator<string> {
  for await (const rows of batches) yield linesOf(rows.map(lineOf));
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
