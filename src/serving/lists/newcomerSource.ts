import { toProductId } from '../../domain/ids';
import { can } from '../../models/capability';
import { historyForScorer } from '../live/history';
import type { LiveModel } from '../live/liveModel';
import type { Newcomers } from '../live/newcomers';
import type { Proposal, Withheld } from './candidatePool';
import type { Exclusions } from './exclusions';
import type { ReadEligible, Shopper, Source } from './sources';

const msPerHour = 3_600_000;
const msPerDay = 24 * msPerHour;

/** To whom newcomers are offered, and where. */
export interface NewcomerOffer {
  readonly newcomers: Newcomers;
  /** Models that may lead or read, the best measured first. */
  readonly models: readonly LiveModel[];
  readonly shopper: Shopper;
  readonly readEligible: ReadEligible;
  /** Days after its creation for which a product counts as new. */
  readonly days: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The model that can score newcomers of a list that another one leads; none when the lead does so itself. */
function readerFor(models: readonly LiveModel[], lead: LiveModel | null): LiveModel | undefined {
  if (lead === null || !models.includes(lead) || can(lead.scorer, 'admit')) return undefined;
  return models.find(({ scorer }) => can(scorer, 'admit'));
}

/**
 * The instant from which products are new to a list. By the hour, so that many requests find the same ones. Products
 * that came after the training of the lead are new to it at any age.
 */
const newSince = ({ days, now }: NewcomerOffer, { record }: LiveModel): number =>
  Math.min(now - (now % msPerHour) - days * msPerDay, record.createdAt);

/** The reader's scores of products that other sources took: what newcomers are compared with. */
function scoresOfTaken({ scorer, scores }: LiveModel, barred: Exclusions): readonly Withheld[] {
  const taken: Withheld[] = [];
  for (const [productId, reason] of barred) {
    const score = reason === 'TAKEN_BY_SOURCE' ? scores[scorer.products.rowOf(productId)] : Number.NaN;
    if (Number.isFinite(score)) taken.push({ productId, score, reason });
  }
  return taken;
}

/**
 * Products that the leading model knows nothing of yet, scored by a model that reads documents. Null when no model can
 * score them, or the lead reads itself. At most one scoring, and none when no newcomer may be listed.
 *
 * @param lead - the model that proposed most of the list
 */
export function newcomerSource(offer: NewcomerOffer, lead: LiveModel | null): Source | null {
  const { newcomers, models, shopper, readEligible, now } = offer;
  const reader = readerFor(models, lead);
  if (lead === null || reader === undefined) return null;
  const { scorer, scores } = reader;
  return {
    model: reader,
    kind: 'NEWCOMER',
    propose(count, barred) {
      const { catalogue, mask } = readEligible();
      const offered = newcomers
        .of(lead, reader, newSince(offer, lead))
        .filter(({ listed }) => mask[listed] === 1 && !barred.has(catalogue.idOf(listed)));
      const history = historyForScorer(shopper.history, scorer.products, now);
      if (offered.length === 0 || history.productRows.length === 0)
        return { items: [], hasScores: false, withheld: [] };
      scorer.scoreInto([history], scores);
      const items: Proposal[] = offered
        .filter(({ row }) => Number.isFinite(scores[row]))
        .sort((a, b) => scores[b.row] - scores[a.row])
        .slice(0, count)
        .map(({ row }) => ({ productId: toProductId(scorer.products.idOf(row)), score: scores[row] }));
      return { items, hasScores: true, withheld: scoresOfTaken(reader, barred) };
    },
  };
}
