import { createHash } from 'node:crypto';
import { impliedSettings, impliedTerms } from '../../../src/domain/campaign';
import { toCampaignId, toProductId, toUserId } from '../../../src/domain/ids';
import { defaultShopPolicy } from '../../../src/domain/shopPolicy';
import type { Change } from '../../../src/store/ports/change';
import { artifact, collect, event, idsOf, readPages, type StorePromise, start } from './promise';

const ann = toUserId('ann');
const bytes = Uint8Array.from([7, 0, 255]);
const checksum = createHash('sha256').update(bytes).digest('hex');

const campaigns: readonly StorePromise[] = [
  {
    name: 'keeps campaigns with their offers, contacts and outcomes',
    async hold({ stores, shop }) {
      const campaign = (id: string, createdAt: number) => ({
        shopId: shop,
        id: toCampaignId(id),
        name: 'Spring',
        status: 'RUNNING' as const,
        channel: 'EMAIL' as const,
        budgetMinor: null,
        holdoutRate: 0.1,
        startsAt: start,
        endsAt: null,
        createdAt,
        updatedAt: createdAt,
      });
      const [first, second] = [campaign('c-1', start), campaign('c-2', start + 1)];
      await stores.campaigns.upsertMany([second, first]);
      const paused = { ...first, status: 'PAUSED' as const, updatedAt: start + 9 };
      await stores.campaigns.upsertMany([{ ...paused, createdAt: start + 9 }]);
      const offer = {
        id: 'o-1',
        campaignId: first.id,
        title: '10 %',
        discountRate: 0.1,
        discountMinor: null,
        productIds: [toProductId('mug')],
        costMinor: 5,
      };
      await stores.campaigns.upsertOffers(shop, [{ ...offer, title: 'old' }, offer]);
      const contact = (user: string, arm: 'TREATMENT' | 'HOLDOUT') => ({
        campaignId: first.id,
        userId: toUserId(user),
        offerId: 'o-1',
        arm,
        propensity: 0.5,
        contactedAt: start,
      });
      await stores.campaigns.upsertContacts(shop, [
        contact('a', 'TREATMENT'),
        contact('b', 'TREATMENT'),
        contact('c', 'HOLDOUT'),
        contact('a', 'TREATMENT'),
      ]);
      const outcome = {
        id: 'x',
        campaignId: first.id,
        userId: ann,
        type: 'CLICK' as const,
        valueMinor: null,
        occurredAt: start,
      };
      await stores.campaigns.insertOutcomes(shop, [outcome, outcome]);
      const ids = [first.id, second.id];
      const read = { ...impliedSettings(paused), ...paused, version: 2 };
      expect(await stores.campaigns.findMany(shop, [first.id])).toEqual(new Map([[first.id, read]]));
      expect(await stores.campaigns.offersOf(shop, ids)).toEqual(
        new Map([[first.id, [{ ...impliedTerms(offer), ...offer }]]]),
      );
      expect(await stores.campaigns.contactCountsOf(shop, ids)).toEqual(
        new Map([[first.id, { treatment: 2, holdout: 1 }]]),
      );
      const pages = await readPages(
        request => stores.campaigns.page(shop, request),
        row => ({ at: row.createdAt, id: row.id }),
        1,
      );
      expect(idsOf(pages)).toEqual(['c-1', 'c-2']);
    },
  },
  {
    name: 'scans offers, contacts and outcomes by their keys, of one shop only',
    async hold({ stores: { campaigns: store }, shop, other }) {
      const [first, second] = [toCampaignId('c-1'), toCampaignId('c-2')];
      const offer = (id: string) => ({
        ...{ id, campaignId: second, title: '', discountRate: null, discountMinor: 200 },
        ...{ productIds: [toProductId('mug'), toProductId('cup')], costMinor: null },
      });
      const contact = (campaignId: typeof first, user: string) => ({
        ...{ campaignId, userId: toUserId(user), offerId: null, arm: 'HOLDOUT' as const },
        ...{ propensity: 0.25, contactedAt: start },
      });
      const outcome = (id: string) => ({
        ...{ id, campaignId: first, userId: ann, type: 'CONVERSION' as const },
        ...{ valueMinor: -100, occurredAt: start + 5 },
      });
      const offers = ['茶', 'b', 'a'].map(id => ({ ...impliedTerms(offer(id)), ...offer(id) }));
      const contacts = [contact(second, 'ann'), contact(first, 'bob'), contact(first, 'ann')];
      const outcomes = ['z', 'y'].map(outcome);
      await store.upsertOffers(shop, offers);
      await store.upsertContacts(shop, contacts);
      await store.insertOutcomes(shop, outcomes);
      expect((await collect(store.scanOffers(shop))).flat()).toEqual(offers.toReversed());
      expect((await collect(store.scanContacts(shop))).flat()).toEqual(contacts.toReversed());
      expect((await collect(store.scanOutcomes(shop))).flat()).toEqual(outcomes.toReversed());
      for (const scan of [store.scanOffers(other), store.scanContacts(other), store.scanOutcomes(other)])
        expect(await collect<readonly object[]>(scan)).toEqual([]);
    },
  },
  {
    name: 'counts posts, reactions and follows, each once',
    async hold({ stores, shop }) {
      const post = {
        id: 'p',
        authorId: ann,
        body: 'Tea! 🫖',
        locale: 'en',
        productIds: [toProductId('mug')],
        occurredAt: start,
      };
      const reaction = {
        id: 'r',
        postId: 'p',
        userId: ann,
        type: 'LIKE' as const,
        body: null,
        occurredAt: start,
      };
      const follow = { followerId: ann, followeeId: toUserId('bob'), occurredAt: start };
      for (let time = 0; time < 2; time++) {
        await stores.social.upsertPosts(shop, [post, { ...post, id: 'q' }, post]);
        await stores.social.upsertReactions(shop, [reaction]);
        await stores.social.upsertFollows(shop, [follow, follow]);
      }
      expect(await stores.social.counts(shop)).toEqual({ posts: 2, reactions: 1, follows: 1 });
    },
  },
];

