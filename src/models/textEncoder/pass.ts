import type { NetworkKernels } from '../../numeric/wasm/networkKernels';
import type { Block, Shape } from './shape';

/** A forward or backward pass of some texts, with everything that it needs in one memory. */
export interface Pass {
  readonly shape: Shape;
  readonly kernels: NetworkKernels;
  readonly buffer: ArrayBufferLike;
  /** Texts of this pass. */
  readonly texts: number;
  /** Words of all texts. */
  readonly tokens: number;
  /** uint32 [texts + 1], from 0: words of text n are rows [starts[n], starts[n + 1]). */
  readonly starts: Uint32Array;
  /** Address of `starts`. */
  readonly startsAt: number;
  /** Address of a block of parameters, and of its gradient. */
  readonly at: (block: Block) => number;
  readonly gradientAt: (block: Block) => number;
  /** float32 [tokens × D]: vectors of the words; the backward pass overwrites their gradients. */
  readonly words: number;
  readonly wordGradients: number;
  /** float32 [texts × pooledLength]. */
  readonly pooled: number;
  readonly pooledGradients: number;
  /** Buffers of bufferLengthsOf(shape) floats per token and text, kept from the forward to the backward pass. */
  readonly buffers: number;
  /** Scratch of the thread: attention scores of the longest text, and a job. */
  readonly scores: number;
  readonly job: number;
}

/** Floats at an address. */
export const floatsAt = ({ buffer }: Pick<Pass, 'buffer'>, address: number, length: number): Float32Array =>
  new Float32Array(buffer, address, length);
