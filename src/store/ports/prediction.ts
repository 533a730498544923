import type { ShopId, UserId } from '../../domain/ids';
import type { InteractionType } from '../../domain/interaction';
import type { ActionOutcome, ActionPrediction } from '../../domain/prediction';
import type { Page, PageRequest } from './page';

/** A prediction without an outcome, and the next event of the shopper: null when there is none so far. */
export interface AwaitedPrediction {
  readonly id: string;
  readonly eventAt: number;
  readonly sessionId: string | null;
  /** Whether the event is stored and is a search without a product. */
  readonly isBareSearch: boolean;
  readonly next: {
    readonly type: InteractionType;
    readonly occurredAt: number;
    readonly sessionId: string | null;
    /** Whether it is a search without a product. */
    readonly isBareSearch: boolean;
  } | null;
}

/** The part of a prediction that its quality is measured by. */
export type JudgedPrediction = Pick<
  ActionPrediction,
  'actionNames' | 'actions' | 'modelVersion' | 'predictedAt'
> & {
  readonly outcome: ActionOutcome;
};

/** Stores predictions of next actions. */
export interface PredictionStore {
  /**
   * Stores predictions. A prediction that is already stored stays as it is. A prediction for a shopper who is unknown, or
   * whose data must not be stored, is ignored.
   */
  saveMany(predictions: readonly ActionPrediction[]): Promise<void>;
  findMany(shopId: ShopId, ids: readonly string[]): Promise<ReadonlyMap<string, ActionPrediction>>;
  /** By (predictedAt, id) descending. */
  pageOfUser(shopId: ShopId, userId: UserId, request: PageRequest): Promise<Page<ActionPrediction>>;
  /**
   * Predictions made after `since` and by `until` without an outcome, oldest first, each with the shopper's next event by
   * (occurredAt, id). The next event occurred later than the event of the prediction, or at its instant and was received
   * only after the prediction was made.
   *
   * @param first - maximum number of predictions
   */
  awaiting(
    shopId: ShopId,
    range: { readonly since: number; readonly until: number },
    first: number,
  ): Promise<readonly AwaitedPrediction[]>;
  /** Stores outcomes by prediction id. An outcome that is already stored stays as it is. */
  setOutcomes(shopId: ShopId, outcomes: ReadonlyMap<string, ActionOutcome>): Promise<void>;
  /**
   * All predictions made at or after `since` with a known outcome, in batches, by (predictedAt, id), without those of
   * shoppers who withdrew ANALYTICS.
   */
  judged(shopId: ShopId, since: number): AsyncIterable<readonly JudgedPrediction[]>;
  /** Deletes expired predictions. Returns the number of deleted ones. */
  removeExpired(now: number): Promise<number>;
}
