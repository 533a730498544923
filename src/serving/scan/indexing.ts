import type { ArtifactRecord } from '../../store/ports/artifact';
import type { VectorIndexer } from '../../store/ports/vectorIndex';
import type { MeasuredIndex, ScanRoot, VectorScan } from './vectorScan';

/** A model in service, as far as indexing reads it. */
interface IndexedModel {
  readonly record: ArtifactRecord;
  readonly scorer: { readonly products: { readonly size: number } };
  /** Null for a model that is not searched by vectors. */
  readonly scan: VectorScan | null;
}

/** The models of one shop that serve, by name. */
type IndexedModels = ReadonlyMap<string, IndexedModel>;

/** The measurement of a model's index. */
export interface IndexReport extends MeasuredIndex {
  readonly record: ArtifactRecord;
  readonly products: number;
}

/** Builds approximate indices for large models while their exact scan serves. */
export interface Indexing {
  /**
   * Indexes the large ones among the models that now serve, and cancels the work for models that no longer serve. One
   * index is built at a time per process.
   */
  follow(before: IndexedModels, now: IndexedModels): void;
  /** Cancels unfinished work. */
  stop(): Promise<void>;
}

/** What indexing needs. */
export interface IndexingOptions {
  readonly indexer: VectorIndexer;
  /** Fewest products for which a model gets an index. */
  readonly from: number;
  readonly onIndexed: (report: IndexReport) => void;
  readonly onError: (error: unknown) => void;
}

/** Indexes nothing before the first `follow`. When an index cannot be built, exact search stays and `onError` is called. */
export function createIndexing({ indexer, from, onIndexed, onError }: IndexingOptions): Indexing {
  const begun = new Map<ScanRoot, AbortController>();
  let queue = Promise.resolve();

  async function build({ record, scorer }: IndexedModel, root: ScanRoot, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    try {
      const measured = await root.buildIndex(indexer, signal);
      if (!signal.aborted) onIndexed({ record, products: scorer.products.size, ...measured });
    } catch (error) {
      if (!signal.aborted) onError(error);
    }
  }

  function begin(live: IndexedModel): void {
    const { scan, scorer } = live;
    if (scan === null || scorer.products.size < from || begun.has(scan.root)) return;
    const controller = new AbortController();
    begun.set(scan.root, controller);
    queue = queue.then(() => build(live, scan.root, controller.signal));
  }

  function end({ scan }: IndexedModel): void {
    if (scan === null) return;
    begun.get(scan.root)?.abort();
    begun.delete(scan.root);
  }

  return {
    follow(before, now) {
      for (const [name, live] of before) if (now.get(name)?.scan?.root !== live.scan?.root) end(live);
      for (const live of now.values()) begin(live);
    },
    async stop() {
      for (const controller of begun.values()) controller.abort();
      begun.clear();
      await queue;
    },
  };
}

/** How many models have a measured index, and the lowest recall. */
export interface IndexCounts {
  readonly serving: number;
  /** Recall too low: exact search serves. */
  readonly refused: number;
  /** Lowest recall@20 of all measured indices, refused ones included; NaN when there is none. */
  readonly lowestRecall: number;
}

/** Counts the indices of models that serve. */
export function countIndices(shelves: Iterable<IndexedModels>): IndexCounts {
  const measured = Array.from(shelves, models =>
    Array.from(models.values(), ({ scan }) => scan?.root.index()),
  )
    .flat()
    .filter(index => index !== null && index !== undefined);
  return {
    serving: measured.filter(({ serves }) => serves).length,
    refused: measured.filter(({ serves }) => !serves).length,
    lowestRecall: measured.length === 0 ? Number.NaN : Math.min(...measured.map(({ recall }) => recall)),
  };
}
