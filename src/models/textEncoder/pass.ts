import type { NetworkKernels } from '../../numeric/wasm/networkKernels';
import type { Block, Shape } from './shape';

/** Some texts on their way through the network, forth or back, with everything they need in one memory. */
export interface Pass {
  readonly shape: Shape;
  readonly kernels: NetworkKernels;
  readonly buffer: ArrayBufferLike;
  /** Texts of this pass. */
  readonly texts: number;
  /** Words of all of them. */
  readonly tokens: number;
  /** uint32 [texts + 1], from 0: words of text n are rows [starts[n], starts[n + 1]). */
  readonly starts: Uint32Array;
  /** Address of `starts`. */
  readonly startsAt: number;
  /** Address of a block of parameters, and of its gradient. */
  readonly at: (block: Block) => number;
  readonly gradientAt: (block: Block) => number;
  /** float32 [tokens × D]: vectors of the words; back: overwritten by their gradients. */
  readonly words: number;
  readonly wordGradients: number;
  /** float32 [texts × pooledLength]. */
  readonly pooled: number;
  readonly pooledGradients: number;
  /** Room of roomOf(shape) floats a token and a text, kept between forth and back. */
  readonly room: number;
  /** Scratch of the thread: a square of the longest text for attention, and a job. */
  readonly scores: number;
  readonly job: number;
}

/** Floats at an address. */
export const floatsAt = ({ buffer }: Pick<Pass, 'buffer'>, address: number, length: number): Float32Array =>
  new Float32Array(buffer, address, length);
