// Approximate search by a hierarchical navigable small world graph (Malkov & Yashunin 2018), over inner products. The graph
// is hnswlib's, through `hnswlib-node`, which is compiled where it is installed and so does not come with the gateway.
import { createRequire } from 'node:module';
import { setImmediate as turn } from 'node:timers/promises';
import { GatewayError } from '../../domain/errors';
import type { VectorIndexer } from '../ports/vector';

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
 * hnswlib-node, from where Node.js finds packages (also NODE_PATH).
 *
 * @param load - how to get it; `require` unless told otherwise
 * @throws {GatewayError} CONFIG_INVALID when it is not installed or does not load
 */
export function loadHnswLibrary(load: (name: string) => unknown = createRequire(__filename)): HnswLibrary {
  // Not a literal: neither the compiler nor the architecture test should look for what is usually not there.
  const packageName = ['hnswlib', 'node'].join('-');
  try {
    return load(packageName) as HnswLibrary;
  } catch (cause) {
    throw new GatewayError(
      'CONFIG_INVALID',
      'Expected hnswlib-node, for AFFINITY_HNSW_FROM is set; got none that loads. Run "npm install --no-save hnswlib-node@3" (it is compiled: that takes Python and a C++ compiler), or unset AFFINITY_HNSW_FROM: search is exact then.',
      { package: packageName },
      { cause },
    );
  }
}

/** Links a row keeps, and candidates looked at for them. More of either finds more and builds longer. */
const links = 16;
const buildWidth = 200;
/** Candidates a search keeps at the least, and for each row wanted: the last of as many as are kept are often wrong. */
const searchWidth = 128;
const widthPerRow = 2;
const graphSeed = 100;
/** Longest the event loop stands still for the graph; one row alone takes less. */
const sliceMs = 2;

/** An indexer over the library. Rows are copied into the graph; each search is synchronous. */
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
          throw new GatewayError('CANCELLED', 'Expected to index to the end; got cancelled.');
        sliceEnd = performance.now() + sliceMs;
      }
      return {
        nearest(query, wanted) {
          graph.setEf(Math.max(searchWidth, widthPerRow * wanted));
          // The library refuses to look for more rows than there are.
          return graph.searchKnn(Array.from(query), Math.min(wanted, count)).neighbors;
        },
      };
    },
  };
}
