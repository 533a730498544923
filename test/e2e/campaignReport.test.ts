import { toCampaignId, toShopId, toUserId } from '../../src/domain/ids';
import { createPrismaStores } from '../../src/store/prisma/stores';
import { createTestDatabase } from '../support/database';
import { startTestGateway, type TestGateway } from '../support/gateway';

const shopId = toShopId('demo');
const dayMs = 86_400_000;
const perArm = 300;

const estimate = '{ estimate low high }';
const asked = `windowDays problem treatment { shoppers conversions conversionRate revenueMinor } holdout { shoppers conversions }
  conversionEffect ${estimate} lift ${estimate} revenueEffectMinor ${estimate} incrementalConversions ${estimate} costMinor
  costPerIncrementalConversionMinor ${estimate} sampleRatioPValue`;

describe('reports of campaigns over PostgreSQL', () => {
  let gateway: TestGateway;
  let staff: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const database = await createTestDatabase();
    const stores = await createPrismaStores({ url: database.url, poolSize: 4 });
    gateway = await startTestGateway({ stores });
    close = async () => {
      await gateway.close();
      await stores.close();
      await database.drop();
    };
    staff = await gateway.token('MERCHANDISER');
    const { now } = gateway.clock;
    const campaign = (id: string, holdoutRate: number) => ({
      ...{ shopId, id: toCampaignId(id), name: id, status: 'COMPLETED' as const, channel: 'EMAIL' as const },
      ...{ budgetMinor: null, holdoutRate, startsAt: null, endsAt: null, createdAt: now, updatedAt: now },
    });
    await stores.campaigns.upsertMany([
      { ...campaign('moving', 0.5), channels: [{ channel: 'EMAIL', costMinor: 3 }] },
      campaign('few', 0.5),
    ]);
    const contactedAt = now - 40 * dayMs;
    const shoppers = Array.from({ length: 2 * perArm }, (_, place) => toUserId(`s${place}`));
    await stores.campaigns.upsertContacts(
      shopId,
      shoppers.map((userId, place) => ({
        ...{ campaignId: toCampaignId('moving'), userId, offerId: null, propensity: 0.5, contactedAt },
        arm: place < perArm ? 'TREATMENT' : 'HOLDOUT',
      })),
    );
    // 120 of those contacted convert, and 45 of those held out; 10 more do after the window.
    const converts = (place: number): boolean => place < 120 || (place >= perArm && place < perArm + 55);
    await stores.campaigns.insertOutcomes(
      shopId,
      shoppers.flatMap((userId, place) =>
        converts(place)
          ? {
              ...{ id: `o${place}`, campaignId: toCampaignId('moving'), userId, type: 'CONVERSION' as const },
              ...{ valueMinor: 1_000, occurredAt: contactedAt + (place >= perArm + 45 ? 35 : 2) * dayMs },
            }
          : [],
      ),
    );
  });
  afterAll(async () => {
    expect(gateway.unexpected).toEqual([]);
    await close();
  });

  async function report(id: string, token = staff): Promise<Readonly<Record<string, unknown>> | null> {
    const { body } = await gateway.ask(token, `{ campaignReport(campaignId: "${id}") { ${asked} } }`);
    expect(body.errors).toBeUndefined();
    return body.data?.['campaignReport'] ?? null;
  }

  it('say what a campaign brought, with bounds', async () => {
    const found = await report('moving');
    expect(found).toMatchObject({
      windowDays: 30,
      problem: null,
      treatment: { shoppers: perArm, conversions: 120, conversionRate: 0.4, revenueMinor: 120_000 },
      holdout: { shoppers: perArm, conversions: 45 },
      conversionEffect: { estimate: expect.closeTo(0.25, 9) },
      lift: { estimate: expect.closeTo(0.4 / 0.15 - 1, 9) },
      incrementalConversions: { estimate: expect.closeTo(75, 6) },
      costMinor: 3 * perArm,
      costPerIncrementalConversionMinor: { estimate: expect.closeTo(12, 6) },
    });
    const effect = (found?.['conversionEffect'] ?? {}) as Readonly<Record<string, number>>;
    expect(effect['low']).toBeGreaterThan(0.1);
    expect(effect['high']).toBeLessThan(0.4);
    expect(found?.['sampleRatioPValue']).toBeGreaterThan(0.5);
  });

  it('say why they tell nothing, and are null for an unknown campaign', async () => {
    expect(await report('few')).toMatchObject({
      problem: expect.stringMatching(/^Expected a hold-out .* got 0 and 0\. Wait for more contacts/),
      treatment: null,
      lift: null,
      costMinor: null,
    });
    expect(await report('none')).toBeNull();
  });

  it('are for the staff of the shop alone', async () => {
    const storefront = await gateway.token('STOREFRONT');
    const { body } = await gateway.ask(storefront, '{ campaignReport(campaignId: "moving") { windowDays } }');
    expect(body.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const rival = await gateway.token('MERCHANDISER', { shop: 'rival' });
    expect(await report('moving', rival)).toBeNull();
  });
});
