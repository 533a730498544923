// Similar sessions, and their products near those shared with the current session. For a history with
// products i at age a (0: the latest) and stored sessions s:
//
//   sim(s)   = ( Σ_i∈s decay^a · idf_i^ρ )^σ / |s|^λ · e^(-δ · share of the sessions that are later)
//   score(j) = Σ_s sim(s) · Σ_places of j near(place - place of the latest shared product) / n_j^γ
//
// Ages and places count orders (instants of a shopper), whose products have no direction. near is forward^(d-1) after the
// shared product, back · backward^(d-1) before it, and their mean at d = 1 in its own order. vs-knn: Ludewig &
// Jannach 2018, "Evaluation of session-based recommendation algorithms"; decay of sessions and distance
// within them: Garg et al. 2019, "Sequence and time aware neighborhood for session-based recommendations"
// (STAN); rarity: Ludewig et al. 2019 (VSTAN). Scores are normalised to a sum of 1, so that repeat rates
// (repeats.ts) can be added to them.
//
// Cost: products of the history × maxSessionsPerProduct + neighbours × session length, and passes over the catalogue.

import { topKInto } from '../../numeric/topK';
import type { Vocabulary } from '../../snapshot/vocabulary';
import { checkOut } from '../checkOut';
import { latestSessionStart } from '../latestSession';
import type { Scorer, ShopperHistory } from '../model';
import { addRepeats } from '../repeats';
import type { SessionNeighboursConfig, Sessions } from './train';

/** Maximum that popularity may add: it orders products without a similar session and breaks ties. */
const popularityShare = 1e-6;
/** Minimum weight of a history product: those below are ignored. */
const minWeight = 1e-3;

/** Sessions grouped by product, the latest first, and scratch: allocated once at loading. */
interface Workspace {
  readonly sessions: Sessions;
  readonly repeatRates: Float32Array;
  readonly config: SessionNeighboursConfig;
  /** Sessions with product i are [offsets[i], offsets[i + 1]) of bySession, the latest first. */
  readonly offsets: Uint32Array;
  readonly sessionsOf: Uint32Array;
  /** By product: idf^ρ. */
  readonly rarities: Float64Array;
  /** By product: n^-γ. */
  readonly discounts: Float64Array;
  /** By product: n / max n. */
  readonly popularity: Float32Array;
  /** By session: length^-λ · e^(-δ·age). */
  readonly standings: Float64Array;
  /** By distance within a session. */
  readonly forward: Float64Array;
  readonly backward: Float64Array;
  /** In the order of the shared product. */
  readonly within: number;
  /** By session: Σ so far, 0 between two requests. */
  readonly sums: Float64Array;
  /** Per session: age of the latest products shared with the history. */
  readonly anchors: Uint32Array;
  /** Age of every product of the history that was searched for. */
  readonly ages: Map<number, number>;
  /** [sessions] */
  readonly touched: Uint32Array;
  readonly similarity: Float32Array;
}

/** Returns the sessions of each product, the latest first, without duplicates. */
function sessionsByProduct({ offsets, productRows }: Sessions, products: number): [Uint32Array, Uint32Array] {
  const starts = new Uint32Array(products + 1);
  const visit = (take: (product: number, session: number) => void): void => {
    const lastIn = new Int32Array(products).fill(-1);
    for (let session = offsets.length - 2; session >= 0; session--) {
      for (let step = offsets[session]; step < offsets[session + 1]; step++) {
        const product = productRows[step];
        if (lastIn[product] === session) continue;
        lastIn[product] = session;
        take(product, session);
      }
    }
  };
  visit(product => {
    starts[product + 1]++;
  });
  for (let product = 0; product < products; product++) starts[product + 1] += starts[product];
  const next = starts.slice();
  const sessionsOf = new Uint32Array(starts[products]);
  visit((product, session) => {
    sessionsOf[next[product]++] = session;
  });
  return [starts, sessionsOf];
}

const decays = (scale: number, decay: number, length: number): Float64Array =>
  Float64Array.from({ length: length + 1 }, (_, distance) =>
    distance === 0 ? 0 : scale * decay ** (distance - 1),
  );

function workspaceOf(
  sessions: Sessions,
  products: number,
  repeatRates: Float32Array,
  config: SessionNeighboursConfig,
): Workspace {
  const count = sessions.offsets.length - 1;
  const [offsets, sessionsOf] = sessionsByProduct(sessions, products);
  const counts = Uint32Array.from({ length: products }, (_, row) => offsets[row + 1] - offsets[row]);
  const most = counts.reduce((highest, value) => Math.max(highest, value), 1);
  const lengthOf = (session: number): number => sessions.offsets[session + 1] - sessions.offsets[session];
  return {
    sessions,
    repeatRates,
    config,
    offsets,
    sessionsOf,
    rarities: Float64Array.from(counts, value => Math.log(1 + count / (value + 1)) ** config.rarityExponent),
    discounts: Float64Array.from(counts, value => (value + 1) ** -config.popularityExponent),
    popularity: Float32Array.from(counts, value => value / most),
    standings: Float64Array.from(
      { length: count },
      (_, session) =>
        lengthOf(session) ** -config.lengthExponent *
        Math.exp((-config.sessionDecay * (count - 1 - session)) / count),
    ),
    forward: decays(1, config.forwardDecay, config.maxLength),
    backward: decays(config.backwardShare, config.backwardDecay, config.maxLength),
    within: (1 + config.backwardShare) / 2,
    sums: new Float64Array(count),
    anchors: new Uint32Array(count),
    ages: new Map(),
    touched: new Uint32Array(count),
    similarity: new Float32Array(count),
  };
}

