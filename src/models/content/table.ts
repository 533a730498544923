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
  /** Company that a like of the product speaks for: see likedCompany. [products × rank] */
  readonly liked: Float32Array;
  /** What the words foretell of the standing, less the mean. [products] */
  readonly foretold: Float32Array;
}

/** A product's own standing as far as its shoppers are enough to trust, and for the rest what its words foretell. */
export function standingsOf({ shoppers, foretold }: ProductTable, learned: Learned): Float32Array {
  const { shrinkage } = learned.reader.config;
  return foretold.map((expected, row) => {
    if (shoppers[row] === 0) return expected;
    const share = shoppers[row] / (shoppers[row] + shrinkage);
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

/**
 * Of each product its own company, as far as its shoppers are enough to trust, and for the rest what its words foretell;
 * all of it less, the more shoppers: a like of what everybody likes says little.
 */
function likedCompany(foretold: Float32Array, learned: Learned): Float32Array {
  const { rank, shrinkage } = learned.reader.config;
  return foretold.map((expected, at) => {
    const shoppers = learned.shoppers[Math.floor(at / rank)] ?? 0;
    const telling = Math.max(shoppers + shrinkage, 1) ** -0.25;
    if (shoppers === 0) return telling * expected;
    const share = shoppers / (shoppers + shrinkage);
    return telling * (share * learned.company[at] + (1 - share) * expected);
  });
}

/** The products of the training. */
export function tableOf(learned: Learned, products: Vocabulary): ProductTable {
  const foretold = foretell(learned.texts, learned);
  const liked = likedCompany(foretold.company, learned);
  return { products, texts: learned.texts, shoppers: learned.shoppers, liked, ...foretold };
}

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
  const liked = likedCompany(company, learned);
  return {
    products: vocabularyOf(ids),
    texts: textsOf(readings, texts.terms, texts.rank),
    shoppers: grown(table.shoppers, ids.length),
    company,
    liked,
    foretold,
  };
}
