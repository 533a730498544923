import type { RecordedIdentity, UserIdentity } from '../../domain/identity';
import type { ShopId, UserId } from '../../domain/ids';
import {
  type Consent,
  type ConsentPurpose,
  requiresForgetting,
  type ShopperRights,
  type User,
} from '../../domain/user';
import type { UserStore, UserUpsert } from '../ports/user';
import { insertRows, insertStatement, patchStatements, type Table, writePatches } from './bulk';
import { announceUsersSql } from './changes';
import { coalesceBy } from './coalesce';
import type { Database, Queryable, Statement } from './database';
import { guard } from './failures';
import { identifyUser } from './identifyUser';
import { beforeEverything, boundOf, cutPage } from './paging';
import { tableScanner } from './scanTable';

const columns = '"shopId", id, locale, attributes, "isStub", "createdAt", "updatedAt", "deactivatedAt"';

const findStatement: Statement = {
  name: 'usersFind',
  text: `SELECT ${columns} FROM "User" WHERE "shopId" = $1 AND id = ANY($2)`,
};

const pageStatement: Statement = {
  name: 'usersPage',
  text: `SELECT ${columns} FROM "User" WHERE "shopId" = $1 AND ("createdAt", id) > ($2::timestamptz, $3)
    ORDER BY "createdAt", id LIMIT $4`,
};

const consentsStatement: Statement = {
  name: 'consentsOf',
  text: `SELECT "userId", purpose::text AS purpose, granted, source, "updatedAt" FROM "Consent"
    WHERE "shopId" = $1 AND "userId" = ANY($2) ORDER BY "userId", purpose`,
};

/** Runs for every list served. */
const rightsStatement: Statement = {
  name: 'usersRights',
  text: `SELECT wanted.id AS "userId", person."deactivatedAt",
      ARRAY(SELECT purpose::text FROM "Consent" AS answer
        WHERE answer."shopId" = $1 AND answer."userId" = wanted.id AND NOT granted ORDER BY purpose) AS withheld
    FROM unnest($2::text[]) AS wanted(id)
    LEFT JOIN "User" AS person ON person."shopId" = $1 AND person.id = wanted.id`,
};

const withholdingStatement: Statement = {
  name: 'usersWithholding',
  text: `SELECT "userId" FROM "Consent" WHERE "shopId" = $1 AND purpose = $2::"ConsentPurpose" AND NOT granted`,
};

const identifiedStatement: Statement = {
  name: 'usersIdentified',
  text: 'SELECT "anonymousId" FROM "UserIdentity" WHERE "shopId" = $1 AND "anonymousId" = ANY($2)',
};

const announceStatement: Statement = {
  name: 'usersAnnounce',
  text: announceUsersSql('$1::text', '$2::text[]'),
};

const forgetInterestsStatement: Statement = {
  name: 'usersForgetInterests',
  text: 'DELETE FROM "UserInterest" WHERE "shopId" = $1 AND "userId" = ANY($2)',
};

const forgetListsStatement: Statement = {
  name: 'usersForgetLists',
  text: 'DELETE FROM "RecommendationList" WHERE "shopId" = $1 AND "userId" = ANY($2)',
};

const patches = patchStatements('User', { locale: 'text', attributes: 'jsonb', deactivatedAt: 'instant' });
const defaults = { attributes: {} };

const consentTable: Table = {
  name: 'Consent',
  key: ['shopId', 'userId', 'purpose'],
  columns: {
    shopId: 'text',
    userId: 'text',
    purpose: { enum: 'ConsentPurpose' },
    granted: 'boolean',
    source: 'text',
    updatedAt: 'instant',
  },
};
const consentInsert = insertStatement(consentTable, 'replace');

const scanIdentities = tableScanner<RecordedIdentity>({
  table: 'UserIdentity',
  key: ['anonymousId'],
  columns: '"userId", "identifiedBy", "mergedEvents", "mergedLists", "identifiedAt"',
});

const identityRestore = insertStatement(
  {
    name: 'UserIdentity',
    key: ['shopId', 'anonymousId'],
    columns: {
      shopId: 'text',
      anonymousId: 'text',
      userId: 'text',
      identifiedBy: 'text',
      mergedEvents: 'int',
      mergedLists: 'int',
      identifiedAt: 'instant',
    },
  },
  'keep',
);

interface ConsentRow extends Consent {
  readonly userId: UserId;
}

