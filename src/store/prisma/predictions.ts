import type { EventId, ShopId, UserId } from '../../domain/ids';
import type { InteractionType } from '../../domain/interaction';
import type { ActionPrediction, NextAction } from '../../domain/prediction';
import type { AwaitedPrediction, JudgedPrediction, PredictionStore } from '../ports/prediction';
import { insertRows, insertStatement } from './bulk';
import type { Database, Statement } from './database';
import { createRemoveExpired } from './expiry';
import { isRefusal } from './failures';
import { GroupCommit } from './groupCommit';
import { afterEverything, boundOf, cutPage } from './paging';
import { lockPersonalizableUsers } from './personalizableUsers';

const maxGroupRows = 1_000;
const judgedBatch = 5_000;

/** What the column `distribution` holds. */
type Distribution = Pick<
  ActionPrediction,
  'actions' | 'expectedMinutes' | 'purchase' | 'abandonment' | 'returnWithin' | 'eventAt' | 'sessionId'
>;

/** A prediction as it is kept. */
interface Row {
  readonly shopId: string;
  readonly id: string;
  readonly userId: string;
  readonly kind: 'NEXT_ACTION';
  /** The event's id. */
  readonly subjectId: string;
  /** One per entry of `distribution.actions`: the names that the row was written with. */
  readonly names: readonly string[];
  readonly distribution: Distribution;
  readonly modelVersion: string;
  readonly predictedAt: number;
  readonly expiresAt: number;
  readonly outcome: { readonly action: NextAction } | null;
  readonly outcomeAt: number | null;
}

const insert = insertStatement(
  {
    name: 'Prediction',
    key: ['shopId', 'id'],
    columns: {
      shopId: 'text',
      id: 'text',
      userId: 'text',
      kind: { enum: 'PredictionKind' },
      subjectId: 'text',
      names: 'text[]',
      distribution: 'jsonb',
      modelVersion: 'text',
      predictedAt: 'instant',
      expiresAt: 'instant',
      outcome: 'jsonb',
      outcomeAt: 'instant',
    },
  },
  'keep',
);

const columns = `"shopId", id, "userId", "subjectId", names, distribution, "modelVersion", "predictedAt", "expiresAt", outcome,
  "outcomeAt"`;
const ofKind = `"shopId" = $1 AND kind = 'NEXT_ACTION'`;

const findStatement: Statement = {
  name: 'predictionsFind',
  text: `SELECT ${columns} FROM "Prediction" WHERE ${ofKind} AND id = ANY($2)`,
};

const pageStatement: Statement = {
  name: 'predictionsOfUser',
  text: `SELECT ${columns} FROM "Prediction"
    WHERE ${ofKind} AND "userId" = $2 AND ("predictedAt", id) < ($3::timestamptz, $4)
    ORDER BY "predictedAt" DESC, id DESC LIMIT $5`,
};

const awaitingStatement: Statement = {
  name: 'predictionsAwaiting',
  text: `SELECT said.id, said."eventAt", said."sessionId", next.type, next."occurredAt", next."sessionId" AS "nextSession",
      next."productId" IS NULL AS "isNextBare", EXISTS (SELECT 1 FROM "Interaction"
        WHERE "shopId" = $1 AND id = said."subjectId" AND "productId" IS NULL) AS "isBareSearch"
    FROM (SELECT id, "userId", "subjectId", "predictedAt", (distribution->>'eventAt')::float8 AS "eventAt",
        distribution->>'sessionId' AS "sessionId" FROM "Prediction"
      WHERE ${ofKind} AND outcome IS NULL
        AND "predictedAt" > to_timestamp($2::float8 / 1000) AND "predictedAt" <= to_timestamp($3::float8 / 1000)
      ORDER BY "predictedAt", id LIMIT $4) AS said
    LEFT JOIN LATERAL (SELECT type::text AS type, "occurredAt", "sessionId", "productId" FROM "Interaction"
      WHERE "shopId" = $1 AND "userId" = said."userId"
        AND "occurredAt" >= to_timestamp(said."eventAt" / 1000)
        AND ("occurredAt" > to_timestamp(said."eventAt" / 1000) OR "receivedAt" > said."predictedAt")
      ORDER BY "occurredAt", id LIMIT 1) AS next ON true
    ORDER BY said."predictedAt", said.id`,
};

const outcomesStatement: Statement = {
  name: 'predictionsOutcomes',
  text: `UPDATE "Prediction" AS kept
    SET outcome = jsonb_build_object('action', given.action), "outcomeAt" = to_timestamp(given.at / 1000)
    FROM json_to_recordset($2::json) AS given(id text, action text, at float8)
    WHERE kept."shopId" = $1 AND kept.id = given.id AND kept.outcome IS NULL`,
};

const judgedStatement: Statement = {
  name: 'predictionsJudged',
  text: `SELECT id, names AS "actionNames", distribution->'actions' AS actions, "modelVersion", "predictedAt", outcome->>'action' AS action, "outcomeAt"
    FROM "Prediction" WHERE ${ofKind} AND outcome IS NOT NULL AND ("predictedAt", id) > ($2::timestamptz, $3)
    ORDER BY "predictedAt", id LIMIT ${judgedBatch}`,
};

