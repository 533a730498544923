import { shardCount, shardTask } from '../../learning/shards';
import { learningTasks } from '../../learning/update';
import type { ChunkedPayload } from '../../learning/workerGroup';
import { attentionScratchLength } from '../../numeric/network/jobs';
import type { ThreadTask } from '../../numeric/threadPool';
import { type NetworkKernels, productScratchLength } from '../../numeric/wasm/networkKernels';
import { networkKernelsOver } from '../../numeric/wasm/networkKernelsOver';
import { maxSubwords } from '../../text/subwords';
import { readBag, readBagBackward } from './bag';
import { readCnn, readCnnBackward } from './cnn';
import { floatsAt, type Pass } from './pass';
import { type Block, bufferLengthsOf, type Kind, layoutOf, pooledLength } from './shape';
import { readTransformer, readTransformerBackward } from './transformer';
import { shapeOf, type Workspace } from './workspace';

/** A workspace, its memory and a thread's scratch. */
export type PlacedWorkspace = Workspace & Pick<ChunkedPayload, 'memory' | 'scratch'>;

/** The part of a network between the vectors of words and the pooled vector. */
interface Body {
  readonly read: (pass: Pass) => void;
  readonly readBackward: (pass: Pass) => void;
}

const bodies: Readonly<Record<Kind, Body>> = {
  bag: { read: readBag, readBackward: readBagBackward },
  cnn: { read: readCnn, readBackward: readCnnBackward },
  transformer: { read: readTransformer, readBackward: readTransformerBackward },
};

/** A shard's arrays in the workspace beside its pass. */
interface Shard {
  readonly pass: Pass;
  /** Where the buckets of each word start, and the buckets. */
  readonly partStarts: Uint32Array;
  readonly parts: Uint32Array;
  /** Dense gradients of the shard. */
  readonly gradient: number;
  readonly external: number;
  readonly projected: number;
  readonly vectors: number;
  readonly vectorGradients: number;
}

function shardOf(payload: PlacedWorkspace, kernels: NetworkKernels, shard: number): Shard {
  const { buffer } = payload.memory;
  const shape = shapeOf(payload);
  const { blocks, length } = layoutOf(shape);
  const { texts, dimensions: d, inputs } = payload;
  const words = texts * shape.tokens;
  const buffers = bufferLengthsOf(shape);
  const [count] = new Uint32Array(buffer, payload.counts + 4 * shard, 1);
  const startsAt = payload.starts + 4 * shard * (texts + 1);
  const starts = new Uint32Array(buffer, startsAt, texts + 1);
  const offsetOf = (block: Block): number => blocks.get(block)?.offset ?? 0;
  const of = (address: number, floats: number): number => address + 4 * shard * floats;
  const scores = payload.scratch + 4 * productScratchLength;
  return {
    pass: {
      shape,
      kernels,
      buffer,
      texts: count,
      tokens: starts[count],
      starts,
      startsAt,
      at: block => payload.dense + 4 * offsetOf(block),
      gradientAt: block => payload.denseGradients + 4 * (shard * length + offsetOf(block)),
      words: of(payload.words, words * d),
      wordGradients: of(payload.wordGradients, words * d),
      pooled: of(payload.pooled, texts * pooledLength(shape)),
      pooledGradients: of(payload.pooledGradients, texts * pooledLength(shape)),
      buffers: of(payload.buffers, words * buffers.token + texts * buffers.text + 64 * d),
      scores,
      job: scores + 4 * attentionScratchLength(shape.tokens),
    },
    partStarts: new Uint32Array(buffer, payload.partStarts + 4 * shard * (words + 1), words + 1),
    parts: new Uint32Array(buffer, payload.parts + 4 * shard * words * maxSubwords, words * maxSubwords),
    gradient: of(payload.denseGradients, length),
    external: of(payload.external, texts * inputs),
    projected: of(payload.projected, texts * d),
    vectors: of(payload.vectors, texts * d),
    vectorGradients: of(payload.vectorGradients, texts * d),
  };
}

/** Computes the vector of each word: the sum of its parts over √parts, so that its length does not grow with their number. */
function lookUp(payload: PlacedWorkspace, { pass, partStarts, parts }: Shard): void {
  const { dimensions: d, buckets } = payload;
  const table = floatsAt(pass, payload.table, buckets * d);
  const words = floatsAt(pass, pass.words, pass.tokens * d);
  words.fill(0);
  for (let token = 0; token < pass.tokens; token++) {
    const [begin, end] = [partStarts[token], partStarts[token + 1]];
    const scale = 1 / Math.sqrt(end - begin);
    for (let part = begin; part < end; part++) {
      const from = parts[part] * d;
      for (let k = 0; k < d; k++) words[token * d + k] += scale * table[from + k];
    }
  }
}

