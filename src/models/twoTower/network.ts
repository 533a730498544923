import type { ShardGradients } from '../../learning/gradients';
import { lossJobLength, writeLossJob } from '../../numeric/network/jobs';
import type { Arena } from '../../numeric/wasm/arena';
import { type NetworkKernels, productScratchLength } from '../../numeric/wasm/networkKernels';
import { networkKernelsOver } from '../../numeric/wasm/networkKernelsOver';
import type { ProductFeatures } from './features';
import { createDenseTables, type DenseTables, type Shape, type Tables, tableLengths } from './parameters';

/** One batch; the same object is filled again for every step. An item is a distinct product of the batch. */
export interface Batch {
  /** Examples, at most the batch size. */
  size: number;
  /** Distinct products of histories, targets and negatives. */
  itemCount: number;
  /** Product row of each item. */
  readonly items: Uint32Array;
  /** 1 for an item with its own embedding, 0 for one that is known by its features alone. */
  readonly hasOwn: Uint8Array;
  /** History of example b: places [offsets[b], offsets[b + 1]), oldest first. */
  readonly offsets: Uint32Array;
  /** Item at each place. */
  readonly places: Uint32Array;
  /** Item of each target. */
  readonly targetItems: Uint32Array;
  /** Item of each negative. */
  readonly negativeItems: Uint32Array;
}

/** Sizes of batches. */
export interface BatchShape {
  readonly batchSize: number;
  readonly negatives: number;
  readonly maxLength: number;
}

/** Gradients of a batch, the one shard of the training loop. */
export interface Gradients {
  readonly dense: Float32Array;
  /** Views of `dense`. */
  readonly tables: DenseTables;
  /** [1]: items with gradients. */
  readonly count: Uint32Array;
  /** Rows of the table of ids: item i has the entries [idStarts[i], idStarts[i + 1]), none or one. */
  readonly idStarts: Uint32Array;
  readonly ids: Uint32Array;
  /** Rows of the table of features: item i has the entries [featureStarts[i], featureStarts[i + 1]). */
  readonly featureStarts: Uint32Array;
  readonly features: Uint32Array;
}

/** Arrays of a network, made once. */
export interface Network {
  readonly shape: Shape;
  readonly temperature: number;
  readonly features: ProductFeatures;
  readonly kernels: NetworkKernels;
  readonly parameters: Tables;
  /** All parameters of DenseTables. */
  readonly dense: Float32Array;
  readonly gradients: Gradients;
  readonly batch: Batch;
  /** Product rows of targets and negatives, and the log of the expected count of each negative, for the loss. */
  readonly targets: Uint32Array;
  readonly negatives: Uint32Array;
  readonly corrections: Float32Array;
  readonly buffers: Buffers;
}

/** Values and gradients between parameters and loss. */
export interface Buffers {
  readonly items: Float32Array;
  readonly itemGradients: Float32Array;
  /** Gradient of each embedding among an item's features. */
  readonly featureGradients: Float32Array;
  readonly itemLogits: Float32Array;
  readonly itemLogitGradients: Float32Array;
  readonly shares: Float32Array;
  readonly dots: Float32Array;
  readonly history: Float32Array;
  readonly historyGradient: Float32Array;
  readonly active: Float32Array;
  readonly activeGradient: Float32Array;
  readonly users: Float32Array;
  readonly userGradient: Float32Array;
  readonly userInverses: Float32Array;
  readonly targets: Float32Array;
  readonly targetGradient: Float32Array;
  readonly targetInverses: Float32Array;
  readonly negatives: Float32Array;
  readonly negativeGradient: Float32Array;
  readonly negativeInverses: Float32Array;
  readonly logits: Float32Array;
  readonly positives: Float32Array;
  readonly losses: Float32Array;
  readonly job: Uint32Array;
}

/** Maximum number of distinct products of a batch. */
const maxItems = ({ products }: Shape, { batchSize, maxLength, negatives }: BatchShape): number =>
  Math.min(products, batchSize * (maxLength + 1) + negatives);

