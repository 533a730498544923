import { campaignReport, minArmShoppers } from '../../../src/campaigns/report/campaignReport';
import { type Campaign, impliedSettings, impliedTerms, type Offer } from '../../../src/domain/campaign';
import { toCampaignId, toShopId } from '../../../src/domain/ids';
import type { CampaignUnit, CampaignUnitRequest } from '../../../src/store/ports/campaignUnit';

const description = {
  shopId: toShopId('shop'),
  id: toCampaignId('spring'),
  name: 'Spring',
  status: 'COMPLETED' as const,
  channel: 'EMAIL' as const,
  budgetMinor: null,
  holdoutRate: 0.5,
  startsAt: null,
  endsAt: null,
  createdAt: 0,
  updatedAt: 0,
};
const campaign: Campaign = {
  ...impliedSettings(description),
  ...description,
  channels: [{ channel: 'EMAIL', costMinor: 2 }],
  version: 1,
};
const described = {
  ...{ id: 'o', campaignId: campaign.id, title: 'Ten percent', discountRate: 0.1, discountMinor: null },
  ...{ productIds: [], costMinor: 30 },
};
const offer: Offer = { ...impliedTerms(described), ...described };

/** Every fourth of the contacted converts, and every eighth of the others. */
const unitsOf = (perArm: number): readonly CampaignUnit[] =>
  Array.from({ length: 2 * perArm }, (_, place) => {
    const isTreated = place % 2 === 0;
    const isConverted = (place >> 1) % (isTreated ? 4 : 8) === 0;
    return {
      ...{ isTreated, isConverted, offerId: isTreated ? 'o' : null },
      ...{ revenueMinor: isConverted ? 1_000 : 0, revenueBeforeMinor: (place % 7) * 100 },
    };
  });

function reportOf(units: readonly CampaignUnit[], changes: Partial<Campaign> = {}) {
  const requests: CampaignUnitRequest[] = [];
  const store = {
    async *scan(_: unknown, __: unknown, request: CampaignUnitRequest) {
      requests.push(request);
      yield units.slice(0, 9);
      yield units.slice(9);
    },
  };
  const report = campaignReport({ ...campaign, ...changes }, [offer], { units: store, windowDays: 30 });
  return report.then(found => ({ found, request: requests[0] }));
}

describe('campaignReport', () => {
  it('measures all batches, with the cost of contacts and redeemed offers', async () => {
    const { found } = await reportOf(unitsOf(800));
    expect(found).toMatchObject({ windowDays: 30, treatedShoppers: 800, heldOutShoppers: 800 });
    expect(found.measurement?.treated).toEqual({
      ...{ shoppers: 800, conversions: 200, conversionRate: 0.25, revenueMinor: 200_000 },
    });
    expect(found.measurement?.heldOut.conversions).toBe(100);
    expect(found.measurement?.costMinor).toBe(800 * 2 + 200 * 30);
    expect(found.measurement?.conversion.effect).toBeCloseTo(0.125, 2);
    expect(found.measurement?.conversion.low).toBeGreaterThan(0);
  });

  it('counts the outcomes that the campaign is to bring, within its own window', async () => {
    const asked = async (objective: Campaign['objective']) =>
      (await reportOf([], { objective })).request.outcomeTypes;
    expect(await asked('CLICK')).toEqual(['CLICK']);
    expect(await asked('REVENUE')).toEqual(['CONVERSION']);
    expect(await asked('RETENTION')).toEqual(['VISIT', 'CONVERSION']);
    expect((await reportOf([], { attributionWindowDays: 7 })).request.windowDays).toBe(7);
  });

  it('tells nothing about few shoppers, or without a hold-out', async () => {
    expect((await reportOf(unitsOf(minArmShoppers))).found.measurement).not.toBeNull();
    expect((await reportOf(unitsOf(minArmShoppers - 1))).found.measurement).toBeNull();
    expect((await reportOf(unitsOf(100), { holdoutRate: 0 })).found.measurement).toBeNull();
    expect((await reportOf([])).found).toMatchObject({ treatedShoppers: 0, measurement: null });
  });
});
