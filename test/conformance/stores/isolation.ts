import { createHash } from 'node:crypto';
import { type ShopId, toCampaignId, toListId, toProductId, toUserId } from '../../../src/domain/ids';
import type { Stores } from '../../../src/store/ports/stores';
import { tagEdit } from '../../support/tagEdit';
import { artifact, collect, editOf, event, list, prediction, type StorePromise, start } from './promise';

const ann = toUserId('ann');
const mug = toProductId('mug');
const campaignId = toCampaignId('c');
const listId = toListId('l');
const page = { first: 100 };
const everybody = { filter: null, channels: ['EMAIL', 'SMS'], now: start + 1_000 } as const;
const groups = [{ key: 'all', tagIds: ['tag'] }];

const bytesOf = (word: string) => new TextEncoder().encode(word);
const checksumOf = (word: string) => createHash('sha256').update(word).digest('hex');

async function fillPeople(stores: Stores, shopId: ShopId, word: string): Promise<void> {
  const at = start + word.length;
  const consents = [{ purpose: 'ANALYTICS' as const, granted: true, source: word }];
  const identity = { anonymousId: toUserId('visitor'), userId: ann, identifiedBy: word, identifiedAt: at };
  await stores.shops.upsert({ id: shopId, name: word, defaultLocale: 'en', currency: 'EUR' });
  await stores.shops.changePolicy(shopId, { 'retention.listDays': word.length });
  await stores.users.upsertMany(shopId, [{ id: ann, locale: word, consents }], at);
  await stores.users.restoreIdentities(shopId, [{ ...identity, mergedEvents: 1, mergedLists: 0 }]);
  await stores.products.upsertMany(shopId, [{ id: mug, title: word }], at);
  await stores.interactions.insertMany([event(shopId, 'e', { sessionId: word, occurredAt: at })]);
  await stores.recommendations.saveMany([list(shopId, 'l', { placement: word })]);
  await stores.social.upsertPosts(shopId, [
    { id: 'p', authorId: ann, body: word, locale: null, productIds: [], occurredAt: at },
  ]);
  await stores.social.upsertReactions(shopId, [
    { id: 'r', postId: 'p', userId: ann, type: 'LOVE', body: word, occurredAt: at },
  ]);
  await stores.social.upsertFollows(shopId, [
    { followerId: ann, followeeId: toUserId(word), occurredAt: at },
  ]);
}

async function fillCampaigns(stores: Stores, shopId: ShopId, word: string): Promise<void> {
  const at = start + word.length;
  const times = { startsAt: null, endsAt: null, createdAt: at, updatedAt: at };
  const plan = { status: 'DRAFT', channel: 'SMS', budgetMinor: null, holdoutRate: 0 } as const;
  const money = { discountRate: null, discountMinor: 1, costMinor: null };
  const edit = editOf(shopId, 'edited', word);
  await stores.campaigns.edit(shopId, edit.campaign.id, () => edit);
  await stores.subscriptions.choose(
    { shopId, userId: ann, channel: 'EMAIL' },
    { isSubscribed: true, source: word },
    at,
  );
  const contact = { campaignId, userId: toUserId(word), offerId: null, propensity: null, contactedAt: at };
  await stores.campaigns.upsertMany([{ shopId, id: campaignId, name: word, ...plan, ...times }]);
  await stores.campaigns.upsertOffers(shopId, [
    { id: 'o', campaignId, title: word, productIds: [mug], ...money },
  ]);
  await stores.campaigns.upsertContacts(shopId, [{ ...contact, arm: 'HOLDOUT' }]);
  await stores.campaigns.insertOutcomes(shopId, [
    { id: 'x', campaignId, userId: ann, type: 'OPEN', valueMinor: null, occurredAt: at },
  ]);
}

const ofCampaign = { outcomeTypes: ['OPEN'] as const, windowDays: 30, beforeDays: 30 };

