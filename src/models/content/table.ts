import type { ProductDocument } from '../../snapshot/snapshot';
import { type Vocabulary, vocabularyOf } from '../../snapshot/vocabulary';
import type { Learned } from './learned';
import { createReading, type Reading } from './reader';
import { mapTextsInto, readingAt, type Texts, textsOf } from './texts';

/** Products as a scorer knows them: those of the training first, then those that came later. */
export interface ProductTable {
  readonly products: Vocabulary;
  readonly texts: Texts;
  /** Shoppers who like each product. [products] */
  readonly shoppers: Float32Array;
  /** Company as the words foretell it, [products × rank]. */
  readonly company: Float32Array;
  /** What the words foretell of the standing, less the mean. [products] */
  readonly foretold: Float32Array;
}

/** A product's own standing as far as its shoppers are enough to trust, and for the rest what its words foretell. */
export function standingsOf({ shoppers, foretold }: ProductTable, learned: Learned): Float32Array {
  const { trust } = learned.reader.config;
  return foretold.map((expected, row) => {
    if (shoppers[row] === 0) return expected;
    const share = shoppers[row] / (shoppers[row] + trust);
    return share * (Math.log(shoppers[row]) - learned.meanStanding) + (1 - share) * expected;
  });
}

/** What words foretell: the same for products of the training and later ones. */
function foretell(texts: Texts, learned: Learned): Pick<ProductTable, 'company' | 'foretold'> {
  const { rank } = learned.reader.config;
  const company = new Float32Array(texts.rows * rank);
  const foretold = new Float32Array(texts.rows);
  mapTextsInto(texts, learned.map, rank, company);
  mapTextsInto(texts, learned.standingMap, 1, foretold);
  return { company, foretold };
}

/** The products of the training. */
export const tableOf = (learned: Learned, products: Vocabulary): ProductTable => ({
  products,
  texts: learned.texts,
  shoppers: learned.shoppers,
  ...foretell(learned.texts, learned),
});

const grown = (values: Float32Array, length: number): Float32Array => {
  const copy = new Float32Array(length);
  copy.set(values);
  return copy;
};

/** The table with documents read into it: in place for products that have a row, at the end for the others. */
export function withDocumentsRead(
  table: ProductTable,
  learned: Learned,
  documents: ReadonlyMap<string, ProductDocument>,
): ProductTable {
  const { products, texts } = table;
  const { rank } = learned.reader.config;
  const read = createReading(learned.reader);
  const ids = Array.from({ length: products.size }, (_, row) => products.idOf(row));
  const readings = ids.map((_, row) => readingAt(texts, row));
  const changed: (readonly [number, Reading])[] = [];
  for (const [id, document] of documents) {
    const known = products.rowOf(id);
    const row = known >= 0 ? known : ids.push(id) - 1;
    readings[row] = read(document);
    changed.push([row, readings[row]]);
  }
  const company = grown(table.company, ids.length * rank);
  const foretold = grown(table.foretold, ids.length);
  const fresh = foretell(
    textsOf(
      changed.map(([, reading]) => reading),
      texts.terms,
      texts.rank,
    ),
    learned,
  );
  for (const [at, [row]] of changed.entries()) {
    company.set(fresh.company.subarray(at * rank, (at + 1) * rank), row * rank);
    foretold[row] = fresh.foretold[at];
  }
  return {
    products: vocabularyOf(ids),
    texts: textsOf(readings, texts.terms, texts.rank),
    shoppers: grown(table.shoppers, ids.length),
    company,
    foretold,
  };
}
