// The network: a causal Transformer after SASRec (Kang & McAuley 2018), with normalisation before each layer (Xiong et al.
// 2020) and GELU. Where SASRec adds learned positions, it has a learned bias per head and distance. A product k places back
// then has the same effect wherever the history starts, and keys and values can be kept once computed.
//
//   x₀ = drop(√d·E[item])
//   x ← x + drop(attention(norm(x))·Wo + bo);  x ← x + drop(gelu(norm(x)·W₁ + b₁)·W₂ + b₂)    for every block
//   z = norm(x);  score(j) = z·E[j]
//
// Rows of all sequences of a shard are packed, without padding. Buffers are laid out once; no step allocates.

import type { AddressSpace } from '../../learning/addressSpace';
import { attentionJobLength, attentionScratchLength } from '../../numeric/network/jobs';
import type { NetworkKernels } from '../../numeric/wasm/networkKernels';
import { type ParameterPlaces, parameterPlacesOf, type Shape } from './shape';

/** Addresses of what one block keeps for its backward pass. */
export interface BlockBuffers {
  readonly input: number;
  readonly attentionInput: number;
  readonly qkv: number;
  readonly probabilities: number;
  readonly attended: number;
  readonly middle: number;
  readonly feedInput: number;
  readonly up: number;
  readonly activated: number;
  readonly job: number;
}

/** Addresses of the buffers of one shard. */
export interface Buffers {
  /** uint32 [2]: rows and sequences of the batch. */
  readonly extent: number;
  /** uint32 [sequences + 1]. */
  readonly offsets: number;
  /** uint32 [rows]: input products. */
  readonly inputs: number;
  readonly blocks: readonly BlockBuffers[];
  /** Output of the last block. */
  readonly last: number;
  /** The same after the last normalisation: z. */
  readonly state: number;
  /** [rows × width]: gradient of z, then of x; after the backward pass that of the inputs' embeddings. */
  readonly gradient: number;
  readonly branch: number;
  readonly wide: number;
  readonly scores: number;
}

/** Rows that attention may read past the last. */
const slack = 8;

/** Lays out buffers for at most `rows` rows. @param take - reserves words, see AddressSpace */
export function buffersFrom(shape: Shape, rows: number, take: AddressSpace['take']): Buffers {
  const { width, hidden, heads, span } = shape;
  const matrix = (columns: number): number => take((rows + slack) * columns);
  const blocks = Array.from({ length: shape.blocks }, () => ({
    input: matrix(width),
    attentionInput: matrix(width),
    qkv: matrix(3 * width),
    probabilities: take(rows * heads * 8 * Math.ceil(span / 8)),
    attended: matrix(width),
    middle: matrix(width),
    feedInput: matrix(width),
    up: matrix(hidden),
    activated: matrix(hidden),
    job: take(attentionJobLength),
  }));
  return {
    extent: take(4),
    offsets: take(rows + 1),
    inputs: take(rows),
    blocks,
    last: matrix(width),
    state: matrix(width),
    gradient: matrix(width),
    branch: matrix(width),
    wide: matrix(Math.max(3 * width, hidden)),
    scores: take(attentionScratchLength(span)),
  };
}

/** A pass of a shard through the network: everything by address in one memory. */
export interface Pass {
  readonly kernels: NetworkKernels;
  /** The whole memory. */
  readonly floats: Float32Array;
  readonly words: Uint32Array;
  readonly shape: Shape;
  readonly places: ParameterPlaces;
  /** Address of the parameters. */
  readonly parameters: number;
  /** Address of [products × width]. */
  readonly embeddings: number;
  /** Address of gradients of the parameters, added to; 0 where nothing is trained. */
  readonly gradients: number;
  readonly buffers: Buffers;
  readonly dropout: number;
  /** Seed of the dropout of this step and shard. */
  readonly seed: number;
}

