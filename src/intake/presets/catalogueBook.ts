import { type ShopId, toProductId } from '../../domain/ids';
import { checkProduct, type ProductDraft } from '../product';
import type { Problem } from '../rejections';
import type { RowSink } from './preset';
import { Tally } from './tally';

/** What one order line states about its product. */
export interface CatalogueLine {
  readonly id: string;
  readonly title: string | null;
  readonly priceMinor: number | null;
  /** Whether it is a sale. Titles of other lines are used only for products without a sale. */
  readonly isSale: boolean;
}

/** What all lines together state about a product. */
interface KnownProduct {
  readonly id: string;
  readonly title: string | null;
  readonly isSold: boolean;
}

interface Entry {
  readonly titles: Tally<string>;
  readonly fallbackTitles: Tally<string>;
  readonly prices: Tally<number>;
}

/** Derives a catalogue from order lines. Memory grows with the products, not with the lines. */
export class CatalogueBook {
  readonly #context: { readonly shopId: ShopId; readonly now: number };
  readonly #entries = new Map<string, Entry>();

  constructor(context: { readonly shopId: ShopId; readonly now: number }) {
    this.#context = context;
  }

  /** Number of distinct products. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Records the title and price of one line (null where it has none). Returns the problem with them, or null.
   */
  note({ id, title, priceMinor, isSale }: CatalogueLine): Problem | null {
    const found = this.#entries.get(id);
    const titles = isSale ? found?.titles : found?.fallbackTitles;
    const isNewTitle = title !== null && !titles?.countKnown(title);
    const isNewPrice = isSale && priceMinor !== null && !found?.prices.countKnown(priceMinor);
    if (found && !isNewTitle && !isNewPrice) return null;
    const checked = checkProduct({ id, title, priceMinor: isSale ? priceMinor : null }, this.#context);
    if (!checked.ok) return checked.rejection;
    const entry = found ?? this.#make(id);
    if (isNewTitle) (isSale ? entry.titles : entry.fallbackTitles).countNew(title);
    if (isNewPrice) entry.prices.countNew(priceMinor);
    return null;
  }

  /** Passes on every product with its most frequent title and price; `extra` adds fields that the preset knows. */
  give(sink: RowSink, extra: (product: KnownProduct) => Partial<ProductDraft>): void {
    for (const [id, entry] of this.#entries) {
      const title = entry.titles.winner() ?? entry.fallbackTitles.winner();
      const priceMinor = entry.prices.winner();
      const known = { ...(title !== null && { title }), ...(priceMinor !== null && { priceMinor }) };
      sink.product({ id: toProductId(id), ...known, ...extra({ id, title, isSold: priceMinor !== null }) });
    }
  }

  #make(id: string): Entry {
    const made = {
      titles: new Tally<string>(),
      fallbackTitles: new Tally<string>(),
      prices: new Tally<number>(),
    };
    this.#entries.set(id, made);
    return made;
  }
}
