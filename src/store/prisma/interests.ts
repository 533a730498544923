import type { ProductId, ShopId, UserId } from '../../domain/ids';
import type {
  InterestedUser,
  InterestProduct,
  InterestTagRecord,
  LearnedInterestTag,
  WeightedInterest,
  WeightedTag,
} from '../../domain/interest';
import { restoredTags } from '../../domain/restoredTags';
import {
  type InterestStore,
  type TagChange,
  type TagGroup,
  type WeightRequest,
  weightUnits,
} from '../ports/interest';
import type { Page } from '../ports/page';
import { allowsAnalytics } from './analyticsConsent';
import { insertRows, insertStatement } from './bulk';
import { coalesceBy } from './coalesce';
import type { Database, Queryable, Statement } from './database';
import { cutPage } from './paging';
import { lockPersonalizableUsers } from './personalizableUsers';

const tagInsert = insertStatement(
  {
    name: 'InterestTag',
    key: ['shopId', 'id'],
    columns: {
      shopId: 'text',
      id: 'text',
      parentId: 'text',
      names: 'jsonb',
      terms: 'text[]',
      products: 'int',
      isActive: 'boolean',
      modelVersion: 'text',
      createdAt: 'instant',
      updatedAt: 'instant',
    },
  },
  'replace',
  ['createdAt'],
);

/** Of a tag that the shop has, only the edits are written. */
const tagRestore: Statement = {
  ...insertStatement(
    {
      name: 'InterestTag',
      key: ['shopId', 'id'],
      columns: {
        shopId: 'text',
        id: 'text',
        parentId: 'text',
        names: 'jsonb',
        nameEdits: 'jsonb',
        terms: 'text[]',
        products: 'int',
        isHidden: 'boolean',
        isPinned: 'boolean',
        mergedIntoId: 'text',
        isActive: 'boolean',
        modelVersion: 'text',
        createdAt: 'instant',
        updatedAt: 'instant',
      },
    },
    'replace',
    ['parentId', 'names', 'terms', 'products', 'isActive', 'modelVersion', 'createdAt'],
  ),
  name: 'InterestTagRestore',
};

const deactivateStatement: Statement = {
  name: 'interestTagsDeactivate',
  text: 'UPDATE "InterestTag" SET "isActive" = false WHERE "shopId" = $1 AND "isActive" AND NOT id = ANY($2)',
};

const tagsStatement: Statement = {
  name: 'interestTags',
  text: `SELECT "shopId", id, "parentId", names, "nameEdits", terms, products, "isHidden", "isPinned", "mergedIntoId",
    "isActive", "modelVersion", "createdAt", "updatedAt" FROM "InterestTag" WHERE "shopId" = $1 ORDER BY id`,
};

