// What a shopper is into, from the latest events alone (nothing of a shopper is learned or kept). With H the half-life,
// w an event's weight and s its share of a tag (the tags of its product or its words):
//
//   m = w·s·2^(-age/H)          what an event says of a tag; against it where w < 0
//   M = Σ m                     mass of the tag; the tag is of interest where M > 0
//   weight = M / (Σ M⁺ + κ)     share of the shopper's attention, shrunk towards nothing while there is little
//
// Weights of a shopper add up to less than 1, fall as time passes, and rise with each new event of theirs. O(events).

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
export const defaultInterestConfig: InterestConfig = { halfLifeDays: 30, priorMass: 5, mostEvidence: 5 };

/** The part of the tags that interests need. */
type Tagging = Pick<InterestTags, 'tagById' | 'tagsOfProduct' | 'tagsOfText'>;

/** What events say of one tag. */
interface Ledger {
  readonly tagId: string;
  /** Contribution m of each event. */
  readonly entries: { readonly eventId: string; readonly mass: number }[];
  /** M. */
  mass: number;
  /** Σ |m|. */
  heard: number;
  /** Σ s·2^(-age/H): events, each for as much as it is fresh and of the tag. */
  fresh: number;
  /** Undecayed mass of the last half-life, and of all before. */
  recent: number;
  older: number;
}

const dayMs = 86_400_000;
/** Fresh events at which confidence is half of what it can be. */
const halfSureAt = 2;
/** Standard deviations of a Poisson count by which a rate must change to be called rising or fading. */
const changeInDeviations = 1;

const ledgerOf = (tagId: string): Ledger => ({
  tagId,
  entries: [],
  mass: 0,
  heard: 0,
  fresh: 0,
  recent: 0,
  older: 0,
});

/** Follows merges to their end; a circle ends where it began. */
function resolve(tagId: string, mergedInto: ReadonlyMap<string, string> | undefined): string {
  let at = tagId;
  for (let hops = mergedInto?.size ?? 0; hops > 0; hops--) at = mergedInto?.get(at) ?? at;
  return at;
}

/** What an event speaks for: the tags of its product; without a product or tags of it, those of its text. */
function tagsOfEvent(tags: Tagging, { productId, text }: InterestEvent): readonly TagWeight[] {
  const ofProduct = productId === undefined ? [] : tags.tagsOfProduct(productId);
  if (ofProduct.length > 0 || text === undefined) return ofProduct;
  return tags.tagsOfText([text]);
}

/** Writes an event into the ledgers of its tags. */
function enter(
  ledgers: Map<string, Ledger>,
  event: InterestEvent,
  shares: readonly TagWeight[],
  ageMs: number,
  { halfLifeDays, mergedInto }: InterestConfig,
): void {
  const halfLifeMs = halfLifeDays * dayMs;
  const freshness = 2 ** (-ageMs / halfLifeMs);
  for (const { tagId: own, weight: share } of shares) {
    const tagId = resolve(own, mergedInto);
    const ledger = ledgers.get(tagId) ?? ledgerOf(tagId);
    ledgers.set(tagId, ledger);
    const mass = event.weight * share * freshness;
    ledger.entries.push({ eventId: event.id, mass });
    ledger.mass += mass;
    ledger.heard += Math.abs(mass);
    ledger.fresh += share * freshness;
    if (ageMs < halfLifeMs) ledger.recent += event.weight * share;
    else ledger.older += event.weight * share;
  }
}

/**
 * Whether the tag's mass of the last half-life differs from what its rate before foretold, by more than chance: counts
 * are masses over the mean weight of the shopper's events with tags, taken as Poisson. Nothing to compare with: STEADY.
 *
 * @param halfLives - how many the shopper's events before the last half-life reach back over, > 0; 0 when there are none
 */
function trendOf({ recent, older }: Ledger, halfLives: number, meanWeight: number): Trend {
  if (halfLives === 0) return 'STEADY';
  const expected = Math.max(0, older) / Math.max(1, halfLives) / meanWeight;
  const seen = Math.max(0, recent) / meanWeight;
  const deviations = (seen - expected) / Math.sqrt(seen + expected + 1);
  if (deviations > changeInDeviations) return 'RISING';
  return deviations < -changeInDeviations ? 'FADING' : 'STEADY';
}

/** Strongest first; of equals by id, so that the order of the events does not matter. */
function evidenceOf({ entries }: Ledger, most: number): readonly InterestEvidence[] {
  const speaking = entries.filter(({ mass }) => mass > 0);
  const total = speaking.reduce((sum, { mass }) => sum + mass, 0);
  return speaking
    .sort((a, b) => b.mass - a.mass || (a.eventId < b.eventId ? -1 : 1))
    .slice(0, most)
    .map(({ eventId, mass }) => ({ eventId, share: mass / total }));
}

/** More fresh events, of one mind, of a tag that holds together: surer. */
const confidenceOf = ({ mass, heard, fresh }: Ledger, cohesion: number): number =>
  (fresh / (fresh + halfSureAt)) * (mass / heard) * (0.5 + 0.5 * cohesion);

/** Oldest first, of equals by id: sums come out the same whatever order the events came in. */
const inOrder = (events: readonly InterestEvent[]): readonly InterestEvent[] =>
  [...events].sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));

/**
 * A shopper's interests, strongest first: tags whose events speak for them more than against.
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
  const ledgers = new Map<string, Ledger>();
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
    enter(ledgers, event, shares, ageMs, config);
  }
  const liked = [...ledgers.values()].filter(({ mass }) => mass > 0);
  const total = liked.reduce((sum, { mass }) => sum + mass, config.priorMass);
  const halfLives = Math.max(0, oldestMs / halfLifeMs - 1);
  return liked
    .map(ledger => ({
      tagId: ledger.tagId,
      weight: ledger.mass / total,
      trend: trendOf(ledger, halfLives, weights / tagged),
      confidence: confidenceOf(ledger, tags.tagById(ledger.tagId)?.cohesion ?? 0),
      evidence: evidenceOf(ledger, config.mostEvidence),
    }))
    .sort((a, b) => b.weight - a.weight || (a.tagId < b.tagId ? -1 : 1));
}