const feed: readonly StorePromise[] = [
  {
    name: 'announces changes to subscribers until they unsubscribe',
    async hold({ stores, shop }) {
      const heard: Change[] = [];
      const unsubscribe = await stores.changes.subscribe(
        change => {
          if (change.shopId !== shop) return;
          heard.push(change);
        },
        () => undefined,
      );
      // Notifications arrive on another connection: a few round trips to the database take longer.
      const next = async (work: Promise<unknown>) => {
        const before = heard.length;
        await work;
        for (let trip = 0; trip < 1_000 && heard.length === before; trip++) {
          await stores.ping();
          await new Promise(setImmediate);
        }
        return heard.length === before ? 'nothing' : heard.at(-1)?.kind;
      };
      const shopRow = {
        id: shop,
        name: 'S',
        defaultLocale: 'en',
        currency: 'EUR',
      };
      expect(await next(stores.shops.upsert(shopRow))).toBe('shop');
      expect(await next(stores.shops.changePolicy(shop, { 'newcomers.every': null }))).toBe('shop');
      const goes = { id: toUserId('went'), deactivatedAt: start };
      expect(await next(stores.users.upsertMany(shop, [goes], start))).toBe('user');
      expect(heard.at(-1)?.userId).toBe('went');
      expect(await next(stores.products.upsertMany(shop, [{ id: toProductId('pan') }], start))).toBe(
        'catalogue',
      );
      expect(await next(stores.interactions.insertMany([event(shop, 'stub')]))).toBe('catalogue');
      await stores.artifacts.save(artifact(shop, 'a', { checksum }), bytes);
      expect(await next(stores.artifacts.publish(shop, 'a', start))).toBe('artifact');
      const count = heard.length;
      await unsubscribe();
      await stores.shops.upsert(shopRow);
      await stores.ping();
      expect(heard).toHaveLength(count);
      const kept = { ...shopRow, policy: defaultShopPolicy, policyProblems: [] };
      expect(await stores.shops.find(shop)).toEqual(kept);
      expect((await stores.shops.list()).filter(row => row.id === shop)).toEqual([kept]);
    },
  },
];

/** Promises of the stores of campaigns, social data and shops, and of the change feed. */
export const campaignPromises: readonly StorePromise[] = [...campaigns, ...feed];
