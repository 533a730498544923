import type { ShopId } from '../domain/ids';
import type { ModelCard } from '../models/model';
import type { InteractionColumns, Stores } from '../store/ports';

/** How much data a model needs and how much there is. */
export interface TrainingReadiness {
  readonly model: string;
  readonly needed: { readonly events: number; readonly users: number };
  /**
   * Events that name a product, and users with at least two distinct products. Counting stops when every model has
   * enough, so `have` is exact below what is needed and may be too low above it.
   */
  readonly have: { readonly events: number; readonly users: number };
  readonly isReady: boolean;
}

/** Counts events and users with two products, batch by batch. */
function createCounter(): {
  add(batch: InteractionColumns): void;
  readonly events: number;
  readonly users: number;
} {
  const firstProduct = new Map<string, string>();
  const withTwo = new Set<string>();
  let events = 0;
  return {
    add({ length, userIds, productIds }) {
      for (let index = 0; index < length; index++) {
        const productId = productIds[index];
        if (productId === null) continue;
        events++;
        const userId = userIds[index];
        const first = firstProduct.get(userId);
        if (first === undefined) firstProduct.set(userId, productId);
        else if (first !== productId) withTwo.add(userId);
      }
    },
    get events() {
      return events;
    },
    get users() {
      return withTwo.size;
    },
  };
}

/**
 * Says of every model how much data it needs and how much the shop has. Reads events only until all have enough.
 *
 * @param cards - of the models asked about
 * @param until - instant up to which events count, milliseconds since the epoch
 * @throws {GatewayError} UNAVAILABLE
 */
export async function trainingReadiness(
  stores: Pick<Stores, 'interactions'>,
  shopId: ShopId,
  cards: readonly ModelCard[],
  until: number,
): Promise<readonly TrainingReadiness[]> {
  const counter = createCounter();
  const isEnough = ({ needs }: ModelCard): boolean =>
    counter.events >= needs.events && counter.users >= needs.users;
  for await (const batch of stores.interactions.scan(shopId, until)) {
    counter.add(batch);
    if (cards.every(isEnough)) break;
  }
  return cards.map(card => ({
    model: card.name,
    needed: card.needs,
    have: { events: counter.events, users: counter.users },
    isReady: isEnough(card),
  }));
}
