import type { Campaign, CampaignContact, CampaignOutcome, Offer } from '../domain/campaign';
import type { CampaignId, ListId, ProductId, ShopId, UserId } from '../domain/ids';
import type { Interaction, InteractionType } from '../domain/interaction';
import type { Product } from '../domain/product';
import type { RecommendationList } from '../domain/recommendation';
import type { Role } from '../domain/role';
import type { Follow, SocialPost, SocialReaction, SocialText, WrittenText } from '../domain/social';
import type { Consent, User } from '../domain/user';
import type { InterestStore } from './interestPorts';
import type { Page, PageRequest } from './pagePorts';
import type { PredictionStore } from './predictionPorts';

export type { Page, PageCursor, PageRequest } from './pagePorts';

/** A tenant. */
export interface Shop {
  readonly id: ShopId;
  readonly name: string;
  readonly defaultLocale: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly interactionRetentionDays: number | null;
  readonly listRetentionDays: number;
}

/** Tenants. */
export interface ShopStore {
  find(shopId: ShopId): Promise<Shop | null>;
  upsert(shop: Shop): Promise<void>;
  list(): Promise<readonly Shop[]>;
}

/** A user to write; absent fields stay as they are (or take the default for a new row). */
export interface UserUpsert {
  readonly id: UserId;
  readonly locale?: string | null;
  readonly attributes?: User['attributes'];
  /** When set, tokens for this user are refused from then on; null lets them in again. */
  readonly deactivatedAt?: number | null;
  readonly consents?: readonly {
    readonly purpose: Consent['purpose'];
    readonly granted: boolean;
    readonly source: string | null;
  }[];
}

