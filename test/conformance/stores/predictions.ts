import { type ShopId, toEventId, toUserId } from '../../../src/domain/ids';
import type { Stores } from '../../../src/store/ports/stores';
import { collect, event, idsOf, prediction, readPages, type StorePromise, start } from './promise';

const ann = toUserId('ann');
const soon = { since: start, until: start + 10_000 };
/** Creates the shoppers, as predictions of unknown shoppers are not stored. */
const meet = (stores: Stores, shop: ShopId) =>
  stores.users.upsertMany(shop, [{ id: ann }, { id: toUserId('bob') }], start);

const left = { action: 'LEAVE', at: start + 1_800_000 } as const;

const searched = { type: 'SEARCH', productId: null, queryText: 'mug' } as const;

const nobody = toUserId('nobody');

/** The stored predictions of ann. */
const knownOfAnn = async (stores: Stores, shop: ShopId) =>
  (await stores.predictions.pageOfUser(shop, ann, { first: 9 })).rows;

/** Promises of a PredictionStore. */
export const predictionPromises: readonly StorePromise[] = [
  {
    name: 'stores a prediction once and never changes it, and pages those of a user newest first',
    async hold({ stores, shop }) {
      await meet(stores, shop);
      const full = prediction(shop, 'full', {
        sessionId: 's-1',
        abandonment: 0.1 + 0.2,
        predictedAt: start + 300,
        outcome: { action: 'CART_ADD', at: start + 400 },
      });
      const bare = prediction(shop, 'bare');
      const same = ['b', 'a'].map(id => prediction(shop, id, { predictedAt: start + 200 }));
      await stores.predictions.saveMany([full, bare, ...same, { ...full, purchase: 1 }]);
      await stores.predictions.saveMany([{ ...bare, modelVersion: 'v2' }]);
      await stores.predictions.saveMany([prediction(shop, 'bob', { userId: toUserId('bob') })]);
      expect(await stores.predictions.findMany(shop, ['full', 'bare', 'none'])).toEqual(
        new Map([
          ['full', full],
          ['bare', bare],
        ]),
      );
      const rows = await readPages(
        request => stores.predictions.pageOfUser(shop, ann, request),
        ({ predictedAt, id }) => ({ at: predictedAt, id }),
        2,
      );
      expect(idsOf(rows)).toEqual(['full', 'b', 'a', 'bare']);
    },
  },
  {
    name: 'returns the next event after each prediction without an outcome, oldest first',
    async hold({ stores, shop }) {
      await stores.interactions.insertMany([
        event(shop, 'a', { occurredAt: start - 1 }),
        event(shop, 'e', { sessionId: 's-1', receivedAt: start }),
        event(shop, 'f', { ...searched, sessionId: 's-1' }),
        event(shop, 'g', { type: 'PURCHASE', occurredAt: start + 5_000 }),
        event(shop, 'h', { userId: toUserId('bob'), occurredAt: start + 1 }),
      ]);
      const eventId = toEventId('f');
      await stores.predictions.saveMany([
        prediction(shop, '3', { eventId: toEventId('g'), eventAt: start + 5_000, predictedAt: start + 800 }),
        prediction(shop, '2', { eventId, predictedAt: start + 700 }),
        prediction(shop, '1', { sessionId: 's-1' }),
        prediction(shop, 'known', { outcome: left }),
        prediction(shop, 'early', { predictedAt: start }),
        prediction(shop, 'late', { predictedAt: soon.until + 1 }),
      ]);
      const search = { type: 'SEARCH', occurredAt: start, sessionId: 's-1', isBareSearch: true };
      const purchase = {
        ...{ type: 'PURCHASE', occurredAt: start + 5_000, sessionId: null },
        isBareSearch: false,
      };
      const of = { eventAt: start, sessionId: null, isBareSearch: false };
      const expected = [
        { ...of, id: '1', sessionId: 's-1', next: search },
        { ...of, id: '2', isBareSearch: true, next: purchase },
        { ...of, id: '3', eventAt: start + 5_000, next: null },
      ];
      expect(await stores.predictions.awaiting(shop, soon, 9)).toEqual(expected);
      expect(await stores.predictions.awaiting(shop, soon, 2)).toEqual(expected.slice(0, 2));
    },
  },
  {
    name: 'does not take an event of the same instant as the next if it was known at prediction time',
    async hold({ stores, shop }) {
      await meet(stores, shop);
      const line = (id: string, given: { occurredAt?: number; receivedAt?: number } = {}) =>
        event(shop, id, { type: 'PURCHASE', receivedAt: start + 50, ...given });
      await stores.interactions.insertMany(['e', 'f', 'g'].map(id => line(id)));
      const known = { eventId: toEventId('e'), predictedAt: start + 50 };
      await stores.predictions.saveMany([prediction(shop, 'order', known)]);
      const nextOf = async () => (await stores.predictions.awaiting(shop, soon, 9)).map(({ next }) => next);
      expect(await nextOf()).toEqual([null]);
      await stores.interactions.insertMany([line('z', { occurredAt: start + 9, receivedAt: start + 9 })]);
      expect(await nextOf()).toMatchObject([{ occurredAt: start + 9 }]);
      await stores.interactions.insertMany([line('a', { receivedAt: start + 51 })]);
      expect(await nextOf()).toMatchObject([{ occurredAt: start }]);
    },
  },
  {
    name: 'sets an outcome once, and returns predictions with outcomes, oldest first',
    async hold({ stores, shop }) {
      await meet(stores, shop);
      const bought = { action: 'PURCHASE', at: start + 500 } as const;
      await stores.predictions.saveMany([
        prediction(shop, 'b', { predictedAt: start + 7, modelVersion: 'v2' }),
        prediction(shop, 'a', { outcome: bought }),
        prediction(shop, 'old', { predictedAt: start - 1, outcome: bought }),
        prediction(shop, 'open'),
      ]);
      const outcomes = new Map([
        ['a', left],
        ['b', left],
        ['none', left],
      ]);
      await stores.predictions.setOutcomes(shop, outcomes);
      await stores.predictions.setOutcomes(shop, new Map());
      const { actionNames, actions } = prediction(shop, 'any');
      expect((await collect(stores.predictions.judged(shop, start))).flat()).toEqual([
        { actionNames, actions, modelVersion: 'v2', predictedAt: start + 7, outcome: left },
        { actionNames, actions, modelVersion: 'v1', predictedAt: start + 100, outcome: bought },
      ]);
      expect(await stores.predictions.awaiting(shop, { since: 0, until: start + 999 }, 9)).toHaveLength(1);
    },
  },
  {
    name: 'does not judge predictions of shoppers who withdrew ANALYTICS',
    async hold({ stores, shop }) {
      await meet(stores, shop);
      const outcome = { action: 'VIEW', at: start + 400 } as const;
      await stores.predictions.saveMany([prediction(shop, 'p', { outcome })]);
      const judged = async () => (await collect(stores.predictions.judged(shop, start))).flat();
      expect(await judged()).toHaveLength(1);
      const answer = (granted: boolean) => ({ purpose: 'ANALYTICS' as const, granted, source: null });
      await stores.users.upsertMany(shop, [{ id: ann, consents: [answer(false)] }], start);
      expect(await judged()).toEqual([]);
      expect(await knownOfAnn(stores, shop)).toHaveLength(1);
      await stores.users.upsertMany(shop, [{ id: ann, consents: [answer(true)] }], start + 1);
      expect(await judged()).toHaveLength(1);
    },
  },
  {
    name: 'keeps the names that the actions of each prediction were written with',
    async hold({ stores, shop }) {
      await meet(stores, shop);
      const outcome = { action: 'VIEW', at: start + 400 } as const;
      const few = { actionNames: ['LEAVE', 'VIEW'], actions: [0.25, 0.75], outcome };
      const more = { actionNames: ['VIEW', 'FUTURE_TYPE', 'LEAVE'], actions: [0.5, 0.25, 0.25], outcome };
      await stores.predictions.saveMany([
        prediction(shop, 'few', few),
        prediction(shop, 'more', { ...more, predictedAt: start + 200 }),
      ]);
      const found = await stores.predictions.findMany(shop, ['few', 'more']);
      expect(found.get('few')).toMatchObject(few);
      expect(found.get('more')).toMatchObject(more);
      expect((await collect(stores.predictions.judged(shop, start))).flat()).toMatchObject([few, more]);
    },
  },
  {
    name: 'removes expired predictions, and those of shoppers who were deactivated or withdrew consent',
    async hold({ stores, shop, other }) {
      await meet(stores, shop);
      await meet(stores, other);
      await stores.predictions.saveMany([
        prediction(shop, 'short', { expiresAt: start + 10 }),
        prediction(shop, 'long', { expiresAt: start + 20 }),
        prediction(other, 'theirs', { expiresAt: start + 10 }),
      ]);
      expect(await stores.predictions.removeExpired(start + 10)).toBe(2);
      expect(idsOf(await knownOfAnn(stores, shop))).toEqual(['long']);
      await stores.users.upsertMany(shop, [{ id: ann, locale: 'en' }], start);
      expect(await knownOfAnn(stores, shop)).toHaveLength(1);
      const consents = [{ purpose: 'PERSONALIZATION' as const, granted: false, source: null }];
      await stores.users.upsertMany(shop, [{ id: ann, consents }], start);
      expect(await knownOfAnn(stores, shop)).toEqual([]);
      await stores.predictions.saveMany([
        prediction(shop, 'late'),
        prediction(shop, 'b', { userId: nobody }),
      ]);
      expect([...(await stores.predictions.findMany(shop, ['late', 'b'])).keys()]).toEqual([]);
      const granted = consents.map(consent => ({ ...consent, granted: true }));
      await stores.users.upsertMany(shop, [{ id: ann, consents: granted }], start);
      await stores.predictions.saveMany([prediction(shop, 'late')]);
      expect(await knownOfAnn(stores, shop)).toHaveLength(1);
    },
  },
];
