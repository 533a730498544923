// A shopper's interests, computed from their latest events alone (nothing of a shopper is learned or kept). With H the
// half-life, w the weight of an event and s its share of a tag (from the tags of its product or its words):
//
//   m = w·s·2^(-age/H)          contribution of an event to a tag; negative where w < 0
//   M = Σ m                     mass of the tag; the shopper is interested where M > 0
//   weight = M / (Σ M⁺ + κ)     share of the shopper's attention, shrunk towards 0 while there are few events
//
// Weights of a shopper add up to less than 1, fall with time, and rise with each new event. O(events).

import type {
  Interest,
  InterestConfig,
  InterestEvent,
  InterestEvidence,
  InterestTags,
  TagWeight,
  Trend,
} from './reading';

/** Used where a caller sets nothing else. */
export const defaultInterestConfig: InterestConfig = { halfLifeDays: 30, priorMass: 5, maxEvidence: 5 };

/** The part of the tags that interests need. */
type Tagging = Pick<InterestTags, 'tagById' | 'tagsOfProduct' | 'tagsOfText'>;

/** Sums over events for one tag. */
interface TagSums {
  readonly tagId: string;
  /** Contribution m of each event. */
  readonly entries: { readonly eventId: string; readonly mass: number }[];
  /** M. */
  mass: number;
  /** Σ |m|. */
  absoluteMass: number;
  /** Σ s·2^(-age/H), the effective number of events. */
  fresh: number;
  /** Mass without decay: of the last half-life, and of all events before it. */
  recent: number;
  older: number;
}

const dayMs = 86_400_000;
/** Effective number of events at which confidence is half of its limit. */
const halfConfidenceAt = 2;
/** A rate must change by this many standard deviations of a Poisson count to be rising or fading. */
const changeInDeviations = 1;

const emptySums = (tagId: string): TagSums => ({
  tagId,
  entries: [],
  mass: 0,
  absoluteMass: 0,
  fresh: 0,
  recent: 0,
  older: 0,
});

/** Follows merges to the last tag; stops in a circle. */
function resolve(tagId: string, mergedInto: ReadonlyMap<string, string> | undefined): string {
  let at = tagId;
  for (let hops = mergedInto?.size ?? 0; hops > 0; hops--) at = mergedInto?.get(at) ?? at;
  return at;
}

/** Returns the tags of an event: those of its product; without a product or tags, those of its text. */
function tagsOfEvent(tags: Tagging, { productId, text }: InterestEvent): readonly TagWeight[] {
  const ofProduct = productId === undefined ? [] : tags.tagsOfProduct(productId);
  if (ofProduct.length > 0 || text === undefined) return ofProduct;
  return tags.tagsOfText([text]);
}

/** Adds an event to the sums of its tags. */
function addEvent(
  sums: Map<string, TagSums>,
  event: InterestEvent,
  shares: readonly TagWeight[],
  ageMs: number,
  { halfLifeDays, mergedInto }: InterestConfig,
): void {
  const halfLifeMs = halfLifeDays * dayMs;
  const freshness = 2 ** (-ageMs / halfLifeMs);
  for (const { tagId: learnedId, weight: share } of shares) {
    const tagId = resolve(learnedId, mergedInto);
    const own = sums.get(tagId) ?? emptySums(tagId);
    sums.set(tagId, own);
    const mass = event.weight * share * freshness;
    own.entries.push({ eventId: event.id, mass });
    own.mass += mass;
    own.absoluteMass += Math.abs(mass);
    own.fresh += share * freshness;
    if (ageMs < halfLifeMs) own.recent += event.weight * share;
    else own.older += event.weight * share;
  }
}

/**
 * Returns whether the tag's mass of the last half-life differs from the mass expected by the rate before it, by more than
 * chance. Masses over the mean weight of the shopper's tagged events are taken as Poisson counts. STEADY without earlier
 * events.
 *
 * @param halfLives - time spanned by the events before the last half-life, in half-lives; 0 when there are none
 */
function trendOf({ recent, older }: TagSums, halfLives: number, meanWeight: number): Trend {
  if (halfLives === 0) return 'STEADY';
  const expected = Math.max(0, older) / Math.max(1, halfLives) / meanWeight;
  const seen = Math.max(0, recent) / meanWeight;
  const deviations = (seen - expected) / Math.sqrt(seen + expected + 1);
  if (deviations > changeInDeviations) return 'RISING';
  return deviations < -changeInDeviations ? 'FADING' : 'STEADY';
}

/** Returns the events that support a tag, strongest first; of equals by id, so that the order of events does not matter. */
function evidenceOf({ entries }: TagSums, most: number): readonly InterestEvidence[] {
  const supporting = entries.filter(({ mass }) => mass > 0);
  const total = supporting.reduce((sum, { mass }) => sum + mass, 0);
  return supporting
    .sort((a, b) => b.mass - a.mass || (a.eventId < b.eventId ? -1 : 1))
    .slice(0, most)
    .map(({ eventId, mass }) => ({ eventId, share: mass / total }));
}

/** Confidence rises with fresh events, with their agreement, and with the cohesion of the tag. 0-1. */
const confidenceOf = ({ mass, absoluteMass, fresh }: TagSums, cohesion: number): number =>
  (fresh / (fresh + halfConfidenceAt)) * (mass / absoluteMass) * (0.5 + 0.5 * cohesion);

/** Sorts events by time, then id: sums do not depend on the order in which events arrived. */
const inOrder = (events: readonly InterestEvent[]): readonly InterestEvent[] =>
  [...events].sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));

/**
 * Returns a shopper's interests, strongest first: the tags with positive mass.
 *
 * @param tags - as read from the artifact
 * @param events - the shopper's latest, in any order; ids distinct
 * @param now - milliseconds since the epoch
 */
export function interestsOf(
  tags: Tagging,
  events: readonly InterestEvent[],
  now: number,
  config: InterestConfig = defaultInterestConfig,
): readonly Interest[] {
  const sums = new Map<string, TagSums>();
  const halfLifeMs = config.halfLifeDays * dayMs;
  let oldestMs = 0;
  let weights = 0;
  let tagged = 0;
  for (const event of inOrder(events)) {
    const ageMs = Math.max(0, now - event.occurredAt);
    const shares = tagsOfEvent(tags, event);
    if (shares.length === 0) continue;
    oldestMs = Math.max(oldestMs, ageMs);
    weights += Math.abs(event.weight);
    tagged++;
    addEvent(sums, event, shares, ageMs, config);
  }
  const liked = [...sums.values()].filter(({ mass }) => mass > 0);
  const total = liked.reduce((sum, { mass }) => sum + mass, config.priorMass);
  const halfLives = Math.max(0, oldestMs / halfLifeMs - 1);
  return liked
    .map(own => ({
      tagId: own.tagId,
      weight: own.mass / total,
      trend: trendOf(own, halfLives, weights / tagged),
      confidence: confidenceOf(own, tags.tagById(own.tagId)?.cohesion ?? 0),
      evidence: evidenceOf(own, config.maxEvidence),
    }))
    .sort((a, b) => b.weight - a.weight || (a.tagId < b.tagId ? -1 : 1));
}
