import { type Step, stepFields } from '../step';

// A shopper's past as one row of numbers, updated at each event: the features of the trees. The row is also the state of a
// forecaster, so that the cost of an event does not depend on the length of the history.

/** Types of events of the session that are kept before the latest one. */
const earlierTypes = 4;

/** Returns the place in a row of each feature, or of the first of several. */
function placesOf(types: number) {
  const session = stepFields.length + earlierTypes;
  const ever = session + types;
  const rest = ever + types;
  return {
    step: 0,
    /** Type before the last, the one before that, …; NaN before the session began. */
    earlier: stepFields.length,
    /** Events of each type in the session, and in all sessions. */
    session,
    ever,
    /** Seconds between the two events before the last. */
    gapBefore: rest,
    /** Seconds between the last two sessions; NaN in the first. */
    sessionGap: rest + 1,
    /** Mean price of earlier events, standardised; NaN before any. */
    meanPrice: rest + 2,
    /** Share of earlier events with the category of the last; NaN before any. */
    affinity: rest + 3,
    eventsPerSession: rest + 4,
    purchasesPerSession: rest + 5,
    /** Days since the shopper's first event. */
    age: rest + 6,
    /** After the features, a state keeps what they are computed from: number of events, of priced events, … */
    events: rest + 7,
    priced: rest + 8,
    /** … and events of each category, unknown (0) included. */
    categories: rest + 9,
  } as const;
}

type Places = ReturnType<typeof placesOf>;

/** Returns how many features a row has. @param types - how many types of events there are */
export const featureCountOf = (types: number): number => placesOf(types).events;

const secondsPerDay = 86_400;
const [typePlace, gapPlace] = [stepFields.indexOf('type'), stepFields.indexOf('gapSeconds')];

function beginSession(state: Float32Array, places: Places, { gapSeconds, sessions }: Readonly<Step>): void {
  state.fill(Number.NaN, places.earlier, places.earlier + earlierTypes);
  state.fill(0, places.session, places.ever);
  state[places.sessionGap] = sessions === 0 ? Number.NaN : gapSeconds;
}

/** Compares the event with earlier ones, before it is counted. */
function compareWithPast(state: Float32Array, places: Places, { category }: Readonly<Step>): void {
  const events = state[places.events];
  state[places.affinity] = events === 0 ? Number.NaN : state[places.categories + category] / events;
}

function count(state: Float32Array, places: Places, step: Readonly<Step>): void {
  const { type, category, price, sessions, gapSeconds, everPurchases } = step;
  state[places.session + type]++;
  state[places.ever + type]++;
  state[places.events]++;
  state[places.categories + category]++;
  if (price !== 0) {
    const priced = ++state[places.priced];
    const mean = priced === 1 ? 0 : state[places.meanPrice];
    state[places.meanPrice] = mean + (price - mean) / priced;
  }
  state[places.eventsPerSession] = state[places.events] / (sessions + 1);
  state[places.purchasesPerSession] = everPurchases / (sessions + 1);
  state[places.age] += gapSeconds / secondsPerDay;
}

/** Reads features from steps. */
export interface Features {
  /** How many features a row has; a state may be longer. */
  readonly count: number;
  /** The row of a shopper without events. */
  open(): Float32Array;
  /** Updates a row with one event. */
  step(state: Float32Array, step: Readonly<Step>): void;
}

/**
 * Creates a reader of features.
 *
 * @param types - how many types of events there are
 * @param categories - how many there are, unknown not counted
 */
export function createFeatures(types: number, categories: number): Features {
  const places = placesOf(types);
  return {
    count: places.events,
    open() {
      const state = new Float32Array(places.categories + categories + 1);
      state.fill(Number.NaN, 0, places.session);
      for (const place of [places.gapBefore, places.sessionGap, places.meanPrice, places.affinity])
        state[place] = Number.NaN;
      return state;
    },
    step(state, step) {
      if (step.startsSession === 1) beginSession(state, places, step);
      else {
        state.copyWithin(places.earlier + 1, places.earlier, places.earlier + earlierTypes - 1);
        state[places.earlier] = state[typePlace];
      }
      state[places.gapBefore] = state[gapPlace];
      compareWithPast(state, places, step);
      for (const [place, field] of stepFields.entries()) state[place] = step[field];
      count(state, places, step);
    },
  };
}