async function fillInterests(stores: Stores, shopId: ShopId, word: string): Promise<void> {
  const at = start + word.length;
  const tag = { id: 'tag', parentId: null, names: { en: word }, terms: [word], products: word.length };
  await stores.interests.saveTags(shopId, [tag], word, at);
  await stores.interests.editTag(shopId, tagEdit('tag', { names: { zh: word } }), at);
  const weight = 1 / word.length;
  await stores.interests.saveProducts(shopId, new Map([[mug, [{ tagId: 'tag', weight }]]]), at);
  await stores.interests.saveUsers(shopId, new Map([[ann, [{ tagId: 'tag', weight, confidence: 1 }]]]), at);
}

async function fillPredictions(stores: Stores, shopId: ShopId, word: string): Promise<void> {
  const at = start + word.length;
  const known = { action: 'VIEW', at } as const;
  await stores.predictions.saveMany([
    prediction(shopId, 'known', { modelVersion: word, outcome: known }),
    prediction(shopId, 'open', { modelVersion: word, sessionId: word, eventAt: start - 1 }),
  ]);
}

async function fillRecords(stores: Stores, shopId: ShopId, word: string): Promise<void> {
  const at = start + word.length;
  const run = { shopId, id: 'run', startedAt: at, finishedAt: null };
  const record = artifact(shopId, 'artifact', { checksum: checksumOf(word), snapshotDigest: word });
  const keyTimes = { createdAt: at, expiresAt: null, revokedAt: null, lastUsedAt: null };
  const secretHash = bytesOf(word);
  await stores.apiKeys.insert({
    shopId,
    id: `key-${shopId}`,
    label: word,
    role: 'ADMIN',
    secretHash,
    ...keyTimes,
  });
  await stores.artifacts.save(record, bytesOf(word));
  await stores.trainingRuns.save({
    ...run,
    ...{ model: word, status: 'QUEUED', seed: 1, queuedAt: at },
    ...{ snapshotDigest: null, artifactId: null, metrics: null, reason: null },
  });
  await stores.importRuns.save({
    ...run,
    ...{ fileName: word, mapping: word, updatedAt: at },
    ...{ linesDone: 1, accepted: 1, duplicates: 0, rejected: {} },
  });
}

/** Fills a shop under ids that all shops share, with content that contains the shop's `word`. */
async function fill(stores: Stores, shopId: ShopId, word: string): Promise<void> {
  await fillPeople(stores, shopId, word);
  await fillCampaigns(stores, shopId, word);
  await fillInterests(stores, shopId, word);
  await fillPredictions(stores, shopId, word);
  await fillRecords(stores, shopId, word);
}

