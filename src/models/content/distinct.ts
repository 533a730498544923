import type { Reading } from './reader';
import { readingAt, type Texts, textsOf } from './texts';

/** Texts of products without repetition: in many shops, sizes and colours share one text, or a category is all there is. */
export interface DistinctTexts {
  /** One row per distinct text. */
  readonly texts: Texts;
  /** Row in `texts` of each product. */
  readonly textOf: Uint32Array;
}

const bytesOf = (array: Uint32Array | Float32Array): string =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('latin1');

/** Returns the distinct rows of texts, in the order of their first product. O(entries). */
export function distinctTexts(texts: Texts): DistinctTexts {
  const known = new Map<string, number>();
  const readings: Reading[] = [];
  const textOf = Uint32Array.from({ length: texts.rows }, (_, row) => {
    const reading = readingAt(texts, row);
    const key = `${reading.terms.length}:${[reading.terms, reading.weights, reading.dense].map(bytesOf).join('')}`;
    const found = known.get(key) ?? readings.length;
    if (found === readings.length) {
      known.set(key, found);
      readings.push(reading);
    }
    return found;
  });
  return { texts: textsOf(readings, texts.terms, texts.rank), textOf };
}

/** A regression of products on their texts. */
export interface Targets {
  /** Weight of each product, ≥ 0. */
  readonly weights: Float32Array;
  /** [products × columns] */
  readonly targets: Float32Array;
  readonly columns: number;
}

/**
 * Returns a regression with the same solution and one row per distinct text that has weight: Σ w·|x·M - y|² over products of
 * one text differs from (Σw)·|x·M - ȳ|² by a constant, with ȳ the weighted mean of their targets.
 */
export function mergedTargets(
  { texts, textOf }: DistinctTexts,
  { weights, targets, columns }: Targets,
): Targets & { readonly texts: Texts } {
  const placeOf = new Int32Array(texts.rows).fill(-1);
  const readings: Reading[] = [];
  for (const [row, text] of textOf.entries()) {
    if (weights[row] === 0 || placeOf[text] >= 0) continue;
    placeOf[text] = readings.length;
    readings.push(readingAt(texts, text));
  }
  const total = new Float32Array(readings.length);
  const sums = new Float32Array(readings.length * columns);
  for (const [row, text] of textOf.entries()) {
    if (weights[row] === 0) continue;
    const place = placeOf[text];
    total[place] += weights[row];
    for (let k = 0; k < columns; k++) sums[place * columns + k] += weights[row] * targets[row * columns + k];
  }
  for (let at = 0; at < sums.length; at++) sums[at] /= total[Math.floor(at / columns)];
  return { texts: textsOf(readings, texts.terms, texts.rank), weights: total, targets: sums, columns };
}

/** Returns the texts with a row of its own for each reading. */
export function withReadings(
  { texts, textOf }: DistinctTexts,
  readings: ReadonlyMap<number, Reading>,
  products: number,
): DistinctTexts {
  const extended = new Uint32Array(products);
  extended.set(textOf);
  const added = textsOf([...readings.values()], texts.terms, texts.rank);
  let text = texts.rows;
  for (const row of readings.keys()) extended[row] = text++;
  const rows = texts.rows + added.rows;
  const indptr = new Uint32Array(rows + 1);
  indptr.set(texts.indptr);
  for (let row = 1; row <= added.rows; row++)
    indptr[texts.rows + row] = texts.indptr[texts.rows] + added.indptr[row];
  const joined = {
    ...texts,
    rows,
    indptr,
    indices: concatenated(Uint32Array, texts.indices, added.indices),
    values: concatenated(Float32Array, texts.values, added.values),
    dense: concatenated(Float32Array, texts.dense, added.dense),
  };
  return { texts: joined, textOf: extended };
}

/** Returns one array after the other. */
export function concatenated<A extends Uint32Array | Float32Array>(
  arrayClass: new (length: number) => A,
  first: A,
  second: A,
): A {
  const out = new arrayClass(first.length + second.length);
  out.set(first);
  out.set(second, first.length);
  return out;
}
