import { interactionCodes } from '../../domain/interaction';
import type { TogetherSource } from '../../domain/recommendation';
import { eventWeightOf } from '../../snapshot/eventWeight';
import type { Snapshot } from '../../snapshot/snapshot';

/** Sets of products that were bought, carted or viewed together. */
export interface Groups {
  /** Products of group g are [offsets[g], offsets[g + 1]). Length groups + 1. */
  readonly offsets: Uint32Array;
  /** Ascending and distinct within a group; at least two per group. */
  readonly productRows: Uint32Array;
}

/** Sources of baskets, in order of preference. */
const basketSources = ['PURCHASE', 'CART_ADD', 'SESSION', 'SHOPPER'] as const;
/**
 * Sources used to fill up products with too little basket data: carts with purchases, then a shopper's day,
 * week and whole history.
 */
type FillSource = 'CART' | 'DAY' | 'WEEK' | 'SHOPPER';
const fillSources: Readonly<Record<BasketSource, readonly FillSource[]>> = {
  PURCHASE: ['CART', 'DAY', 'WEEK', 'SHOPPER'],
  CART_ADD: ['CART', 'DAY', 'WEEK', 'SHOPPER'],
  SESSION: [],
  SHOPPER: [],
};

/** Name of the evidence from each source. */
const evidenceNames = {
  PURCHASE: 'ORDER',
  CART_ADD: 'CART',
  SESSION: 'SESSION',
  SHOPPER: 'SHOPPER',
} as const;
/** One of {@link basketSources}. */
export type BasketSource = (typeof basketSources)[number];

/** Baskets and their source. */
export interface Baskets extends Groups {
  readonly source: BasketSource;
  readonly evidence: TogetherSource;
}

/** Groups that are used for filling. */
export interface Fillers extends Groups {
  readonly evidence: TogetherSource;
}

const purchaseCode = interactionCodes.PURCHASE;
const cartCode = interactionCodes.CART_ADD;

/** Returns the events in order of their group (a stable counting sort). */
function inOrderOf(group: Uint32Array): Uint32Array {
  const count = group.reduce((most, own) => Math.max(most, own + 1), 0);
  const next = new Uint32Array(count + 1);
  for (const own of group) next[own + 1]++;
  for (let at = 0; at < count; at++) next[at + 1] += next[at];
  const order = new Uint32Array(group.length);
  for (let event = 0; event < group.length; event++) order[next[group[event]]++] = event;
  return order;
}

/**
 * Returns the distinct products of the selected events, by group; groups of one product or of more than
 * `limit` are left out.
 *
 * @param group - of each event, dense from 0
 */
function groupsBy(
  snapshot: Snapshot,
  group: Uint32Array,
  counts: (event: number) => boolean,
  limit: number,
): Groups {
  const { productRow } = snapshot.events;
  const ends: number[] = [0];
  const rows = new Uint32Array(group.length);
  let end = 0;
  let own = new Set<number>();
  const close = (): void => {
    if (own.size >= 2 && own.size <= limit) {
      rows.set([...own], end);
      rows.subarray(end, end + own.size).sort();
      end += own.size;
      ends.push(end);
    }
    own = new Set();
  };
  let last = -1;
  for (const event of inOrderOf(group)) {
    if (group[event] !== last) close();
    last = group[event];
    if (counts(event)) own.add(productRow[event]);
  }
  close();
  return { offsets: Uint32Array.from(ends), productRows: rows.slice(0, end) };
}

const isLiked =
  ({ events, eventWeights }: Snapshot) =>
  (event: number): boolean =>
    eventWeightOf(events.type[event], events.value[event], eventWeights) > 0;

/** Returns products with a positive event in the same session, whatever the type of the event. */
export const sessionsSeen = (snapshot: Snapshot, limit: number): Groups =>
  groupsBy(snapshot, snapshot.events.session, isLiked(snapshot), limit);

function groupsOf(snapshot: Snapshot, source: BasketSource, limit: number): Groups {
  const { events, userOffsets } = snapshot;
  if (source === 'SESSION') return sessionsSeen(snapshot, limit);
  if (source === 'SHOPPER') {
    const users = new Uint32Array(events.length);
    for (let user = 0; user + 1 < userOffsets.length; user++)
      users.fill(user, userOffsets[user], userOffsets[user + 1]);
    return groupsBy(snapshot, users, isLiked(snapshot), limit);
  }
  const code = source === 'PURCHASE' ? purchaseCode : cartCode;
  return groupsBy(snapshot, events.session, event => events.type[event] === code, limit);
}

/**
 * Returns the purchases of one session or invoice. If these make too few baskets, returns carts of one
 * session, then positive events of one session, then all products that a shopper chose. If no source is
 * enough, returns the source with the most baskets.
 *
 * @param minimum - baskets that are enough
 * @param limit - maximum products of a basket
 */
export function basketsOf(snapshot: Snapshot, minimum: number, limit: number): Baskets {
  let best: Baskets | null = null;
  for (const source of basketSources) {
    const groups = groupsOf(snapshot, source, limit);
    if (groups.offsets.length - 1 >= minimum) return { ...groups, source, evidence: evidenceNames[source] };
    if (best === null || groups.offsets.length > best.offsets.length)
      best = { ...groups, source, evidence: evidenceNames[source] };
  }
  const empty = { offsets: new Uint32Array(1), productRows: new Uint32Array(0) };
  return best ?? { ...empty, source: 'PURCHASE', evidence: 'ORDER' };
}

const msPerDay = 86_400_000;

/** Returns the number of the period of `days` days that each event of a shopper falls into, dense from 0. */
function periodsOf({ events, userOffsets }: Snapshot, days: number): Uint32Array {
  const periods = new Uint32Array(events.length);
  let period = -1;
  for (let user = 0; user + 1 < userOffsets.length; user++) {
    let last = Number.NaN;
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      const own = Math.floor(events.occurredAt[event] / (days * msPerDay));
      if (own !== last) period++;
      last = own;
      periods[event] = period;
    }
  }
  return periods;
}

/** Length of a period in days; infinite for the whole history. */
const daysOf = { DAY: 1, WEEK: 7, SHOPPER: Number.POSITIVE_INFINITY } as const;

/**
 * Returns the groups that fill up after baskets of a source, in order: products carted or bought in one
 * session, on one day, in one week, by one shopper.
 */
export function fillersOf(snapshot: Snapshot, source: BasketSource, limit: number): readonly Fillers[] {
  const { type, session } = snapshot.events;
  const isTaken = (event: number): boolean => type[event] === purchaseCode || type[event] === cartCode;
  return fillSources[source].map(evidence => {
    const groups = evidence === 'CART' ? session : periodsOf(snapshot, daysOf[evidence]);
    return { ...groupsBy(snapshot, groups, isTaken, limit), evidence };
  });
}