/** The results of all read methods for a shop, by method. */
async function readAll(stores: Stores, shopId: ShopId): Promise<ReadonlyMap<string, unknown>> {
  const asked: readonly (readonly [string, Promise<unknown>])[] = [
    ['shops.find', stores.shops.find(shopId)],
    ['users.findMany', stores.users.findMany(shopId, [ann])],
    ['users.consentsOf', stores.users.consentsOf(shopId, [ann])],
    ['users.rightsOf', stores.users.rightsOf(shopId, [ann])],
    ['users.withholding', stores.users.withholding(shopId, 'MARKETING')],
    ['users.identifiedAmong', stores.users.identifiedAmong(shopId, [ann, toUserId('visitor')])],
    ['users.scanIdentities', collect(stores.users.scanIdentities(shopId))],
    ['users.page', stores.users.page(shopId, page)],
    ['users.count', stores.users.count(shopId)],
    ['products.findMany', stores.products.findMany(shopId, [mug])],
    ['products.page', stores.products.page(shopId, page)],
    ['products.count', stores.products.count(shopId)],
    ['products.changedSince', collect(stores.products.changedSince(shopId, 0))],
    ['interactions.recentOf', stores.interactions.recentOf(shopId, [ann], 9)],
    ['interactions.recentWithSearchesOf', stores.interactions.recentWithSearchesOf(shopId, [ann], 9)],
    ['interactions.pageOfUser', stores.interactions.pageOfUser(shopId, ann, page)],
    ['interactions.page', stores.interactions.page(shopId, page)],
    ['interactions.scan', collect(stores.interactions.scan(shopId, start + 1_000))],
    ['interactions.count', stores.interactions.count(shopId)],
    ['recommendations.findMany', stores.recommendations.findMany(shopId, [listId])],
    ['recommendations.pageOfUser', stores.recommendations.pageOfUser(shopId, ann, page)],
    ['campaigns.findMany', stores.campaigns.findMany(shopId, [campaignId])],
    ['campaigns.page', stores.campaigns.page(shopId, page)],
    ['campaigns.offersOf', stores.campaigns.offersOf(shopId, [campaignId])],
    ['campaigns.scanOffers', collect(stores.campaigns.scanOffers(shopId))],
    ['campaigns.scanContacts', collect(stores.campaigns.scanContacts(shopId))],
    ['campaigns.scanOutcomes', collect(stores.campaigns.scanOutcomes(shopId))],
    [
      'campaigns.contactTimesOf',
      stores.campaigns.contactTimesOf(shopId, toUserId('mine'), { from: 0, to: start + 1_000 }),
    ],
    ['audit.pageOf', stores.audit.pageOf(shopId, { subjectKind: 'CAMPAIGN', subjectId: 'edited' }, page)],
    ['audiences.find', stores.audiences.find(shopId, ann, everybody)],
    ['audiences.scan', collect(stores.audiences.scan(shopId, everybody))],
    ['audiences.count', stores.audiences.count(shopId, everybody, 9)],
    ['subscriptions.of', stores.subscriptions.of(shopId, [ann])],
    ['campaignUnits.scan', collect(stores.campaignUnits.scan(shopId, campaignId, ofCampaign))],
    ['campaigns.contactCountsOf', stores.campaigns.contactCountsOf(shopId, [campaignId])],
    ['social.scanPosts', collect(stores.social.scanPosts(shopId))],
    ['social.scanReactions', collect(stores.social.scanReactions(shopId))],
    ['social.scanFollows', collect(stores.social.scanFollows(shopId))],
    ['social.scanTexts', collect(stores.social.scanTexts(shopId, start + 1_000))],
    ['social.recentTextsOf', stores.social.recentTextsOf(shopId, [ann], 9)],
    ['social.counts', stores.social.counts(shopId)],
    ['interests.tagsOf', stores.interests.tagsOf(shopId)],
    ['interests.tagsOfProducts', stores.interests.tagsOfProducts(shopId, [mug])],
    ['interests.tagsOfUsers', stores.interests.tagsOfUsers(shopId, [ann])],
    ['interests.pagesOfUsers', stores.interests.pagesOfUsers(shopId, groups, { first: 9, minWeight: 0 })],
    [
      'interests.pagesOfProducts',
      stores.interests.pagesOfProducts(shopId, groups, { first: 9, minWeight: 0 }),
    ],
    ['interests.countUsers', stores.interests.countUsers(shopId, groups, 0)],
    ['predictions.findMany', stores.predictions.findMany(shopId, ['known', 'open'])],
    ['predictions.pageOfUser', stores.predictions.pageOfUser(shopId, ann, page)],
    ['predictions.awaiting', stores.predictions.awaiting(shopId, { since: 0, until: start + 1_000 }, 9)],
    ['predictions.judged', collect(stores.predictions.judged(shopId, 0))],
    ['apiKeys.listOf', stores.apiKeys.listOf(shopId)],
    ['artifacts.liveOf', stores.artifacts.liveOf(shopId)],
    ['artifacts.page', stores.artifacts.page(shopId, page)],
    ['trainingRuns.find', stores.trainingRuns.find(shopId, 'run')],
    ['trainingRuns.page', stores.trainingRuns.page(shopId, page)],
    ['trainingRuns.silent', stores.trainingRuns.silent(shopId, 0)],
    ['importRuns.find', stores.importRuns.find(shopId, 'run')],
  ];
  const results = new Map<string, unknown>();
  for (const [method, answer] of asked) results.set(method, await answer);
  const { rows } = await stores.artifacts.page(shopId, page);
  results.set('artifacts.read', Buffer.from(await stores.artifacts.read(rows[0])).toString());
  return results;
}

