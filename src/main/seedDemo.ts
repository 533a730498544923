import { type DemoShop, type DemoShopSettings, demoShopId, generateDemoShop } from '../demo/demoShop';
import { GatewayError } from '../domain/errors';
import type { Interaction } from '../domain/interaction';
import type { Product } from '../domain/product';
import type { ImportRunRecord } from '../store/ports/importRun';
import type { ProductUpsert } from '../store/ports/product';
import type { Stores } from '../store/ports/stores';
import type { UserUpsert } from '../store/ports/user';

const stages = ['catalogue', 'people', 'campaigns', 'posts', 'events'] as const;

/** Progress of seeding. */
export interface SeedProgress {
  readonly stage: (typeof stages)[number];
  /** Rows written of `total` in this stage (approximate for events). */
  readonly done: number;
  readonly total: number;
}

/** Returns the share of the whole seeding, 0 to 1; every stage counts alike. */
export const shareOf = ({ stage, done, total }: SeedProgress): number =>
  (stages.indexOf(stage) + Math.min(1, done / Math.max(1, total))) / stages.length;

/** Settings of the seeding; `now` is used by the first run only. */
export interface SeedSettings extends DemoShopSettings {
  readonly onProgress?: (progress: SeedProgress) => void;
}

/** Result of seeding. */
export interface SeedSummary {
  readonly wasSeededBefore: boolean;
  readonly products: number;
  readonly users: number;
  readonly follows: number;
  readonly posts: number;
  readonly campaigns: number;
  readonly contacts: number;
  readonly eventsAccepted: number;
  readonly eventsDuplicate: number;
}

const seedRunId = 'demo-shop';
const rowsPerWrite = 2_000;
const eventsPerWrite = 5_000;

/**
 * Writes the demo shop into the stores, in batches. It is idempotent: the first run's `now` is stored with its seed and
 * scale and used again, so that another run adds nothing, or completes an interrupted run.
 *
 * @throws {GatewayError} BAD_USER_INPUT when the shop was seeded before with another seed, scale or currency
 */
export async function seedDemoShop(stores: Stores, settings: SeedSettings): Promise<SeedSummary> {
  const earlier = await stores.importRuns.find(demoShopId, seedRunId);
  refuseOtherSettings(earlier, settings);
  const startedAt = earlier?.startedAt ?? settings.now;
  const demo = generateDemoShop({ ...settings, now: startedAt });
  await stores.shops.upsert(demo.shop);
  if (earlier === null) await stores.importRuns.save(runOf(settings, startedAt));
  const context: SeedContext = {
    stores,
    demo,
    now: settings.now,
    report: settings.onProgress ?? (() => undefined),
  };
  await writeCatalogue(context);
  await writePeople(context);
  await writeCampaigns(context);
  await writePosts(context);
  const { accepted, duplicate } = await writeEvents(context);
  await finishRun(stores, settings, { startedAt, accepted: (earlier?.accepted ?? 0) + accepted });
  return {
    wasSeededBefore: earlier !== null,
    products: demo.products.length,
    users: demo.users.length,
    follows: demo.follows.length,
    posts: demo.posts.length,
    campaigns: demo.campaigns.length,
    contacts: demo.contacts.length,
    eventsAccepted: accepted,
    eventsDuplicate: duplicate,
  };
}

interface SeedContext {
  readonly stores: Stores;
  readonly demo: DemoShop;
  readonly now: number;
  readonly report: (progress: SeedProgress) => void;
}

const mappingOf = ({ seed, scale, currency = 'CNY' }: DemoShopSettings): string =>
  `seed=${seed} scale=${scale} currency=${currency}`;

function refuseOtherSettings(earlier: ImportRunRecord | null, settings: DemoShopSettings): void {
  const wanted = mappingOf(settings);
  if (earlier === null || earlier.mapping === wanted) return;
  throw new GatewayError(
    'BAD_USER_INPUT',
    `Expected the settings of the existing demo shop (${earlier.mapping}); got ${wanted}. Use these, or an empty database.`,
    { seeded: earlier.mapping, wanted },
  );
}

