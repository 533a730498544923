import { toCampaignId, toEventId, toProductId, toShopId, toUserId } from '../../src/domain/ids';
import type { Stores } from '../../src/store/ports/stores';
import { startTestGateway, type TestGateway } from '../support/gateway';
import { storesByKind } from '../support/openedStores';

const shopId = toShopId('demo');
const dayMs = 86_400_000;

interface UserError {
  readonly field: readonly string[] | null;
  readonly code: string;
  readonly message: string;
}
/** The fields that `selected` asks for. */
interface Edited {
  readonly campaign: {
    readonly campaignId: string;
    readonly status: string;
    readonly version: number;
    readonly name: string;
    readonly budgetMinor: number | null;
    readonly audienceSize: Readonly<Record<string, unknown>>;
    readonly launchProblems: readonly { readonly field: readonly string[] }[];
    readonly offers: readonly Readonly<Record<string, unknown>>[];
    readonly audience: unknown;
  } | null;
  readonly userErrors: readonly UserError[];
}

const campaignFields = `campaignId status version name budgetMinor objective channel channels { channel costMinor } holdoutRate
  startsAt endsAt frequencyCap { contacts days } quietHours { startMinute endMinute }
  sendingWindows { weekdays startMinute endMinute } attributionWindowDays audience { by filter }
  audienceSize { count low high contactable problem { field message } } launchProblems { field message }
  offers { offerId kind title discountRate discountMinor points productIds categories costMinor }`;
const selected = `campaign { ${campaignFields} } userErrors { field code message }`;

/** The draft of a merchandiser, as GraphQL variables. */
const draft = {
  campaignId: 'tea',
  name: 'Tea time',
  objective: 'REVENUE',
  budgetMinor: 10_000,
  channels: [
    { channel: 'EMAIL', costMinor: 2 },
    { channel: 'SMS', costMinor: 9 },
  ],
  holdoutRate: 0.2,
  startsAt: '2026-04-01T00:00:00.000Z',
  endsAt: '2026-05-01T00:00:00.000Z',
  frequencyCap: { contacts: 1, days: 30 },
  quietHours: { startMinute: 1140, endMinute: 540 },
  sendingWindows: [{ weekdays: ['SATURDAY', 'SUNDAY'], startMinute: 600, endMinute: 1080 }],
  attributionWindowDays: 7,
  offers: [
    {
      offerId: 'tea-10',
      kind: 'PERCENTAGE',
      title: 'Ten percent',
      discountRate: 0.1,
      categories: [['Home']],
      costMinor: 5,
    },
    {
      offerId: 'tea-bundle',
      kind: 'BUNDLE',
      title: 'Tea for two',
      discountMinor: 300,
      productIds: ['p01', 'p02'],
    },
  ],
  audience: { by: 'FILTER', filter: { attribute: { name: 'tier', text: 'demo-anna' } } },
};

async function seedShoppers(stores: Stores, now: number): Promise<void> {
  const agreed = [{ purpose: 'MARKETING' as const, granted: true, source: 'test' }];
  const withdrawn = [{ purpose: 'MARKETING' as const, granted: false, source: 'test' }];
  await stores.users.upsertMany(
    shopId,
    [
      { id: toUserId('anna'), consents: agreed },
      { id: toUserId('kim'), attributes: { timeZone: 'Asia/Tokyo' }, consents: agreed },
      { id: toUserId('lou'), attributes: { timeZone: 'nowhere' }, consents: agreed },
      { id: toUserId('max'), consents: withdrawn },
    ],
    now,
  );
  const bought = {
    type: 'PURCHASE' as const,
    value: 1,
    priceMinor: 5,
    queryText: null,
    sessionId: null,
    attribution: null,
  };
  await stores.interactions.insertMany([
    {
      ...{ shopId, id: toEventId('kim-1'), userId: toUserId('kim'), productId: toProductId('p01') },
      ...{ ...bought, occurredAt: now - dayMs, receivedAt: now - dayMs },
    },
  ]);
}