function createBuffers(arena: Arena, shape: Shape, batchShape: BatchShape): Buffers {
  const { batchSize, negatives, maxLength } = batchShape;
  const items = maxItems(shape, batchShape);
  const matrix = (rows: number): Float32Array => arena.float32(rows * shape.columns);
  return {
    items: matrix(items),
    itemGradients: matrix(items),
    featureGradients: matrix(items),
    itemLogits: new Float32Array(items),
    itemLogitGradients: new Float32Array(items),
    shares: new Float32Array(batchSize * maxLength),
    dots: new Float32Array(maxLength),
    history: matrix(batchSize),
    historyGradient: matrix(batchSize),
    active: matrix(batchSize),
    activeGradient: matrix(batchSize),
    users: matrix(batchSize),
    userGradient: matrix(batchSize),
    userInverses: new Float32Array(batchSize),
    targets: matrix(batchSize),
    targetGradient: matrix(batchSize),
    targetInverses: new Float32Array(batchSize),
    negatives: matrix(negatives),
    negativeGradient: matrix(negatives),
    negativeInverses: new Float32Array(negatives),
    logits: arena.float32(batchSize * negatives),
    positives: arena.float32(batchSize),
    losses: arena.float32(batchSize),
    job: arena.uint32(lossJobLength),
  };
}

function createBatch({ batchSize, negatives, maxLength }: BatchShape, items: number): Batch {
  return {
    size: 0,
    itemCount: 0,
    items: new Uint32Array(items),
    hasOwn: new Uint8Array(items),
    offsets: new Uint32Array(batchSize + 1),
    places: new Uint32Array(batchSize * maxLength),
    targetItems: new Uint32Array(batchSize),
    negativeItems: new Uint32Array(negatives),
  };
}

/** Everything that decides the sizes of a network. */
export interface NetworkPlan {
  readonly shape: Shape;
  readonly batchShape: BatchShape;
  readonly temperature: number;
  readonly features: ProductFeatures;
}

/** A network with parameters of zeros. */
export function createNetwork(
  arena: Arena,
  { shape, batchShape, temperature, features }: NetworkPlan,
): Network {
  const { batchSize, negatives } = batchShape;
  const items = maxItems(shape, batchShape);
  const lengths = tableLengths(shape);
  const { dense, tables } = createDenseTables(arena, shape);
  const network = {
    shape,
    temperature,
    features,
    kernels: networkKernelsOver(arena.memory, arena.float32(productScratchLength).byteOffset),
    parameters: { ...tables, ids: arena.float32(lengths.ids), features: arena.float32(lengths.features) },
    dense,
    gradients: {
      ...createDenseTables(arena, shape),
      count: arena.uint32(1),
      idStarts: arena.uint32(items + 1),
      ids: arena.uint32(items),
      featureStarts: arena.uint32(items + 1),
      // Items are distinct, so their features are at most those of all products.
      features: arena.uint32(features.rows.length),
    },
    batch: createBatch(batchShape, items),
    targets: arena.uint32(batchSize),
    negatives: arena.uint32(negatives),
    corrections: arena.float32(negatives),
    buffers: createBuffers(arena, shape, batchShape),
  };
  const { logits, positives, losses, job } = network.buffers;
  writeLossJob({ ...network, logits, positives, losses }, job);
  return network;
}

/** Gradients of a batch as the training loop takes them: table 0 is that of ids, table 1 that of features, if there are any. */
export function shardGradientsOf({ gradients, buffers, shape }: Network): ShardGradients {
  const { dense, count, idStarts, ids, featureStarts, features } = gradients;
  return {
    dense,
    rows: [
      { table: 0, count, gradients: buffers.itemGradients, indices: ids, starts: idStarts },
      { table: 1, count, gradients: buffers.featureGradients, indices: features, starts: featureStarts },
    ].slice(0, shape.buckets > 0 ? 2 : 1),
  };
}
