import type { ProductId, ShopId, UserId } from '../../domain/ids';
import type {
  InterestedUser,
  InterestTagEdit,
  InterestTagRecord,
  LearnedInterestTag,
  WeightedInterest,
  WeightedTag,
} from '../../domain/interest';
import { restoredTags } from '../../domain/restoredTags';
import {
  type InterestStore,
  type TagChange,
  type TagGroup,
  type WeightRequest,
  weightUnits,
} from '../ports/interest';
import type { Page } from '../ports/page';
import type { UserStore } from '../ports/user';
import { ByShop, pick } from './byShop';
import { compareText } from './order';
import { personalizableUsers } from './personalizableUsers';

/** Weighted tags, and when they were last saved. */
interface Stored<Tag extends WeightedTag> {
  readonly tags: readonly Tag[];
  readonly at: number;
}

interface Summed {
  readonly id: string;
  /** In billionths. */
  readonly units: number;
  readonly confidence: number;
}

/** The in-memory store of interests, and the removal of a shopper's interests. */
export interface MemoryInterests {
  readonly store: InterestStore;
  forget(shopId: ShopId, userId: UserId): void;
}

const heaviestFirst = (left: WeightedTag, right: WeightedTag): number =>
  right.weight - left.weight || compareText(left.tagId, right.tagId);

const unedited = { nameEdits: {}, isHidden: false, isPinned: false, mergedIntoId: null };

function edited(tag: InterestTagRecord, edit: InterestTagEdit, now: number): InterestTagRecord {
  const { names = {}, ...rest } = edit;
  const all = Object.entries<string | null>({ ...tag.nameEdits, ...names });
  const nameEdits = Object.fromEntries(all.filter(([, name]) => name !== null)) as Record<string, string>;
  return { ...tag, ...rest, nameEdits, updatedAt: now };
}

/** Sums weights per row over the tags of a group; returns sums of at least `minWeight`, highest first. */
function sumsOf(
  rows: ReadonlyMap<string, Stored<WeightedTag & { readonly confidence?: number }>>,
  { tagIds }: TagGroup,
  minWeight: number,
): readonly Summed[] {
  const wanted = new Set(tagIds);
  const sums: Summed[] = [];
  for (const [id, { tags }] of rows) {
    const ofGroup = tags.filter(({ tagId }) => wanted.has(tagId));
    const units = Math.round(ofGroup.reduce((sum, { weight }) => sum + weight, 0) * weightUnits);
    const confidence = ofGroup.reduce((most, tag) => Math.max(most, tag.confidence ?? 0), 0);
    if (ofGroup.length > 0 && units >= minWeight * weightUnits) sums.push({ id, units, confidence });
  }
  return sums.sort((left, right) => right.units - left.units || compareText(left.id, right.id));
}

function pageOf<Row>(
  sums: readonly Summed[],
  { first, after }: WeightRequest,
  rowOf: (sum: Summed) => Row,
): Page<Row> {
  const rest = sums.filter(
    ({ units, id }) =>
      after === undefined || units < after.at || (units === after.at && compareText(id, after.id) > 0),
  );
  return { rows: rest.slice(0, first).map(rowOf), hasNext: rest.length > first };
}

const byKey = <Value>(groups: readonly TagGroup[], toValue: (group: TagGroup) => Value) =>
  new Map(groups.map(group => [group.key, toValue(group)]));

const tagsOf = <Id extends string, Tag extends WeightedTag>(
  rows: ReadonlyMap<string, Stored<Tag>>,
  ids: readonly Id[],
): ReadonlyMap<Id, readonly Tag[]> =>
  new Map([...pick(rows, ids)].map(([id, { tags }]) => [id, [...tags].sort(heaviestFirst)]));

function replace<Tag extends WeightedTag>(
  rows: Map<string, Stored<Tag>>,
  given: ReadonlyMap<string, readonly Tag[]>,
  at: number,
): void {
  for (const [id, tags] of given) {
    if (tags.length > 0) rows.set(id, { tags, at });
    else rows.delete(id);
  }
}

function dropOlder(rows: Map<string, Stored<WeightedTag>>, before: number): void {
  for (const [id, { at }] of [...rows]) if (at < before) rows.delete(id);
}

