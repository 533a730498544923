import { createHash } from 'node:crypto';
import { eventKeyIn, eventSpaceOf } from '../../../src/domain/eventKey';
import { toListId, toProductId, toUserId } from '../../../src/domain/ids';
import { type Interaction, interactionTypes } from '../../../src/domain/interaction';
import { bareProduct, collect, event, idsOf, readPages, type StorePromise, start } from './promise';

const ann = toUserId('ann');
const bob = toUserId('bob');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');
const positionOf = (row: Interaction) => ({ at: row.occurredAt, id: row.id });

const writing: readonly StorePromise[] = [
  {
    name: 'returns an event with all its fields',
    async hold({ stores, shop }) {
      const full = event(shop, 'e-1', {
        type: 'PURCHASE',
        value: 2.5,
        priceMinor: 1_999,
        queryText: 'mug \'with\' "quotes", {braces} \\ 杯子 🫖',
        sessionId: 'session',
        attribution: { listId: toListId('list'), rank: 3 },
      });
      const bare = event(shop, 'e-2', { type: 'SEARCH', productId: null, occurredAt: start - 1 });
      const halfAttributed = event(shop, 'e-3', {
        occurredAt: start - 2,
        attribution: { listId: toListId('list'), rank: null },
      });
      expect(await stores.interactions.insertMany([full, bare, halfAttributed])).toEqual(
        Array(3).fill('accepted'),
      );
      const { rows } = await stores.interactions.pageOfUser(shop, ann, { first: 10 });
      expect(rows).toEqual([full, bare, halfAttributed]);
    },
  },
  {
    name: 'keeps every type of event under its own name and code',
    async hold({ stores, shop }) {
      const rows = interactionTypes.map((type, code) =>
        event(shop, type, { type, occurredAt: start + code, value: code === 8 ? 4.5 : null }),
      );
      await stores.interactions.insertMany(rows);
      const batches = await collect(stores.interactions.scan(shop, start + 100));
      const byTime = batches.flatMap(batch =>
        [...batch.occurredAt].map((at, index) => [at - start, batch.types[index], batch.values[index]]),
      );
      byTime.sort((left, right) => left[0] - right[0]);
      expect(byTime).toEqual(rows.map((_, code) => [code, code, code === 8 ? 4.5 : Number.NaN]));
    },
  },
  {
    name: 'counts a duplicate once: within a call, in a later call, with other content',
    async hold({ stores, shop }) {
      const first = event(shop, 'same');
      const changed = event(shop, 'same', { type: 'CLICK', userId: bob });
      expect(await stores.interactions.insertMany([first, changed, event(shop, 'else')])).toEqual([
        'accepted',
        'duplicate',
        'accepted',
      ]);
      expect(await stores.interactions.insertMany([changed])).toEqual(['duplicate']);
      expect(await stores.interactions.count(shop)).toBe(2);
      const { rows } = await stores.interactions.pageOfUser(shop, ann, { first: 10 });
      expect(rows.find(row => row.id === 'same')).toEqual(first);
      expect(await stores.users.findMany(shop, [bob])).toEqual(new Map());
    },
  },
  {
    name: 'keeps the event ids of each shopper apart from those of the shop and of other shoppers',
    async hold({ stores, shop }) {
      const own = eventKeyIn('order-1', eventSpaceOf(ann, sha256));
      const bobs = eventKeyIn('order-1', eventSpaceOf(bob, sha256));
      const rows = [
        event(shop, own),
        event(shop, bobs, { userId: bob }),
        event(shop, 'order-1', { userId: bob, type: 'PURCHASE', value: 1 }),
      ];
      for (const row of rows) expect(await stores.interactions.insertMany([row])).toEqual(['accepted']);
      expect(await stores.interactions.insertMany(rows)).toEqual(Array(3).fill('duplicate'));
      expect(await stores.interactions.count(shop)).toBe(3);
      expect(await readPages(request => stores.interactions.page(shop, request), positionOf, 1)).toHaveLength(
        3,
      );
    },
  },
  {
    name: "counts a shopper's own event as a duplicate of the same event of the shop, if the shop was first",
    async hold({ stores, shop }) {
      const own = eventKeyIn('order-2', eventSpaceOf(ann, sha256));
      const ofBob = eventKeyIn('order-2', eventSpaceOf(bob, sha256));
      await stores.interactions.insertMany([event(shop, 'order-2')]);
      const later = { receivedAt: start + 501 };
      const rows = [event(shop, own, later), event(shop, ofBob, { ...later, userId: bob })];
      expect(await stores.interactions.insertMany(rows)).toEqual(['duplicate', 'accepted']);
    },
  },
  {
    name: 'counts a duplicate once among many concurrent calls',
    async hold({ stores, shop }) {
      const calls = Array.from({ length: 40 }, (_, call) =>
        Array.from({ length: 5 }, (__, index) => event(shop, `e-${(call * 3 + index) % 50}`)),
      );
      const answers = await Promise.all(calls.map(rows => stores.interactions.insertMany(rows)));
      expect(answers.map(answer => answer.length)).toEqual(Array(40).fill(5));
      expect(answers.flat().filter(answer => answer === 'accepted')).toHaveLength(50);
      expect(await stores.interactions.count(shop)).toBe(50);
    },
  },
  {
    name: 'stores events of several shops in one call',
    async hold({ stores, shop, other }) {
      const rows = [event(shop, 'same'), event(other, 'same'), event(shop, 'same')];
      expect(await stores.interactions.insertMany(rows)).toEqual(['accepted', 'accepted', 'duplicate']);
      expect(await stores.interactions.insertMany([])).toEqual([]);
    },
  },
  {
    name: 'creates stubs of users and products first seen in an event, and leaves known ones unchanged',
    async hold({ stores, shop }) {
      await stores.users.upsertMany(shop, [{ id: ann, locale: 'zh' }], start);
      await stores.interactions.insertMany([
        event(shop, 'e-1'),
        event(shop, 'e-2', { userId: bob, type: 'SEARCH', productId: null }),
      ]);
      const users = await stores.users.findMany(shop, [ann, bob]);
      expect(users.get(ann)).toMatchObject({ locale: 'zh', isStub: false, createdAt: start });
      expect(users.get(bob)).toEqual({
        shopId: shop,
        id: 'bob',
        locale: null,
        attributes: {},
        isStub: true,
        createdAt: start + 500,
        updatedAt: start + 500,
        deactivatedAt: null,
      });
      const mug = toProductId('mug');
      expect(await stores.products.findMany(shop, [mug])).toEqual(
        new Map([[mug, bareProduct(shop, 'mug', start + 500)]]),
      );
    },
  },
  {
    name: 'removes events older than an instant, and only those',
    async hold({ stores, shop }) {
      const rows = Array.from({ length: 6 }, (_, index) =>
        event(shop, `e-${index}`, { occurredAt: start + index }),
      );
      await stores.interactions.insertMany(rows);
      expect(await stores.interactions.removeOlderThan(shop, start + 4)).toBe(4);
      expect(idsOf((await stores.interactions.page(shop, { first: 10 })).rows)).toEqual(['e-4', 'e-5']);
      expect(await stores.interactions.removeOlderThan(shop, start + 4)).toBe(0);
      expect(idsOf((await stores.interactions.recentOf(shop, [ann], 10)).get(ann) ?? [])).toEqual([
        'e-5',
        'e-4',
      ]);
    },
  },
];

