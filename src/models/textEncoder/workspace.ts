import { attentionJobLength, attentionScratchLength } from '../../numeric/network/jobs';
import type { Arena } from '../../numeric/wasm/arena';
import { productScratchLength } from '../../numeric/wasm/networkKernels';
import { maxSubwords } from '../../text/subwords';
import { type Kind, layoutOf, pooledLength, roomOf, type Shape } from './shape';
import type { Lexicon } from './texts';

/** Parts of a batch that are read on their own: fixed, so that sums come out alike on any number of threads. */
export const shards = 8;

/** Kinds by number, as they are posted to threads. */
const kinds: readonly Kind[] = ['bag', 'cnn', 'transformer'];

/** Addresses and sizes of everything a batch works with; numbers only, so that it can be posted. */
export interface Workspace extends Readonly<Record<string, number>> {
  readonly kind: number;
  readonly dimensions: number;
  readonly buckets: number;
  readonly tokens: number;
  readonly inputs: number;
  /** Texts of a shard, at most. */
  readonly texts: number;
  /** float32 [buckets × D]. */
  readonly table: number;
  /** float32 [buckets × D]: zeros between batches. */
  readonly tableGradient: number;
  /** float32 [buckets × 2·D]: both moments of a row side by side. */
  readonly tableMoments: number;
  /** float32 [dense length]. */
  readonly dense: number;
  /** float32 [shards × dense length]. */
  readonly denseGradients: number;
  /** Per shard: texts in it; uint32 [shards]. */
  readonly counts: number;
  /** Per shard: uint32 [texts + 1]. */
  readonly starts: number;
  /** Per shard: uint32 [tokens of a shard + 1], where the buckets of each word begin. */
  readonly partStarts: number;
  /** Per shard: uint32 [tokens of a shard × maxSubwords]. */
  readonly parts: number;
  /** Per shard: float32 [texts × inputs]. */
  readonly given: number;
  readonly words: number;
  readonly wordGradients: number;
  readonly pooled: number;
  readonly pooledGradients: number;
  /** Per shard: float32 [texts × D], before they are scaled to length 1; back: their gradients. */
  readonly projected: number;
  /** float32 [shards × texts × D]: what comes out. */
  readonly vectors: number;
  /** Their gradients. */
  readonly vectorGradients: number;
  readonly room: number;
  /** float32 [adamSettingsLength]. */
  readonly adam: number;
}

/** Floats of scratch that each thread wants. */
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

/** What only training needs. */
function trainingRoom(arena: Arena, shape: Shape, learns: boolean) {
  const { buckets, dimensions: d } = shape;
  const rows = learns ? buckets : 0;
  return {
    tableGradient: arena.float32(rows * d).byteOffset,
    tableMoments: arena.float32(rows * 2 * d).byteOffset,
    denseGradients: arena.float32(learns ? shards * layoutOf(shape).length : 0).byteOffset,
  };
}

/**
 * Sets up a workspace for batches of so many texts.
 *
 * @param learns - false where texts are only read
 */
export function setUpWorkspace(arena: Arena, shape: Shape, textsAtOnce: number, learns: boolean): Workspace {
  const { kind, dimensions: d, buckets, tokens, inputs } = shape;
  const texts = Math.ceil(textsAtOnce / shards);
  const words = texts * tokens;
  const room = roomOf(shape);
  const floats = (length: number): number => arena.float32(length).byteOffset;
  const wholes = (length: number): number => arena.uint32(length).byteOffset;
  return {
    kind: kinds.indexOf(kind),
    dimensions: d,
    buckets,
    tokens,
    inputs,
    texts,
    table: floats(buckets * d),
    dense: floats(layoutOf(shape).length),
    ...trainingRoom(arena, shape, learns),
    counts: wholes(shards),
    starts: wholes(shards * (texts + 1)),
    partStarts: wholes(shards * (words + 1)),
    parts: wholes(shards * words * maxSubwords),
    given: floats(shards * texts * inputs),
    words: floats(shards * words * d),
    wordGradients: floats(shards * words * d),
    pooled: floats(shards * texts * pooledLength(shape)),
    pooledGradients: floats(shards * texts * pooledLength(shape)),
    projected: floats(shards * texts * d),
    vectors: floats(shards * texts * d),
    vectorGradients: floats(shards * texts * d),
    room: floats(shards * (words * room.token + texts * room.text + 64 * d)),
    adam: floats(8),
  };
}

/** One text to read. */
export interface Sheet {
  /** Rows of the lexicon. */
  readonly words: Uint32Array;
  /** [inputs]; null where the shape has none. */
  readonly given: Float32Array | null;
}

/** Lays texts out on the workspace: text n is in shard ⌊n / texts⌋, and its vector in row n. */
export function layOut(arena: Arena, workspace: Workspace, sheets: readonly Sheet[], lexicon: Lexicon): void {
  const { buffer } = arena.memory;
  const { texts, tokens, inputs } = workspace;
  const room = texts * tokens;
  const counts = new Uint32Array(buffer, workspace.counts, shards);
  const given = new Float32Array(buffer, workspace.given, shards * texts * inputs);
  for (let shard = 0; shard < shards; shard++) {
    const own = sheets.slice(shard * texts, (shard + 1) * texts);
    const starts = new Uint32Array(buffer, workspace.starts + 4 * shard * (texts + 1), texts + 1);
    const partStarts = new Uint32Array(buffer, workspace.partStarts + 4 * shard * (room + 1), room + 1);
    const parts = new Uint32Array(
      buffer,
      workspace.parts + 4 * shard * room * maxSubwords,
      room * maxSubwords,
    );
    counts[shard] = own.length;
    let token = 0;
    for (const [text, sheet] of own.entries()) {
      for (const word of sheet.words) {
        const buckets = lexicon.bucketsOf(word);
        parts.set(buckets, partStarts[token]);
        partStarts[token + 1] = partStarts[token] + buckets.length;
        token++;
      }
      starts[text + 1] = token;
      if (sheet.given) given.set(sheet.given, (shard * texts + text) * inputs);
    }
  }
}
