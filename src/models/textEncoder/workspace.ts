import type { ShardGradients } from '../../learning/gradients';
import { shardCount } from '../../learning/shards';
import { attentionJobLength, attentionScratchLength } from '../../numeric/network/jobs';
import type { Arena } from '../../numeric/wasm/arena';
import { productScratchLength } from '../../numeric/wasm/networkKernels';
import { maxSubwords } from '../../text/subwords';
import { bufferLengthsOf, type Kind, layoutOf, pooledLength, type Shape } from './shape';
import type { Lexicon } from './texts';

/** Kinds in the order of the numbers that stand for them in a workspace. */
const kinds: readonly Kind[] = ['bag', 'cnn', 'transformer'];

/** Addresses and sizes of the arrays of a batch. They are numbers only and can be posted to threads. */
export interface Workspace extends Readonly<Record<string, number>> {
  readonly kind: number;
  readonly dimensions: number;
  readonly buckets: number;
  readonly tokens: number;
  readonly inputs: number;
  /** Most texts per shard. */
  readonly texts: number;
  /** float32 [buckets × D]. */
  readonly table: number;
  /** float32 [dense length]. */
  readonly dense: number;
  /** float32 [shards × dense length]; 0 where texts are only read. */
  readonly denseGradients: number;
  /** Texts and words of each shard: uint32 [shards] each. */
  readonly counts: number;
  readonly tokenCounts: number;
  /** Per shard: uint32 [texts + 1]. */
  readonly starts: number;
  /** Per shard: uint32 [tokens of a shard + 1], where the buckets of each word start. */
  readonly partStarts: number;
  /** Per shard: uint32 [tokens of a shard × maxSubwords]. */
  readonly parts: number;
  /** Per shard: float32 [texts × inputs]. */
  readonly external: number;
  readonly words: number;
  readonly wordGradients: number;
  readonly pooled: number;
  readonly pooledGradients: number;
  /** Per shard: float32 [texts × D], before they are scaled to length 1; the backward pass writes their gradients here. */
  readonly projected: number;
  /** float32 [shards × texts × D]: the output. */
  readonly vectors: number;
  /** Their gradients. */
  readonly vectorGradients: number;
  readonly buffers: number;
}

/** Floats of scratch per thread. */
export const workspaceScratchLength = (shape: Shape): number =>
  productScratchLength + attentionScratchLength(shape.tokens) + attentionJobLength;

/** The shape of a workspace. */
export const shapeOf = ({ kind, dimensions, buckets, tokens, inputs }: Workspace): Shape => ({
  kind: kinds[kind],
  dimensions,
  buckets,
  tokens,
  inputs,
});

/**
 * A workspace for batches of so many texts.
 *
 * @param isTrained - false where texts are only read: it then has no gradients of parameters
 */
export function createWorkspace(
  arena: Arena,
  shape: Shape,
  textsAtOnce: number,
  isTrained: boolean,
): Workspace {
  const { kind, dimensions: d, buckets, tokens, inputs } = shape;
  const texts = Math.ceil(textsAtOnce / shardCount);
  const words = texts * tokens;
  const buffers = bufferLengthsOf(shape);
  const { length } = layoutOf(shape);
  const floats = (length: number): number => arena.float32(length).byteOffset;
  const integers = (length: number): number => arena.uint32(length).byteOffset;
  return {
    kind: kinds.indexOf(kind),
    dimensions: d,
    buckets,
    tokens,
    inputs,
    texts,
    table: floats(buckets * d),
    dense: floats(length),
    denseGradients: isTrained ? floats(shardCount * length) : 0,
    counts: integers(shardCount),
    tokenCounts: integers(shardCount),
    starts: integers(shardCount * (texts + 1)),
    partStarts: integers(shardCount * (words + 1)),
    parts: integers(shardCount * words * maxSubwords),
    external: floats(shardCount * texts * inputs),
    words: floats(shardCount * words * d),
    wordGradients: floats(shardCount * words * d),
    pooled: floats(shardCount * texts * pooledLength(shape)),
    pooledGradients: floats(shardCount * texts * pooledLength(shape)),
    projected: floats(shardCount * texts * d),
    vectors: floats(shardCount * texts * d),
    vectorGradients: floats(shardCount * texts * d),
    buffers: floats(shardCount * (words * buffers.token + texts * buffers.text + 64 * d)),
  };
}

/** Where each shard leaves its gradients. Those of the table are by word: each belongs to all parts of the word. */
export function shardGradientsOf({ memory }: Arena, workspace: Workspace): readonly ShardGradients[] {
  const { texts, tokens, dimensions: d } = workspace;
  const { length } = layoutOf(shapeOf(workspace));
  const words = texts * tokens;
  const floatsOf = (address: number, shard: number, count: number): Float32Array =>
    new Float32Array(memory.buffer, address + 4 * shard * count, count);
  const integersOf = (address: number, shard: number, count: number): Uint32Array =>
    new Uint32Array(memory.buffer, address + 4 * shard * count, count);
  return Array.from({ length: shardCount }, (_, shard) => ({
    dense: floatsOf(workspace.denseGradients, shard, length),
    rows: [
      {
        table: 0,
        count: integersOf(workspace.tokenCounts, shard, 1),
        gradients: floatsOf(workspace.wordGradients, shard, words * d),
        indices: integersOf(workspace.parts, shard, words * maxSubwords),
        starts: integersOf(workspace.partStarts, shard, words + 1),
      },
    ],
  }));
}

/** One text to read. */
export interface TextInput {
  /** Rows of the lexicon. */
  readonly words: Uint32Array;
  /** External vector, [inputs]; null where the shape has none. */
  readonly external: Float32Array | null;
}

/** Writes texts into the workspace: text n is in shard ⌊n / texts⌋, and its vector will be row n. */
export function writeTexts(
  arena: Arena,
  workspace: Workspace,
  inputTexts: readonly TextInput[],
  lexicon: Lexicon,
): void {
  const { buffer } = arena.memory;
  const { texts, tokens, inputs } = workspace;
  const words = texts * tokens;
  const counts = new Uint32Array(buffer, workspace.counts, shardCount);
  const tokenCounts = new Uint32Array(buffer, workspace.tokenCounts, shardCount);
  const external = new Float32Array(buffer, workspace.external, shardCount * texts * inputs);
  for (let shard = 0; shard < shardCount; shard++) {
    const own = inputTexts.slice(shard * texts, (shard + 1) * texts);
    const starts = new Uint32Array(buffer, workspace.starts + 4 * shard * (texts + 1), texts + 1);
    const partStarts = new Uint32Array(buffer, workspace.partStarts + 4 * shard * (words + 1), words + 1);
    const parts = new Uint32Array(
      buffer,
      workspace.parts + 4 * shard * words * maxSubwords,
      words * maxSubwords,
    );
    counts[shard] = own.length;
    let token = 0;
    for (const [text, input] of own.entries()) {
      for (const word of input.words) {
        const buckets = lexicon.bucketsOf(word);
        parts.set(buckets, partStarts[token]);
        partStarts[token + 1] = partStarts[token] + buckets.length;
        token++;
      }
      starts[text + 1] = token;
      if (input.external) external.set(input.external, (shard * texts + text) * inputs);
    }
    tokenCounts[shard] = token;
  }
}
