import type { ShopId, UserId } from '../../domain/ids';
import type { InteractionType } from '../../domain/interaction';
import type { ActionOutcome, ActionPrediction } from '../../domain/prediction';
import type { Page, PageRequest } from './page';

/** A prediction whose outcome is not known yet, and what the shopper did next: null when nothing so far. */
export interface AwaitedPrediction {
  readonly id: string;
  readonly eventAt: number;
  readonly sessionId: string | null;
  /** The event is kept, and is a search without a product. */
  readonly isBareSearch: boolean;
  readonly next: {
    readonly type: InteractionType;
    readonly occurredAt: number;
    readonly sessionId: string | null;
    /** It is a search without a product. */
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

/** What shoppers were said to do next. */
export interface PredictionStore {
  /**
   * Keeps predictions; one that is already kept is left as it is, and one of a shopper nobody knows, or who is not to be
   * remembered, is not kept.
   */
  saveMany(predictions: readonly ActionPrediction[]): Promise<void>;
  findMany(shopId: ShopId, ids: readonly string[]): Promise<ReadonlyMap<string, ActionPrediction>>;
  /** By (predictedAt, id) descending. */
  pageOfUser(shopId: ShopId, userId: UserId, request: PageRequest): Promise<Page<ActionPrediction>>;
  /**
   * Predictions made after `since` and by `until` that have no outcome, oldest first, with the shopper's next event by
   * (occurredAt, id): one that occurred later than the event of the prediction, or at its instant and was received only
   * after the prediction was made.
   *
   * @param first - at most so many
   */
  awaiting(
    shopId: ShopId,
    range: { readonly since: number; readonly until: number },
    first: number,
  ): Promise<readonly AwaitedPrediction[]>;
  /** Fills outcomes in, by id of the prediction; one that is known already stays. */
  setOutcomes(shopId: ShopId, outcomes: ReadonlyMap<string, ActionOutcome>): Promise<void>;
  /** Every prediction made at or after `since` whose outcome is known, in batches; in order of (predictedAt, id). */
  judged(shopId: ShopId, since: number): AsyncIterable<readonly JudgedPrediction[]>;
  /** Removes predictions whose end has come; answers how many. */
  removeExpired(now: number): Promise<number>;
}
