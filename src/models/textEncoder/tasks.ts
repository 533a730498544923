import { type ChunkedPayload, takeChunks, taskOf } from '../../learning/workerGroup';
import { attentionScratchLength } from '../../numeric/network/jobs';
import type { ThreadTask } from '../../numeric/threadPool';
import { type NetworkKernels, productScratchLength } from '../../numeric/wasm/networkKernels';
import { networkKernelsOver } from '../../numeric/wasm/networkKernelsOver';
import { maxSubwords } from '../../text/subwords';
import { readBag, readBagBackward } from './bag';
import { readCnn, readCnnBackward } from './cnn';
import { floatsAt, type Pass } from './pass';
import { type Block, type Kind, layoutOf, pooledLength, roomOf } from './shape';
import { readTransformer, readTransformerBackward } from './transformer';
import { shapeOf, shards, type Workspace } from './workspace';

/** A workspace where it stands, and a thread's scratch. */
export type Workplace = Workspace & Pick<ChunkedPayload, 'memory' | 'scratch'>;

/** A workspace, and the thread's share of the work at it. */
type WorkspacePayload = ChunkedPayload & Workspace;

interface Body {
  readonly read: (pass: Pass) => void;
  readonly back: (pass: Pass) => void;
}

const bodies: Readonly<Record<Kind, Body>> = {
  bag: { read: readBag, back: readBagBackward },
  cnn: { read: readCnn, back: readCnnBackward },
  transformer: { read: readTransformer, back: readTransformerBackward },
};

/** What a shard has on the workspace beside its pass. */
interface Shard {
  readonly pass: Pass;
  /** Where the buckets of each word begin, and the buckets. */
  readonly partStarts: Uint32Array;
  readonly parts: Uint32Array;
  /** All dense gradients of the shard. */
  readonly gradient: number;
  readonly given: number;
  readonly projected: number;
  readonly vectors: number;
  readonly vectorGradients: number;
}

function shardOf(payload: Workplace, kernels: NetworkKernels, shard: number): Shard {
  const { buffer } = payload.memory;
  const shape = shapeOf(payload);
  const { blocks, length } = layoutOf(shape);
  const { texts, dimensions: d, inputs } = payload;
  const words = texts * shape.tokens;
  const room = roomOf(shape);
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
      room: of(payload.room, words * room.token + texts * room.text + 64 * d),
      scores,
      job: scores + 4 * attentionScratchLength(shape.tokens),
    },
    partStarts: new Uint32Array(buffer, payload.partStarts + 4 * shard * (words + 1), words + 1),
    parts: new Uint32Array(buffer, payload.parts + 4 * shard * words * maxSubwords, words * maxSubwords),
    gradient: of(payload.denseGradients, length),
    given: of(payload.given, texts * inputs),
    projected: of(payload.projected, texts * d),
    vectors: of(payload.vectors, texts * d),
    vectorGradients: of(payload.vectorGradients, texts * d),
  };
}

/** A word: the sum of its parts over √parts, so that long words are as long as short ones. */
function lookUp(payload: Workplace, { pass, partStarts, parts }: Shard): void {
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

/** Shorter vectors are left as they are rather than blown up. */
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

function read(payload: Workplace, shard: Shard): void {
  const { pass, given, projected } = shard;
  const { shape, kernels, texts } = pass;
  lookUp(payload, shard);
  bodies[shape.kind].read(pass);
  kernels.multiply(pass.pooled, pass.at('project'), projected, texts, pooledLength(shape), shape.dimensions);
  if (shape.inputs > 0)
    kernels.addMultiply(given, pass.at('adopt'), projected, texts, shape.inputs, shape.dimensions);
  scaleRows(shard);
}

function readBackward(shard: Shard): void {
  const { pass, given, projected } = shard;
  const { shape, kernels, texts } = pass;
  const [d, pooled] = [shape.dimensions, pooledLength(shape)];
  floatsAt(pass, shard.gradient, layoutOf(shape).length).fill(0);
  scaleRowsBackward(shard);
  kernels.addTransposedMultiply(pass.pooled, projected, pass.gradientAt('project'), pooled, texts, d);
  if (shape.inputs > 0)
    kernels.addTransposedMultiply(given, projected, pass.gradientAt('adopt'), shape.inputs, texts, d);
  kernels.multiplyTransposed(projected, pass.at('project'), pass.pooledGradients, texts, d, pooled);
  bodies[shape.kind].back(pass);
}

/** Rows of the table that a shard of the update looks after: those whose number leaves `own` over shards. */
function update(payload: Workplace, kernels: NetworkKernels, own: number): void {
  const { dimensions: d, buckets, memory } = payload;
  const gradient = new Float32Array(memory.buffer, payload.tableGradient, buckets * d);
  const touched = new Set<number>();
  for (let index = 0; index < shards; index++) {
    const { pass, partStarts, parts } = shardOf(payload, kernels, index);
    const words = floatsAt(pass, pass.wordGradients, pass.tokens * d);
    for (let token = 0; token < pass.tokens; token++) {
      const [begin, end] = [partStarts[token], partStarts[token + 1]];
      const scale = 1 / Math.sqrt(end - begin);
      for (let part = begin; part < end; part++) {
        const row = parts[part];
        if (row % shards !== own) continue;
        touched.add(row);
        for (let k = 0; k < d; k++) gradient[row * d + k] += scale * words[token * d + k];
      }
    }
  }
  for (const row of touched) {
    const at = 4 * row * d;
    kernels.adam(
      payload.table + at,
      payload.tableGradient + at,
      payload.tableMoments + 2 * at,
      d,
      payload.adam,
    );
    gradient.fill(0, row * d, (row + 1) * d);
  }
}

/** Reads what lies on a workspace, here and now. */
export function readHere(place: Workplace): void {
  const kernels = networkKernelsOver(place.memory, place.scratch);
  for (let shard = 0; shard < shards; shard++) read(place, shardOf(place, kernels, shard));
}

/** A task over shards. */
const shardTask = (
  work: (payload: WorkspacePayload, kernels: NetworkKernels, shard: number) => void,
): ThreadTask =>
  taskOf<WorkspacePayload>(payload => {
    const kernels = networkKernelsOver(payload.memory, payload.scratch);
    takeChunks(payload, (begin, end) => {
      for (let shard = begin; shard < end; shard++) work(payload, kernels, shard);
    });
  });

/** What training and reading run on the threads of a pool. */
export const textEncoderTasks = {
  'textEncoder.read': shardTask((payload, kernels, shard) => read(payload, shardOf(payload, kernels, shard))),
  'textEncoder.back': shardTask((payload, kernels, shard) => readBackward(shardOf(payload, kernels, shard))),
  'textEncoder.update': shardTask(update),
} as const satisfies Record<string, ThreadTask>;
