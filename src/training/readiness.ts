import type { ShopId } from '../domain/ids';
import type { DataNeeds, NeedsCard } from '../learning/needs';
import type { InteractionColumns } from '../store/ports/interaction';
import type { Stores } from '../store/ports/stores';

/** How much data a model needs and how much the shop has. */
export interface TrainingReadiness {
  readonly model: string;
  readonly needed: DataNeeds;
  /**
   * Events with a product, and users with at least two distinct products. Counting stops when every model has enough: numbers
   * below the need are exact, others may be too low. Described products are those that a training would read: active ones.
   */
  readonly have: { readonly events: number; readonly users: number; readonly documents: number };
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

/** Counts active described products until there are enough. Reads none when no model needs any. */
async function countDocuments(products: Stores['products'], shopId: ShopId, enough: number): Promise<number> {
  let documents = 0;
  if (enough === 0) return documents;
  for await (const batch of products.changedSince(shopId, 0)) {
    documents += batch.filter(({ isActive, isStub }) => isActive && !isStub).length;
    if (documents >= enough) break;
  }
  return documents;
}

/**
 * Returns how much data every model needs and how much the shop has. Reads events and products only until all have enough.
 *
 * @param cards - of the models asked about
 * @param until - instant up to which events count, milliseconds since the epoch
 * @throws {GatewayError} UNAVAILABLE
 */
export async function trainingReadiness(
  stores: Pick<Stores, 'interactions' | 'products'>,
  shopId: ShopId,
  cards: readonly NeedsCard[],
  until: number,
): Promise<readonly TrainingReadiness[]> {
  const counter = createCounter();
  const isEnough = ({ needs }: NeedsCard): boolean =>
    counter.events >= needs.events && counter.users >= needs.users;
  for await (const batch of stores.interactions.scan(shopId, until)) {
    counter.add(batch);
    if (cards.every(isEnough)) break;
  }
  const documentsNeeded = ({ needs: { documents = 0 } }: NeedsCard): number => documents;
  const documents = await countDocuments(stores.products, shopId, Math.max(0, ...cards.map(documentsNeeded)));
  return cards.map(card => ({
    model: card.name,
    needed: card.needs,
    have: { events: counter.events, users: counter.users, documents },
    isReady: isEnough(card) && documents >= documentsNeeded(card),
  }));
}
