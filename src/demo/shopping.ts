import type { Rng } from '../numeric/rng';
import { festivity, monthOf } from './calendar';
import { type DemoProduct, kinds, kindsOfTaste } from './catalogue';
import { chance, drawIndex, geometric, pick } from './draws';
import { nextStep } from './nextStep';
import { attentionOn, type Shopper } from './people';
import { queryFor } from './queries';
import type { Shelves } from './shelves';
import { tastes } from './tastes/tastes';
import type { Visit } from './visit';

/** State of a shopper that persists between visits. */
export interface Memory {
  /** Number of kinds of each taste's kit bought so far. */
  readonly kitStage: Uint8Array;
  /** Kind last bought in each taste; -1: none. */
  readonly lastKind: Int16Array;
  /** Products in the cart. */
  cart: number[];
  /** Product last bought, which followers may view; -1: none. */
  lastBought: number;
}

/** Creates the state of a shopper without purchases. */
export const createMemory = (): Memory => ({
  kitStage: new Uint8Array(tastes.length),
  lastKind: new Int16Array(tastes.length).fill(-1),
  cart: [],
  lastBought: -1,
});

/** The context of a visit. */
export interface Scene {
  readonly catalogue: readonly DemoProduct[];
  readonly shelves: Shelves;
  readonly shopper: Shopper;
  readonly memory: Memory;
  /** Indices of the shoppers they follow. */
  readonly friends: Uint32Array;
  /** Those of all shoppers, by index. */
  readonly memories: readonly Memory[];
  readonly day: number;
  /** Milliseconds since the epoch. */
  readonly startsAt: number;
}

/** A viewed product and how much it was liked (0-1). */
interface Look {
  readonly index: number;
  readonly liking: number;
}

/** Simulates an ordinary visit: perhaps a kept cart, then a mission in one taste, perhaps a cart and its payment. */
export function shop(visit: Visit, scene: Scene): void {
  resumeCart(visit, scene);
  const { rng } = visit;
  const taste = chooseMission(rng, scene);
  const kind = chooseKind(rng, taste, scene.memory);
  const hasSearched = visit.isNew && chance(rng, scene.shopper.searchRate);
  if (hasSearched) {
    visit.record('SEARCH', null, { queryText: queryFor(rng, kinds[kind], scene.shopper.language) });
  }
  const looks = viewCandidates(visit, scene, kind);
  if (looks.length === 0) return;
  const manner = hasSearched ? 'searched' : 'browsed';
  const { from, rate } = nextStep.comparedBonus;
  if (!chance(rng, nextStep.cartRate[manner] + (looks.length >= from ? rate : 0))) return;
  fillCart(visit, scene, looks);
  checkOut(visit, scene, nextStep.payRate[manner], nextStep.removeRate);
}

/** Simulates the purchase of a campaign's conversion. */
export function buyOne(visit: Visit, scene: Scene, product: number): void {
  look(visit, scene, product);
  addToCart(visit, scene, product);
  checkOut(visit, scene, 1, 0);
}

function resumeCart(visit: Visit, scene: Scene): void {
  const { memory } = scene;
  const { rate, payRate, removeRate } = nextStep.resumed;
  if (memory.cart.length === 0 || !chance(visit.rng, rate)) return;
  visit.record('VIEW', productOf(scene, memory.cart[0]).product.id);
  checkOut(visit, scene, payRate, removeRate);
}

const attention = new Float64Array(tastes.length);
const sums = new Float64Array(tastes.length);

/** Draws a taste by the shopper's attention and the season. */
function chooseMission(rng: Rng, scene: Scene): number {
  const month = monthOf(scene.startsAt);
  attentionOn(scene.day, scene.shopper, attention);
  let total = 0;
  for (let taste = 0; taste < tastes.length; taste++) {
    total += attention[taste] * tastes[taste].season[month];
    sums[taste] = total;
  }
  return drawIndex(rng, sums);
}

function chooseKind(rng: Rng, taste: number, memory: Memory): number {
  const { own, shared } = kindsOfTaste[taste];
  const draw = rng.uniform();
  if (draw < nextStep.kit.nextRate) return own[memory.kitStage[taste] % own.length];
  const isAgain = draw < nextStep.kit.nextRate + nextStep.kit.againRate && memory.lastKind[taste] >= 0;
  if (isAgain) return memory.lastKind[taste];
  return shared.length > 0 && chance(rng, nextStep.sharedKindRate / (1 - nextStep.kit.nextRate))
    ? pick(rng, shared)
    : pick(rng, own);
}

/** Views products of a kind, or of its taste when the kind has no more, with views of other products between. */
function viewCandidates(visit: Visit, scene: Scene, kind: number): readonly Look[] {
  const looks: Look[] = [];
  const further = geometric(visit.rng, nextStep.furtherViews.mean, nextStep.furtherViews.max);
  for (let step = 0; step <= further; step++) {
    if (chance(visit.rng, nextStep.detourRate)) viewOffMission(visit, scene);
    const index = bestOfSome(visit.rng, scene, kind, looks);
    const other = index >= 0 ? index : bestOfSome(visit.rng, scene, siblingOf(visit.rng, kind), looks);
    if (other >= 0) looks.push(look(visit, scene, other));
  }
  return looks;
}

/** Any kind of the same taste, for a shopper who has seen all products of one kind. */
const siblingOf = (rng: Rng, kind: number): number => pick(rng, kindsOfTaste[kinds[kind].taste].own);

const candidates = 3;

