import type { ProductId, UserId } from '../../../domain/ids';
import type { CampaignStore } from '../../../store/ports/campaign';
import type { ImportRunStore } from '../../../store/ports/importRun';
import type { InteractionStore } from '../../../store/ports/interaction';
import type { InterestStore } from '../../../store/ports/interest';
import type { ProductStore } from '../../../store/ports/product';
import type { ShopStore } from '../../../store/ports/shop';
import type { SocialStore } from '../../../store/ports/social';
import type { UserStore } from '../../../store/ports/user';

/** What an import needs of the stores. */
export interface ImportStores {
  readonly shops: Pick<ShopStore, 'find' | 'upsert' | 'changePolicy'>;
  readonly products: Pick<ProductStore, 'upsertMany' | 'count'>;
  readonly users: Pick<UserStore, 'upsertMany' | 'count' | 'rightsOf' | 'restoreIdentities'>;
  readonly interactions: Pick<InteractionStore, 'insertMany'>;
  readonly campaigns: Pick<
    CampaignStore,
    'upsertMany' | 'upsertOffers' | 'upsertContacts' | 'insertOutcomes'
  >;
  readonly social: Pick<SocialStore, 'upsertPosts' | 'upsertReactions' | 'upsertFollows'>;
  readonly interests: Pick<InterestStore, 'restoreTags'>;
  readonly importRuns: ImportRunStore;
}

/** Number of ids of events that a dry run keeps to find duplicates; further events all count as new. */
const maxKnownEvents = 1_000_000;

/** Adds a key unless the set is full. Returns whether it was new. */
function isNew(known: Set<string>, key: string): boolean {
  if (known.has(key)) return false;
  if (known.size < maxKnownEvents) known.add(key);
  return true;
}

/** Creates stores of an empty shop that count what they would write, and keep nothing else. */
export function createDryRunStores(): ImportStores {
  const products = new Set<ProductId>();
  const users = new Set<UserId>();
  const deactivated = new Map<UserId, number | null>();
  const events = new Set<string>();
  const addTo = <Id>(ids: Set<Id>, id: Id): 'created' | 'updated' => {
    const outcome = ids.has(id) ? 'updated' : 'created';
    ids.add(id);
    return outcome;
  };
  const nothing = async (): Promise<void> => undefined;
  return {
    shops: { find: async () => null, upsert: nothing, changePolicy: async () => null },
    products: {
      upsertMany: async (_shopId, rows) => rows.map(({ id }) => addTo(products, id)),
      count: async () => products.size,
    },
    users: {
      upsertMany: async (_shopId, rows) =>
        rows.map(({ id, deactivatedAt }) => {
          if (deactivatedAt !== undefined) deactivated.set(id, deactivatedAt);
          return addTo(users, id);
        }),
      rightsOf: async (_shopId, ids) =>
        new Map(ids.map(id => [id, { deactivatedAt: deactivated.get(id) ?? null, withheld: [] }])),
      count: async () => users.size,
      restoreIdentities: nothing,
    },
    interactions: {
      insertMany: async rows =>
        rows.map(({ id, userId, productId }) => {
          users.add(userId);
          if (productId !== null) products.add(productId);
          return isNew(events, id) ? 'accepted' : 'duplicate';
        }),
    },
    campaigns: {
      upsertMany: nothing,
      upsertOffers: nothing,
      upsertContacts: nothing,
      insertOutcomes: nothing,
    },
    social: { upsertPosts: nothing, upsertReactions: nothing, upsertFollows: nothing },
    interests: { restoreTags: nothing },
    importRuns: { find: async () => null, save: nothing },
  };
}
