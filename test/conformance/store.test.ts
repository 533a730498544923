import type { RecordedIdentity } from '../../src/domain/identity';
import type { ShopId } from '../../src/domain/ids';
import type { ActionPrediction } from '../../src/domain/prediction';
import { policyKeys, policyValueOf } from '../../src/domain/shopPolicy';
import { createMemoryStores } from '../../src/store/memory/stores';
import type { InteractionColumns } from '../../src/store/ports/interaction';
import type { Stores } from '../../src/store/ports/stores';
import { createPrismaStores } from '../../src/store/prisma/stores';
import { createTestDatabase } from '../support/database';
import { tagEdit } from '../support/tagEdit';
import { itBehavesLikeStores, storePromises } from './store';
import { freshShops } from './stores/promise';

describe('stores in memory', () => {
  itBehavesLikeStores(async () => {
    const stores = createMemoryStores();
    return { stores, close: stores.close };
  });
});

describe('stores over PostgreSQL', () => {
  itBehavesLikeStores(async () => {
    const database = await createTestDatabase();
    const stores = await createPrismaStores({ url: database.url, poolSize: 4 });
    return {
      stores,
      async close() {
        await stores.close();
        await database.drop();
      },
    };
  });
});

/** Stores in which some methods of one port are replaced. */
function withPort<Port extends keyof Stores>(
  port: Port,
  change: (original: Stores[Port]) => Partial<Stores[Port]>,
) {
  const stores = createMemoryStores();
  return { ...stores, [port]: { ...(stores[port] as object), ...change(stores[port]) } } as Stores;
}

const oneShop = 'one-shop' as ShopId;