/** Returns the product with the highest utility among a few drawn by demand and not yet viewed; -1 when there is none. */
function bestOfSome(rng: Rng, scene: Scene, kind: number, seen: readonly Look[] = []): number {
  let best = -1;
  let bestUtility = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < candidates; i++) {
    const index = scene.shelves.drawOf(rng, kind);
    if (index < 0) return -1;
    if (seen.some(look => look.index === index)) continue;
    const utility = utilityOf(scene, index) - 0.4 * Math.log(-Math.log(1 - rng.uniform()));
    if (utility > bestUtility) [best, bestUtility] = [index, utility];
  }
  return best;
}

/** Utility of a product for a shopper: price near their preference, favourite brand, quality. Typically about 0. */
function utilityOf(scene: Scene, index: number): number {
  const entry = productOf(scene, index);
  const { shopper } = scene;
  const distance = Math.abs(entry.priceLevel - shopper.priceWish);
  const isFavourite = shopper.brands[kinds[entry.kind].taste] === entry.brand;
  return (isFavourite ? 0.9 : 0) + 0.3 * entry.quality + 0.4 - shopper.priceSensitivity * distance;
}

function look(visit: Visit, scene: Scene, index: number): Look {
  const { rng } = visit;
  const { id } = productOf(scene, index).product;
  const liking = 1 / (1 + Math.exp(-1.5 * utilityOf(scene, index)));
  visit.record('VIEW', id);
  const { base, liking: more } = nextStep.clickRate;
  if (chance(rng, base + more * liking)) visit.record('CLICK', id);
  if (liking > 0.6 && chance(rng, nextStep.wishlistRate)) visit.record('WISHLIST', id);
  if (liking > 0.6 && chance(rng, nextStep.shareRate)) visit.record('SHARE', id);
  if (liking < 0.35 && chance(rng, nextStep.dislikeRate)) visit.record('DISLIKE', id);
  return { index, liking };
}

/** Views a product outside the mission. */
function viewOffMission(visit: Visit, scene: Scene): void {
  const { rng } = visit;
  const draw = rng.uniform();
  const friend = scene.friends.length === 0 ? -1 : scene.friends[rng.int(scene.friends.length)];
  let index = -1;
  if (draw < 0.25 && friend >= 0) index = scene.memories[friend].lastBought;
  else if (draw < 0.6)
    index = bestOfSome(rng, scene, chooseKind(rng, chooseMission(rng, scene), scene.memory));
  if (index < 0) index = scene.shelves.drawAny(rng);
  look(visit, scene, index);
}

function fillCart(visit: Visit, scene: Scene, looks: readonly Look[]): void {
  const { rng } = visit;
  const best = looks.reduce((liked, next) => (next.liking > liked.liking ? next : liked));
  const chosen = chance(rng, nextStep.returnToFirstRate) ? looks[0] : best;
  addToCart(visit, scene, chosen.index);
  if (!chance(rng, nextStep.crossSell.lookRate)) return;
  const { own } = kindsOfTaste[kinds[productOf(scene, chosen.index).kind].taste];
  const at = own.indexOf(productOf(scene, chosen.index).kind);
  const companion = bestOfSome(rng, scene, own[(at + 1) % own.length]);
  if (companion < 0) return;
  look(visit, scene, companion);
  if (chance(rng, nextStep.crossSell.addRate)) addToCart(visit, scene, companion);
}

const maxCartSize = 6;

function addToCart(visit: Visit, scene: Scene, index: number): void {
  const { memory } = scene;
  if (memory.cart.includes(index) || memory.cart.length >= maxCartSize) return;
  memory.cart.push(index);
  visit.record('CART_ADD', productOf(scene, index).product.id, {
    value: 1,
    priceMinor: priceNow(scene, index),
  });
}

/** Pays for the cart, empties it, or keeps it for a later visit. */
function checkOut(visit: Visit, scene: Scene, payRate: number, removeRate: number): void {
  const { memory } = scene;
  const rate = Math.min(1, payRate * Math.sqrt(festivity(scene.startsAt)));
  if (chance(visit.rng, rate)) {
    for (const index of memory.cart) buy(visit, scene, index);
    memory.cart = [];
  } else if (chance(visit.rng, removeRate)) {
    for (const index of memory.cart)
      visit.record('CART_REMOVE', productOf(scene, index).product.id, { value: 1 });
    memory.cart = [];
  }
}

function buy(visit: Visit, scene: Scene, index: number): void {
  const { rng } = visit;
  const { memory } = scene;
  const entry = productOf(scene, index);
  const productId = entry.product.id;
  const value = 1 + geometric(rng, 0.15, 4);
  visit.record('PURCHASE', productId, { value, priceMinor: priceNow(scene, index) });
  const { taste } = kinds[entry.kind];
  memory.kitStage[taste] = Math.min(memory.kitStage[taste] + 1, 250);
  memory.lastKind[taste] = entry.kind;
  memory.lastBought = index;
  if (chance(rng, nextStep.returnRate * Math.exp(-0.6 * entry.quality))) {
    visit.recordLater({ from: 3, to: 14 }, 'RETURN', { productId, value });
  }
  if (chance(rng, nextStep.ratingRate)) {
    visit.recordLater({ from: 4, to: 20 }, 'RATING', { productId, value: drawRating(rng, entry, scene) });
  }
}

function drawRating(rng: Rng, entry: DemoProduct, scene: Scene): number {
  const suits = scene.shopper.brands[kinds[entry.kind].taste] === entry.brand ? 0.4 : 0;
  return Math.max(1, Math.min(5, Math.round(3.9 + 0.7 * entry.quality + suits + 0.6 * rng.gaussian())));
}

/** Price with the sales-day discount of one seventh. */
function priceNow(scene: Scene, index: number): number {
  const price = productOf(scene, index).product.priceMinor ?? 0;
  return festivity(scene.startsAt) > 1.4 ? Math.round((price * 6) / 7) : price;
}

const productOf = (scene: Scene, index: number): DemoProduct => scene.catalogue[index];
