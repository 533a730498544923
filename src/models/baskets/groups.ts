import { interactionCodes } from '../../domain/interaction';
import type { TogetherSource } from '../../domain/recommendation';
import { eventWeightOf } from '../../snapshot/eventWeight';
import type { Snapshot } from '../../snapshot/snapshot';

/** Sets of products that were bought, carted or met together. */
export interface Groups {
  /** Products of group g are [offsets[g], offsets[g + 1]). Length groups + 1. */
  readonly offsets: Uint32Array;
  /** Ascending and distinct within a group, two or more. */
  readonly productRows: Uint32Array;
}

/** Where baskets come from, the best first. */
const basketSources = ['PURCHASE', 'CART_ADD', 'SESSION', 'SHOPPER'] as const;
/** What fills up where baskets say too little of a product: carts with what was bought, then a shopper's day, week and whole time. */
type Filling = 'CART' | 'DAY' | 'WEEK' | 'SHOPPER';
const fillSources: Readonly<Record<BasketSource, readonly Filling[]>> = {
  PURCHASE: ['CART', 'DAY', 'WEEK', 'SHOPPER'],
  CART_ADD: ['CART', 'DAY', 'WEEK', 'SHOPPER'],
  SESSION: [],
  SHOPPER: [],
};

/** What evidence from each source is called. */
const evidenceNames = {
  PURCHASE: 'ORDER',
  CART_ADD: 'CART',
  SESSION: 'SESSION',
  SHOPPER: 'SHOPPER',
} as const;
/** One of {@link basketSources}. */
export type BasketSource = (typeof basketSources)[number];

/** Baskets, and what they are made of. */
export interface Baskets extends Groups {
  readonly source: BasketSource;
  readonly evidence: TogetherSource;
}

/** Groups that fill up. */
export interface Fillers extends Groups {
  readonly evidence: TogetherSource;
}

const purchaseCode = interactionCodes.PURCHASE;
const cartCode = interactionCodes.CART_ADD;

/** Events in order of their group: a counting sort, stable. */
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
 * Distinct products of the events that count, by group; groups of one product, or of more than `limit`, are left out.
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

/** Products met in one session with a sign of interest, whatever it was. */
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
 * What was bought in one session or invoice; where that makes too few baskets, what was put into the cart in one session,
 * then what was met in one, then all that a shopper chose. Where none is enough, the source with most baskets.
 *
 * @param minimum - baskets that are enough
 * @param limit - most products of a basket
 */
export function basketsOf(snapshot: Snapshot, minimum: number, limit: number): Baskets {
  let best: Baskets | null = null;
  for (const source of basketSources) {
    const groups = groupsOf(snapshot, source, limit);
    if (groups.offsets.length - 1 >= minimum) return { ...groups, source, evidence: evidenceNames[source] };
    if (best === null || groups.offsets.length > best.offsets.length)
      best = { ...groups, source, evidence: evidenceNames[source] };
  }
  const nothing = { offsets: new Uint32Array(1), productRows: new Uint32Array(0) };
  return best ?? { ...nothing, source: 'PURCHASE', evidence: 'ORDER' };
}

const msPerDay = 86_400_000;

/** Number of the shopper's day (or so many days) of each event, dense from 0. */
function spansOf({ events, userOffsets }: Snapshot, days: number): Uint32Array {
  const spans = new Uint32Array(events.length);
  let span = -1;
  for (let user = 0; user + 1 < userOffsets.length; user++) {
    let last = Number.NaN;
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      const own = Math.floor(events.occurredAt[event] / (days * msPerDay));
      if (own !== last) span++;
      last = own;
      spans[event] = span;
    }
  }
  return spans;
}

/** Length of a span; all the time there is in one. */
const daysOf = { DAY: 1, WEEK: 7, SHOPPER: Number.POSITIVE_INFINITY } as const;

/**
 * What fills up after baskets of a source, in order: products carted or bought in one session, on one day, in one week, by one
 * shopper.
 */
export function fillersOf(snapshot: Snapshot, source: BasketSource, limit: number): readonly Fillers[] {
  const { type, session } = snapshot.events;
  const isTaken = (event: number): boolean => type[event] === purchaseCode || type[event] === cartCode;
  return fillSources[source].map(evidence => {
    const groups = evidence === 'CART' ? session : spansOf(snapshot, daysOf[evidence]);
    return { ...groupsBy(snapshot, groups, isTaken, limit), evidence };
  });
}
