import type { EventId, ShopId, UserId } from '../../domain/ids';
import type { InteractionType } from '../../domain/interaction';
import type { ActionPrediction, NextAction } from '../../domain/prediction';
import type { AwaitedPrediction, JudgedPrediction, PredictionStore } from '../ports/prediction';
import { allowsAnalytics } from './analyticsConsent';
import { insertRows, insertStatement } from './bulk';
import type { Database, Statement } from './database';
import { waitLimitOf } from './deadline';
import { createRemoveExpired } from './expiry';
import { isRefusal } from './failures';
import { GroupCommit } from './groupCommit';
import { afterEverything, boundOf, cutPage } from './paging';
import { lockPersonalizableUsers } from './personalizableUsers';

const maxGroupRows = 1_000;
const judgedBatch = 5_000;

/** Content of the column `distribution`. */
type Distribution = Pick<
  ActionPrediction,
  'actions' | 'expectedMinutes' | 'purchase' | 'abandonment' | 'returnWithin' | 'eventAt' | 'sessionId'
>;

/** A stored prediction. */
interface Row {
  readonly shopId: string;
  readonly id: string;
  readonly userId: string;
  readonly kind: 'NEXT_ACTION';
  /** Id of the event. */
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
  text: `SELECT prediction.id, prediction."eventAt", prediction."sessionId", next.type, next."occurredAt", next."sessionId" AS "nextSession",
      next."productId" IS NULL AS "isNextBare", EXISTS (SELECT 1 FROM "Interaction"
        WHERE "shopId" = $1 AND id = prediction."subjectId" AND "productId" IS NULL) AS "isBareSearch"
    FROM (SELECT id, "userId", "subjectId", "predictedAt", (distribution->>'eventAt')::float8 AS "eventAt",
        distribution->>'sessionId' AS "sessionId" FROM "Prediction"
      WHERE ${ofKind} AND outcome IS NULL
        AND "predictedAt" > to_timestamp($2::float8 / 1000) AND "predictedAt" <= to_timestamp($3::float8 / 1000)
      ORDER BY "predictedAt", id LIMIT $4) AS prediction
    LEFT JOIN LATERAL (SELECT type::text AS type, "occurredAt", "sessionId", "productId" FROM "Interaction"
      WHERE "shopId" = $1 AND "userId" = prediction."userId"
        AND "occurredAt" >= to_timestamp(prediction."eventAt" / 1000)
        AND ("occurredAt" > to_timestamp(prediction."eventAt" / 1000) OR "receivedAt" > prediction."predictedAt")
      ORDER BY "occurredAt", id LIMIT 1) AS next ON true
    ORDER BY prediction."predictedAt", prediction.id`,
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
      AND ${allowsAnalytics('"Prediction"')}
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

/** Keeps the first of several predictions with the same key. */
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

/** Stores only predictions of users whose data may be stored; the lock blocks concurrent withdrawals. */
const save = (database: Database, rows: readonly Row[]): Promise<void> =>
  database.transaction(async transaction => {
    for (const [shopId, ofShop] of shopsOf(rows)) {
      const ids = [...new Set(ofShop.map(({ userId }) => userId as UserId))];
      const allowed = await lockPersonalizableUsers(transaction, shopId, ids);
      const kept = ofShop.filter(({ userId }) => allowed.has(userId));
      await insertRows(transaction, insert, kept, keyOf);
    }
  });

/** Creates the PostgreSQL store of predictions. */
export function createPrismaPredictions(database: Database): PredictionStore {
  const writer = new GroupCommit<ActionPrediction, null>({
    async commit(predictions) {
      await save(database, firstOfEach(predictions));
      return predictions.map(() => null);
    },
    isFaultOfOneCall: isRefusal,
    maxRows: maxGroupRows,
    lanes: 1,
    ...waitLimitOf(database),
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