/** Adds the weight of one product of the history, at an age, to its sessions; returns the number of sessions touched so far. */
function touchProduct(
  { config, offsets, sessionsOf, sums, anchors, touched }: Workspace,
  product: number,
  { weight, age }: { readonly weight: number; readonly age: number },
  touchedBefore: number,
): number {
  let count = touchedBefore;
  const end = Math.min(offsets[product + 1], offsets[product] + config.maxSessionsPerProduct);
  if (!(weight > 0)) return count;
  for (let place = offsets[product]; place < end; place++) {
    const session = sessionsOf[place];
    if (sums[session] === 0) {
      touched[count++] = session;
      anchors[session] = age;
    }
    sums[session] += weight;
  }
  return count;
}

/**
 * Sums the weights of the products that each session shares with the history; returns the number of sessions
 * that share any.
 */
function touchSessions(workspace: Workspace, { productRows, weights, occurredAt }: ShopperHistory): number {
  const { config, rarities, ages } = workspace;
  const sessionStart = latestSessionStart(occurredAt);
  let count = 0;
  let [decay, age, instant] = [1, 0, Number.NaN];
  for (let entry = productRows.length - 1; entry >= 0; entry--) {
    if (!(weights[entry] > 0)) continue;
    if (ages.size > 0 && occurredAt[entry] !== instant) {
      age++;
      decay *= config.historyDecay;
    }
    if (!(decay > minWeight)) break;
    instant = occurredAt[entry];
    const product = productRows[entry];
    ages.set(product, age);
    const weight = decay * (entry < sessionStart ? config.pastShare : 1) * rarities[product];
    count = touchProduct(workspace, product, { weight, age }, count);
  }
  return count;
}

/** Returns the weight of a step at a distance from the anchor, in orders: above 0 after it. */
function nearness({ forward, backward, within }: Workspace, distance: number): number {
  if (distance === 0) return within;
  return distance > 0 ? forward[distance] : backward[-distance];
}

/** Adds the products of one session, weighted by their distance from the last position of a latest shared product. */
function addSession(workspace: Workspace, session: number, similarity: number, out: Float32Array): void {
  const { sessions, anchors, ages, discounts } = workspace;
  const { offsets, productRows, places } = sessions;
  const isAnchor = (step: number): boolean => ages.get(productRows[step]) === anchors[session];
  let anchor = offsets[session + 1] - 1;
  while (!isAnchor(anchor)) anchor--;
  for (let step = offsets[session]; step < offsets[session + 1]; step++) {
    const distance = places[step] - places[anchor];
    if (distance === 0 && isAnchor(step)) continue;
    const product = productRows[step];
    out[product] += similarity * nearness(workspace, distance) * discounts[product];
  }
}

/** Adds the products of the most similar sessions. Clears the scratch. */
function addNeighbours(workspace: Workspace, history: ShopperHistory, out: Float32Array): void {
  const { config, sums, touched, similarity, standings, ages } = workspace;
  ages.clear();
  const count = touchSessions(workspace, history);
  // In order of session, so that sums and ties do not depend on the history's order.
  touched.subarray(0, count).sort();
  for (let index = 0; index < count; index++) {
    const session = touched[index];
    similarity[index] = sums[session] ** config.similarityExponent * standings[session];
    sums[session] = 0;
  }
  if (count <= config.neighbours) {
    for (let index = 0; index < count; index++) addSession(workspace, touched[index], similarity[index], out);
    return;
  }
  const places = new Uint32Array(config.neighbours);
  const kept = new Float32Array(config.neighbours);
  topKInto(similarity.subarray(0, count), places, kept);
  for (const [index, place] of places.entries()) addSession(workspace, touched[place], kept[index], out);
}

function normalize(out: Float32Array): void {
  let sum = 0;
  for (let product = 0; product < out.length; product++) sum += out[product];
  if (!(sum > 0)) return;
  for (let product = 0; product < out.length; product++) out[product] /= sum;
}

function scoreOne(workspace: Workspace, history: ShopperHistory, out: Float32Array): void {
  if (history.productRows.length === 0) {
    out.fill(Number.NaN);
    return;
  }
  out.fill(0);
  addNeighbours(workspace, history, out);
  normalize(out);
  addRepeats(workspace.repeatRates, history, out);
  for (let product = 0; product < out.length; product++) {
    out[product] += popularityShare * workspace.popularity[product];
  }
}

/** Returns a scorer by stored sessions. Keeps plain lists of products and no shopper data. */
export function sessionNeighboursScorer(
  products: Vocabulary,
  sessions: Sessions,
  repeatRates: Float32Array,
  config: SessionNeighboursConfig,
): Scorer {
  const workspace = workspaceOf(sessions, products.size, repeatRates, config);
  return {
    products,
    scoreInto(histories, out) {
      checkOut({ products }, histories.length, out);
      for (const [index, history] of histories.entries()) {
        scoreOne(workspace, history, out.subarray(index * products.size, (index + 1) * products.size));
      }
    },
  };
}