interface AwaitedRow {
  readonly id: string;
  readonly eventAt: number;
  readonly sessionId: string | null;
  readonly type: InteractionType | null;
  readonly occurredAt: number;
  readonly nextSession: string | null;
  readonly isBareSearch: boolean;
  readonly isNextBare: boolean;
}

interface JudgedRow extends Omit<JudgedPrediction, 'outcome'> {
  readonly id: string;
  readonly action: NextAction;
  readonly outcomeAt: number;
}

function toRow(prediction: ActionPrediction): Row {
  const { shopId, id, userId, eventId, actionNames, modelVersion, predictedAt, expiresAt, outcome, ...rest } =
    prediction;
  const times = { predictedAt, expiresAt, outcomeAt: outcome?.at ?? null };
  const predicted = { subjectId: eventId, names: actionNames, distribution: rest, modelVersion };
  return {
    shopId,
    id,
    userId,
    kind: 'NEXT_ACTION',
    ...predicted,
    ...times,
    outcome: outcome && { action: outcome.action },
  };
}

const toPrediction = ({
  distribution,
  names,
  subjectId,
  outcome,
  outcomeAt,
  ...row
}: Row): ActionPrediction => ({
  ...distribution,
  ...row,
  actionNames: names,
  shopId: row.shopId as ShopId,
  userId: row.userId as UserId,
  eventId: subjectId as EventId,
  outcome: outcome && { action: outcome.action, at: outcomeAt ?? row.predictedAt },
});

const toAwaited = ({ type, occurredAt, nextSession, isNextBare, ...row }: AwaitedRow): AwaitedPrediction => ({
  ...row,
  next: type === null ? null : { type, occurredAt, sessionId: nextSession, isBareSearch: isNextBare },
});

const keyOf = ({ shopId, id }: Row) => JSON.stringify([shopId, id]);

/** Of several predictions with one key the first is kept. */
function firstOfEach(predictions: readonly ActionPrediction[]): readonly Row[] {
  const byKey = new Map<string, Row>();
  for (const row of predictions.map(toRow)) if (!byKey.has(keyOf(row))) byKey.set(keyOf(row), row);
  return [...byKey.values()];
}

async function* scanJudged(
  database: Database,
  shopId: ShopId,
  since: number,
): AsyncGenerator<readonly JudgedPrediction[]> {
  for (let [at, id] = [since, '']; ; ) {
    const values = [shopId, new Date(at).toISOString(), id];
    const rows = await database.query<JudgedRow>(judgedStatement, values);
    if (rows.length > 0)
      yield rows.map(({ actionNames, actions, modelVersion, predictedAt, action, outcomeAt }) => ({
        ...{ actionNames, actions, modelVersion, predictedAt },
        outcome: { action, at: outcomeAt },
      }));
    if (rows.length < judgedBatch) return;
    const last = rows[rows.length - 1];
    [at, id] = [last.predictedAt, last.id];
  }
}

const shopsOf = (rows: readonly Row[]): ReadonlyMap<ShopId, readonly Row[]> => {
  const found = new Map<ShopId, Row[]>();
  for (const row of rows) {
    const ofShop = found.get(row.shopId as ShopId) ?? [];
    ofShop.push(row);
    found.set(row.shopId as ShopId, ofShop);
  }
  return found;
};

/** Keeps nothing of whoever is not to be remembered: the lock holds off those who end that. */
const save = (database: Database, rows: readonly Row[]): Promise<void> =>
  database.transaction(async transaction => {
    for (const [shopId, ofShop] of shopsOf(rows)) {
      const ids = [...new Set(ofShop.map(({ userId }) => userId as UserId))];
      const allowed = await lockPersonalizableUsers(transaction, shopId, ids);
      const kept = ofShop.filter(({ userId }) => allowed.has(userId));
      await insertRows(transaction, insert, kept, keyOf);
    }
  });

/** Makes the store of predictions over PostgreSQL. */
export function createPrismaPredictions(database: Database): PredictionStore {
  const writer = new GroupCommit<ActionPrediction, null>({
    async commit(predictions) {
      await save(database, firstOfEach(predictions));
      return predictions.map(() => null);
    },
    isOwnFault: isRefusal,
    maxRows: maxGroupRows,
    lanes: 1,
  });
  return {
    async saveMany(predictions) {
      await writer.add(predictions);
    },
    async findMany(shopId, ids) {
      const rows = await database.query<Row>(findStatement, [shopId, ids]);
      return new Map(rows.map(row => [row.id, toPrediction(row)]));
    },
    async pageOfUser(shopId, userId, request) {
      const bound = boundOf(request, afterEverything);
      const values = [shopId, userId, bound.at, bound.id, bound.limit];
      return cutPage((await database.query<Row>(pageStatement, values)).map(toPrediction), bound);
    },
    async awaiting(shopId, { since, until }, first) {
      const rows = await database.query<AwaitedRow>(awaitingStatement, [shopId, since, until, first]);
      return rows.map(toAwaited);
    },
    async setOutcomes(shopId, outcomes) {
      if (outcomes.size === 0) return;
      const rows = Array.from(outcomes, ([id, outcome]) => ({ id, ...outcome }));
      await database.query(outcomesStatement, [shopId, JSON.stringify(rows)]);
    },
    judged: (shopId, since) => scanJudged(database, shopId, since),
    removeExpired: createRemoveExpired(database, 'Prediction'),
  };
}