function groupByUser(rows: readonly ConsentRow[]): ReadonlyMap<UserId, readonly Consent[]> {
  const found = new Map<UserId, Consent[]>();
  for (const { userId, ...consent } of rows) {
    const ofUser = found.get(userId) ?? [];
    ofUser.push(consent);
    found.set(userId, ofUser);
  }
  return found;
}

const consentRows = (shopId: ShopId, users: readonly UserUpsert[], now: number) =>
  users.flatMap(({ id, consents = [] }) =>
    consents.map(({ purpose, granted, source, updatedAt = now }) => ({
      shopId,
      userId: id,
      purpose,
      granted,
      source,
      updatedAt,
    })),
  );

const forgetPredictionsStatement: Statement = {
  name: 'usersForgetPredictions',
  text: 'DELETE FROM "Prediction" WHERE "shopId" = $1 AND "userId" = ANY($2)',
};

/** Writes users and consents, and deletes what must not be kept of those who are deactivated or withdrew consent. */
async function writeUsers(
  transaction: Queryable,
  shopId: ShopId,
  users: readonly UserUpsert[],
  now: number,
): Promise<readonly ('created' | 'updated')[]> {
  const fields = users.map(({ consents: _, ...fields }) => fields);
  const outcomes = await writePatches(transaction, patches, { shopId, now, patches: fields, defaults });
  const consentKey = (row: { userId: UserId; purpose: ConsentPurpose }) =>
    JSON.stringify([row.userId, row.purpose]);
  await insertRows(transaction, consentInsert, consentRows(shopId, users, now), consentKey);
  const ended = users.filter(requiresForgetting).map(({ id }) => id);
  if (ended.length > 0) {
    await transaction.query(forgetInterestsStatement, [shopId, ended]);
    await transaction.query(forgetPredictionsStatement, [shopId, ended]);
    await transaction.query(forgetListsStatement, [shopId, ended]);
    await transaction.query(announceStatement, [shopId, ended]);
  }
  return outcomes;
}

/** Creates the PostgreSQL store of shoppers. */
export function createPrismaUsers(database: Database): UserStore {
  const find = coalesceBy<UserId, User>(async (shopId, ids) => {
    const rows = await database.query<User>(findStatement, [shopId, ids]);
    return new Map(rows.map(user => [user.id, user]));
  });
  const findConsents = coalesceBy<UserId, readonly Consent[]>(async (shopId, ids) =>
    groupByUser(await database.query<ConsentRow>(consentsStatement, [shopId, ids])),
  );
  const findRights = coalesceBy<UserId, ShopperRights>(async (shopId, ids) => {
    const rows = await database.query<ShopperRights & { userId: UserId }>(rightsStatement, [shopId, ids]);
    return new Map(rows.map(({ userId, ...rights }) => [userId, rights]));
  });

  return {
    async upsertMany(shopId, users, now) {
      if (users.length === 0) return [];
      return await database.transaction(transaction => writeUsers(transaction, shopId, users, now));
    },
    identify(shopId, request, now) {
      return database.transaction(async transaction => {
        const identity = await identifyUser(transaction, shopId, request, {
          now,
          writeUsers: (on, users) => writeUsers(on, shopId, users, now),
        });
        if (typeof identity !== 'string')
          await transaction.query(announceStatement, [shopId, [request.userId]]);
        return identity;
      });
    },
    findMany: find,
    consentsOf: findConsents,
    rightsOf: findRights,
    async identifiedAmong(shopId, ids) {
      const rows = await database.query<Pick<UserIdentity, 'anonymousId'>>(identifiedStatement, [
        shopId,
        ids,
      ]);
      return new Set(rows.map(({ anonymousId }) => anonymousId));
    },
    scanIdentities: shopId => scanIdentities(database, shopId),
    async restoreIdentities(shopId, identities) {
      const rows = identities.map(identity => ({ ...identity, shopId }));
      await insertRows(database, identityRestore, rows, ({ anonymousId }) => anonymousId);
    },
    async withholding(shopId, purpose) {
      const rows = await database.query<{ userId: UserId }>(withholdingStatement, [shopId, purpose]);
      return new Set(rows.map(({ userId }) => userId));
    },
    async page(shopId, request) {
      const bound = boundOf(request, beforeEverything);
      return cutPage(
        await database.query<User>(pageStatement, [shopId, bound.at, bound.id, bound.limit]),
        bound,
      );
    },
    count: shopId => guard(database.prisma.user.count({ where: { shopId } })),
  };
}
