import type { CampaignContact, CampaignOutcome, CampaignUpsert, OfferUpsert } from '../../../domain/campaign';
import type { RecordedIdentity } from '../../../domain/identity';
import type { ProductId, ShopId, UserId } from '../../../domain/ids';
import type { Interaction } from '../../../domain/interaction';
import type { InterestTagRecord } from '../../../domain/interest';
import type { Follow, SocialPost, SocialReaction } from '../../../domain/social';
import { deactivatedShopper } from '../../../intake/deactivatedShopper';
import type { Line } from '../../../intake/lineSplitter';
import type { RowSink } from '../../../intake/presets/preset';
import type { ProductDraft } from '../../../intake/product';
import type { Problem, RejectionCode } from '../../../intake/rejections';
import type { UserDraft } from '../../../intake/user';
import type { ImportStores } from './importStores';

/** Rows per call to a store. */
const rowsPerCall = 5_000;
/** Offers per call, as each may have thousands of products. */
const offersPerCall = 100;

/** An event of a line that is not stored. */
export interface RefusedLine {
  readonly line: Line;
  readonly problem: Problem;
}

/** Result of storing the events of a batch. */
export interface EventCounts {
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: readonly RefusedLine[];
}

/** Rows of some lines of a file that are stored together. Rows of the same product or user are merged. */
export class RowBatch implements RowSink {
  readonly events: Interaction[] = [];
  readonly rejected = new Map<RejectionCode, number>();
  /** Number of its last line; 0 when empty. */
  lastLine = 0;
  lines = 0;

  /** The line of each event. */
  readonly #eventLines: Line[] = [];
  #currentLine: Line = { number: 0, text: '', fault: null };
  readonly #products = new Map<ProductId, ProductDraft>();
  readonly #users = new Map<UserId, UserDraft>();
  readonly #campaigns: CampaignUpsert[] = [];
  readonly #offers: OfferUpsert[] = [];
  readonly #contacts: CampaignContact[] = [];
  readonly #outcomes: CampaignOutcome[] = [];
  readonly #posts: SocialPost[] = [];
  readonly #reactions: SocialReaction[] = [];
  readonly #follows: Follow[] = [];
  readonly #interestTags: InterestTagRecord[] = [];
  readonly #identities: RecordedIdentity[] = [];

  event(row: Interaction): void {
    this.events.push(row);
    this.#eventLines.push(this.#currentLine);
  }

  /** Names the line whose rows follow. */
  begin(line: Line): void {
    this.#currentLine = line;
  }

  product(row: ProductDraft): void {
    this.#products.set(row.id, { ...this.#products.get(row.id), ...row });
  }

  user(row: UserDraft): void {
    const known = this.#users.get(row.id);
    const consents = new Map(
      [...(known?.consents ?? []), ...(row.consents ?? [])].map(one => [one.purpose, one]),
    );
    this.#users.set(row.id, {
      ...known,
      ...row,
      ...(consents.size > 0 && { consents: [...consents.values()] }),
    });
  }

  campaign(row: CampaignUpsert): void {
    this.#campaigns.push(row);
  }

  offer(row: OfferUpsert): void {
    this.#offers.push(row);
  }

  contact(row: CampaignContact): void {
    this.#contacts.push(row);
  }

  outcome(row: CampaignOutcome): void {
    this.#outcomes.push(row);
  }

  post(row: SocialPost): void {
    this.#posts.push(row);
  }

  reaction(row: SocialReaction): void {
    this.#reactions.push(row);
  }

  follow(row: Follow): void {
    this.#follows.push(row);
  }

  interestTag(row: InterestTagRecord): void {
    this.#interestTags.push(row);
  }

  identity(row: RecordedIdentity): void {
    this.#identities.push(row);
  }

  /** Counts one line, with the rejection code if it was rejected. */
  line(number: number, code: RejectionCode | null): void {
    this.lastLine = number;
    this.lines += 1;
    if (code !== null) this.rejected.set(code, (this.rejected.get(code) ?? 0) + 1);
  }

  /** Stores everything except events. Rows are ordered by id, so that concurrent writers cannot deadlock. */
  async writeCatalogue(stores: ImportStores, shopId: ShopId, now: number): Promise<void> {
    for (const rows of chunks(byId(this.#products.values()), rowsPerCall)) {
      await stores.products.upsertMany(shopId, rows, now);
    }
    for (const rows of chunks(byId(this.#users.values()), rowsPerCall)) {
      await stores.users.upsertMany(shopId, rows, now);
    }
    const { users, interests } = stores;
    if (this.#identities.length > 0) await users.restoreIdentities(shopId, this.#identities);
    await this.#writeCampaigns(stores, shopId);
    await this.#writeSocial(stores, shopId);
    if (this.#interestTags.length > 0) await interests.restoreTags(shopId, this.#interestTags);
  }

  /** Stores the events of shoppers who are not deactivated. @param now - start of the import */
  async writeEvents(stores: ImportStores, shopId: ShopId, now: number): Promise<EventCounts> {
    const refused = await this.#refusedEvents(stores, shopId, now);
    const allowed = this.events.filter((_, position) => !refused.has(position));
    let accepted = 0;
    for (const rows of chunks(allowed, rowsPerCall)) {
      const outcomes = await stores.interactions.insertMany(rows);
      for (const outcome of outcomes) if (outcome === 'accepted') accepted += 1;
    }
    return { accepted, duplicates: allowed.length - accepted, refused: [...refused.values()] };
  }

  /** Returns the events that must not be stored, by position. */
  async #refusedEvents({ users }: ImportStores, shopId: ShopId, now: number) {
    const refused = new Map<number, RefusedLine>();
    if (this.events.length === 0) return refused;
    const rights = await users.rightsOf(shopId, [...new Set(this.events.map(({ userId }) => userId))]);
    for (const [position, event] of this.events.entries()) {
      const problem = deactivatedShopper(event, rights.get(event.userId), now);
      if (problem !== null) refused.set(position, { line: this.#eventLines[position], problem });
    }
    return refused;
  }

  async #writeCampaigns(stores: ImportStores, shopId: ShopId): Promise<void> {
    const { campaigns } = stores;
    if (this.#campaigns.length > 0) await campaigns.upsertMany(this.#campaigns);
    for (const rows of chunks(this.#offers, offersPerCall)) await campaigns.upsertOffers(shopId, rows);
    for (const rows of chunks(this.#contacts, rowsPerCall)) await campaigns.upsertContacts(shopId, rows);
    for (const rows of chunks(this.#outcomes, rowsPerCall)) await campaigns.insertOutcomes(shopId, rows);
  }

  async #writeSocial({ social }: ImportStores, shopId: ShopId): Promise<void> {
    for (const rows of chunks(this.#posts, rowsPerCall)) await social.upsertPosts(shopId, rows);
    for (const rows of chunks(this.#reactions, rowsPerCall)) await social.upsertReactions(shopId, rows);
    for (const rows of chunks(this.#follows, rowsPerCall)) await social.upsertFollows(shopId, rows);
  }
}

function byId<Row extends { readonly id: string }>(rows: Iterable<Row>): readonly Row[] {
  return [...rows].sort((left, right) => (left.id < right.id ? -1 : 1));
}

function* chunks<Row>(rows: readonly Row[], length: number): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += length) yield rows.slice(start, start + length);
}
