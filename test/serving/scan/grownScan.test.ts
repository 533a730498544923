import type { ProductVectors, Scorer } from '../../../src/models/model';
import { createRng, type Rng } from '../../../src/numeric/rng';
import { createCatalogue } from '../../../src/serving/live/catalogue';
import { loadLiveModel, withScan, withScorer } from '../../../src/serving/live/liveModel';
import { rowsApart } from '../../../src/serving/scan/grownScan';
import { createVectorScan, type Scanned, type VectorScan } from '../../../src/serving/scan/vectorScan';
import { vocabularyOf } from '../../../src/snapshot/vocabulary';
import { createMemoryStores } from '../../../src/store/memory/stores';
import { loadTestModel, nearbyArtifact, now, product, publish, shopId } from '../support';

const columns = 8;
const nobody = {
  productRows: new Uint32Array(0),
  weights: new Float32Array(0),
  occurredAt: new Float64Array(0),
  now,
};

/** Vectors of which `query` is the shopper's; coarse numbers make scores tie. */
const vectorsOf = (rows: Float32Array, query: Float32Array): ProductVectors => ({
  columns,
  rows,
  queryInto(_, out) {
    out.set(query);
    return true;
  },
});

const scannedOf = (count: number, vectors: ProductVectors): Scanned => ({
  products: vocabularyOf(Array.from({ length: count }, (_, row) => product(row))),
  vectors,
  catalogueRows: () => Int32Array.from({ length: count }, (_, row) => row),
});

const coarse = (rng: Rng, length: number): Float32Array =>
  Float32Array.from({ length }, () => rng.int(7) - 3);

/** The rows with a few of them replaced and some appended. */
function changed(rng: Rng, rows: Float32Array, more: number): Float32Array {
  const grown = new Float32Array(rows.length + more * columns);
  grown.set(rows);
  grown.set(coarse(rng, more * columns), rows.length);
  for (let turn = 0; turn < 5; turn++)
    grown.set(coarse(rng, columns), rng.int(rows.length / columns) * columns);
  return grown;
}

const bestOf = (scan: VectorScan, mask: Uint8Array, excluded: ReadonlySet<string>, count: number) =>
  scan.best(nobody, mask, excluded, count);

it('returns the rows and bits of a scan encoded anew, after products came and changed', async () => {
  const rng = createRng(7);
  const query = coarse(rng, columns);
  let rows = coarse(rng, 900 * columns);
  let scan: VectorScan | null = await createVectorScan(scannedOf(900, vectorsOf(rows, query)));
  for (let turn = 0; turn < 12; turn++) {
    rows = changed(rng, rows, rng.int(4));
    query.set(coarse(rng, columns));
    const scanned = scannedOf(rows.length / columns, vectorsOf(rows, query));
    scan = scan?.grown(scanned) ?? null;
    const anew = await createVectorScan(scanned);
    const mask = Uint8Array.from({ length: rows.length / columns }, () => Number(rng.int(10) < 7));
    const excluded = new Set(Array.from({ length: 20 }, () => product(rng.int(900))));
    const count = 1 + rng.int(40);
    expect(scan && bestOf(scan, mask, excluded, count)).toEqual(bestOf(anew, mask, excluded, count));
  }
  expect(scan?.apart).toBeGreaterThan(0);
});

it('returns the rows that are new or changed', () => {
  const old = { columns, rows: new Float32Array(3 * columns) };
  const rows = new Float32Array(5 * columns);
  rows[columns] = 1;
  expect([...rowsApart(old, { columns, rows })]).toEqual([1, 3, 4]);
});

it('returns null when the number of columns differs', async () => {
  const query = new Float32Array(columns);
  const scan = await createVectorScan(scannedOf(4, vectorsOf(new Float32Array(4 * columns), query)));
  const wider = { ...vectorsOf(new Float32Array(8 * columns), query), columns: 2 * columns };
  expect(scan.grown(scannedOf(4, wider))).toBeNull();
});

it('is kept when a model admits a product, and encoded anew after many', async () => {
  const { artifacts } = createMemoryStores();
  await publish({ ...createMemoryStores(), artifacts }, nearbyArtifact([product(0)]), 'v1');
  const [record] = await artifacts.liveOf(shopId);
  const rng = createRng(3);
  const scorerOf = (count: number): Scorer<'retrieve'> => ({
    products: vocabularyOf(Array.from({ length: count }, (_, row) => product(row))),
    scoreInto: (_, out) => void out.fill(Number.NaN),
    vectors: vectorsOf(coarse(createRng(1), count * columns), coarse(rng, columns)),
  });
  const catalogue = createCatalogue();
  const model = { ...loadTestModel('nearby'), load: () => scorerOf(100) };
  const config = { liveStates: 1, scanFrom: 50 };
  const live = await withScan(await loadLiveModel(record, model, artifacts, catalogue, config));
  const grown = withScorer(live, scorerOf(101), new Map(), catalogue);
  expect(grown.scan?.apart).toBe(1);
  expect(grown.scan?.root).toBe(live.scan?.root);
  expect(await withScan(grown)).toBe(grown);
  const renewed = await withScan(withScorer(grown, scorerOf(120), new Map(), catalogue));
  expect(renewed.scan?.apart).toBe(0);
  expect(renewed.scan?.root).not.toBe(live.scan?.root);
});
