/** How words become one vector. */
export type Kind = 'bag' | 'cnn' | 'transformer';

/** Everything that decides the number and the places of the parameters. */
export interface Shape {
  readonly kind: Kind;
  /** D, a multiple of 8. */
  readonly dimensions: number;
  readonly buckets: number;
  /** Longest text. */
  readonly tokens: number;
  /** Length of an external vector that is added to a text's, padded to a multiple of 8; 0 without. */
  readonly inputs: number;
}

/** Widths of the convolution's windows. */
export const widths = 3;
/** Offsets of all widths together: 1 + 2 + 3. */
export const taps = (widths * (widths + 1)) / 2;
/** Heads of attention. */
export const heads = 2;

/** Length of a pooled text, before it is projected to D. */
export const pooledLength = ({ kind, dimensions }: Shape): number =>
  kind === 'cnn' ? widths * dimensions : dimensions;

/** Names of the dense parameters. */
export type Block =
  | 'kernels'
  | 'biases'
  | 'positions'
  | 'normBefore'
  | 'qkv'
  | 'attentionOut'
  | 'normBetween'
  | 'up'
  | 'upBias'
  | 'down'
  | 'downBias'
  | 'normAfter'
  | 'project'
  | 'external'
  | 'map'
  | 'mapOffset';

/** First values of a block. */
export type Start = 'normal' | 'zeros' | 'norm' | 'identity';

/** One block of dense parameters. */
export interface Layout {
  readonly offset: number;
  readonly length: number;
  readonly start: Start;
  /** Inputs of each output: scales normal first values. */
  readonly fanIn: number;
}

type Entry = readonly [Block, number, Start, number?];

function entriesOf(shape: Shape): readonly Entry[] {
  const { kind, dimensions: d, tokens, inputs } = shape;
  const body: readonly Entry[] =
    kind === 'cnn'
      ? [
          ['kernels', d * taps * d, 'normal', 2 * d],
          ['biases', widths * d, 'zeros'],
        ]
      : kind === 'transformer'
        ? [
            ['positions', tokens * d, 'zeros'],
            ['normBefore', 2 * d, 'norm'],
            ['qkv', d * 3 * d, 'normal', d],
            ['attentionOut', d * d, 'normal', 4 * d],
            ['normBetween', 2 * d, 'norm'],
            ['up', d * 2 * d, 'normal', d],
            ['upBias', 2 * d, 'zeros'],
            ['down', 2 * d * d, 'normal', 8 * d],
            ['downBias', d, 'zeros'],
            ['normAfter', 2 * d, 'norm'],
          ]
        : [];
  return [
    ...body,
    ['project', pooledLength(shape) * d, 'normal', pooledLength(shape)],
    ['external', inputs * d, 'normal', Math.max(inputs, 1)],
    ['map', d * d, 'identity'],
    ['mapOffset', d, 'zeros'],
  ];
}

/** Where each block is among the dense parameters of a shape. Every length is a multiple of 8. */
export function layoutOf(shape: Shape): {
  readonly blocks: ReadonlyMap<Block, Layout>;
  readonly length: number;
} {
  const blocks = new Map<Block, Layout>();
  let offset = 0;
  for (const [block, length, start, fanIn = 1] of entriesOf(shape)) {
    blocks.set(block, { offset, length, start, fanIn });
    offset += length;
  }
  return { blocks, length: offset };
}

/** Floats of buffers that reading needs beside the words' vectors: per token and per text. */
export function bufferLengthsOf({ kind, dimensions: d, tokens }: Shape): {
  readonly token: number;
  readonly text: number;
} {
  if (kind === 'cnn') return { token: taps * d, text: widths * d };
  if (kind === 'transformer') return { token: 21 * d + heads * 8 * Math.ceil(tokens / 8), text: 0 };
  return { token: 0, text: 0 };
}