describe.each(storesByKind)('campaigns over stores in %s', (_name, open) => {
  let gateway: TestGateway;
  let staff: string;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const opened = await open();
    gateway = await startTestGateway({ stores: opened.stores });
    close = () => gateway.close().then(opened.close);
    staff = await gateway.token('MERCHANDISER');
    await seedShoppers(gateway.stores, gateway.clock.now);
  });
  afterAll(async () => {
    expect(gateway.unexpected).toEqual([]);
    await close();
  });

  /** Runs an edit; returns its payload. */
  async function edit(name: string, input: object): Promise<Edited> {
    const kind = /Create|Update/.exec(name)?.[0] ?? 'Step';
    // Records of one instant are in the order of their ids, which are random here.
    gateway.clock.now += 1;
    const query = `mutation ($input: Campaign${kind}Input!) { ${name}(input: $input) { ${selected} } }`;
    const { body } = await gateway.ask(staff, query, { input });
    expect(body.errors).toBeUndefined();
    return body.data?.[name] as unknown as Edited;
  }
  const read = async (selection: string, campaignId = 'tea'): Promise<unknown> => {
    const { body } = await gateway.ask(staff, `{ campaign(campaignId: "${campaignId}") { ${selection} } }`);
    expect(body.errors).toBeUndefined();
    return body.data?.['campaign'];
  };
  const codesOf = ({ userErrors }: Edited) => userErrors.map(({ field, code }) => [field?.join('.'), code]);

  it('previews a draft without writing it, then creates it once', async () => {
    const preview = await edit('campaignCreate', { ...draft, preview: true });
    expect(preview.userErrors).toEqual([]);
    expect(preview.campaign?.audienceSize).toEqual({
      count: 1,
      low: 1,
      high: 1,
      contactable: 5,
      problem: null,
    });
    expect(preview.campaign?.offers).toHaveLength(2);
    expect(await read('campaignId')).toBeNull();
    const { campaign, userErrors } = await edit('campaignCreate', draft);
    expect(userErrors).toEqual([]);
    expect(campaign).toMatchObject({
      ...{
        campaignId: 'tea',
        status: 'DRAFT',
        version: 1,
        channel: 'EMAIL',
        channels: draft.channels,
        holdoutRate: 0.2,
      },
      ...{
        startsAt: draft.startsAt,
        endsAt: draft.endsAt,
        frequencyCap: draft.frequencyCap,
        launchProblems: [],
      },
      ...{ quietHours: draft.quietHours, sendingWindows: draft.sendingWindows, attributionWindowDays: 7 },
      audience: { by: 'FILTER', filter: { attribute: { name: 'tier', equals: 'demo-anna' } } },
    });
    expect(await read(campaignFields)).toEqual(campaign);
    expect(codesOf(await edit('campaignCreate', draft))).toEqual([['input.campaignId', 'EXISTS']]);
    const stolen = { ...draft, campaignId: 'coffee' };
    expect(codesOf(await edit('campaignCreate', stolen))).toEqual([['input.offers', 'INVALID']]);
    expect(await read('campaignId', 'coffee')).toBeNull();
  });

  it('creates a draft of three fields, and says what it lacks to be launched', async () => {
    const least = { name: 'Small', objective: 'CLICK', channels: [{ channel: 'PUSH' }] };
    const { campaign } = await edit('campaignCreate', { ...least, holdoutRate: 0 });
    expect(campaign?.audience).toEqual({ by: 'MODEL', filter: null });
    expect(campaign?.audienceSize).toMatchObject({ count: 5, contactable: 5 });
    expect(campaign?.launchProblems.map(({ field }) => field.join('.'))).toEqual([
      ...['budgetMinor', 'startsAt', 'endsAt', 'offers', 'holdoutRate'],
    ]);
  });

  it('names every bad value at once, and writes nothing', async () => {
    const bad = {
      ...draft,
      ...{ campaignId: 'bad', name: ' ', budgetMinor: 1, endsAt: draft.startsAt, holdoutRate: 0.95 },
      frequencyCap: { contacts: 5, days: 7 },
      sendingWindows: [{ weekdays: ['MONDAY'], startMinute: 1270, endMinute: 1300 }],
      offers: [
        { kind: 'PERCENTAGE', title: 'x', discountMinor: 5, productIds: ['p01'] },
        { kind: 'POINTS', title: 'y', points: 5 },
      ],
      audience: {
        by: 'FILTER',
        filter: { all: [{ lastOrder: {} }, { bought: { productIds: [], days: 0 } }] },
      },
    };
    expect(codesOf(await edit('campaignCreate', bad))).toEqual([
      ['input.name', 'INVALID'],
      ['input.budgetMinor', 'INVALID'],
      ['input.endsAt', 'INVALID'],
      ['input.frequencyCap', 'INVALID'],
      ['input.sendingWindows', 'INVALID'],
      ['input.holdoutRate', 'INVALID'],
      ['input.offers.0.kind', 'INVALID'],
      ['input.offers.1.productIds', 'INVALID'],
      ['input.audience.filter.all.0.lastOrder', 'INVALID'],
      ['input.audience.filter.all.1.bought.productIds', 'INVALID'],
      ['input.audience.filter.all.1.bought.days', 'INVALID'],
    ]);
    const form = {
      ...draft,
      campaignId: 'bad',
      audience: { by: 'FILTER', filter: { any: [{}, { not: { all: null } }] } },
    };
    expect(codesOf(await edit('campaignCreate', form))).toEqual([
      ['input.audience.filter.any.0', 'INVALID'],
      ['input.audience.filter.any.1.not', 'INVALID'],
    ]);
    expect(codesOf(await edit('campaignCreate', { ...draft, campaignId: '' }))).toEqual([
      ['input.campaignId', 'INVALID'],
    ]);
    expect(await read('campaignId', 'bad')).toBeNull();
    for (const { message } of (await edit('campaignCreate', bad)).userErrors)
      expect(message).toMatch(/^Expected .+[;:] .*got .+\. .+\.$/s);
  });

  it('says why the size of an audience is unknown', async () => {
    const sizeOf = async (filter: object) =>
      (
        await edit('campaignCreate', {
          ...draft,
          campaignId: null,
          preview: true,
          audience: { by: 'FILTER', filter },
        })
      ).campaign?.audienceSize;
    expect(await sizeOf({ predictedResponse: { atLeast: 0.1 } })).toMatchObject({
      count: null,
      problem: { field: ['audience', 'filter', 'predictedResponse'] },
    });
    expect(await sizeOf({ not: { interestTag: { tagId: 'nothing' } } })).toMatchObject({
      problem: { field: ['audience', 'filter', 'not', 'interestTag', 'tagId'] },
    });
    expect(await sizeOf({ not: { interestTag: { tagId: 'garden' } } })).toMatchObject({ problem: null });
    expect(await sizeOf({ bought: { productIds: ['p01'], days: 2 } })).toMatchObject({ problem: null });
  });

  it('changes only what is named, refuses stale versions, and lets one of two editors win', async () => {
    const renamed = await edit('campaignUpdate', {
      campaignId: 'tea',
      version: 1,
      name: 'Teatime',
      offers: [draft.offers[1]],
    });
    expect(renamed.campaign).toMatchObject({
      name: 'Teatime',
      version: 2,
      budgetMinor: 10_000,
      frequencyCap: draft.frequencyCap,
    });
    expect(renamed.campaign?.offers).toHaveLength(1);
    expect(codesOf(await edit('campaignUpdate', { campaignId: 'tea', version: 1, name: 'late' }))).toEqual([
      ['input.version', 'CONFLICT'],
    ]);
    const both = await Promise.all(
      ['one', 'two'].map(name => edit('campaignUpdate', { campaignId: 'tea', version: 2, name })),
    );
    expect(both.map(({ userErrors }) => userErrors.map(({ code }) => code)).sort()).toEqual([
      [],
      ['CONFLICT'],
    ]);
    const reset = await edit('campaignUpdate', {
      campaignId: 'tea',
      version: 3,
      quietHours: null,
      audience: null,
    });
    expect(reset.campaign).toMatchObject({
      version: 4,
      quietHours: null,
      audience: { by: 'MODEL', filter: null },
    });
    expect(codesOf(await edit('campaignUpdate', { campaignId: 'none', version: 1 }))).toEqual([
      ['input.campaignId', 'NOT_FOUND'],
    ]);
  });

  it('pauses, resumes and cancels, and refuses every other step with those that are possible', async () => {
    // `spring` runs, and `tea` is a draft.
    expect(codesOf(await edit('campaignResume', { campaignId: 'spring' }))).toEqual([
      ['input.campaignId', 'STATUS_REFUSED'],
    ]);
    const early = await edit('campaignPause', { campaignId: 'tea' });
    expect(early.userErrors[0].message).toBe(
      'Expected a campaign that can become PAUSED; got one that is DRAFT. From DRAFT it can become PLANNED or CANCELLED.',
    );
    expect((await edit('campaignPause', { campaignId: 'spring', preview: true })).campaign?.status).toBe(
      'PAUSED',
    );
    expect(await read('status', 'spring')).toEqual({ status: 'RUNNING' });
    expect((await edit('campaignPause', { campaignId: 'spring' })).campaign?.status).toBe('PAUSED');
    const frozen = {
      campaignId: 'spring',
      version: 2,
      objective: 'CLICK',
      holdoutRate: 0.5,
      budgetMinor: 1,
      endsAt: null,
    };
    expect(codesOf(await edit('campaignUpdate', frozen))).toEqual([
      ['input.objective', 'STATUS_REFUSED'],
      ['input.holdoutRate', 'STATUS_REFUSED'],
      ['input.budgetMinor', 'INVALID'],
      ['input.endsAt', 'INVALID'],
    ]);
    const past = new Date(gateway.clock.now + 10).toISOString();
    const open = {
      campaignId: 'spring',
      version: 2,
      budgetMinor: 200_000,
      endsAt: past,
      frequencyCap: { contacts: 1, days: 7 },
    };
    expect((await edit('campaignUpdate', open)).campaign?.budgetMinor).toBe(200_000);
    gateway.clock.now += 20;
    expect(codesOf(await edit('campaignResume', { campaignId: 'spring' }))).toEqual([
      ['input.campaignId', 'INVALID'],
    ]);
    const later = new Date(gateway.clock.now + 90 * dayMs).toISOString();
    await edit('campaignUpdate', { campaignId: 'spring', version: 3, endsAt: later });
    expect((await edit('campaignResume', { campaignId: 'spring', version: 4 })).campaign?.status).toBe(
      'RUNNING',
    );
    expect(codesOf(await edit('campaignCancel', { campaignId: 'spring', version: 4 }))).toEqual([
      ['input.version', 'CONFLICT'],
    ]);
    expect((await edit('campaignCancel', { campaignId: 'spring' })).campaign?.status).toBe('CANCELLED');
    expect((await edit('campaignResume', { campaignId: 'spring' })).userErrors[0].message).toContain(
      'It has ended',
    );
    expect(codesOf(await edit('campaignUpdate', { campaignId: 'spring', version: 6, name: 'x' }))).toEqual([
      ['input.name', 'STATUS_REFUSED'],
    ]);
  });

  it('records who changed what, newest first, and nothing of what was refused', async () => {
    const trail = await read(
      'auditTrail(first: 10) { nodes { action role credentialId occurredAt before after } pageInfo { hasNextPage } }',
      'spring',
    );
    const entry = (action: string, before: object, after: object) =>
      expect.objectContaining({
        action,
        role: 'MERCHANDISER',
        credentialId: expect.any(String),
        before,
        after,
      });
    expect(trail).toEqual({
      auditTrail: {
        nodes: [
          entry('campaignCancel', { status: 'RUNNING', version: 5 }, { status: 'CANCELLED', version: 6 }),
          entry('campaignResume', { status: 'PAUSED', version: 4 }, { status: 'RUNNING', version: 5 }),
          expect.objectContaining({ action: 'campaignUpdate' }),
          entry(
            'campaignUpdate',
            expect.objectContaining({ budgetMinor: 100_000, endsAt: null, frequencyCap: null }),
            expect.objectContaining({ budgetMinor: 200_000, frequencyCap: { contacts: 1, days: 7 } }),
          ),
          entry('campaignPause', { status: 'RUNNING', version: 1 }, { status: 'PAUSED', version: 2 }),
        ],
        pageInfo: { hasNextPage: false },
      },
    });
    const [created] = ((await read('auditTrail { nodes { action before after } }')) as never)['auditTrail'][
      'nodes'
    ] as {
      readonly action: string;
    }[];
    expect(created).toMatchObject({ action: 'campaignUpdate' });
    const rival = await gateway.token('MERCHANDISER', { shop: 'rival' });
    const { body } = await gateway.ask(
      rival,
      '{ campaign(campaignId: "spring") { auditTrail { nodes { action } } } }',
    );
    expect(body.data).toEqual({ campaign: { auditTrail: { nodes: [] } } });
  });

  it('says whether and when one shopper may be contacted, in their own time zone', async () => {
    const input = {
      ...draft,
      campaignId: 'zones',
      offers: [],
      audience: null,
      frequencyCap: null,
      quietHours: null,
    };
    expect((await edit('campaignCreate', input)).userErrors).toEqual([]);
    const of = async (user: string) =>
      (
        (await read(
          `shopper(userId: "${user}") { isEligible channels timeZone nextContactAt }`,
          'zones',
        )) as never
      )['shopper'];
    // The first Saturday of the campaign is 2026-04-04; 10:00 in Tokyo is 01:00 UTC.
    const base = { isEligible: true, channels: ['EMAIL', 'SMS'] };
    expect(await of('kim')).toEqual({
      ...base,
      timeZone: 'Asia/Tokyo',
      nextContactAt: '2026-04-04T01:00:00.000Z',
    });
    expect(await of('lou')).toEqual({ ...base, timeZone: 'UTC', nextContactAt: '2026-04-04T10:00:00.000Z' });
    const never = { isEligible: false, channels: [], timeZone: 'UTC', nextContactAt: null };
    expect(await of('max')).toEqual(never);
    expect(await of('nobody')).toEqual(never);
    const contact = (campaign: string, at: string) => ({
      ...{
        campaignId: toCampaignId(campaign),
        userId: toUserId('lou'),
        offerId: null,
        arm: 'TREATMENT' as const,
      },
      ...{ propensity: null, contactedAt: Date.parse(at) },
    });
    // Three contacts of other campaigns use up the shop's cap of seven days until the first of them is that old.
    await gateway.stores.campaigns.upsertContacts(shopId, [
      contact('tea', '2026-04-02T00:00:00Z'),
      contact('zones', '2026-04-03T12:00:00Z'),
      contact('spring', '2026-04-03T13:00:00Z'),
    ]);
    expect(await of('lou')).toEqual({ ...base, timeZone: 'UTC', nextContactAt: '2026-04-11T10:00:00.000Z' });
  });

  it('is refused to shoppers, storefronts and data feeds', async () => {
    for (const role of ['SHOPPER', 'STOREFRONT', 'INGEST'] as const) {
      const token = await gateway.token(role, role === 'SHOPPER' ? { user: 'anna' } : {});
      const query = 'mutation { campaignCancel(input: { campaignId: "tea" }) { campaign { status } } }';
      const { body } = await gateway.ask(token, query);
      expect(body.errors?.[0].extensions['code']).toBe('FORBIDDEN');
    }
  });
});