/** A pass over a memory: see Pass. */
export function passOver(memory: WebAssembly.Memory, rest: Omit<Pass, 'floats' | 'words' | 'places'>): Pass {
  return {
    ...rest,
    floats: new Float32Array(memory.buffer),
    words: new Uint32Array(memory.buffer),
    places: parameterPlacesOf(rest.shape),
  };
}

/** Writes the attention jobs of a pass. Once is enough, as the buffers do not move. */
export function writeJobs({ words, shape, places, parameters, gradients, buffers }: Pass): void {
  for (const [index, block] of buffers.blocks.entries()) {
    const bias = 4 * places.blocks[index].distanceBias;
    words.set(
      [
        block.qkv,
        block.attended,
        block.probabilities,
        buffers.offsets,
        parameters + bias,
        shape.span,
        shape.heads,
        shape.width,
        1,
        buffers.branch,
        buffers.wide,
        gradients === 0 ? 0 : gradients + bias,
        buffers.scores,
      ],
      block.job >>> 2,
    );
  }
}

const copy = ({ floats }: Pass, from: number, count: number, to: number): Float32Array =>
  floats.copyWithin(to >>> 2, from >>> 2, (from >>> 2) + count);

/** Dropout; each layer has its own seed. */
const drop = (pass: Pass, x: number, count: number, layer: number): void =>
  pass.kernels.dropout(x, count, pass.dropout, (pass.seed + Math.imul(layer + 1, 0x3c6ef372)) | 0, 0);

const rowsAndSequences = ({ words, buffers }: Pass): readonly [number, number] => {
  const at = buffers.extent >>> 2;
  return [words[at], words[at + 1]];
};

function blockForward(pass: Pass, index: number, rows: number, sequences: number): void {
  const { kernels, shape, places, parameters, buffers } = pass;
  const { width, hidden } = shape;
  const own = buffers.blocks[index];
  const at = places.blocks[index];
  const of = (place: number): number => parameters + 4 * place;
  const out = buffers.blocks[index + 1]?.input ?? buffers.last;
  kernels.layerNorm(own.input, rows, width, of(at.attentionNorm), own.attentionInput);
  kernels.multiply(own.attentionInput, of(at.qkvWeight), own.qkv, rows, width, 3 * width);
  kernels.addBias(own.qkv, rows, 3 * width, of(at.qkvBias));
  kernels.attention(own.job, 0, sequences);
  kernels.multiply(own.attended, of(at.outWeight), own.middle, rows, width, width);
  kernels.addBias(own.middle, rows, width, of(at.outBias));
  drop(pass, own.middle, rows * width, 2 * index + 1);
  kernels.addInto(own.input, rows * width, own.middle);
  kernels.layerNorm(own.middle, rows, width, of(at.feedNorm), own.feedInput);
  kernels.multiply(own.feedInput, of(at.upWeight), own.up, rows, width, hidden);
  kernels.addBias(own.up, rows, hidden, of(at.upBias));
  kernels.gelu(own.up, rows * hidden, own.activated);
  kernels.multiply(own.activated, of(at.downWeight), out, rows, hidden, width);
  kernels.addBias(out, rows, width, of(at.downBias));
  drop(pass, out, rows * width, 2 * index + 2);
  kernels.addInto(own.middle, rows * width, out);
}

/** Computes the states z of every row from the inputs. */
export function forward(pass: Pass): void {
  const { kernels, shape, places, parameters, embeddings, buffers } = pass;
  const { width } = shape;
  const [rows, sequences] = rowsAndSequences(pass);
  const first = buffers.blocks[0].input;
  kernels.gatherRows(embeddings, buffers.inputs, rows, width, Math.sqrt(width), first);
  drop(pass, first, rows * width, 0);
  for (let index = 0; index < shape.blocks; index++) blockForward(pass, index, rows, sequences);
  kernels.layerNorm(buffers.last, rows, width, parameters + 4 * places.lastNorm, buffers.state);
}

