import type { CampaignContact, OutcomeType } from '../../../src/domain/campaign';
import { toCampaignId, toUserId } from '../../../src/domain/ids';
import { collect, event, type StorePromise, start } from './promise';

const dayMs = 86_400_000;
const campaignId = toCampaignId('c');
const request = { outcomeTypes: ['CONVERSION'] as const, windowDays: 10, beforeDays: 30 };

const contact = (user: string, arm: CampaignContact['arm'], id = campaignId): CampaignContact => ({
  ...{ campaignId: id, userId: toUserId(user), offerId: 'o', arm },
  ...{ propensity: 0.5, contactedAt: start },
});
const outcome = (user: string, type: OutcomeType, days: number, valueMinor: number | null = null) => ({
  ...{ id: `${user}-${type}-${days}`, campaignId, userId: toUserId(user), type },
  ...{ valueMinor, occurredAt: start + days * dayMs },
});
const purchase = (user: string, daysAgo: number, priceMinor: number | null, value: number | null) => ({
  ...{ userId: toUserId(user), type: 'PURCHASE' as const, priceMinor, value },
  occurredAt: start - daysAgo * dayMs,
});

/** Promises of the store of what the shoppers of campaigns did. */
export const campaignUnitPromises: readonly StorePromise[] = [
  {
    name: 'reads what the shoppers of one campaign did within the window, and paid before',
    async hold({ stores, shop, other }) {
      await stores.users.upsertMany(shop, [{ id: toUserId('ann') }, { id: toUserId('ben') }], start);
      await stores.campaigns.upsertContacts(shop, [
        contact('ben', 'HOLDOUT'),
        contact('ann', 'TREATMENT'),
        contact('ann', 'HOLDOUT', toCampaignId('another')),
        // Nobody described this shopper.
        { ...contact('zoe', 'TREATMENT'), offerId: null },
      ]);
      await stores.campaigns.insertOutcomes(shop, [
        outcome('ann', 'CONVERSION', 0, 500),
        outcome('ann', 'CONVERSION', 9, 250),
        outcome('ann', 'CONVERSION', 10, 9_000),
        outcome('ben', 'CONVERSION', -1, 9_000),
        outcome('ben', 'CLICK', 1),
      ]);
      const bought = [
        purchase('ann', 30, 100, 2),
        purchase('ann', 1, 50, null),
        purchase('ann', 0, 7_000, 1),
        purchase('ann', 31, 7_000, 1),
        purchase('ben', 2, null, 3),
      ];
      await stores.interactions.insertMany(bought.map((given, index) => event(shop, `e${index}`, given)));
      const unit = { offerId: 'o', revenueMinor: 0, revenueBeforeMinor: 0, isConverted: false };
      const expected = [
        { ...unit, isTreated: true, isConverted: true, revenueMinor: 750, revenueBeforeMinor: 250 },
        { ...unit, isTreated: false },
        { ...unit, isTreated: true, offerId: null },
      ];
      expect((await collect(stores.campaignUnits.scan(shop, campaignId, request))).flat()).toEqual(expected);
      const clicks = { ...request, outcomeTypes: ['CLICK', 'VISIT'] as const };
      const converted = (await collect(stores.campaignUnits.scan(shop, campaignId, clicks))).flat();
      expect(converted.map(({ isConverted }) => isConverted)).toEqual([false, true, false]);
      expect(await collect(stores.campaignUnits.scan(other, campaignId, request))).toEqual([]);
    },
  },
  {
    name: 'leaves shoppers of campaigns out who withdrew ANALYTICS or were deactivated',
    async hold({ stores, shop }) {
      const withdrawn = [{ purpose: 'ANALYTICS' as const, granted: false, source: 'test' }];
      const others = [{ purpose: 'MARKETING' as const, granted: false, source: 'test' }];
      await stores.users.upsertMany(
        shop,
        [
          { id: toUserId('ann'), consents: withdrawn },
          { id: toUserId('ben'), deactivatedAt: start },
          { id: toUserId('cat'), consents: others },
        ],
        start,
      );
      const users = ['ann', 'ben', 'cat'];
      await stores.campaigns.upsertContacts(
        shop,
        users.map(user => contact(user, 'TREATMENT')),
      );
      expect((await collect(stores.campaignUnits.scan(shop, campaignId, request))).flat()).toHaveLength(1);
    },
  },
];
