import type { Campaign, CampaignContact, CampaignOutcome, Offer } from '../../../domain/campaign';
import type { ProductId, ShopId, UserId } from '../../../domain/ids';
import type { Interaction } from '../../../domain/interaction';
import type { RowSink } from '../../../intake/presets/preset';
import type { ProductDraft } from '../../../intake/product';
import type { RejectionCode } from '../../../intake/rejections';
import type { UserDraft } from '../../../intake/user';
import type { ImportStores } from './importStores';

/** Rows per call to a store. */
const rowsPerCall = 5_000;
/** Offers per call, as each may have thousands of products. */
const offersPerCall = 100;

/** Rows of some lines of a file that are stored together. Rows of the same product or user are merged. */
export class RowBatch implements RowSink {
  readonly events: Interaction[] = [];
  readonly rejected = new Map<RejectionCode, number>();
  /** Number of its last line; 0 when empty. */
  lastLine = 0;
  lines = 0;

  readonly #products = new Map<ProductId, ProductDraft>();
  readonly #users = new Map<UserId, UserDraft>();
  readonly #campaigns: Campaign[] = [];
  readonly #offers: Offer[] = [];
  readonly #contacts: CampaignContact[] = [];
  readonly #outcomes: CampaignOutcome[] = [];

  event(row: Interaction): void {
    this.events.push(row);
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

  campaign(row: Campaign): void {
    this.#campaigns.push(row);
  }

  offer(row: Offer): void {
    this.#offers.push(row);
  }

  contact(row: CampaignContact): void {
    this.#contacts.push(row);
  }

  outcome(row: CampaignOutcome): void {
    this.#outcomes.push(row);
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
    await this.#writeCampaigns(stores, shopId);
  }

  /** Stores the events and returns the numbers of new and duplicate ones. */
  async writeEvents(
    stores: ImportStores,
  ): Promise<{ readonly accepted: number; readonly duplicates: number }> {
    let accepted = 0;
    for (const rows of chunks(this.events, rowsPerCall)) {
      const outcomes = await stores.interactions.insertMany(rows);
      for (const outcome of outcomes) if (outcome === 'accepted') accepted += 1;
    }
    return { accepted, duplicates: this.events.length - accepted };
  }

  async #writeCampaigns(stores: ImportStores, shopId: ShopId): Promise<void> {
    const { campaigns } = stores;
    if (this.#campaigns.length > 0) await campaigns.upsertMany(this.#campaigns);
    for (const rows of chunks(this.#offers, offersPerCall)) await campaigns.upsertOffers(shopId, rows);
    for (const rows of chunks(this.#contacts, rowsPerCall)) await campaigns.upsertContacts(shopId, rows);
    for (const rows of chunks(this.#outcomes, rowsPerCall)) await campaigns.insertOutcomes(shopId, rows);
  }
}

function byId<Row extends { readonly id: string }>(rows: Iterable<Row>): readonly Row[] {
  return [...rows].sort((left, right) => (left.id < right.id ? -1 : 1));
}

function* chunks<Row>(rows: readonly Row[], length: number): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += length) yield rows.slice(start, start + length);
}