/** Shoppers. */
export interface UserStore {
  /**
   * Answers, per row, whether it was new; a described stub stops being one. All rows commit together. Announces a `user`
   * change of each who is shut out or withdraws PERSONALIZATION after the commit, and removes what they were said to be into
   * and to do next with it; whatever erases a user must do both, too.
   */
  upsertMany(
    shopId: ShopId,
    users: readonly UserUpsert[],
    now: number,
  ): Promise<readonly ('created' | 'updated')[]>;
  findMany(shopId: ShopId, ids: readonly UserId[]): Promise<ReadonlyMap<UserId, User>>;
  consentsOf(shopId: ShopId, ids: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly Consent[]>>;
  /** By (createdAt, id) ascending. */
  page(shopId: ShopId, request: PageRequest): Promise<Page<User>>;
  count(shopId: ShopId): Promise<number>;
}

/** A product to write; absent fields stay as they are. */
export type ProductUpsert = { readonly id: ProductId } & Partial<
  Omit<Product, 'shopId' | 'id' | 'isStub' | 'createdAt' | 'updatedAt'>
>;

/** Narrows a page of products. */
export interface ProductFilter {
  /** Prefix of the category path. */
  readonly category?: readonly string[];
  readonly minPriceMinor?: number;
  readonly maxPriceMinor?: number;
  readonly inStock?: boolean;
  /** Case-insensitive substring of title or id. */
  readonly text?: string;
}

/** The catalogue. */
export interface ProductStore {
  /** As {@link UserStore.upsertMany}. Announces a `catalogue` change after the commit. */
  upsertMany(
    shopId: ShopId,
    products: readonly ProductUpsert[],
    now: number,
  ): Promise<readonly ('created' | 'updated')[]>;
  findMany(shopId: ShopId, ids: readonly ProductId[]): Promise<ReadonlyMap<ProductId, Product>>;
  /** By (createdAt, id) ascending. */
  page(shopId: ShopId, request: PageRequest, filter?: ProductFilter): Promise<Page<Product>>;
  count(shopId: ShopId): Promise<number>;
  /** Every product changed at or after `since` (0 = all), in batches, by (updatedAt, id). */
  changedSince(shopId: ShopId, since: number): AsyncIterable<readonly Product[]>;
}

/** Narrows a page of interactions. */
export interface InteractionFilter {
  readonly types?: readonly InteractionType[];
  readonly since?: number;
  readonly until?: number;
}

/** A batch of interactions as columns, for snapshots: 1 GB of rows would not fit as objects. */
export interface InteractionColumns {
  readonly length: number;
  readonly userIds: readonly string[];
  /** Null for searches without a product. */
  readonly productIds: readonly (string | null)[];
  /** Index into domain `interactionTypes`. */
  readonly types: Uint8Array;
  /** NaN for none. */
  readonly values: Float64Array;
  readonly sessionIds: readonly (string | null)[];
  /** Words of searches; null for everything else. */
  readonly queryTexts: readonly (string | null)[];
  readonly occurredAt: Float64Array;
}

/** Events. */
export interface InteractionStore {
  /**
   * Keeps the rows, creating stub users and products they name. Resolves after the commit is durable; concurrent calls
   * may share one commit. Answers per row: a row whose (shop, id) is already kept, or came earlier in the call, is a
   * duplicate and changes nothing. All rows of a call are kept, or (when it rejects) none is.
   *
   * @throws {GatewayError} UNAVAILABLE when the database cannot be reached: nothing was kept
   */
  insertMany(rows: readonly Interaction[]): Promise<readonly ('accepted' | 'duplicate')[]>;
  /** Latest `limit` interactions of each user that name a product, newest first. Users without any are absent. */
  recentOf(
    shopId: ShopId,
    userIds: readonly UserId[],
    limit: number,
  ): Promise<ReadonlyMap<UserId, readonly Interaction[]>>;
  /** As {@link recentOf}, with those that name no product (searches) among them. */
  recentWithSearchesOf(
    shopId: ShopId,
    userIds: readonly UserId[],
    limit: number,
  ): Promise<ReadonlyMap<UserId, readonly Interaction[]>>;
  /** By (occurredAt, id) descending. */
  pageOfUser(
    shopId: ShopId,
    userId: UserId,
    request: PageRequest,
    filter?: InteractionFilter,
  ): Promise<Page<Interaction>>;
  /** By (occurredAt, id) ascending: all interactions of the shop, for export. */
  page(shopId: ShopId, request: PageRequest): Promise<Page<Interaction>>;
  /** Every interaction with occurredAt ≤ until, in batches of columns; order unspecified but the same for the same rows. */
  scan(shopId: ShopId, until: number): AsyncIterable<InteractionColumns>;
  count(shopId: ShopId): Promise<number>;
  /** Removes interactions that occurred before `before` (the shop's retention); answers how many. */
  removeOlderThan(shopId: ShopId, before: number): Promise<number>;
}

/** Lists that were shown. */
export interface RecommendationStore {
  /** Keeps lists; one that is already kept is left as it is. */
  saveMany(lists: readonly RecommendationList[]): Promise<void>;
  findMany(shopId: ShopId, ids: readonly ListId[]): Promise<ReadonlyMap<ListId, RecommendationList>>;
  /** By (createdAt, id) descending. */
  pageOfUser(shopId: ShopId, userId: UserId, request: PageRequest): Promise<Page<RecommendationList>>;
  /** Removes lists whose end has come; answers how many. */
  removeExpired(now: number): Promise<number>;
}

/** Campaigns: types and reads now, behaviour in a later issue. `upsertMany`… serve the demo shop and imports. */
export interface CampaignStore {
  upsertMany(campaigns: readonly Campaign[]): Promise<void>;
  upsertOffers(shopId: ShopId, offers: readonly Offer[]): Promise<void>;
  upsertContacts(shopId: ShopId, contacts: readonly CampaignContact[]): Promise<void>;
  insertOutcomes(shopId: ShopId, outcomes: readonly CampaignOutcome[]): Promise<void>;
  findMany(shopId: ShopId, ids: readonly CampaignId[]): Promise<ReadonlyMap<CampaignId, Campaign>>;
  /** By (createdAt, id) ascending. */
  page(shopId: ShopId, request: PageRequest): Promise<Page<Campaign>>;
  offersOf(
    shopId: ShopId,
    campaignIds: readonly CampaignId[],
  ): Promise<ReadonlyMap<CampaignId, readonly Offer[]>>;
  /** Contacts per arm of each campaign. */
  contactCountsOf(
    shopId: ShopId,
    campaignIds: readonly CampaignId[],
  ): Promise<ReadonlyMap<CampaignId, { readonly treatment: number; readonly holdout: number }>>;
}

/** Posts, reactions and ties. */
export interface SocialStore {
  upsertPosts(shopId: ShopId, posts: readonly SocialPost[]): Promise<void>;
  upsertReactions(shopId: ShopId, reactions: readonly SocialReaction[]): Promise<void>;
  upsertFollows(shopId: ShopId, follows: readonly Follow[]): Promise<void>;
  /** Posts and comments with words up to an instant, in batches; order unspecified but the same for the same rows. */
  scanTexts(shopId: ShopId, until: number): AsyncIterable<readonly SocialText[]>;
  /** Latest `limit` posts and comments with words of each user, newest first. Users without any are absent. */
  recentTextsOf(
    shopId: ShopId,
    userIds: readonly UserId[],
    limit: number,
  ): Promise<ReadonlyMap<UserId, readonly WrittenText[]>>;
  counts(
    shopId: ShopId,
  ): Promise<{ readonly posts: number; readonly reactions: number; readonly follows: number }>;
}

/** A key as it is kept: the secret only as its SHA-256. */
export interface ApiKeyRecord {
  readonly shopId: ShopId;
  readonly id: string;
  readonly label: string;
  readonly role: Role;
  readonly secretHash: Uint8Array;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly lastUsedAt: number | null;
}

/** API keys. Key ids are unique over all shops, so that a key names its shop. */
export interface ApiKeyStore {
  insert(key: ApiKeyRecord): Promise<void>;
  findById(id: string): Promise<ApiKeyRecord | null>;
  listOf(shopId: ShopId): Promise<readonly ApiKeyRecord[]>;
  revoke(shopId: ShopId, id: string, now: number): Promise<boolean>;
  touch(shopId: ShopId, id: string, now: number): Promise<void>;
}

/** A trained model, described. */
export interface ArtifactRecord {
  readonly shopId: ShopId;
  readonly id: string;
  readonly model: string;
  /** Sorts by age: UTC time of training and a short digest. */
  readonly version: string;
  readonly snapshotDigest: string;
  /** Hex SHA-256 of the bytes. */
  readonly checksum: string;
  readonly byteLength: number;
  readonly config: Readonly<Record<string, string | number | boolean>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly isLive: boolean;
  readonly createdAt: number;
  readonly publishedAt: number | null;
}

/** Artifacts: description and bytes together. */
export interface ArtifactStore {
  /** Keeps bytes and record in one commit. */
  save(record: ArtifactRecord, bytes: Uint8Array): Promise<void>;
  /** Makes this the one live artifact of its model; announces an `artifact` change after the commit. */
  publish(shopId: ShopId, id: string, now: number): Promise<void>;
  liveOf(shopId: ShopId): Promise<readonly ArtifactRecord[]>;
  /** By (createdAt, id) descending. */
  page(shopId: ShopId, request: PageRequest): Promise<Page<ArtifactRecord>>;
  /** @throws {GatewayError} ARTIFACT_DAMAGED when the bytes do not have the record's checksum, or are gone */
  read(record: ArtifactRecord): Promise<Uint8Array>;
  /** Drops bytes and records of a model but the live one and the `keep` newest. */
  prune(shopId: ShopId, model: string, keep: number): Promise<number>;
}

/** Life of a training run. */
export type TrainingStatus = 'QUEUED' | 'RUNNING' | 'PUBLISHED' | 'REJECTED' | 'FAILED' | 'CANCELLED';

/** A training run. */
export interface TrainingRunRecord {
  readonly shopId: ShopId;
  readonly id: string;
  readonly model: string;
  readonly status: TrainingStatus;
  readonly seed: number;
  readonly snapshotDigest: string | null;
  readonly artifactId: string | null;
  readonly metrics: Readonly<Record<string, number>> | null;
  readonly reason: string | null;
  readonly queuedAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** Training runs. */
export interface TrainingRunStore {
  save(run: TrainingRunRecord): Promise<void>;
  find(shopId: ShopId, id: string): Promise<TrainingRunRecord | null>;
  /** By (queuedAt, id) descending. */
  page(shopId: ShopId, request: PageRequest): Promise<Page<TrainingRunRecord>>;
}

/** How far an import has come. */
export interface ImportRunRecord {
  readonly shopId: ShopId;
  /** Digest of the file's head, size and the mapping. */
  readonly id: string;
  readonly fileName: string;
  readonly mapping: string;
  readonly linesDone: number;
  readonly accepted: number;
  readonly duplicates: number;
  /** Rejected lines by code. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly finishedAt: number | null;
}

/** Import runs. */
export interface ImportRunStore {
  save(run: ImportRunRecord): Promise<void>;
  find(shopId: ShopId, id: string): Promise<ImportRunRecord | null>;
}

/** Something changed that gateways hold in memory. */
export interface Change {
  readonly kind: 'catalogue' | 'artifact' | 'shop' | 'user';
  readonly shopId: ShopId;
  /** Of the kind `user`: who is not to be remembered any more (deactivated, erased, or without consent). */
  readonly userId?: UserId;
}

/** Tells every gateway of changes made by any (PostgreSQL LISTEN/NOTIFY in production). */
export interface ChangeFeed {
  /** Calls back after each change, own ones included; `lost` after a reconnect, when changes may have been missed. Answers how to stop. */
  subscribe(onChange: (change: Change) => void, onLost: () => void): Promise<() => Promise<void>>;
}

/** All stores over one database. */
export interface Stores {
  readonly shops: ShopStore;
  readonly users: UserStore;
  readonly products: ProductStore;
  readonly interactions: InteractionStore;
  readonly recommendations: RecommendationStore;
  readonly campaigns: CampaignStore;
  readonly social: SocialStore;
  readonly interests: InterestStore;
  readonly predictions: PredictionStore;
  readonly apiKeys: ApiKeyStore;
  readonly artifacts: ArtifactStore;
  readonly trainingRuns: TrainingRunStore;
  readonly importRuns: ImportRunStore;
  readonly changes: ChangeFeed;
  /** Resolves when the database answers. @throws {GatewayError} UNAVAILABLE */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A wish to train, as a job. */
export interface TrainingJob {
  readonly shopId: ShopId;
  readonly runId: string;
  readonly model: string;
  readonly seed: number;
}

/** What a job's processor may use. */
export interface TrainingJobContext {
  readonly signal: AbortSignal;
  readonly onProgress: (share: number) => void;
}

/** Work that outlives a request. */
export interface TrainingQueue {
  /** The same job (runId) is queued once. */
  add(job: TrainingJob): Promise<void>;
  /** Starts taking jobs, one at a time. Answers how to stop: finishes or hands back the job in hand. */
  process(
    handler: (job: TrainingJob, context: TrainingJobContext) => Promise<void>,
  ): Promise<() => Promise<void>>;
  /** Waiting and active jobs. */
  depth(): Promise<{ readonly waiting: number; readonly active: number }>;
  close(): Promise<void>;
}
