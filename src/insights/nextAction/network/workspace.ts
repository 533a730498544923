import { shardCount } from '../../../learning/shards';
import { lstmJobLength, maskedJobLength, writeMaskedJob } from '../../../numeric/network/jobs';
import type { Arena } from '../../../numeric/wasm/arena';
import {
  bucketCount,
  denseCount,
  flagColumns,
  flagCount,
  gateCount,
  headPlaces,
  indexCount,
  type NetworkShape,
  weightPlaces,
} from './shape';

/** Sizes of a workspace. */
export interface Extents {
  readonly shape: NetworkShape;
  /** Most steps per shard. */
  readonly steps: number;
}

/** Arrays of one shard, in the arena of the workspace. */
export interface ShardWorkspace {
  /** Rows, and time steps: the length of the longest piece. */
  readonly extent: Uint32Array;
  /** First row of each time step, then the end: [time steps + 1]. Pieces are sorted, so the unfinished come first. */
  readonly timeOffsets: Uint32Array;
  /** [indexCount × steps]: rows of the table, field by field. */
  readonly indices: Uint32Array;
  /** [steps × denseCount] */
  readonly dense: Float32Array;
  /** [steps × columns]: events read; `lookup` then holds their gradients. */
  readonly x: Float32Array;
  readonly lookup: Float32Array;
  /** [steps × gates] */
  readonly gates: Float32Array;
  /** [steps × gates]: sums over the previous state; used by a gated recurrent unit only. */
  readonly hiddens: Float32Array;
  /** [steps × columns]: state and cell before each step, and after it. */
  readonly previous: Float32Array;
  readonly previousCells: Float32Array;
  readonly states: Float32Array;
  readonly cells: Float32Array;
  /** [steps × columns]: states as the heads read them. */
  readonly read: Float32Array;
  /** [steps × columns]: input of the heads. */
  readonly hidden: Float32Array;
  readonly hiddenGradient: Float32Array;
  readonly gradient: Float32Array;
  readonly cellGradient: Float32Array;
  /** [steps × heads] */
  readonly logits: Float32Array;
  readonly next: Uint32Array;
  readonly bucket: Uint32Array;
  readonly category: Uint32Array;
  /** [steps × flagColumns] */
  readonly flags: Uint32Array;
  readonly nextLosses: Float32Array;
  readonly bucketLosses: Float32Array;
  readonly categoryLosses: Float32Array;
  readonly flagLosses: Float32Array;
  readonly nextJob: Uint32Array;
  readonly bucketJob: Uint32Array;
  readonly categoryJob: Uint32Array;
  readonly flagJob: Uint32Array;
  readonly lstmJob: Uint32Array;
  readonly weightGradient: Float32Array;
}

/** Weights of each head in the loss, by target; of flags by column. */
export interface HeadWeights {
  readonly next: Float32Array;
  readonly bucket: Float32Array;
  readonly category: Float32Array;
  readonly flags: Float32Array;
}

/** All arrays of a training, in one memory that threads share. */
export interface Workspace {
  readonly extents: Extents;
  readonly weights: Float32Array;
  readonly headWeights: HeadWeights;
  readonly shards: readonly ShardWorkspace[];
}

type Rows = Omit<ShardWorkspace, `${string}Job`>;

function rowsOf(arena: Arena, { shape, steps }: Extents): Rows {
  const { columns, isLstm } = shape;
  const gates = gateCount(shape) * columns;
  const wide = (): Float32Array => arena.float32(steps * columns);
  return {
    extent: arena.uint32(2),
    timeOffsets: arena.uint32(steps + 1),
    indices: arena.uint32(indexCount * steps),
    dense: arena.float32(steps * denseCount),
    x: wide(),
    lookup: wide(),
    gates: arena.float32(steps * gates),
    hiddens: arena.float32(isLstm ? 4 : steps * gates),
    previous: wide(),
    previousCells: wide(),
    states: wide(),
    cells: wide(),
    read: wide(),
    hidden: wide(),
    hiddenGradient: wide(),
    gradient: wide(),
    cellGradient: wide(),
    logits: arena.float32(steps * headPlaces(shape).length),
    next: arena.uint32(steps),
    bucket: arena.uint32(steps),
    category: arena.uint32(steps),
    flags: arena.uint32(steps * flagColumns),
    nextLosses: arena.float32(steps),
    bucketLosses: arena.float32(steps),
    categoryLosses: arena.float32(steps),
    flagLosses: arena.float32(steps * flagColumns),
    weightGradient: arena.float32(weightPlaces(shape).length),
  };
}

function shardWorkspace(arena: Arena, extents: Extents, weights: HeadWeights): ShardWorkspace {
  const rows = rowsOf(arena, extents);
  const { shape } = extents;
  const { length: stride, ...places } = headPlaces(shape);
  const jobOf = (
    place: number,
    problem: Pick<Parameters<typeof writeMaskedJob>[0], 'count' | 'targets' | 'weights' | 'losses'>,
  ): Uint32Array => {
    const job = arena.uint32(maskedJobLength);
    writeMaskedJob({ ...problem, logits: rows.logits.subarray(place), stride }, job);
    return job;
  };
  return {
    ...rows,
    nextJob: jobOf(places.actions, {
      count: shape.types + 1,
      targets: rows.next,
      weights: weights.next,
      losses: rows.nextLosses,
    }),
    bucketJob: jobOf(places.buckets, {
      count: bucketCount,
      targets: rows.bucket,
      weights: weights.bucket,
      losses: rows.bucketLosses,
    }),
    categoryJob: jobOf(places.category, {
      count: shape.categories + 1,
      targets: rows.category,
      weights: weights.category,
      losses: rows.categoryLosses,
    }),
    flagJob: jobOf(places.flags, {
      count: flagCount,
      targets: rows.flags,
      weights: weights.flags,
      losses: rows.flagLosses,
    }),
    lstmJob: arena.uint32(lstmJobLength),
  };
}

/** A workspace of zeros; the weight of every head is 1. */
export function createWorkspace(arena: Arena, extents: Extents): Workspace {
  const length = weightPlaces(extents.shape).length;
  const ones = (count: number): Float32Array => arena.float32(4 * Math.ceil(count / 4)).fill(1);
  const headWeights = {
    next: ones(extents.shape.types + 1),
    bucket: ones(bucketCount),
    category: ones(extents.shape.categories + 1),
    flags: ones(flagColumns),
  };
  return {
    extents,
    weights: arena.float32(length),
    headWeights,
    shards: Array.from({ length: shardCount }, () => shardWorkspace(arena, extents, headWeights)),
  };
}