/** Broken stores: how each is broken, and the promise that it must fail. */
const broken: readonly (readonly [string, () => Stores, string])[] = [
  [
    'that return "accepted" for everything',
    () =>
      withPort('interactions', interactions => ({
        async insertMany(rows) {
          await interactions.insertMany(rows);
          return rows.map(() => 'accepted' as const);
        },
      })),
    'counts a duplicate once: within a call, in a later call, with other content',
  ],
  [
    'that store duplicates',
    () => {
      let repeats = 0;
      return withPort('interactions', interactions => ({
        insertMany: rows =>
          interactions.insertMany(
            rows.map(row => ({ ...row, id: `${row.id}-${repeats++}` as typeof row.id })),
          ),
      }));
    },
    'counts a duplicate once among many concurrent calls',
  ],
  [
    'that count outcomes of campaigns without an end',
    () =>
      withPort('campaignUnits', units => ({
        scan: (shopId, id, request) => units.scan(shopId, id, { ...request, windowDays: 365 }),
      })),
    'reads what the shoppers of one campaign did within the window, and paid before',
  ],
  [
    'that create no stubs',
    () => withPort('users', () => ({ findMany: async () => new Map() })),
    'creates stubs of users and products first seen in an event, and leaves known ones unchanged',
  ],
  [
    'that return the oldest events instead of the latest',
    () =>
      withPort('interactions', interactions => ({
        async recentOf(shopId, userIds, limit) {
          const all = await interactions.recentOf(shopId, userIds, 1_000);
          return new Map([...all].map(([user, rows]) => [user, rows.toReversed().slice(0, limit)]));
        },
      })),
    'returns the latest events with a product, newest first, per user',
  ],
  [
    'that never report a next page',
    () =>
      withPort('users', users => ({
        page: async (shopId, request) => ({ ...(await users.page(shopId, request)), hasNext: false }),
      })),
    'pages and counts users, oldest first',
  ],
  [
    'that skip the last batch of a scan',
    () =>
      withPort('interactions', interactions => ({
        async *scan(shopId, until) {
          let held: InteractionColumns | undefined;
          for await (const batch of interactions.scan(shopId, until)) {
            if (held !== undefined) yield held;
            held = batch;
          }
        },
      })),
    'scans every event up to an instant, over several batches, the same way twice',
  ],
  [
    'in which an edit decides before it has the lock',
    () =>
      withPort('campaigns', campaigns => ({
        async edit(shopId, id, decide) {
          let decided: ReturnType<typeof decide> = null;
          await campaigns.edit(shopId, id, current => {
            decided = decide(current);
            return null;
          });
          return campaigns.edit(shopId, id, () => decided);
        },
      })),
    'lets one of two editors of the same version win, whatever their order',
  ],
  [
    'that change a campaign without a record',
    () => withPort('audit', () => ({ pageOf: async () => ({ rows: [], hasNext: false }) })),
    'creates and changes a campaign with its offers, and records each change, newest first',
  ],
  [
    'whose audiences have shoppers that never allowed it',
    () => {
      const stores = createMemoryStores();
      const everybody = stores.audiences;
      return {
        ...stores,
        audiences: {
          ...everybody,
          async *scan(shopId, request) {
            const { rows } = await stores.users.page(shopId, { first: 100 });
            const { channels } = request;
            yield rows.map(({ id, attributes }) => ({ userId: id, channels, attributes }));
          },
        },
      };
    },
    'finds no shopper without consent for MARKETING, and no suppressed or deactivated one',
  ],
  [
    'that forget to announce',
    () => withPort('changes', () => ({ subscribe: async () => async () => undefined })),
    'announces changes to subscribers until they unsubscribe',
  ],
  [
    'in which an upsert of a shop resets its policy',
    () => {
      const described = new Set<ShopId>();
      return withPort('shops', shops => ({
        async upsert(shop) {
          if (described.has(shop.id))
            await shops.changePolicy(shop.id, Object.fromEntries(policyKeys.map(key => [key, null])));
          described.add(shop.id);
          await shops.upsert(shop);
        },
      }));
    },
    'gives a new shop the default policy, and keeps every changed setting over upserts',
  ],
  [
    'that reset a whole group of settings instead of one',
    () =>
      withPort('shops', shops => ({
        changePolicy(shopId, change) {
          const [group] = Object.keys(change)[0].split('.');
          const all = policyKeys.filter(key => key.startsWith(group) && !(key in change));
          const isReset = Object.values(change).every(value => value === null);
          return shops.changePolicy(shopId, {
            ...(isReset ? Object.fromEntries(all.map(key => [key, null])) : {}),
            ...change,
          });
        },
      })),
    'resets each setting of a policy on its own',
  ],
  [
    'that overwrite the whole policy with an earlier read',
    () =>
      withPort('shops', shops => ({
        async changePolicy(shopId, change) {
          const before = (await shops.find(shopId))?.policy;
          await new Promise(setImmediate);
          const read = policyKeys.map(key => [key, before === undefined ? null : policyValueOf(before, key)]);
          return shops.changePolicy(shopId, { ...Object.fromEntries(read), ...change });
        },
      })),
    'keeps all of many concurrent changes of one policy',
  ],
  [
    'that create a shop to store a policy',
    () =>
      withPort('shops', shops => ({
        async changePolicy(shopId, change) {
          await shops.upsert({ id: shopId, name: '', defaultLocale: 'en', currency: 'USD' });
          return shops.changePolicy(shopId, change);
        },
      })),
    'changes no policy of another shop, and creates no shop',
  ],
  [
    'that return damaged bytes',
    () => withPort('artifacts', () => ({ read: async () => Uint8Array.from([1]) })),
    'returns the bytes of an artifact, and rejects missing ones and ones with another checksum',
  ],
  [
    'that verify nothing',
    () => withPort('artifacts', () => ({ verify: async () => undefined })),
    'stores bytes of several parts, and verifies them without returning them',
  ],
  [
    'that order changes by the clock of the caller',
    () => {
      const given = new Map<string, number>();
      return withPort('products', products => ({
        upsertMany(shopId, rows, now) {
          for (const { id } of rows) given.set(id, now);
          return products.upsertMany(shopId, rows, now);
        },
        async *changedSince(shopId, since) {
          for await (const rows of products.changedSince(shopId, 0))
            yield rows.filter(({ id }) => (given.get(id) ?? 0) >= since);
        },
      }));
    },
    'returns a change after the earlier ones, also from a caller whose clock is behind',
  ],
  [
    'that let every caller close a run',
    () =>
      withPort('trainingRuns', trainingRuns => ({
        async saveIfSilent(run) {
          await trainingRuns.save(run);
          return true;
        },
      })),
    'returns unfinished runs that nobody reports, and lets one of several callers close each',
  ],
  [
    'that count the posts of all shops',
    () =>
      withPort('social', social => {
        const shops = new Set<ShopId>();
        return {
          upsertPosts(shopId, posts) {
            shops.add(shopId);
            return social.upsertPosts(shopId, posts);
          },
          async counts(shopId) {
            const all = await Promise.all([...shops].map(social.counts));
            const posts = all.reduce((total, counts) => total + counts.posts, 0);
            return { ...(await social.counts(shopId)), posts };
          },
        };
      }),
    'isolates shops that use the same ids, in every method',
  ],
  [
    'that never delete the interests of a shopper',
    () => {
      const kept = new Map();
      return withPort('interests', interests => ({
        saveUsers(shopId, users, now) {
          for (const [id, tags] of users) kept.set(id, tags);
          return interests.saveUsers(shopId, users, now);
        },
        tagsOfUsers: async (_, ids) => new Map(ids.filter(id => kept.has(id)).map(id => [id, kept.get(id)])),
      }));
    },
    'deletes the interests of a shopper who withdraws consent or is deactivated, and stores none again',
  ],
  [
    'that never delete the predictions of a shopper',
    () =>
      withPort('users', users => ({
        upsertMany: (shopId, rows, now) =>
          users.upsertMany(
            shopId,
            rows.map(({ id }) => ({ id })),
            now,
          ),
      })),
    'removes expired predictions, and those of shoppers who were deactivated or withdrew consent',
  ],
  [
    'that overwrite a prediction',
    () => {
      const latest = new Map<string, ActionPrediction>();
      return withPort('predictions', predictions => ({
        async saveMany(rows) {
          for (const row of rows) latest.set(row.id, row);
          await predictions.saveMany(rows);
        },
        findMany: async (_, ids) => new Map([...latest].filter(([id]) => ids.includes(id))),
      }));
    },
    'stores a prediction once and never changes it, and pages those of a user newest first',
  ],
  [
    'that take any event as the next',
    () =>
      withPort('predictions', predictions => ({
        async awaiting(shopId, range, first) {
          const next = { type: 'VIEW' as const, occurredAt: 0, sessionId: null, isBareSearch: false };
          return (await predictions.awaiting(shopId, range, first)).map(row => ({ ...row, next }));
        },
      })),
    'returns the next event after each prediction without an outcome, oldest first',
  ],
  [
    'that overwrite outcomes',
    () =>
      withPort('predictions', predictions => ({
        async *judged(shopId, since) {
          for await (const rows of predictions.judged(shopId, since))
            yield rows.map(row => ({ ...row, outcome: { action: 'LEAVE' as const, at: since } }));
        },
      })),
    'sets an outcome once, and returns predictions with outcomes, oldest first',
  ],
  [
    'that name the actions of every prediction alike',
    () =>
      withPort('predictions', predictions => ({
        async *judged(shopId, since) {
          for await (const rows of predictions.judged(shopId, since))
            yield rows.map(row => ({ ...row, actionNames: ['VIEW', 'LEAVE'] }));
        },
      })),
    'keeps the names that the actions of each prediction were written with',
  ],
  [
    'that lose the texts of searches',
    () =>
      withPort('interactions', interactions => ({
        async *scan(shopId, until) {
          for await (const batch of interactions.scan(shopId, until))
            yield { ...batch, queryTexts: batch.queryTexts.map(() => null) };
        },
      })),
    'scans search texts with the events, and null where there is none',
  ],
  [
    'that scan only one batch of texts',
    () =>
      withPort('social', social => ({
        async *scanTexts(shopId, until) {
          for await (const batch of social.scanTexts(shopId, until)) {
            yield batch.slice(0, 100);
            return;
          }
        },
      })),
    'scans posts and comments with text up to an instant, over several batches',
  ],
  [
    'that decide on an edit by tags that others may change meanwhile',
    () =>
      withPort('interests', interests => ({
        async editTag(shopId, decide, now) {
          const change = decide(await interests.tagsOf(shopId));
          if (change !== null) await interests.editTag(shopId, () => change, now);
        },
      })),
    'decides on edits of tags one after another',
  ],
  [
    'in which a training discards edits',
    () =>
      withPort('interests', interests => ({
        async saveTags(shopId, tags, version, now) {
          await interests.saveTags(shopId, tags, version, now);
          for (const { id } of tags)
            await interests.editTag(shopId, tagEdit(id, { isHidden: false, mergedIntoId: null }), now);
        },
      })),
    'keeps edits of tags over trainings, and deactivates tags that a training did not find',
  ],
  [
    'that ignore the cursor in pages of weights',
    () =>
      withPort('interests', interests => ({
        pagesOfProducts: (shopId, groups, { after: _, ...request }) =>
          interests.pagesOfProducts(shopId, groups, request),
      })),
    'replaces the weights of products, and pages the combined products of several tags',
  ],
  [
    'whose locks lock nothing',
    () => withPort('locks', () => ({ hold: (_, work) => work() })),
    'runs the holders of one lock one after the other, and those of two locks together',
  ],
  [
    'that restore the merges of an export as they are',
    () =>
      withPort('interests', interests => ({
        async restoreTags(shopId, tags) {
          for (const { id, mergedIntoId } of tags)
            await interests.editTag(shopId, tagEdit(id, { mergedIntoId }), 0);
        },
      })),
    'restores no circle of merges',
  ],
  [
    'that replace the learned part of a restored tag',
    () =>
      withPort('interests', interests => ({
        async restoreTags(shopId, tags) {
          await interests.saveTags(shopId, tags, 'v1', 0);
          await interests.restoreTags(shopId, tags);
        },
      })),
    'restores tags of an export, and only their edits where a training found them',
  ],
  [
    'that replace the record of a merge',
    () =>
      withPort('users', users => {
        let latest: readonly RecordedIdentity[] = [];
        return {
          async restoreIdentities(shopId, records) {
            await users.restoreIdentities(shopId, records);
            latest = records;
          },
          async *scanIdentities(shopId) {
            if (latest.length > 0) yield latest;
            else yield* users.scanIdentities(shopId);
          },
        };
      }),
    'scans and restores the records of merges, which then hold',
  ],
  [
    'that scan contacts in the order of their users',
    () =>
      withPort('campaigns', campaigns => ({
        async *scanContacts(shopId) {
          for await (const rows of campaigns.scanContacts(shopId))
            yield rows.toSorted((left, right) => (left.userId < right.userId ? -1 : 1));
        },
      })),
    'scans offers, contacts and outcomes by their keys, of one shop only',
  ],
  [
    'that scan only the first batch of follows',
    () =>
      withPort('social', social => ({
        async *scanFollows(shopId) {
          for await (const rows of social.scanFollows(shopId)) yield rows.slice(0, 5_000);
        },
      })),
    'scans all posts, reactions and follows by their keys, over several batches, of one shop only',
  ],
  [
    'that keep every product in one shop',
    () =>
      withPort('products', products => ({
        upsertMany: (_, rows, now) => products.upsertMany(oneShop, rows, now),
        findMany: (_, ids) => products.findMany(oneShop, ids),
      })),
    'isolates shops that use the same ids, in every method',
  ],
];

describe('the suite rejects stores', () => {
  it.each(broken)('%s', async (_, makeStores, name) => {
    const promise = storePromises.find(candidate => candidate.name === name);
    const held = promise?.hold({ stores: makeStores(), ...freshShops() });
    await expect(held).rejects.toThrow();
  });
});
