import type { RepeatEvidence } from '../../domain/recommendation';
import { can, declares } from '../../models/capability';
import type { Scorer } from '../../models/model';
import { type FoldedHistory, historyForScorer } from '../live/history';
import type { LiveModel, LiveModels } from '../live/liveModel';

/** Returns when the shopper bought some products, by id; those that they never bought are absent. */
export type RepeatsAmong = (productIds: readonly string[]) => ReadonlyMap<string, RepeatEvidence>;

/** When a shopper buys one product again. */
export interface ProductDue {
  readonly within7Days: number;
  readonly within30Days: number;
  /** Null where it is more than a year away. */
  readonly dueAt: number | null;
}

/** Returns whether shoppers buy products like this one again, as the model has learned. */
export function isBoughtAgain({ scorer }: LiveModel, productId: string): boolean {
  const row = scorer.products.rowOf(productId);
  return row >= 0 && can(scorer, 'buyAgain') && scorer.isRepeated(row);
}

/** Returns the scorer that knows repeats best: a model of repeats alone, or one that contains it; null where there is none. */
export function repeatScorerOf(models: LiveModels): Scorer<'buyAgain'> | null {
  const able = [...models.values()].filter(({ scorer }) => can(scorer, 'buyAgain'));
  const best = able.find(({ card }) => declares(card, 'buyAgain')) ?? able.at(0);
  return best !== undefined && can(best.scorer, 'buyAgain') ? best.scorer : null;
}

/** Returns when a shopper buys each product again that they bought before, by id. Products that the scorer does not know are absent. */
export function duesOf(
  scorer: Scorer<'buyAgain'>,
  history: FoldedHistory,
  now: number,
): ReadonlyMap<string, ProductDue> {
  const known = historyForScorer(history, scorer.products, now);
  const { length } = known.productRows;
  const columns = {
    within7Days: new Float64Array(length),
    within30Days: new Float64Array(length),
    dueAt: new Float64Array(length),
  };
  scorer.dueInto(known, columns);
  const dues = new Map<string, ProductDue>();
  for (const [entry, row] of known.productRows.entries()) {
    const [within7Days, within30Days] = [columns.within7Days[entry], columns.within30Days[entry]];
    if (Number.isNaN(within7Days)) continue;
    const dueAt = Number.isNaN(columns.dueAt[entry]) ? null : Math.round(columns.dueAt[entry]);
    dues.set(scorer.products.idOf(row), { within7Days, within30Days, dueAt });
  }
  return dues;
}

/** Returns a function that tells repeats; it asks the model only when there are any. */
export function repeatsOf(models: LiveModels, history: FoldedHistory, now: number): RepeatsAmong {
  const { bought } = history.purchases;
  return productIds => {
    const repeated = bought.size === 0 ? [] : productIds.filter(id => bought.has(id));
    if (repeated.length === 0) return new Map();
    const scorer = repeatScorerOf(models);
    const dues = scorer === null ? null : duesOf(scorer, history, now);
    return new Map(
      repeated.flatMap(id => {
        const known = bought.get(id);
        const dueAt = dues?.get(id)?.dueAt ?? null;
        return known === undefined ? [] : [[id, { lastBoughtAt: known.lastAt, dueAt }] as const];
      }),
    );
  };
}