/** Gradients of the feed-forward half of a block; `gradient`, that of its output, becomes that of its middle. */
function feedBackward(pass: Pass, index: number, rows: number): void {
  const { kernels, shape, places, parameters, gradients, buffers } = pass;
  const { width, hidden } = shape;
  const { branch, wide, gradient } = buffers;
  const own = buffers.blocks[index];
  const at = places.blocks[index];
  copy(pass, gradient, rows * width, branch);
  drop(pass, branch, rows * width, 2 * index + 2);
  kernels.addColumnSums(branch, rows, width, gradients + 4 * at.downBias);
  kernels.addTransposedMultiply(own.activated, branch, gradients + 4 * at.downWeight, hidden, rows, width);
  kernels.multiplyTransposed(branch, parameters + 4 * at.downWeight, wide, rows, width, hidden);
  kernels.geluBackward(own.up, rows * hidden, wide);
  kernels.addColumnSums(wide, rows, hidden, gradients + 4 * at.upBias);
  kernels.addTransposedMultiply(own.feedInput, wide, gradients + 4 * at.upWeight, width, rows, hidden);
  kernels.multiplyTransposed(wide, parameters + 4 * at.upWeight, branch, rows, hidden, width);
  const norm = 4 * at.feedNorm;
  kernels.layerNormBackward(own.middle, rows, width, parameters + norm, branch, gradients + norm);
  kernels.addInto(branch, rows * width, gradient);
}

/** Gradients of the attention half of a block; `gradient`, that of its middle, becomes that of its input. */
function attentionHalfBackward(pass: Pass, index: number, rows: number, sequences: number): void {
  const { kernels, shape, places, parameters, gradients, buffers } = pass;
  const { width } = shape;
  const { branch, wide, gradient } = buffers;
  const own = buffers.blocks[index];
  const at = places.blocks[index];
  copy(pass, gradient, rows * width, wide);
  drop(pass, wide, rows * width, 2 * index + 1);
  kernels.addColumnSums(wide, rows, width, gradients + 4 * at.outBias);
  kernels.addTransposedMultiply(own.attended, wide, gradients + 4 * at.outWeight, width, rows, width);
  kernels.multiplyTransposed(wide, parameters + 4 * at.outWeight, branch, rows, width, width);
  kernels.attentionBackward(own.job, 0, sequences);
  kernels.addColumnSums(wide, rows, 3 * width, gradients + 4 * at.qkvBias);
  kernels.addTransposedMultiply(
    own.attentionInput,
    wide,
    gradients + 4 * at.qkvWeight,
    width,
    rows,
    3 * width,
  );
  kernels.multiplyTransposed(wide, parameters + 4 * at.qkvWeight, branch, rows, 3 * width, width);
  const norm = 4 * at.attentionNorm;
  kernels.layerNormBackward(own.input, rows, width, parameters + norm, branch, gradients + norm);
  kernels.addInto(branch, rows * width, gradient);
}

/**
 * Computes, from the gradients of the states z (in `gradient`), those of all parameters, which are added, and those of the
 * embeddings of the inputs (in `gradient`).
 */
export function backward(pass: Pass): void {
  const { kernels, floats, shape, places, parameters, gradients, buffers } = pass;
  const { width } = shape;
  const [rows, sequences] = rowsAndSequences(pass);
  const norm = 4 * places.lastNorm;
  kernels.layerNormBackward(buffers.last, rows, width, parameters + norm, buffers.gradient, gradients + norm);
  for (let index = shape.blocks - 1; index >= 0; index--) {
    feedBackward(pass, index, rows);
    attentionHalfBackward(pass, index, rows, sequences);
  }
  drop(pass, buffers.gradient, rows * width, 0);
  const first = buffers.gradient >>> 2;
  const root = Math.fround(Math.sqrt(width));
  for (let place = first; place < first + rows * width; place++) floats[place] *= root;
}
