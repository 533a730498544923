import type { AuditEntry } from '../../../src/domain/auditEntry';
import type { Campaign, CampaignWithOffers, Offer } from '../../../src/domain/campaign';
import { type CampaignId, type ShopId, toCampaignId, toProductId } from '../../../src/domain/ids';
import type { CampaignEdit } from '../../../src/store/ports/campaign';
import type { Stores } from '../../../src/store/ports/stores';
import { editOf, readPages, type StorePromise, start } from './promise';

const offer = (campaignId: CampaignId, id: string): Offer => ({
  ...{ id, campaignId, title: 'Tea for two', discountRate: null, discountMinor: 200, costMinor: 1 },
  ...{ productIds: [toProductId('mug')], kind: 'BUNDLE', points: null },
  categories: [['Home', 'Kitchen']],
});

const settings = {
  objective: 'RETENTION',
  channels: [
    { channel: 'SMS', costMinor: 9 },
    { channel: 'EMAIL', costMinor: 1 },
  ],
  frequencyCap: { contacts: 1, days: 30 },
  quietHours: { startMinute: 1200, endMinute: 600 },
  sendingWindows: [{ weekdays: ['MONDAY', 'SUNDAY'], startMinute: 540, endMinute: 1440 }],
  attributionWindowDays: 5,
  audience: { by: 'FILTER', filter: { not: { attribute: { name: 'tier', equals: 'gold' } } } },
} as const satisfies Partial<Campaign>;

async function currentOf(
  { campaigns }: Stores,
  shop: ShopId,
  id: string,
): Promise<CampaignWithOffers | null> {
  const seen: { current: CampaignWithOffers | null } = { current: null };
  await campaigns.edit(shop, toCampaignId(id), current => {
    seen.current = current;
    return null;
  });
  return seen.current;
}

const auditOf = ({ audit }: Stores, shop: ShopId, subjectId: string): Promise<readonly AuditEntry[]> =>
  readPages(
    request => audit.pageOf(shop, { subjectKind: 'CAMPAIGN', subjectId }, request),
    ({ occurredAt, id }) => ({ at: occurredAt, id }),
    1,
  );

/** What the store of campaigns promises of edits. */
export const campaignEditPromises: readonly StorePromise[] = [
  {
    name: 'creates and changes a campaign with its offers, and records each change, newest first',
    async hold({ stores, shop }) {
      const created = editOf(shop, 'c', 'Spring');
      const first = {
        ...created,
        campaign: { ...created.campaign, ...settings },
        offers: [offer(created.campaign.id, 'o-1')],
      };
      expect(await currentOf(stores, shop, 'c')).toBeNull();
      expect(await stores.campaigns.edit(shop, first.campaign.id, () => first)).toEqual(first);
      const { campaign, offers } = first;
      expect(await currentOf(stores, shop, 'c')).toEqual({ campaign, offers });
      expect(await stores.campaigns.findMany(shop, [campaign.id])).toEqual(
        new Map([[campaign.id, campaign]]),
      );
      const renamed: CampaignEdit = {
        campaign: {
          ...campaign,
          name: 'Autumn',
          frequencyCap: null,
          quietHours: null,
          version: 2,
          updatedAt: start + 9,
        },
        offers: [offer(campaign.id, 'o-2')],
        audit: {
          ...first.audit,
          id: 'later',
          before: { name: 'Spring' },
          after: { name: 'Autumn' },
          occurredAt: start + 9,
        },
      };
      await stores.campaigns.edit(shop, campaign.id, () => renamed);
      expect(await currentOf(stores, shop, 'c')).toEqual({
        campaign: renamed.campaign,
        offers: renamed.offers,
      });
      await stores.campaigns.edit(shop, campaign.id, () => ({
        ...renamed,
        offers: null,
        audit: { ...renamed.audit, id: 'z' },
      }));
      expect((await currentOf(stores, shop, 'c'))?.offers).toEqual(renamed.offers);
      const entries = await auditOf(stores, shop, 'c');
      expect(entries).toEqual([{ ...renamed.audit, id: 'z' }, renamed.audit, first.audit]);
    },
  },
  {
    name: 'writes nothing of an edit whose offer belongs to another campaign, or that is refused',
    async hold({ stores, shop }) {
      const first = editOf(shop, 'c-1', 'One');
      const second = editOf(shop, 'c-2', 'Two');
      const taken = [offer(first.campaign.id, 'o')];
      await stores.campaigns.edit(shop, first.campaign.id, () => ({ ...first, offers: taken }));
      const stolen = { ...second, offers: [offer(second.campaign.id, 'o')] };
      expect(await stores.campaigns.edit(shop, second.campaign.id, () => stolen)).toBe('OFFER_TAKEN');
      expect(await stores.campaigns.edit(shop, second.campaign.id, () => null)).toBeNull();
      expect(await currentOf(stores, shop, 'c-2')).toBeNull();
      expect(await auditOf(stores, shop, 'c-2')).toEqual([]);
      expect((await currentOf(stores, shop, 'c-1'))?.offers).toEqual(taken);
    },
  },
  {
    name: 'lets one of two editors of the same version win, whatever their order',
    async hold({ stores, shop }) {
      const { campaign, ...rest } = editOf(shop, 'c', 'Start');
      await stores.campaigns.edit(shop, campaign.id, () => ({ campaign, ...rest }));
      const outcomes = await Promise.all(
        ['a', 'b', 'c', 'd'].map(name =>
          stores.campaigns.edit(shop, campaign.id, current =>
            current?.campaign.version !== 1
              ? null
              : {
                  campaign: { ...campaign, name, version: 2 },
                  offers: null,
                  audit: { ...rest.audit, id: name },
                },
          ),
        ),
      );
      expect(outcomes.filter(outcome => outcome !== null)).toHaveLength(1);
      expect(await auditOf(stores, shop, 'c')).toHaveLength(2);
    },
  },
  {
    name: 'gives a campaign that an import overwrites another version, and leaves settings that the import does not know',
    async hold({ stores, shop }) {
      const { campaign, ...rest } = editOf(shop, 'c', 'Start');
      await stores.campaigns.edit(shop, campaign.id, () => ({
        ...rest,
        campaign: { ...campaign, ...settings },
      }));
      const { shopId, id, name, channel, budgetMinor, holdoutRate, startsAt, endsAt, createdAt, updatedAt } =
        campaign;
      const described = {
        shopId,
        id,
        name,
        channel,
        budgetMinor,
        holdoutRate,
        startsAt,
        endsAt,
        createdAt,
        updatedAt,
      };
      await stores.campaigns.upsertMany([{ ...described, status: 'SCHEDULED' }]);
      expect((await currentOf(stores, shop, 'c'))?.campaign).toEqual({
        ...campaign,
        ...settings,
        status: 'PLANNED',
        version: 2,
      });
      await stores.campaigns.upsertMany([
        { ...described, ...settings, objective: 'CLICK', status: 'PAUSED' },
      ]);
      expect((await currentOf(stores, shop, 'c'))?.campaign).toEqual({
        ...{ ...campaign, ...settings, objective: 'CLICK', status: 'PAUSED', version: 3 },
      });
    },
  },
];
