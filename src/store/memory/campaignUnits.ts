import type { CampaignContact, CampaignOutcome } from '../../domain/campaign';
import type { CampaignId, ShopId } from '../../domain/ids';
import type { CampaignUnit, CampaignUnitRequest, CampaignUnitStore } from '../ports/campaignUnit';
import type { Stores } from '../ports/stores';

const dayMs = 86_400_000;

type Sources = Pick<Stores, 'users' | 'interactions'>;

function unitOf(
  { userId, arm, offerId, contactedAt }: CampaignContact,
  outcomes: readonly CampaignOutcome[],
  { outcomeTypes, windowDays }: CampaignUnitRequest,
): Omit<CampaignUnit, 'revenueBeforeMinor'> {
  const until = contactedAt + windowDays * dayMs;
  const own = outcomes.filter(
    outcome => outcome.userId === userId && outcome.occurredAt >= contactedAt && outcome.occurredAt < until,
  );
  const bought = own.filter(({ type }) => type === 'CONVERSION');
  return {
    isTreated: arm === 'TREATMENT',
    isConverted: own.some(({ type }) => outcomeTypes.includes(type)),
    revenueMinor: bought.reduce((sum, { valueMinor }) => sum + (valueMinor ?? 0), 0),
    offerId,
  };
}

async function allOf<Row>(
  batches: AsyncIterable<readonly Row[]>,
  isOwn: (row: Row) => boolean,
): Promise<Row[]> {
  const found: Row[] = [];
  for await (const batch of batches) found.push(...batch.filter(isOwn));
  return found;
}

/** Returns what a shopper paid in the days before a contact, or null for one whose data may not be used. */
async function revenueBefore(
  { users, interactions }: Sources,
  shopId: ShopId,
  { userId, contactedAt }: CampaignContact,
  beforeDays: number,
): Promise<number | null> {
  const user = (await users.findMany(shopId, [userId])).get(userId);
  const consents = (await users.consentsOf(shopId, [userId])).get(userId) ?? [];
  const isWithdrawn = consents.some(({ purpose, granted }) => purpose === 'ANALYTICS' && !granted);
  if ((user?.deactivatedAt ?? null) !== null || isWithdrawn) return null;
  const { rows } = await interactions.pageOfUser(shopId, userId, { first: Number.MAX_SAFE_INTEGER });
  const from = contactedAt - beforeDays * dayMs;
  const events = rows.filter(
    ({ type, occurredAt }) => type === 'PURCHASE' && occurredAt < contactedAt && occurredAt >= from,
  );
  return events.reduce((sum, { priceMinor, value }) => sum + (priceMinor ?? 0) * (value ?? 1), 0);
}

/** Creates the in-memory reader of what the shoppers of campaigns did. */
export const createMemoryCampaignUnits = (
  campaigns: Stores['campaigns'],
  users: Stores['users'],
  interactions: Stores['interactions'],
): CampaignUnitStore => ({
  async *scan(shopId: ShopId, campaignId: CampaignId, request: CampaignUnitRequest) {
    const isOwn = (row: { readonly campaignId: CampaignId }): boolean => row.campaignId === campaignId;
    const contacts = await allOf(campaigns.scanContacts(shopId), isOwn);
    const outcomes = await allOf(campaigns.scanOutcomes(shopId), isOwn);
    const units: CampaignUnit[] = [];
    for (const contact of contacts) {
      const before = await revenueBefore({ users, interactions }, shopId, contact, request.beforeDays);
      if (before !== null) units.push({ ...unitOf(contact, outcomes, request), revenueBeforeMinor: before });
    }
    if (units.length > 0) yield units;
  },
});
