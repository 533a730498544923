import { moveEventKey, shopEventKeyOf } from '../../domain/eventKey';
import type { ShopId, UserId } from '../../domain/ids';
import { type Interaction, interactionCodes } from '../../domain/interaction';
import type { InteractionColumns, InteractionFilter, InteractionStore } from '../ports/interaction';
import type { IdentifyRequest } from '../ports/user';
import { ByShop } from './byShop';
import type { MemoryChanges } from './changes';
import { comparePositions, pageOf } from './order';
import type { MemoryProducts } from './products';
import type { MemoryUsers } from './users';

const batchLength = 20_000;
const positionOf = (row: Interaction) => ({ at: row.occurredAt, id: row.id });
const oldestFirst = (left: Interaction, right: Interaction) =>
  comparePositions(positionOf(left), positionOf(right));

function columnsOf(rows: readonly Interaction[]): InteractionColumns {
  return {
    length: rows.length,
    userIds: rows.map(row => row.userId),
    productIds: rows.map(row => row.productId),
    types: Uint8Array.from(rows, row => interactionCodes[row.type]),
    values: Float64Array.from(rows, row => row.value ?? Number.NaN),
    sessionIds: rows.map(row => row.sessionId),
    queryTexts: rows.map(row => row.queryText),
    occurredAt: Float64Array.from(rows, row => row.occurredAt),
  };
}

function passes(row: Interaction, { types, since, until }: InteractionFilter): boolean {
  return (
    (types === undefined || types.includes(row.type)) &&
    (since === undefined || row.occurredAt >= since) &&
    (until === undefined || row.occurredAt <= until)
  );
}

/** The events of all shops, by their id and by their shopper. */
interface Events {
  readonly byId: ByShop<Interaction>;
  readonly byUser: ByShop<Interaction[]>;
}

/** Returns whether the event is stored, or is of a shopper's own token and the shop sent the same event of the shopper before. */
function isStored({ byId }: Events, { shopId, id, userId, receivedAt }: Interaction): boolean {
  const rows = byId.of(shopId);
  const shopKey = shopEventKeyOf(id);
  const sent = shopKey === null ? undefined : rows.get(shopKey);
  return rows.has(id) || (sent?.userId === userId && sent.receivedAt < receivedAt);
}

function keep({ byId, byUser }: Events, row: Interaction): void {
  byId.of(row.shopId).set(row.id, row);
  const ofUser = byUser.of(row.shopId).get(row.userId);
  if (ofUser === undefined) byUser.of(row.shopId).set(row.userId, [row]);
  else ofUser.push(row);
}

function drop({ byId, byUser }: Events, row: Interaction): void {
  byId.of(row.shopId).delete(row.id);
  const rest = (byUser.of(row.shopId).get(row.userId) ?? []).filter(other => other.id !== row.id);
  byUser.of(row.shopId).set(row.userId, rest);
}

function recentOfUsers(
  { byUser }: Events,
  shopId: ShopId,
  userIds: readonly UserId[],
  limit: number,
  isWanted: (row: Interaction) => boolean,
): ReadonlyMap<UserId, readonly Interaction[]> {
  const found = new Map<UserId, readonly Interaction[]>();
  for (const userId of userIds) {
    const rows = (byUser.of(shopId).get(userId) ?? []).filter(isWanted);
    rows.sort((left, right) => oldestFirst(right, left));
    if (rows.length > 0) found.set(userId, rows.slice(0, limit));
  }
  return found;
}

/** Gives the events of a visitor to a shopper; drops those that the shopper has sent as well. Returns how many moved. */
function moveEvents(events: Events, shopId: ShopId, request: IdentifyRequest): number {
  const { anonymousId, userId, anonymousSpace, userSpace } = request;
  let moved = 0;
  for (const row of [...(events.byUser.of(shopId).get(anonymousId) ?? [])]) {
    drop(events, row);
    const id = moveEventKey(row.id, anonymousSpace, userSpace);
    if (events.byId.of(shopId).has(id)) continue;
    keep(events, { ...row, id, userId });
    moved++;
  }
  return moved;
}

/** The in-memory store of events, which can give those of a visitor to a shopper. */
export interface MemoryInteractions {
  readonly store: InteractionStore;
  /** Returns how many events were moved. */
  move(shopId: ShopId, request: IdentifyRequest): number;
}

/** Creates the in-memory store of events. */
export function createMemoryInteractions(
  users: MemoryUsers,
  products: MemoryProducts,
  changes: MemoryChanges,
): MemoryInteractions {
  const events: Events = { byId: new ByShop(), byUser: new ByShop() };
  const { byId, byUser } = events;

  const store: InteractionStore = {
    async insertMany(rows) {
      const grown = new Set<ShopId>();
      const outcomes = rows.map(row => {
        if (isStored(events, row)) return 'duplicate' as const;
        keep(events, row);
        users.addStub(row.shopId, row.userId, row.receivedAt);
        if (row.productId !== null && products.addStub(row.shopId, row.productId, row.receivedAt)) {
          grown.add(row.shopId);
        }
        return 'accepted' as const;
      });
      for (const shopId of grown) changes.announce({ kind: 'catalogue', shopId });
      return outcomes;
    },
    async recentOf(shopId, userIds, limit) {
      return recentOfUsers(events, shopId, userIds, limit, row => row.productId !== null);
    },
    async recentWithSearchesOf(shopId, userIds, limit) {
      return recentOfUsers(events, shopId, userIds, limit, () => true);
    },
    async pageOfUser(shopId, userId, request, filter = {}) {
      const rows = (byUser.of(shopId).get(userId) ?? []).filter(row => passes(row, filter));
      return pageOf(rows, request, positionOf, -1);
    },
    async page(shopId, request) {
      return pageOf(byId.of(shopId).values(), request, positionOf, 1);
    },
    async *scan(shopId, until) {
      const rows = [...byId.of(shopId).values()].filter(row => row.occurredAt <= until).sort(oldestFirst);
      for (let start = 0; start < rows.length; start += batchLength) {
        yield columnsOf(rows.slice(start, start + batchLength));
      }
    },
    async count(shopId) {
      return byId.of(shopId).size;
    },
    async removeOlderThan(shopId, before) {
      const old = [...byId.of(shopId).values()].filter(row => row.occurredAt < before);
      for (const row of old) drop(events, row);
      return old.length;
    },
  };
  return { store, move: (shopId, request) => moveEvents(events, shopId, request) };
}