const runOf = (settings: DemoShopSettings, startedAt: number): ImportRunRecord => ({
  shopId: demoShopId,
  id: seedRunId,
  fileName: 'demo',
  mapping: mappingOf(settings),
  linesDone: 0,
  accepted: 0,
  duplicates: 0,
  rejected: {},
  startedAt,
  updatedAt: startedAt,
  finishedAt: null,
});

async function finishRun(
  stores: Stores,
  settings: SeedSettings,
  { startedAt, accepted }: { readonly startedAt: number; readonly accepted: number },
): Promise<void> {
  const { now } = settings;
  const run = {
    ...runOf(settings, startedAt),
    linesDone: accepted,
    accepted,
    updatedAt: now,
    finishedAt: now,
  };
  await stores.importRuns.save(run);
}

/** Writes rows in slices, and reports progress after each. */
async function inSlices<Row>(
  rows: readonly Row[],
  write: (slice: readonly Row[]) => Promise<unknown>,
  report: (done: number) => void = () => undefined,
): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsPerWrite) {
    await write(rows.slice(from, from + rowsPerWrite));
    report(Math.min(from + rowsPerWrite, rows.length));
  }
}

async function writeCatalogue({ stores, demo, now, report }: SeedContext): Promise<void> {
  const total = demo.products.length;
  await inSlices(
    demo.products.map(toUpsert),
    slice => stores.products.upsertMany(demoShopId, slice, now),
    done => report({ stage: 'catalogue', done, total }),
  );
}

function toUpsert(product: Product): ProductUpsert {
  const { shopId: _shop, isStub: _stub, createdAt: _created, updatedAt: _updated, ...described } = product;
  return described;
}

async function writePeople({ stores, demo, now, report }: SeedContext): Promise<void> {
  const consents = new Map<string, NonNullable<UserUpsert['consents']>[number][]>();
  for (const { userId, purpose, granted, source } of demo.consents) {
    const answers = consents.get(userId) ?? [];
    answers.push({ purpose, granted, source });
    consents.set(userId, answers);
  }
  const users = demo.users.map(({ id, locale, attributes }) => ({
    id,
    locale,
    attributes,
    consents: consents.get(id) ?? [],
  }));
  const total = users.length + demo.follows.length;
  await inSlices(
    users,
    slice => stores.users.upsertMany(demoShopId, slice, now),
    done => report({ stage: 'people', done, total }),
  );
  await inSlices(
    demo.follows,
    slice => stores.social.upsertFollows(demoShopId, slice),
    done => report({ stage: 'people', done: users.length + done, total }),
  );
}

async function writeCampaigns({ stores, demo, report }: SeedContext): Promise<void> {
  const { campaigns, offers, contacts, outcomes } = demo;
  const total = campaigns.length + offers.length + contacts.length + outcomes.length;
  await stores.campaigns.upsertMany(campaigns);
  await stores.campaigns.upsertOffers(demoShopId, offers);
  await inSlices(contacts, slice => stores.campaigns.upsertContacts(demoShopId, slice));
  await inSlices(outcomes, slice => stores.campaigns.insertOutcomes(demoShopId, slice));
  report({ stage: 'campaigns', done: total, total });
}

async function writePosts({ stores, demo, report }: SeedContext): Promise<void> {
  const total = demo.posts.length + demo.reactions.length;
  await inSlices(demo.posts, slice => stores.social.upsertPosts(demoShopId, slice));
  await inSlices(demo.reactions, slice => stores.social.upsertReactions(demoShopId, slice));
  report({ stage: 'posts', done: total, total });
}

async function writeEvents({ stores, demo, report }: SeedContext) {
  const counts = { accepted: 0, duplicate: 0 };
  let pending: Interaction[] = [];
  const write = async (): Promise<void> => {
    for (const answer of await stores.interactions.insertMany(pending)) counts[answer]++;
    pending = [];
    report({ stage: 'events', done: counts.accepted + counts.duplicate, total: demo.expectedEvents });
  };
  for (const batch of demo.events()) {
    pending.push(...batch);
    if (pending.length >= eventsPerWrite) await write();
  }
  if (pending.length > 0) await write();
  return counts;
}
