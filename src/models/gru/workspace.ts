import { shardCount } from '../../learning/shards';
import { lossJobLength, writeLossJob } from '../../numeric/network/jobs';
import type { Arena } from '../../numeric/wasm/arena';
import { productScratchLength } from '../../numeric/wasm/networkKernels';

/** Rows whose scores of all negatives are kept at once. */
export const lossRows = 128;

/** Sizes of a workspace. */
export interface Extents {
  readonly products: number;
  /** Numbers per product and state: a multiple of 8. */
  readonly columns: number;
  /** A multiple of 8. */
  readonly negatives: number;
  /** Most steps per shard. */
  readonly steps: number;
}

/** Where the parameters of the unit are among its weights, in floats. */
export function weightPlaces(columns: number) {
  const square = 3 * columns * columns;
  return {
    /** [columns × 3·columns]: of the input product. */
    input: 0,
    /** [columns × 3·columns]: of the previous state. */
    state: square,
    /** [3·columns] */
    inputBias: 2 * square,
    /** [3·columns] */
    stateBias: 2 * square + 3 * columns,
    length: 2 * square + 6 * columns,
  };
}

/** Arrays of one shard, in the arena of the workspace. */
export interface ShardWorkspace {
  /** Rows, and time steps: the length of the longest sequence. */
  readonly extent: Uint32Array;
  /** First row of each time step, then the end: [time steps + 1]. Sequences are sorted, so the unfinished come first. */
  readonly timeOffsets: Uint32Array;
  /** Per row: the place of the input product, and of the next product, among those of the batch. */
  readonly inputs: Uint32Array;
  readonly targets: Uint32Array;
  /** [steps × columns]: input products. */
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
  /** These have lossRows rows. */
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
}

/** All arrays of a training, in one memory that threads share. */
export interface Workspace {
  readonly extents: Extents;
  /** [products × columns] */
  readonly embeddings: Float32Array;
  readonly weights: Float32Array;
  /** [1]: distinct products of the batch, and their rows. */
  readonly productCount: Uint32Array;
  readonly batchProducts: Uint32Array;
  /** [batch products × columns]: their embeddings scaled to length one, and the original lengths. */
  readonly units: Float32Array;
  readonly unitLengths: Float32Array;
  /** Places among the batch's products. */
  readonly negatives: Uint32Array;
  readonly corrections: Float32Array;
  /** [negatives × columns]: units times the scale. */
  readonly negativeUnits: Float32Array;
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
    extent: arena.uint32(2),
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
  };
  const { logits, positives, losses } = shard;
  writeLossJob({ logits, positives, targets: chosenTargets, negatives, corrections, losses }, shard.lossJob);
  return shard;
}

/** Most distinct products per batch. */
const batchProductsLimit = ({ products, negatives, steps }: Extents): number =>
  Math.min(products, negatives + 2 * shardCount * steps);

/** A workspace of zeros. */
export function createWorkspace(arena: Arena, extents: Extents): Workspace {
  const { products, columns, negatives: count } = extents;
  const weights = weightPlaces(columns).length;
  const limit = batchProductsLimit(extents);
  const negatives = arena.uint32(count);
  const corrections = arena.float32(count);
  return {
    extents,
    embeddings: arena.float32(products * columns),
    weights: arena.float32(weights),
    productCount: arena.uint32(1),
    batchProducts: arena.uint32(limit),
    units: arena.float32(limit * columns),
    unitLengths: arena.float32(limit),
    negatives,
    corrections,
    negativeUnits: arena.float32(count * columns),
    scratch: arena.float32(productScratchLength),
    shards: Array.from({ length: shardCount }, () => shardWorkspace(arena, extents, negatives, corrections)),
  };
}