/** Least length that vectors are divided by, so that tiny ones are not magnified. */
const shortest = 1e-6;

const lengthOf = (rows: Float32Array, start: number, d: number): number => {
  let square = 0;
  for (let k = start; k < start + d; k++) square += rows[k] * rows[k];
  return Math.max(Math.sqrt(square), shortest);
};

/** vectors ← projected, each scaled to length 1. */
function scaleRows({ pass, projected, vectors }: Shard): void {
  const d = pass.shape.dimensions;
  const from = floatsAt(pass, projected, pass.texts * d);
  const to = floatsAt(pass, vectors, pass.texts * d);
  for (let start = 0; start < to.length; start += d) {
    const scale = 1 / lengthOf(from, start, d);
    for (let k = start; k < start + d; k++) to[k] = scale * from[k];
  }
}

/** projected ← its gradient: (g - z·(g·z)) / length. */
function scaleRowsBackward({ pass, projected, vectors, vectorGradients }: Shard): void {
  const d = pass.shape.dimensions;
  const rows = floatsAt(pass, projected, pass.texts * d);
  const units = floatsAt(pass, vectors, pass.texts * d);
  const gradients = floatsAt(pass, vectorGradients, pass.texts * d);
  for (let start = 0; start < rows.length; start += d) {
    const scale = 1 / lengthOf(rows, start, d);
    let along = 0;
    for (let k = start; k < start + d; k++) along += gradients[k] * units[k];
    for (let k = start; k < start + d; k++) rows[k] = scale * (gradients[k] - along * units[k]);
  }
}

/** Forward pass of a shard. */
function read(payload: PlacedWorkspace, shard: Shard): void {
  const { pass, external, projected } = shard;
  const { shape, kernels, texts } = pass;
  lookUp(payload, shard);
  bodies[shape.kind].read(pass);
  kernels.multiply(pass.pooled, pass.at('project'), projected, texts, pooledLength(shape), shape.dimensions);
  if (shape.inputs > 0)
    kernels.addMultiply(external, pass.at('external'), projected, texts, shape.inputs, shape.dimensions);
  scaleRows(shard);
}

/** Backward pass of a shard: gradients of dense parameters and of the parts of words, from zeros. */
function readBackward(shard: Shard): void {
  const { pass, external, projected } = shard;
  const { shape, kernels, texts } = pass;
  const [d, pooled] = [shape.dimensions, pooledLength(shape)];
  floatsAt(pass, shard.gradient, layoutOf(shape).length).fill(0);
  scaleRowsBackward(shard);
  kernels.addTransposedMultiply(pass.pooled, projected, pass.gradientAt('project'), pooled, texts, d);
  if (shape.inputs > 0)
    kernels.addTransposedMultiply(external, projected, pass.gradientAt('external'), shape.inputs, texts, d);
  kernels.multiplyTransposed(projected, pass.at('project'), pass.pooledGradients, texts, d, pooled);
  bodies[shape.kind].readBackward(pass);
  scaleWordGradients(shard);
}

/** Replaces the gradients of words by those of their parts, which are the same for each part of a word. */
function scaleWordGradients({ pass, partStarts }: Shard): void {
  const d = pass.shape.dimensions;
  const gradients = floatsAt(pass, pass.wordGradients, pass.tokens * d);
  for (let token = 0; token < pass.tokens; token++) {
    const scale = 1 / Math.sqrt(partStarts[token + 1] - partStarts[token]);
    for (let k = token * d; k < (token + 1) * d; k++) gradients[k] *= scale;
  }
}

/** Reads the texts of a workspace on the calling thread. */
export function readTexts(placed: PlacedWorkspace): void {
  const kernels = networkKernelsOver(placed.memory, placed.scratch);
  for (let shard = 0; shard < shardCount; shard++) read(placed, shardOf(placed, kernels, shard));
}

/** A workspace as the payload of a task. */
type WorkspacePayload = ChunkedPayload & Workspace;

/** Tasks that training runs on threads. */
export const textEncoderTasks = {
  'textEncoder.read': shardTask<WorkspacePayload>((payload, shard, kernels) =>
    read(payload, shardOf(payload, kernels, shard)),
  ),
  'textEncoder.readBackward': shardTask<WorkspacePayload>((payload, shard, kernels) =>
    readBackward(shardOf(payload, kernels, shard)),
  ),
  ...learningTasks,
} as const satisfies Record<string, ThreadTask>;