/** Calls all methods that change existing data of a shop. */
async function disturb(stores: Stores, shopId: ShopId, key: string): Promise<void> {
  await stores.shops.changePolicy(shopId, { 'newcomers.every': 3, 'retention.interactionDays': 5 });
  await stores.artifacts.publish(shopId, 'artifact', start + 50);
  await stores.artifacts.prune(shopId, 'popularity', 0);
  await stores.artifacts.removeUnfinished(shopId);
  await stores.trainingRuns.beat(shopId, 'run');
  await stores.interactions.removeOlderThan(shopId, start + 1_000);
  await stores.interests.removeOlder(shopId, start + 1_000);
  await stores.interests.editTag(shopId, tagEdit('tag', { isHidden: true, mergedIntoId: 'tag' }), start);
  await stores.interests.restoreTags(shopId, await stores.interests.tagsOf(shopId));
  await stores.interests.editTag(shopId, () => ({ tagId: 'tag', edit: { isPinned: true } }), start);
  await stores.predictions.setOutcomes(shopId, new Map([['open', { action: 'LEAVE', at: start }]]));
  await stores.campaigns.edit(shopId, toCampaignId('edited'), () => null);
  const sms = { shopId, userId: ann, channel: 'SMS' } as const;
  await stores.subscriptions.suppress(sms, 'BOUNCE', start);
  expect(
    await stores.subscriptions.findLink(await stores.subscriptions.linkOf(sms, `sms-${key}`, start)),
  ).toEqual(sms);
  expect(await stores.apiKeys.revoke(shopId, key, start)).toBe(false);
  await stores.apiKeys.touch(shopId, key, start);
}

/** Methods covered: those of `readAll`, those that write (checked by later reads), and those without a shop. */
const otherMethods = [
  'locks.hold',
  'shops.upsert',
  'shops.changePolicy',
  'shops.list',
  'users.upsertMany',
  'users.identify',
  'users.restoreIdentities',
  'products.upsertMany',
  'interactions.insertMany',
  'interactions.removeOlderThan',
  'recommendations.saveMany',
  'recommendations.removeExpired',
  'campaigns.edit',
  'subscriptions.choose',
  'subscriptions.suppress',
  'subscriptions.linkOf',
  'subscriptions.findLink',
  'campaigns.upsertMany',
  'campaigns.upsertOffers',
  'campaigns.upsertContacts',
  'campaigns.insertOutcomes',
  'social.upsertPosts',
  'social.upsertReactions',
  'social.upsertFollows',
  'interests.saveTags',
  'interests.restoreTags',
  'interests.editTag',
  'interests.saveProducts',
  'interests.saveUsers',
  'interests.removeOlder',
  'predictions.saveMany',
  'predictions.setOutcomes',
  'predictions.removeExpired',
  'apiKeys.insert',
  'apiKeys.findById',
  'apiKeys.revoke',
  'apiKeys.touch',
  'artifacts.save',
  'artifacts.publish',
  'artifacts.prune',
  'artifacts.verify',
  'artifacts.removeUnfinished',
  'trainingRuns.save',
  'trainingRuns.beat',
  'trainingRuns.saveIfSilent',
  'importRuns.save',
];

function methodsOf(stores: Stores): readonly string[] {
  const { changes: _, ping: __, close: ___, ...ports } = stores;
  return Object.entries(ports).flatMap(([port, store]) =>
    Object.keys(store).map(method => `${port}.${method}`),
  );
}

/** Promises that no method of any port mixes shops. */
export const isolationPromises: readonly StorePromise[] = [
  {
    name: 'isolates shops that use the same ids, in every method',
    async hold({ stores, shop, other }) {
      await fill(stores, shop, 'mine');
      const alone = await readAll(stores, shop);
      await fill(stores, other, 'theirs');
      expect(await readAll(stores, shop)).toEqual(alone);
      const results = await readAll(stores, other);
      expect(
        JSON.stringify([...results], (_, value) => (value instanceof Map ? [...value] : value)),
      ).not.toContain('mine');
      await disturb(stores, other, `key-${shop}`);
      expect(await readAll(stores, shop)).toEqual(alone);
      const known = new Set([...results.keys(), ...otherMethods]);
      expect(methodsOf(stores).filter(method => !known.has(method))).toEqual([]);
    },
  },
];
