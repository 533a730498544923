import { interactionCodes, interactionTypes } from '../../../domain/interaction';
import { type Step, stepFields } from '../step';

// What a shopper's past comes to, as one row of numbers that an event moves along: what trees are asked of. The row is
// also the state of a forecaster, so that an event costs the same however long the history.

const types = interactionTypes.length;
/** Types of the last events of the session that are kept beside the newest. */
const earlierTypes = 4;

/** Where each number, or the first of several, stands in a row. */
const places = {
  step: 0,
  /** Type before the last, the one before that, …; NaN before the session began. */
  earlier: stepFields.length,
  /** Events of each type in the session, and in all sessions. */
  session: stepFields.length + earlierTypes,
  ever: stepFields.length + earlierTypes + types,
  /** Seconds between the two events before the last. */
  gapBefore: stepFields.length + earlierTypes + 2 * types,
  /** Seconds between the last two sessions; NaN in the first. */
  sessionGap: stepFields.length + earlierTypes + 2 * types + 1,
  /** Mean price of earlier events, standardised; NaN before any. */
  meanPrice: stepFields.length + earlierTypes + 2 * types + 2,
  /** Share of earlier events with the category of the last; NaN before any. */
  affinity: stepFields.length + earlierTypes + 2 * types + 3,
  eventsASession: stepFields.length + earlierTypes + 2 * types + 4,
  purchasesASession: stepFields.length + earlierTypes + 2 * types + 5,
  /** Days since the first event ever. */
  age: stepFields.length + earlierTypes + 2 * types + 6,
} as const;

/** How many numbers trees are asked of. Behind them a state keeps what they are computed from. */
export const featureCount = places.age + 1;

/** Behind the features: events, priced events, and those of each category, unknown (0) included. */
const [eventsPlace, pricedPlace, categoriesPlace] = [featureCount, featureCount + 1, featureCount + 2];

const secondsADay = 86_400;
const purchaseType = interactionCodes.PURCHASE;
const [typePlace, gapPlace] = [stepFields.indexOf('type'), stepFields.indexOf('gapSeconds')];

/**
 * The row of a shopper who did nothing yet.
 *
 * @param categories - how many there are, unknown not counted
 */
export function openFeatures(categories: number): Float32Array {
  const state = new Float32Array(categoriesPlace + categories + 1);
  state.fill(Number.NaN, 0, places.session);
  for (const place of [places.gapBefore, places.sessionGap, places.meanPrice, places.affinity])
    state[place] = Number.NaN;
  return state;
}

function beginSession(state: Float32Array, { gapSeconds, sessions }: Readonly<Step>): void {
  state.fill(Number.NaN, places.earlier, places.earlier + earlierTypes);
  state.fill(0, places.session, places.session + types);
  state[places.sessionGap] = sessions === 0 ? Number.NaN : gapSeconds;
}

/** What earlier events say: to be read before the event is counted. */
function compare(state: Float32Array, { category }: Readonly<Step>): void {
  const events = state[eventsPlace];
  state[places.affinity] = events === 0 ? Number.NaN : state[categoriesPlace + category] / events;
}

function count(state: Float32Array, { type, category, price, sessions, gapSeconds }: Readonly<Step>): void {
  state[places.session + type]++;
  state[places.ever + type]++;
  state[eventsPlace]++;
  state[categoriesPlace + category]++;
  if (price !== 0) {
    const priced = ++state[pricedPlace];
    const mean = priced === 1 ? 0 : state[places.meanPrice];
    state[places.meanPrice] = mean + (price - mean) / priced;
  }
  state[places.eventsASession] = state[eventsPlace] / (sessions + 1);
  state[places.purchasesASession] = state[places.ever + purchaseType] / (sessions + 1);
  state[places.age] += gapSeconds / secondsADay;
}

/** Moves a row along by one event. */
export function advanceFeatures(state: Float32Array, step: Readonly<Step>): void {
  if (step.startsSession === 1) beginSession(state, step);
  else {
    state.copyWithin(places.earlier + 1, places.earlier, places.earlier + earlierTypes - 1);
    state[places.earlier] = state[typePlace];
  }
  state[places.gapBefore] = state[gapPlace];
  compare(state, step);
  for (const [place, field] of stepFields.entries()) state[place] = step[field];
  count(state, step);
}
