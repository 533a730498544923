import { toProductId } from '../../domain/ids';
import { can } from '../../models/capability';
import { historyForScorer } from '../live/history';
import type { LiveModel } from '../live/liveModel';
import type { Newcomer, Newcomers } from '../live/newcomers';
import { noProposals, type ReadEligible, type Shopper, type Source } from './sources';

const msPerHour = 3_600_000;
const msPerDay = 24 * msPerHour;

/** Which shoppers newcomers are offered to, and in which places. */
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
function scoresOfTaken({ scorer, scores }: LiveModel, taken: readonly string[]): readonly number[] {
  return taken.map(id => {
    const score = scores[scorer.products.rowOf(id)];
    return Number.isFinite(score) ? score : Number.NaN;
  });
}

/** Rows of the newcomers with the highest scores; earlier ones first among equals. NaN is never among them. */
const bestRows = (offered: readonly Newcomer[], scores: Float32Array, count: number): readonly number[] =>
  offered
    .map(({ row }) => row)
    .filter(row => Number.isFinite(scores[row]))
    .sort((a, b) => scores[b] - scores[a])
    .slice(0, count);

/**
 * Products that are unknown to the leading model, scored by a model that reads documents. Null when no model can
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
    propose(count, { exclusions, taken }) {
      const { catalogue, mask } = readEligible();
      const listedIds = new Set<string>(taken);
      const offered = newcomers.of(lead, reader, newSince(offer, lead)).filter(({ listed }) => {
        const id = catalogue.idOf(listed);
        return mask[listed] === 1 && !exclusions.has(id) && !listedIds.has(id);
      });
      if (offered.length === 0) return noProposals;
      const history = historyForScorer(shopper.history, scorer.products, now);
      if (history.productRows.length === 0) return noProposals;
      scorer.scoreInto([history], scores);
      const rows = bestRows(offered, scores, count);
      return {
        productIds: rows.map(row => toProductId(scorer.products.idOf(row))),
        scores: rows.map(row => scores[row]),
        takenScores: scoresOfTaken(reader, taken),
        hasScores: true,
        withheld: [],
      };
    },
  };
}
