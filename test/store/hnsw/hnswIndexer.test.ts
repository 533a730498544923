import { scoreRowsInto } from '../../../src/numeric/scoreRows';
import { topK } from '../../../src/numeric/topK';
import { createHnswIndexer, type HnswLibrary, loadHnswLibrary } from '../../../src/store/hnsw/hnswIndexer';
import { clusteredRows, indexerPromises, itBehavesLikeAVectorIndexer } from '../../conformance/vectorIndexer';
import { sureIndexer, wildIndexer, worstIndexer } from '../../support/indexers';

/** The library's interface over an exact search, with the argument checks of the real one. */
class FakeGraph {
  readonly #points: number[][] = [];
  #room = 0;

  constructor(
    readonly space: string,
    readonly columns: number,
  ) {}

  initIndex({ maxElements }: { readonly maxElements: number }): void {
    this.#room = maxElements;
  }

  addPoint(point: readonly number[], label: number): void {
    if (!Array.isArray(point) || point.length !== this.columns) throw new TypeError('Not a point.');
    if (label !== this.#points.length || label >= this.#room) throw new RangeError('No room.');
    this.#points.push([...point]);
  }

  setEf(ef: number): void {
    if (!(Number.isInteger(ef) && ef > 0)) throw new RangeError('Not a width.');
  }

  searchKnn(query: readonly number[], count: number): { readonly neighbors: number[] } {
    if (!Array.isArray(query) || count > this.#room) throw new RangeError('Too many.');
    const scores = new Float32Array(this.#points.length);
    const rows = Float32Array.from(this.#points.flat());
    scoreRowsInto(Float32Array.from(query), rows, this.columns, scores);
    return { neighbors: [...topK(scores, count).rows] };
  }
}

const fakeLibrary: HnswLibrary = { HierarchicalNSW: FakeGraph };

function installed(): HnswLibrary | null {
  try {
    return loadHnswLibrary(require);
  } catch {
    return null;
  }
}

describe('the adapter over a fake library', () => {
  itBehavesLikeAVectorIndexer(() => createHnswIndexer(fakeLibrary));

  it('requests inner products, and capacity for all rows', async () => {
    const made: unknown[] = [];
    class Spied extends FakeGraph {
      override initIndex(options: { readonly maxElements: number }): void {
        made.push([this.space, this.columns, options.maxElements]);
        super.initIndex(options);
      }
    }
    const indexer = createHnswIndexer({ HierarchicalNSW: Spied });
    await indexer.build(clusteredRows(), 16, new AbortController().signal);
    expect(made).toEqual([['ip', 16, 1500]]);
  });
});

const library = installed();
const describeWithLibrary = library === null ? describe.skip : describe;
const missing = library === null ? ' (needs hnswlib-node, which is not installed)' : '';
describeWithLibrary(`hnswlib-node itself${missing}`, () => {
  itBehavesLikeAVectorIndexer(() => createHnswIndexer(library ?? fakeLibrary));
});

describe('the promises of an indexer', () => {
  it.each(indexerPromises)('%s: fulfilled by an exact index', (_, keeps) => keeps(sureIndexer));

  it('are broken by an index that returns the worst rows, and by one that invents rows', async () => {
    const [[, finds], [, namesRows]] = indexerPromises;
    await expect(finds(worstIndexer)).rejects.toThrow();
    await expect(namesRows(wildIndexer)).rejects.toThrow();
  });
});

it('reports a remedy when the library is not installed', () => {
  const load = (name: string) => {
    throw new Error(`Cannot find module '${name}'`);
  };
  expect(() => loadHnswLibrary(load)).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/npm install --no-save hnswlib-node@3.*unset AFFINITY_HNSW_FROM/),
    }),
  );
});