const reading: readonly StorePromise[] = [
  {
    name: 'returns the latest events with a product, newest first, per user',
    async hold({ stores, shop }) {
      await stores.interactions.insertMany([
        ...[3, 1, 2, 0].map(at => event(shop, `ann-${at}`, { occurredAt: start + at })),
        event(shop, 'ann-tie', { occurredAt: start + 3 }),
        event(shop, 'ann-search', { occurredAt: start + 9, type: 'SEARCH', productId: null }),
        event(shop, 'bob-0', { userId: bob }),
      ]);
      const nobody = toUserId('nobody');
      const recent = await stores.interactions.recentOf(shop, [ann, bob, nobody, ann], 3);
      expect([...recent].map(([user, rows]) => [user, idsOf(rows)]).sort()).toEqual([
        [ann, ['ann-tie', 'ann-3', 'ann-2']],
        [bob, ['bob-0']],
      ]);
      expect(await stores.interactions.recentOf(shop, [], 3)).toEqual(new Map());
    },
  },
  {
    name: 'returns to each of several concurrent calls the recent events of its own users and limit',
    async hold({ stores, shop }) {
      const users = Array.from({ length: 12 }, (_, index) => toUserId(`user-${index}`));
      const rows = users.flatMap(userId =>
        [0, 1, 2].map(at => event(shop, `${userId}-${at}`, { userId, occurredAt: start + at })),
      );
      await stores.interactions.insertMany(rows);
      const answers = await Promise.all(
        users.map((userId, index) => stores.interactions.recentOf(shop, [userId], 1 + (index % 3))),
      );
      for (const [index, answer] of answers.entries()) {
        expect([...answer.keys()]).toEqual([users[index]]);
        expect(answer.get(users[index])).toHaveLength(1 + (index % 3));
      }
    },
  },
  {
    name: 'includes an acknowledged event in the next read',
    async hold({ stores, shop }) {
      for (let index = 0; index < 10; index++) {
        await stores.interactions.insertMany([event(shop, `e-${index}`, { occurredAt: start + index })]);
        const recent = await stores.interactions.recentOf(shop, [ann], 1);
        expect(idsOf(recent.get(ann) ?? [])).toEqual([`e-${index}`]);
      }
    },
  },
  {
    name: "pages a user's events newest first, each once, also where instants are equal",
    async hold({ stores, shop }) {
      const rows = Array.from({ length: 11 }, (_, index) =>
        event(shop, `e-${String(index).padStart(2, '0')}`, { occurredAt: start + Math.floor(index / 4) }),
      );
      await stores.interactions.insertMany([...rows, event(shop, 'not-ann', { userId: bob })]);
      const expected = idsOf(rows).toReversed();
      for (const first of [1, 4, 11]) {
        const read = await readPages(
          request => stores.interactions.pageOfUser(shop, ann, request),
          positionOf,
          first,
        );
        expect(idsOf(read)).toEqual(expected);
      }
    },
  },
  {
    name: "narrows a user's events by type and time, both ends included",
    async hold({ stores, shop }) {
      await stores.interactions.insertMany([
        event(shop, 'v-1', { occurredAt: start + 1 }),
        event(shop, 'c-2', { occurredAt: start + 2, type: 'CLICK' }),
        event(shop, 'p-3', { occurredAt: start + 3, type: 'PURCHASE' }),
        event(shop, 'v-4', { occurredAt: start + 4 }),
      ]);
      const read = async (filter: Parameters<typeof stores.interactions.pageOfUser>[3]) =>
        idsOf((await stores.interactions.pageOfUser(shop, ann, { first: 10 }, filter)).rows);
      expect(await read({ types: ['VIEW', 'CLICK'] })).toEqual(['v-4', 'c-2', 'v-1']);
      expect(await read({ since: start + 2, until: start + 3 })).toEqual(['p-3', 'c-2']);
      expect(await read({ types: ['VIEW'], since: start + 2 })).toEqual(['v-4']);
    },
  },
  {
    name: 'pages all events of the shop, oldest first, in the order of code points',
    async hold({ stores, shop }) {
      const ids = ['B', 'a', 'Z', 'é', '杯', '\uffee', '😀', '10', '9'];
      await stores.interactions.insertMany(ids.map(id => event(shop, id)));
      const read = await readPages(request => stores.interactions.page(shop, request), positionOf, 2);
      expect(idsOf(read)).toEqual(['10', '9', 'B', 'Z', 'a', 'é', '杯', '\uffee', '😀']);
    },
  },
  {
    name: 'scans every event up to an instant, over several batches, the same way twice',
    async hold({ stores, shop }) {
      const rows = Array.from({ length: 20_003 }, (_, index) =>
        event(shop, `e-${index}`, { userId: toUserId(`user-${index % 7}`), occurredAt: start + index }),
      );
      for (let at = 0; at < rows.length; at += 5_000)
        await stores.interactions.insertMany(rows.slice(at, at + 5_000));
      const until = start + 20_001;
      const [once, again] = [
        await collect(stores.interactions.scan(shop, until)),
        await collect(stores.interactions.scan(shop, until)),
      ];
      expect(once.length).toBeGreaterThan(1);
      expect(once).toEqual(again);
      expect(once.reduce((total, batch) => total + batch.length, 0)).toBe(20_002);
      const users = once.flatMap(batch => batch.userIds);
      const times = once.flatMap(batch => [...batch.occurredAt]);
      expect(new Set(times).size).toBe(20_002);
      expect(times.every((at, index) => users[index] === `user-${(at - start) % 7}`)).toBe(true);
      for await (const batch of stores.interactions.scan(shop, until)) {
        expect(batch.length).toBeGreaterThan(0);
        break;
      }
    },
  },
];

/** Promises of an InteractionStore. */
export const eventPromises: readonly StorePromise[] = [...writing, ...reading];
