// Approximate maximum inner product search by a hierarchical navigable small world graph (Malkov & Yashunin 2018). The
// graph is hnswlib's, through `hnswlib-node`, an optional peer dependency, as it is compiled during installation.
import { createRequire } from 'node:module';
import { setImmediate as turn } from 'node:timers/promises';
import { GatewayError } from '../../domain/errors';
import type { VectorIndexer } from '../ports/vectorIndex';

/** The part of hnswlib-node's graph used here. */
interface HnswGraph {
  initIndex(options: {
    readonly maxElements: number;
    readonly m: number;
    readonly efConstruction: number;
    readonly randomSeed: number;
  }): void;
  addPoint(point: readonly number[], label: number): void;
  setEf(ef: number): void;
  searchKnn(query: readonly number[], count: number): { readonly neighbors: readonly number[] };
}

/** The part of hnswlib-node used here. */
export interface HnswLibrary {
  readonly HierarchicalNSW: new (space: 'ip', columns: number) => HnswGraph;
}

/**
 * Loads hnswlib-node from where Node.js finds packages (including NODE_PATH).
 *
 * @param load - loads the package; default: `require`
 * @throws {GatewayError} CONFIG_INVALID when it is not installed or does not load
 */
export function loadHnswLibrary(load: (name: string) => unknown = createRequire(__filename)): HnswLibrary {
  // Not a literal, so that the compiler and the architecture test do not resolve a package that may be missing.
  const packageName = ['hnswlib', 'node'].join('-');
  try {
    return load(packageName) as HnswLibrary;
  } catch (cause) {
    throw new GatewayError(
      'CONFIG_INVALID',
      'Expected hnswlib-node, as AFFINITY_HNSW_FROM is set; got none that loads. Run "npm install --no-save hnswlib-node@3" (compiling it needs Python and a C++ compiler), or unset AFFINITY_HNSW_FROM to search exactly.',
      { package: packageName },
      { cause },
    );
  }
}

/** Links per row (M), and candidates considered for them (efConstruction). Higher values: higher recall, slower build. */
const links = 16;
const buildWidth = 200;
/** Minimum candidates of a search (ef), and candidates per requested row: the last candidates are often wrong. */
const searchWidth = 128;
const widthPerRow = 2;
const graphSeed = 100;
/** Maximum time that building blocks the event loop; a single row takes less. */
const sliceMs = 2;

/** Creates an indexer over the library. Rows are copied into the graph; searches are synchronous. */
export function createHnswIndexer({ HierarchicalNSW }: HnswLibrary): VectorIndexer {
  return {
    async build(rows, columns, signal) {
      const count = rows.length / columns;
      const graph = new HierarchicalNSW('ip', columns);
      graph.initIndex({ maxElements: count, m: links, efConstruction: buildWidth, randomSeed: graphSeed });
      let sliceEnd = performance.now() + sliceMs;
      for (let row = 0; row < count; row++) {
        graph.addPoint(Array.from(rows.subarray(row * columns, (row + 1) * columns)), row);
        if (performance.now() < sliceEnd) continue;
        await turn();
        if (signal.aborted)
          throw new GatewayError('CANCELLED', 'Expected to finish indexing; got cancelled.');
        sliceEnd = performance.now() + sliceMs;
      }
      return {
        nearest(query, wanted) {
          graph.setEf(Math.max(searchWidth, widthPerRow * wanted));
          // The library rejects a count above the number of rows.
          return graph.searchKnn(Array.from(query), Math.min(wanted, count)).neighbors;
        },
      };
    },
  };
}
