import type { RecordedIdentity } from '../../domain/identity';
import { type ShopId, toUserId, type UserId } from '../../domain/ids';
import {
  type Consent,
  type ConsentPurpose,
  consentPurposes,
  requiresForgetting,
  type ShopperRights,
  type User,
} from '../../domain/user';
import type { UserStore, UserUpsert } from '../ports/user';
import { ByShop, pick } from './byShop';
import type { MemoryChanges } from './changes';
import { createMemoryIdentify, type IdentifyContext } from './identify';
import { pageOf, scanOf } from './order';

type ConsentsByPurpose = Map<ConsentPurpose, Consent>;

/** The in-memory store of shoppers, to which the interactions add stubs. */
export interface MemoryUsers {
  readonly store: UserStore;
  addStub(shopId: ShopId, id: UserId, now: number): void;
}

const newUser = (shopId: ShopId, id: UserId, now: number, isStub: boolean): User => ({
  shopId,
  id,
  locale: null,
  attributes: {},
  isStub,
  createdAt: now,
  updatedAt: now,
  deactivatedAt: null,
});

const merged = (user: User, upsert: UserUpsert, now: number): User => ({
  ...user,
  locale: upsert.locale === undefined ? user.locale : upsert.locale,
  attributes: upsert.attributes ?? user.attributes,
  deactivatedAt: upsert.deactivatedAt === undefined ? user.deactivatedAt : upsert.deactivatedAt,
  isStub: false,
  createdAt: upsert.createdAt ?? user.createdAt,
  updatedAt: now,
});

const isWithheld = (answers: ConsentsByPurpose | undefined, purpose: ConsentPurpose): boolean =>
  answers?.get(purpose)?.granted === false;

/** Methods on what may be done with the data of users. */
const rightsIn = (
  users: ByShop<User>,
  consents: ByShop<ConsentsByPurpose>,
): Pick<UserStore, 'rightsOf' | 'withholding'> => ({
  async rightsOf(shopId, ids) {
    const rightsOf = (id: UserId): ShopperRights => ({
      deactivatedAt: users.of(shopId).get(id)?.deactivatedAt ?? null,
      withheld: consentPurposes.filter(purpose => isWithheld(consents.of(shopId).get(id), purpose)),
    });
    return new Map(ids.map(id => [id, rightsOf(id)]));
  },
  async withholding(shopId, purpose) {
    const answers = [...consents.of(shopId)].filter(([, given]) => isWithheld(given, purpose));
    return new Set(answers.map(([id]) => toUserId(id)));
  },
});

/** Methods on the records of merges. */
const recordsOf = (
  identities: ByShop<RecordedIdentity>,
): Pick<UserStore, 'identifiedAmong' | 'scanIdentities' | 'restoreIdentities'> => ({
  async identifiedAmong(shopId, ids) {
    return new Set(ids.filter(id => identities.of(shopId).has(id)));
  },
  async *scanIdentities(shopId) {
    yield* scanOf(identities.of(shopId).values(), ({ anonymousId }) => [anonymousId]);
  },
  async restoreIdentities(shopId, rows) {
    const known = identities.of(shopId);
    for (const identity of rows) known.set(identity.anonymousId, known.get(identity.anonymousId) ?? identity);
  },
});

/** What the other stores do to the data of a shopper. */
export interface ShopperData {
  /** Removes the derived data of a shopper who was deactivated or withdrew consent. */
  forget(shopId: ShopId, userId: UserId): void;
  /** Gives events and lists of a visitor to a shopper; returns how many of each. */
  move: IdentifyContext['move'];
}

/** Creates the in-memory store of shoppers. */
export function createMemoryUsers(changes: MemoryChanges, data: ShopperData): MemoryUsers {
  const users = new ByShop<User>();
  const consents = new ByShop<ConsentsByPurpose>();
  const identities = new ByShop<RecordedIdentity>();

  function storeConsents(shopId: ShopId, upsert: UserUpsert, now: number): void {
    const answers: ConsentsByPurpose = consents.of(shopId).get(upsert.id) ?? new Map();
    for (const consent of upsert.consents ?? []) answers.set(consent.purpose, { updatedAt: now, ...consent });
    if (answers.size > 0) consents.of(shopId).set(upsert.id, answers);
  }

  function addStub(shopId: ShopId, id: UserId, now: number): void {
    if (!users.of(shopId).has(id)) users.of(shopId).set(id, newUser(shopId, id, now, true));
  }

  const upsertMany: UserStore['upsertMany'] = async (shopId, upserts, now) => {
    const outcomes = upserts.map(upsert => {
      const known = users.of(shopId).get(upsert.id);
      users.of(shopId).set(upsert.id, merged(known ?? newUser(shopId, upsert.id, now, false), upsert, now));
      storeConsents(shopId, upsert, now);
      return known === undefined ? ('created' as const) : ('updated' as const);
    });
    for (const { id: userId } of upserts.filter(requiresForgetting)) {
      data.forget(shopId, userId);
      changes.announce({ kind: 'user', shopId, userId });
    }
    return outcomes;
  };

  const store: UserStore = {
    upsertMany,
    identify: createMemoryIdentify({
      users,
      identities,
      consents,
      changes,
      addStub,
      upsertMany,
      move: data.move,
    }),
    ...recordsOf(identities),
    async findMany(shopId, ids) {
      return pick(users.of(shopId), ids);
    },
    async consentsOf(shopId, ids) {
      const found = new Map<UserId, readonly Consent[]>();
      for (const [id, answers] of pick(consents.of(shopId), ids)) found.set(id, [...answers.values()]);
      return found;
    },
    ...rightsIn(users, consents),
    async page(shopId, request) {
      return pageOf(users.of(shopId).values(), request, user => ({ at: user.createdAt, id: user.id }), 1);
    },
    async count(shopId) {
      return users.of(shopId).size;
    },
  };
  return { store, addStub };
}