/** Held to the end of the transaction by whoever changes tags after reading them, and by trainings. */
const lockTagsStatement: Statement = {
  name: 'interestTagsLock',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('interestTags ' || $1, 0))`,
};

const editStatement: Statement = {
  name: 'interestTagEdit',
  text: `UPDATE "InterestTag" SET "nameEdits" = jsonb_strip_nulls("nameEdits" || $3::jsonb),
    "isHidden" = coalesce($4, "isHidden"), "isPinned" = coalesce($5, "isPinned"),
    "mergedIntoId" = CASE WHEN $6::boolean THEN $7 ELSE "mergedIntoId" END,
    "updatedAt" = to_timestamp($8::float8 / 1000)
  WHERE "shopId" = $1 AND id = $2`,
};

const productInsert = insertStatement(
  {
    name: 'ProductInterest',
    key: ['shopId', 'productId', 'tagId'],
    columns: { shopId: 'text', productId: 'text', tagId: 'text', weight: 'float8', updatedAt: 'instant' },
  },
  'replace',
);

const userInsert = insertStatement(
  {
    name: 'UserInterest',
    key: ['shopId', 'userId', 'tagId'],
    columns: {
      shopId: 'text',
      userId: 'text',
      tagId: 'text',
      weight: 'float8',
      confidence: 'float8',
      updatedAt: 'instant',
    },
  },
  'replace',
);

/** Names of a table of tag weights. */
type WeightTable = {
  readonly table: 'UserInterest' | 'ProductInterest';
  readonly id: 'userId' | 'productId';
};
const userWeights: WeightTable = { table: 'UserInterest', id: 'userId' };
const productWeights: WeightTable = { table: 'ProductInterest', id: 'productId' };

const clearStatement = ({ table, id }: WeightTable): Statement => ({
  name: `${table}Clear`,
  text: `DELETE FROM "${table}" WHERE "shopId" = $1 AND "${id}" = ANY($2)`,
});
const clearUsers = clearStatement(userWeights);
const clearProducts = clearStatement(productWeights);

/** Runs under the lock on the shoppers, so that no other writer interferes. */
const newerStatement: Statement = {
  name: 'UserInterestNewer',
  text: `SELECT DISTINCT "userId" AS id FROM "UserInterest"
    WHERE "shopId" = $1 AND "userId" = ANY($2) AND "updatedAt" > to_timestamp($3::float8 / 1000)`,
};

const removeStatement = ({ table }: WeightTable): Statement => ({
  name: `${table}Remove`,
  text: `DELETE FROM "${table}" WHERE "shopId" = $1 AND "updatedAt" < to_timestamp($2::float8 / 1000)`,
});

const ofStatement = ({ table, id }: WeightTable, more: string): Statement => ({
  name: `${table}Of`,
  text: `SELECT "${id}" AS id, "tagId", weight${more} FROM "${table}" WHERE "shopId" = $1 AND "${id}" = ANY($2)
    ORDER BY 1, weight DESC, "tagId"`,
});
const ofUsers = ofStatement(userWeights, ', confidence');
const ofProducts = ofStatement(productWeights, '');

const units = `round(sum(weight) * ${weightUnits})`;
const wanted = 'json_to_recordset($2::json) AS wanted(key text, "tagIds" text[])';

const pagesStatement = ({ table, id }: WeightTable, confidence: string): Statement => ({
  name: `${table}Pages`,
  text: `SELECT wanted.key, page.* FROM ${wanted}, LATERAL (
    SELECT "${id}" AS id, ${units} AS units, ${confidence} AS confidence FROM "${table}"
    WHERE "shopId" = $1 AND "tagId" = ANY(wanted."tagIds") GROUP BY "${id}"
    HAVING ${units} >= $3::float8 AND ($4::float8 IS NULL OR (-${units}, "${id}") > (-$4::float8, $5))
    ORDER BY units DESC, "${id}" LIMIT $6) AS page
  ORDER BY wanted.key, page.units DESC, page.id`,
});
const pagesOfUsers = pagesStatement(userWeights, 'max(confidence)');
const pagesOfProducts = pagesStatement(productWeights, '0');

const countStatement: Statement = {
  name: 'interestsCountUsers',
  text: `SELECT wanted.key, (SELECT count(*)::float8 FROM (SELECT "userId" FROM "UserInterest"
    WHERE "shopId" = $1 AND "tagId" = ANY(wanted."tagIds") AND ${allowsAnalytics('"UserInterest"')}
    GROUP BY "userId" HAVING ${units} >= $3::float8) AS reached) AS count
  FROM ${wanted}`,
};

interface SummedRow {
  readonly key: string;
  readonly id: string;
  readonly units: number;
  readonly confidence: number;
}

const rowKey = ({ id, tagId }: { readonly id: string; readonly tagId: string }) =>
  JSON.stringify([id, tagId]);

async function saveTags(
  database: Database,
  shopId: ShopId,
  tags: readonly LearnedInterestTag[],
  more: { readonly modelVersion: string; readonly createdAt: number; readonly updatedAt: number },
): Promise<void> {
  await database.transaction(async transaction => {
    await transaction.query(lockTagsStatement, [shopId]);
    const rows = tags.map(tag => ({ ...tag, ...more, shopId, isActive: true }));
    await insertRows(transaction, tagInsert, rows, ({ id }) => id);
    await transaction.query(deactivateStatement, [shopId, tags.map(({ id }) => id)]);
  });
}

async function restoreTags(
  database: Database,
  shopId: ShopId,
  tags: readonly InterestTagRecord[],
): Promise<void> {
  await database.transaction(async transaction => {
    await transaction.query(lockTagsStatement, [shopId]);
    const known = await transaction.query<InterestTagRecord>(tagsStatement, [shopId]);
    const rows = restoredTags(known, tags).map(tag => ({ ...tag, shopId }));
    await insertRows(transaction, tagRestore, rows, ({ id }) => id);
  });
}

async function writeEdit(
  transaction: Queryable,
  shopId: ShopId,
  { tagId, edit }: TagChange,
  now: number,
): Promise<void> {
  const { names = {}, isHidden, isPinned, mergedIntoId } = edit;
  const merge = [mergedIntoId !== undefined, mergedIntoId ?? null];
  const values = [JSON.stringify(names), isHidden ?? null, isPinned ?? null, ...merge];
  await transaction.query(editStatement, [shopId, tagId, ...values, now]);
}

async function editTag(
  database: Database,
  shopId: ShopId,
  decide: (tags: readonly InterestTagRecord[]) => TagChange | null,
  now: number,
): Promise<void> {
  await database.transaction(async transaction => {
    await transaction.query(lockTagsStatement, [shopId]);
    const decided = decide(await transaction.query<InterestTagRecord>(tagsStatement, [shopId]));
    if (decided !== null) await writeEdit(transaction, shopId, decided, now);
  });
}

async function saveProducts(
  database: Database,
  shopId: ShopId,
  given: ReadonlyMap<ProductId, readonly WeightedTag[]>,
  updatedAt: number,
): Promise<void> {
  const rows = [...given].flatMap(([productId, tags]) =>
    tags.map(({ tagId, weight }) => ({ shopId, productId, tagId, weight, updatedAt })),
  );
  await database.transaction(async transaction => {
    await transaction.query(clearProducts, [shopId, [...given.keys()]]);
    await insertRows(transaction, productInsert, rows, row => rowKey({ ...row, id: row.productId }));
  });
}

async function saveUsers(
  database: Database,
  shopId: ShopId,
  given: ReadonlyMap<UserId, readonly WeightedInterest[]>,
  updatedAt: number,
): Promise<void> {
  await database.transaction(async transaction => {
    const allowed = await lockPersonalizableUsers(transaction, shopId, [...given.keys()]);
    const asked = [shopId, [...given.keys()], updatedAt];
    const newer = new Set(
      (await transaction.query<{ id: UserId }>(newerStatement, asked)).map(({ id }) => id),
    );
    const ids = [...given.keys()].filter(id => !newer.has(id));
    const rows = [...given].flatMap(([userId, interests]) =>
      interests
        .filter(() => allowed.has(userId) && !newer.has(userId))
        .map(({ tagId, weight, confidence }) => ({ shopId, userId, tagId, weight, confidence, updatedAt })),
    );
    await transaction.query(clearUsers, [shopId, ids]);
    await insertRows(transaction, userInsert, rows, row => rowKey({ ...row, id: row.userId }));
  });
}

function grouped<Row, Key extends string, Value>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
  toValue: (row: Row) => Value,
): ReadonlyMap<Key, readonly Value[]> {
  const found = new Map<Key, Value[]>();
  for (const row of rows) {
    const ofKey = found.get(keyOf(row)) ?? [];
    ofKey.push(toValue(row));
    found.set(keyOf(row), ofKey);
  }
  return found;
}

async function pagesOf<Row>(
  database: Database,
  statement: Statement,
  [shopId, groups, request]: readonly [ShopId, readonly TagGroup[], WeightRequest],
  rowOf: (row: SummedRow) => Row,
): Promise<ReadonlyMap<string, Page<Row>>> {
  const { first, after, minWeight } = request;
  const from = [after?.at ?? null, after?.id ?? ''];
  const rows = await database.query<SummedRow>(statement, [
    shopId,
    JSON.stringify(groups),
    minWeight * weightUnits,
    ...from,
    first + 1,
  ]);
  const found = grouped(rows, ({ key }) => key, rowOf);
  return new Map(groups.map(({ key }) => [key, cutPage(found.get(key) ?? [], { first })]));
}

const toUser = ({ id, units: weight, confidence }: SummedRow): InterestedUser => ({
  userId: id as UserId,
  weight: weight / weightUnits,
  confidence,
});

const toProduct = ({ id, units: weight }: SummedRow): InterestProduct => ({
  productId: id as ProductId,
  weight: weight / weightUnits,
});

/** Creates the PostgreSQL store of interests. */
export function createPrismaInterests(database: Database): InterestStore {
  const findUsers = coalesceBy<UserId, readonly WeightedInterest[]>(async (shopId, ids) => {
    const rows = await database.query<WeightedInterest & { id: UserId }>(ofUsers, [shopId, ids]);
    return grouped(
      rows,
      ({ id }) => id,
      ({ id: _, ...interest }) => interest,
    );
  });
  const findProducts = coalesceBy<ProductId, readonly WeightedTag[]>(async (shopId, ids) => {
    const rows = await database.query<WeightedTag & { id: ProductId }>(ofProducts, [shopId, ids]);
    return grouped(
      rows,
      ({ id }) => id,
      ({ id: _, ...tag }) => tag,
    );
  });
  return {
    saveTags: (shopId, tags, modelVersion, now) =>
      saveTags(database, shopId, tags, { modelVersion, createdAt: now, updatedAt: now }),
    restoreTags: (shopId, tags) => restoreTags(database, shopId, tags),
    tagsOf: shopId => database.query<InterestTagRecord>(tagsStatement, [shopId]),
    editTag: (shopId, decide, now) => editTag(database, shopId, decide, now),
    saveProducts: (shopId, given, now) => saveProducts(database, shopId, given, now),
    saveUsers: (shopId, given, now) => saveUsers(database, shopId, given, now),
    async removeOlder(shopId, before) {
      await database.query(removeStatement(userWeights), [shopId, before]);
      await database.query(removeStatement(productWeights), [shopId, before]);
    },
    tagsOfProducts: findProducts,
    tagsOfUsers: findUsers,
    pagesOfUsers: (...asked) => pagesOf(database, pagesOfUsers, asked, toUser),
    pagesOfProducts: (...asked) => pagesOf(database, pagesOfProducts, asked, toProduct),
    async countUsers(shopId, groups, minWeight) {
      const rows = await database.query<{ key: string; count: number }>(countStatement, [
        shopId,
        JSON.stringify(groups),
        minWeight * weightUnits,
      ]);
      return new Map(rows.map(({ key, count }) => [key, count]));
    },
  };
}
