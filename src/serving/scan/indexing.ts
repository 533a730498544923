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

/** A model's index, as it was measured. */
export interface IndexReport extends MeasuredIndex {
  readonly record: ArtifactRecord;
  readonly products: number;
}

/** Gives large models an approximate index while their exact scan serves. */
export interface Indexing {
  /**
   * Indexes those of the models that now serve which are large enough, one after the other in all the process, and gives
   * up on those that serve no more.
   */
  follow(before: IndexedModels, now: IndexedModels): void;
  /** Gives up what is not done. */
  stop(): Promise<void>;
}

/** What indexing needs. */
export interface IndexingOptions {
  readonly indexer: VectorIndexer;
  /** Products from which on a model gets an index. */
  readonly from: number;
  readonly onIndexed: (report: IndexReport) => void;
  readonly onError: (error: unknown) => void;
}

/** Nothing is indexed before the first `follow`. Where an index cannot be made, exact search stays and `onError` is told. */
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

/** How many models have a measured index, and how good they are. */
export interface IndexCounts {
  readonly serving: number;
  /** Not good enough: exact search serves. */
  readonly refused: number;
  /** Lowest recall@20 of those measured, refused ones too; NaN of none. */
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
