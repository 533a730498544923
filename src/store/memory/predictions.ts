import type { ShopId, UserId } from '../../domain/ids';
import type { Interaction } from '../../domain/interaction';
import type { ActionPrediction } from '../../domain/prediction';
import type { InteractionStore } from '../ports/interaction';
import type { AwaitedPrediction, PredictionStore } from '../ports/prediction';
import type { UserStore } from '../ports/user';
import { ByShop, pick } from './byShop';
import { removeExpiredOf } from './expiry';
import { comparePositions, pageOf } from './order';
import { personalizableUsers } from './personalizableUsers';

/** The in-memory store of predictions, and the removal of a shopper's predictions. */
export interface MemoryPredictions {
  readonly store: PredictionStore;
  forget(shopId: ShopId, userId: UserId): void;
}

const positionOf = ({ predictedAt, id }: ActionPrediction) => ({ at: predictedAt, id });
const oldestFirst = (left: ActionPrediction, right: ActionPrediction) =>
  comparePositions(positionOf(left), positionOf(right));
const nextOf = ({ type, occurredAt, sessionId, productId }: Interaction) => ({
  ...{ type, occurredAt, sessionId },
  isBareSearch: productId === null,
});
/** Upper bound of the events that a test stores for one shopper. */
const allEvents = 10_000;

/** Returns a prediction with the event that followed, which determines its outcome; null when there is none yet. */
async function withNext(
  interactions: Pick<InteractionStore, 'pageOfUser'>,
  { shopId, userId, id, eventId, eventAt, sessionId, predictedAt }: ActionPrediction,
): Promise<AwaitedPrediction> {
  const request = { first: allEvents };
  const { rows } = await interactions.pageOfUser(shopId, userId, request, { since: eventAt });
  const next = rows.findLast(row => row.occurredAt > eventAt || row.receivedAt > predictedAt);
  const event = rows.find(row => row.id === eventId);
  return {
    ...{ id, eventAt, sessionId, isBareSearch: event?.productId === null },
    next: next ? nextOf(next) : null,
  };
}

/** Creates the in-memory store of predictions. @param interactions - the events from which outcomes are read */
export function createMemoryPredictions(
  interactions: Pick<InteractionStore, 'pageOfUser'>,
  users: Pick<UserStore, 'findMany' | 'consentsOf' | 'withholding'>,
): MemoryPredictions {
  const predictions = new ByShop<ActionPrediction>();

  const store: PredictionStore = {
    async saveMany(rows) {
      for (const row of rows) {
        const allowed = await personalizableUsers(users, row.shopId, [row.userId]);
        if (!allowed.has(row.userId) || predictions.of(row.shopId).has(row.id)) continue;
        predictions.of(row.shopId).set(row.id, row);
      }
    },
    async findMany(shopId, ids) {
      return pick(predictions.of(shopId), ids);
    },
    async pageOfUser(shopId, userId, request) {
      const rows = [...predictions.of(shopId).values()].filter(row => row.userId === userId);
      return pageOf(rows, request, positionOf, -1);
    },
    async awaiting(shopId, { since, until }, first) {
      const rows = [...predictions.of(shopId).values()]
        .filter(({ outcome, predictedAt }) => outcome === null && predictedAt > since && predictedAt <= until)
        .sort(oldestFirst)
        .slice(0, first);
      return await Promise.all(rows.map(row => withNext(interactions, row)));
    },
    async setOutcomes(shopId, outcomes) {
      for (const [id, outcome] of outcomes) {
        const row = predictions.of(shopId).get(id);
        if (row !== undefined && row.outcome === null) predictions.of(shopId).set(id, { ...row, outcome });
      }
    },
    async *judged(shopId, since) {
      const withheld = await users.withholding(shopId, 'ANALYTICS');
      const rows = [...predictions.of(shopId).values()]
        .filter(({ userId }) => !withheld.has(userId))
        .sort(oldestFirst);
      const judged = rows.flatMap(({ actionNames, actions, modelVersion, predictedAt, outcome }) =>
        outcome !== null && predictedAt >= since
          ? [{ actionNames, actions, modelVersion, predictedAt, outcome }]
          : [],
      );
      if (judged.length > 0) yield judged;
    },
    async removeExpired(now) {
      return removeExpiredOf(predictions, now);
    },
  };
  return {
    store,
    forget(shopId, userId) {
      const rows = predictions.of(shopId);
      for (const row of [...rows.values()]) if (row.userId === userId) rows.delete(row.id);
    },
  };
}
