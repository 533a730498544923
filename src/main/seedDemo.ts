import { type DemoShop, type DemoShopSettings, demoShopId, generateDemoShop } from '../demo/demoShop';
import { GatewayError } from '../domain/errors';
import type { Interaction } from '../domain/interaction';
import type { Product } from '../domain/product';
import type { ImportRunRecord } from '../store/ports/importRun';
import type { ProductUpsert } from '../store/ports/product';
import type { Stores } from '../store/ports/stores';
import type { UserUpsert } from '../store/ports/user';

/** How far a seeding is. */
export interface SeedProgress {
  readonly stage: 'catalogue' | 'people' | 'campaigns' | 'posts' | 'events';
  /** Rows written, of `total` in this stage (about, for events). */
  readonly done: number;
  readonly total: number;
}

/** What to seed; `now` is used only the first time. */
export interface SeedSettings extends DemoShopSettings {
  readonly onProgress?: (progress: SeedProgress) => void;
}

/** What a seeding did. */
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
 * Writes the demo shop into the stores, in batches. Running it again adds nothing: the first run's `now` is kept with its
 * seed and scale, and used again; so a run that was stopped half-way is also finished by the next.
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
  const writing: Writing = {
    stores,
    demo,
    now: settings.now,
    tell: settings.onProgress ?? (() => undefined),
  };
  await writeCatalogue(writing);
  await writePeople(writing);
  await writeCampaigns(writing);
  await writePosts(writing);
  const { accepted, duplicate } = await writeEvents(writing);
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

interface Writing {
  readonly stores: Stores;
  readonly demo: DemoShop;
  readonly now: number;
  readonly tell: (progress: SeedProgress) => void;
}

const mappingOf = ({ seed, scale, currency = 'CNY' }: DemoShopSettings): string =>
  `seed=${seed} scale=${scale} currency=${currency}`;

function refuseOtherSettings(earlier: ImportRunRecord | null, settings: DemoShopSettings): void {
  const wanted = mappingOf(settings);
  if (earlier === null || earlier.mapping === wanted) return;
  throw new GatewayError(
    'BAD_USER_INPUT',
    `Expected the demo shop as it was seeded before (${earlier.mapping}); got ${wanted}. Use the same, or an empty database.`,
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

/** Writes rows in slices, telling after each. */
async function inSlices<Row>(
  rows: readonly Row[],
  write: (slice: readonly Row[]) => Promise<unknown>,
  tell: (done: number) => void = () => undefined,
): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsPerWrite) {
    await write(rows.slice(from, from + rowsPerWrite));
    tell(Math.min(from + rowsPerWrite, rows.length));
  }
}

async function writeCatalogue({ stores, demo, now, tell }: Writing): Promise<void> {
  const total = demo.products.length;
  await inSlices(
    demo.products.map(toUpsert),
    slice => stores.products.upsertMany(demoShopId, slice, now),
    done => tell({ stage: 'catalogue', done, total }),
  );
}

function toUpsert(product: Product): ProductUpsert {
  const { shopId: _shop, isStub: _stub, createdAt: _created, updatedAt: _updated, ...described } = product;
  return described;
}

async function writePeople({ stores, demo, now, tell }: Writing): Promise<void> {
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
    done => tell({ stage: 'people', done, total }),
  );
  await inSlices(
    demo.follows,
    slice => stores.social.upsertFollows(demoShopId, slice),
    done => tell({ stage: 'people', done: users.length + done, total }),
  );
}

async function writeCampaigns({ stores, demo, tell }: Writing): Promise<void> {
  const { campaigns, offers, contacts, outcomes } = demo;
  const total = campaigns.length + offers.length + contacts.length + outcomes.length;
  await stores.campaigns.upsertMany(campaigns);
  await stores.campaigns.upsertOffers(demoShopId, offers);
  await inSlices(contacts, slice => stores.campaigns.upsertContacts(demoShopId, slice));
  await inSlices(outcomes, slice => stores.campaigns.insertOutcomes(demoShopId, slice));
  tell({ stage: 'campaigns', done: total, total });
}

async function writePosts({ stores, demo, tell }: Writing): Promise<void> {
  const total = demo.posts.length + demo.reactions.length;
  await inSlices(demo.posts, slice => stores.social.upsertPosts(demoShopId, slice));
  await inSlices(demo.reactions, slice => stores.social.upsertReactions(demoShopId, slice));
  tell({ stage: 'posts', done: total, total });
}

async function writeEvents({ stores, demo, tell }: Writing) {
  const counts = { accepted: 0, duplicate: 0 };
  let waiting: Interaction[] = [];
  const write = async (): Promise<void> => {
    for (const answer of await stores.interactions.insertMany(waiting)) counts[answer]++;
    waiting = [];
    tell({ stage: 'events', done: counts.accepted + counts.duplicate, total: demo.expectedEvents });
  };
  for (const batch of demo.events()) {
    waiting.push(...batch);
    if (waiting.length >= eventsPerWrite) await write();
  }
  if (waiting.length > 0) await write();
  return counts;
}
