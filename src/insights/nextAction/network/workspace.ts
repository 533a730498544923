import { adamSettingsLength } from '../../../numeric/network/adamSettings';
import { lstmJobLength, maskedJobLength, writeMaskedJob } from '../../../numeric/network/jobs';
import { type Arena, createArena } from '../../../numeric/wasm/arena';
import { productScratchLength } from '../../../numeric/wasm/networkKernels';
import { actionCount } from '../step';
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

/** Parts of every batch, whatever the number of threads: sums run in their order, so that bytes stay the same. */
export const shardCount = 4;

/** How large everything is. */
export interface Extents {
  readonly shape: NetworkShape;
  /** Most steps of a shard. */
  readonly steps: number;
}

/** What one shard works on. All arrays are of the workspace's arena. */
export interface ShardWorkspace {
  /** First row of each time step, then the end: [longest + 1]. Pieces are sorted, so those still going come first. */
  readonly timeOffsets: Uint32Array;
  /** [indexCount × steps]: rows of the table, field by field. */
  readonly indices: Uint32Array;
  /** [steps × denseCount] */
  readonly dense: Float32Array;
  /** [steps × columns]: events read; then, in `lookup`, what goes back to them. */
  readonly x: Float32Array;
  readonly lookup: Float32Array;
  /** [steps × gates] */
  readonly gates: Float32Array;
  /** [steps × gates]: what the state before says, of a gated recurrent unit. */
  readonly hiddens: Float32Array;
  /** [steps × columns]: the state and the cell before each step, and after it. */
  readonly previous: Float32Array;
  readonly previousCells: Float32Array;
  readonly states: Float32Array;
  readonly cells: Float32Array;
  /** [steps × columns]: states as the heads read them. */
  readonly read: Float32Array;
  /** [steps × columns]: what the heads read. */
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
  readonly scratch: Float32Array;
}

/** What each head weighs in the loss, by target (or by column, for flags). */
export interface HeadWeights {
  readonly next: Float32Array;
  readonly bucket: Float32Array;
  readonly category: Float32Array;
  readonly flags: Float32Array;
}

/** Everything training works on, in one memory that threads share. */
export interface Workspace {
  readonly arena: Arena;
  readonly extents: Extents;
  readonly weights: Float32Array;
  /** m, then v. */
  readonly moments: Float32Array;
  readonly headWeights: HeadWeights;
  readonly adamSettings: Float32Array;
  readonly scratch: Float32Array;
  readonly shards: readonly ShardWorkspace[];
}

type Rows = Omit<ShardWorkspace, `${string}Job`>;

function rowsOf(arena: Arena, { shape, steps }: Extents): Rows {
  const { columns, isLstm } = shape;
  const gates = gateCount(shape) * columns;
  const wide = (): Float32Array => arena.float32(steps * columns);
  return {
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
    scratch: arena.float32(productScratchLength),
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
      count: actionCount,
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

/** Room for everything, all zeros; heads weigh 1. */
export function createWorkspace(extents: Extents): Workspace {
  const arena = createArena();
  const length = weightPlaces(extents.shape).length;
  const ones = (count: number): Float32Array => arena.float32(4 * Math.ceil(count / 4)).fill(1);
  const headWeights = {
    next: ones(actionCount),
    bucket: ones(bucketCount),
    category: ones(extents.shape.categories + 1),
    flags: ones(flagColumns),
  };
  return {
    arena,
    extents,
    weights: arena.float32(length),
    moments: arena.float32(2 * length),
    headWeights,
    adamSettings: arena.float32(adamSettingsLength),
    scratch: arena.float32(productScratchLength),
    shards: Array.from({ length: shardCount }, () => shardWorkspace(arena, extents, headWeights)),
  };
}

/** Byte addresses of arrays, by their names. */
export type ShardAddresses = { readonly [Name in keyof ShardWorkspace]: number };

/** Where the arrays of a shard lie. */
export const addressesOf = (shard: ShardWorkspace): ShardAddresses =>
  Object.fromEntries(
    Object.entries(shard).map(([name, array]) => [name, array.byteOffset]),
  ) as unknown as ShardAddresses;