/** Adds the learned tags or updates them, and deactivates all others. */
function saveTags(
  kept: Map<string, InterestTagRecord>,
  learned: readonly LearnedInterestTag[],
  {
    shopId,
    modelVersion,
    now,
  }: { readonly shopId: ShopId; readonly modelVersion: string; readonly now: number },
): void {
  for (const tag of kept.values()) kept.set(tag.id, { ...tag, isActive: false });
  for (const tag of learned) {
    const { createdAt = now, ...known } = kept.get(tag.id) ?? {};
    const found = { shopId, isActive: true, modelVersion, createdAt, updatedAt: now };
    kept.set(tag.id, { ...unedited, ...known, ...tag, ...found });
  }
}

/** Adds tags of an export; a known tag gets their edits only. */
function restoreTags(
  kept: Map<string, InterestTagRecord>,
  shopId: ShopId,
  given: readonly InterestTagRecord[],
): void {
  for (const tag of restoredTags([...kept.values()], given)) {
    const { nameEdits, isHidden, isPinned, mergedIntoId, updatedAt } = tag;
    const edits = { nameEdits, isHidden, isPinned, mergedIntoId, updatedAt };
    kept.set(tag.id, { ...(kept.get(tag.id) ?? tag), ...edits, shopId });
  }
}

const sortedTags = (kept: ReadonlyMap<string, InterestTagRecord>): readonly InterestTagRecord[] =>
  [...kept.values()].sort((left, right) => compareText(left.id, right.id));

/** Edits a tag; one that does not exist is ignored. */
function change(kept: Map<string, InterestTagRecord>, { tagId, edit }: TagChange, now: number): void {
  const tag = kept.get(tagId);
  if (tag !== undefined) kept.set(tagId, edited(tag, edit, now));
}

const toUser = ({ id, units, confidence }: Summed): InterestedUser => ({
  userId: id as UserId,
  weight: units / weightUnits,
  confidence,
});

/** Returns the rows without those of some users. */
const without = <Row>(
  rows: ReadonlyMap<string, Row>,
  userIds: ReadonlySet<string>,
): ReadonlyMap<string, Row> => new Map([...rows].filter(([id]) => !userIds.has(id)));

/** Creates the in-memory store of interests. */
export function createMemoryInterests(users: UserStore): MemoryInterests {
  const tags = new ByShop<InterestTagRecord>();
  const ofUsers = new ByShop<Stored<WeightedInterest>>();
  const ofProducts = new ByShop<Stored<WeightedTag>>();

  const store: InterestStore = {
    async saveTags(shopId, learned, modelVersion, now) {
      saveTags(tags.of(shopId), learned, { shopId, modelVersion, now });
    },
    restoreTags: async (shopId, given) => restoreTags(tags.of(shopId), shopId, given),
    tagsOf: async shopId => sortedTags(tags.of(shopId)),
    async editTag(shopId, decide, now) {
      const decided = decide(sortedTags(tags.of(shopId)));
      if (decided !== null) change(tags.of(shopId), decided, now);
    },
    async saveProducts(shopId, products, now) {
      replace(ofProducts.of(shopId), products, now);
    },
    async saveUsers(shopId, given, now) {
      const allowed = await personalizableUsers(users, shopId, [...given.keys()]);
      const kept = ofUsers.of(shopId);
      const rows = [...given]
        .filter(([id]) => (kept.get(id)?.at ?? now) <= now)
        .map(([id, interests]) => [id, allowed.has(id) ? interests : []] as const);
      replace(kept, new Map(rows), now);
    },
    async removeOlder(shopId, before) {
      dropOlder(ofUsers.of(shopId), before);
      dropOlder(ofProducts.of(shopId), before);
    },
    async tagsOfProducts(shopId, ids) {
      return tagsOf(ofProducts.of(shopId), ids);
    },
    async tagsOfUsers(shopId, ids) {
      return tagsOf(ofUsers.of(shopId), ids);
    },
    async pagesOfUsers(shopId, groups, request) {
      const rows = ofUsers.of(shopId);
      return byKey(groups, group => pageOf(sumsOf(rows, group, request.minWeight), request, toUser));
    },
    async pagesOfProducts(shopId, groups, request) {
      const rowOf = ({ id, units }: Summed) => ({ productId: id as ProductId, weight: units / weightUnits });
      const rows = ofProducts.of(shopId);
      return byKey(groups, group => pageOf(sumsOf(rows, group, request.minWeight), request, rowOf));
    },
    async countUsers(shopId, groups, minWeight) {
      const counted = without(ofUsers.of(shopId), await users.withholding(shopId, 'ANALYTICS'));
      return byKey(groups, group => sumsOf(counted, group, minWeight).length);
    },
  };
  return { store, forget: (shopId, userId) => void ofUsers.of(shopId).delete(userId) };
}
