import { type ShopId, toProductId } from '../../domain/ids';
import { checkProduct, type ProductDraft } from '../product';
import type { Problem } from '../rejections';
import type { RowSink } from './preset';
import { Tally } from './tally';

/** What one order line says of its product. */
export interface CatalogueLine {
  readonly id: string;
  readonly title: string | null;
  readonly priceMinor: number | null;
  /** Whether it was sold: other lines only stand in where no sale says more. */
  readonly isSale: boolean;
}

interface Entry {
  readonly titles: Tally<string>;
  readonly fallbackTitles: Tally<string>;
  readonly prices: Tally<number>;
}

/** Learns a catalogue from order lines: memory grows with the products, not with the lines. */
export class CatalogueBook {
  readonly #context: { readonly shopId: ShopId; readonly now: number };
  readonly #entries = new Map<string, Entry>();

  constructor(context: { readonly shopId: ShopId; readonly now: number }) {
    this.#context = context;
  }

  /** Different products seen. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Notes one line's words and price; null for what it does not say. Answers why they cannot be a product's, or null; then
   * nothing was noted.
   */
  note(line: CatalogueLine): Problem | null {
    const found = this.#entries.get(line.id);
    if (!found || !knows(found, line)) {
      const { id, title } = line;
      const checked = checkProduct(
        { id, title, priceMinor: line.isSale ? line.priceMinor : null },
        this.#context,
      );
      if (!checked.ok) return checked.rejection;
    }
    const entry = found ?? this.#make(line.id);
    if (line.title !== null) titlesOf(entry, line).add(line.title);
    if (line.priceMinor !== null && line.isSale) entry.prices.add(line.priceMinor);
    return null;
  }

  /** Gives every product with its most frequent title and price; `extra` adds what the preset knows of it. */
  give(sink: RowSink, extra: (id: string, isSold: boolean) => Partial<ProductDraft>): void {
    for (const [id, entry] of this.#entries) {
      const title = entry.titles.winner() ?? entry.fallbackTitles.winner();
      const priceMinor = entry.prices.winner();
      const known = { ...(title !== null && { title }), ...(priceMinor !== null && { priceMinor }) };
      sink.product({ id: toProductId(id), ...known, ...extra(id, priceMinor !== null) });
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

const titlesOf = (entry: Entry, line: CatalogueLine): Tally<string> =>
  line.isSale ? entry.titles : entry.fallbackTitles;

/** Whether the line says nothing that was not checked before. */
function knows(entry: Entry, line: CatalogueLine): boolean {
  const knowsTitle = line.title === null || titlesOf(entry, line).has(line.title);
  return knowsTitle && (line.priceMinor === null || !line.isSale || entry.prices.has(line.priceMinor));
}
