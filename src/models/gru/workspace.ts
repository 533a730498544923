import { adamSettingsLength } from '../../numeric/network/adamSettings';
import { lossJobLength, writeLossJob } from '../../numeric/network/jobs';
import { type Arena, createArena } from '../../numeric/wasm/arena';
import { productScratchLength } from '../../numeric/wasm/networkKernels';

/** Parts of every batch, whatever the number of threads: sums run in their order, so that bytes stay the same. */
export const shardCount = 4;
/** Rows whose scores of all negatives are held at once. */
export const lossRows = 128;

/** How large everything is. */
export interface Extents {
  readonly products: number;
  /** Numbers of a product and of the state: a multiple of 8. */
  readonly columns: number;
  /** A multiple of 8. */
  readonly negatives: number;
  /** Most steps of a shard. */
  readonly steps: number;
}

/** Where the parameters of the unit lie among its weights: floats. */
export function weightPlaces(columns: number) {
  const square = 3 * columns * columns;
  return {
    /** [columns × 3·columns]: of the product read. */
    input: 0,
    /** [columns × 3·columns]: of the state before. */
    state: square,
    /** [3·columns] */
    inputBias: 2 * square,
    /** [3·columns] */
    stateBias: 2 * square + 3 * columns,
    length: 2 * square + 6 * columns,
  };
}

/** What one shard works on. All arrays are of the workspace's arena. */
export interface ShardWorkspace {
  /** First row of each time step, then the end: [longest + 1]. Sequences are sorted, so those still going come first. */
  readonly timeOffsets: Uint32Array;
  /** By row: place among the batch's products of what is read, and of what came next. */
  readonly inputs: Uint32Array;
  readonly targets: Uint32Array;
  /** [steps × columns]: products read. */
  readonly x: Float32Array;
  /** [steps × 3·columns] */
  readonly fromInputs: Float32Array;
  readonly fromStates: Float32Array;
  /** [steps × columns] */
  readonly states: Float32Array;
  readonly zeros: Float32Array;
  readonly queries: Float32Array;
  readonly queryLengths: Float32Array;
  readonly gradient: Float32Array;
  /** Of lossRows rows. */
  readonly logits: Float32Array;
  readonly positives: Float32Array;
  readonly chosen: Float32Array;
  readonly losses: Float32Array;
  readonly chosenTargets: Uint32Array;
  readonly lossJob: Uint32Array;
  /** [negatives × columns] */
  readonly negativeGradient: Float32Array;
  /** [batch products × columns] */
  readonly productGradient: Float32Array;
  readonly weightGradient: Float32Array;
  readonly scratch: Float32Array;
}

/** Everything training works on, in one memory that threads share. */
export interface Workspace {
  readonly arena: Arena;
  readonly extents: Extents;
  /** [products × columns] */
  readonly embeddings: Float32Array;
  /** [products × 2·columns]: m then v of each row. */
  readonly embeddingMoments: Float32Array;
  readonly weights: Float32Array;
  /** m then v of each part (see partBounds). */
  readonly weightMoments: Float32Array;
  /** Product rows of the batch, each once. */
  readonly batchProducts: Uint32Array;
  /** [batch products × columns]: their embeddings at length one, and the lengths they had. */
  readonly units: Float32Array;
  readonly unitLengths: Float32Array;
  /** Places among the batch's products. */
  readonly negatives: Uint32Array;
  readonly corrections: Float32Array;
  /** [negatives × columns]: units times the scale. */
  readonly negativeUnits: Float32Array;
  readonly adamSettings: Float32Array;
  readonly scratch: Float32Array;
  readonly shards: readonly ShardWorkspace[];
}

function shardWorkspace(
  arena: Arena,
  extents: Extents,
  negatives: Uint32Array,
  corrections: Float32Array,
): ShardWorkspace {
  const { columns, steps, negatives: count } = extents;
  const products = batchProductsLimit(extents);
  const chosenTargets = arena.uint32(lossRows);
  const shard = {
    timeOffsets: arena.uint32(steps + 1),
    inputs: arena.uint32(steps),
    targets: arena.uint32(steps),
    x: arena.float32(steps * columns),
    fromInputs: arena.float32(steps * 3 * columns),
    fromStates: arena.float32(steps * 3 * columns),
    states: arena.float32(steps * columns),
    zeros: arena.float32(steps * columns),
    queries: arena.float32(steps * columns),
    queryLengths: arena.float32(steps),
    gradient: arena.float32(steps * columns),
    logits: arena.float32(lossRows * count),
    positives: arena.float32(lossRows),
    chosen: arena.float32(lossRows * columns),
    losses: arena.float32(lossRows),
    chosenTargets,
    lossJob: arena.uint32(lossJobLength),
    negativeGradient: arena.float32(count * columns),
    productGradient: arena.float32(products * columns),
    weightGradient: arena.float32(weightPlaces(columns).length),
    scratch: arena.float32(productScratchLength),
  };
  const { logits, positives, losses } = shard;
  writeLossJob({ logits, positives, targets: chosenTargets, negatives, corrections, losses }, shard.lossJob);
  return shard;
}

/** Most distinct products of a batch. */
const batchProductsLimit = ({ products, negatives, steps }: Extents): number =>
  Math.min(products, negatives + 2 * shardCount * steps);

/** Room for everything, all zeros. */
export function createWorkspace(extents: Extents): Workspace {
  const arena = createArena();
  const { products, columns, negatives: count } = extents;
  const weights = weightPlaces(columns).length;
  const limit = batchProductsLimit(extents);
  const negatives = arena.uint32(count);
  const corrections = arena.float32(count);
  return {
    arena,
    extents,
    embeddings: arena.float32(products * columns),
    embeddingMoments: arena.float32(2 * products * columns),
    weights: arena.float32(weights),
    weightMoments: arena.float32(2 * weights),
    batchProducts: arena.uint32(limit),
    units: arena.float32(limit * columns),
    unitLengths: arena.float32(limit),
    negatives,
    corrections,
    negativeUnits: arena.float32(count * columns),
    adamSettings: arena.float32(adamSettingsLength),
    scratch: arena.float32(productScratchLength),
    shards: Array.from({ length: shardCount }, () => shardWorkspace(arena, extents, negatives, corrections)),
  };
}
