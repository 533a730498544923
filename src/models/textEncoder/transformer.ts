// One block of a Transformer encoder over the words and their positions, normalised before each part (Vaswani et al. 2017;
// Xiong et al. 2020, "On layer normalization in the Transformer architecture", fig. 1b), its rows averaged:
//
//   x ← words + positions,   h = x + attention(norm(x))·O,   y = h + gelu(norm(h)·W₁ + b₁)·W₂ + b₂,   pooled = mean(norm(y))
import { writeAttentionJob } from '../../numeric/network/jobs';
import { meanPool, meanPoolBackward } from './bag';
import { floatsAt, type Pass } from './pass';
import { heads } from './shape';

/** Addresses of what the forward pass keeps for the backward pass: rows of D floats unless stated otherwise. */
interface Buffers {
  readonly x: number;
  readonly normed: number;
  /** 3·D */
  readonly qkv: number;
  readonly attended: number;
  readonly h: number;
  readonly between: number;
  /** 2·D */
  readonly wide: number;
  /** 2·D */
  readonly active: number;
  readonly y: number;
  readonly last: number;
  /** Gradients: 3·D, 2·D, D, D. */
  readonly qkvGradient: number;
  readonly wideGradient: number;
  readonly hGradient: number;
  readonly spare: number;
  readonly probabilities: number;
}

function buffersOf({ buffers, tokens, shape }: Pass): Buffers {
  let at = buffers;
  const take = (rows: number): number => {
    const address = at;
    at += 4 * tokens * rows * shape.dimensions;
    return address;
  };
  return {
    // The attention kernel reads a few rows past the last of qkv: qkv comes first, so that these are in the buffers.
    qkv: take(3),
    x: take(1),
    normed: take(1),
    attended: take(1),
    h: take(1),
    between: take(1),
    wide: take(2),
    active: take(2),
    y: take(1),
    last: take(1),
    qkvGradient: take(3),
    wideGradient: take(2),
    hGradient: take(1),
    spare: take(1),
    probabilities: at,
  };
}

/** Writes the attention job. @param gradient - address of the gradient of its output */
function writeJob(pass: Pass, buffers: Buffers, gradient: number): void {
  const { shape, tokens, texts } = pass;
  const { dimensions: d, tokens: span } = shape;
  const rows = (address: number, columns: number) => floatsAt(pass, address, tokens * columns);
  writeAttentionJob(
    {
      qkv: rows(buffers.qkv, 3 * d),
      out: rows(buffers.attended, d),
      probabilities: rows(buffers.probabilities, 0),
      offsets: new Uint32Array(pass.buffer, pass.startsAt, texts + 1),
      bias: null,
      span,
      heads,
      width: d,
      isCausal: false,
      gradient: rows(gradient, d),
      qkvGradient: rows(buffers.qkvGradient, 3 * d),
      biasGradient: null,
    },
    floatsAt(pass, pass.scores, 0),
    new Uint32Array(pass.buffer, pass.job, 16),
  );
}

/** Calls `work` with each word's row and its position in its text. */
function forEachPosition({ texts, starts }: Pass, work: (token: number, position: number) => void): void {
  for (let text = 0; text < texts; text++) {
    for (let token = starts[text]; token < starts[text + 1]; token++) work(token, token - starts[text]);
  }
}

function addPositions(pass: Pass, x: number): void {
  const { shape, tokens } = pass;
  const d = shape.dimensions;
  const words = floatsAt(pass, pass.words, tokens * d);
  const positions = floatsAt(pass, pass.at('positions'), shape.tokens * d);
  const out = floatsAt(pass, x, tokens * d);
  forEachPosition(pass, (token, position) => {
    for (let k = 0; k < d; k++) out[token * d + k] = words[token * d + k] + positions[position * d + k];
  });
}

const copy = (pass: Pass, from: number, to: number, length: number): void =>
  floatsAt(pass, to, length).set(floatsAt(pass, from, length));

/** Forward pass. */
export function readTransformer(pass: Pass): void {
  const { shape, kernels, tokens, texts } = pass;
  const d = shape.dimensions;
  const buffers = buffersOf(pass);
  addPositions(pass, buffers.x);
  kernels.layerNorm(buffers.x, tokens, d, pass.at('normBefore'), buffers.normed);
  kernels.multiply(buffers.normed, pass.at('qkv'), buffers.qkv, tokens, d, 3 * d);
  writeJob(pass, buffers, buffers.spare);
  kernels.attention(pass.job, 0, texts);
  copy(pass, buffers.x, buffers.h, tokens * d);
  kernels.addMultiply(buffers.attended, pass.at('attentionOut'), buffers.h, tokens, d, d);
  kernels.layerNorm(buffers.h, tokens, d, pass.at('normBetween'), buffers.between);
  kernels.multiply(buffers.between, pass.at('up'), buffers.wide, tokens, d, 2 * d);
  kernels.addBias(buffers.wide, tokens, 2 * d, pass.at('upBias'));
  kernels.gelu(buffers.wide, 2 * tokens * d, buffers.active);
  copy(pass, buffers.h, buffers.y, tokens * d);
  kernels.addMultiply(buffers.active, pass.at('down'), buffers.y, tokens, 2 * d, d);
  kernels.addBias(buffers.y, tokens, d, pass.at('downBias'));
  kernels.layerNorm(buffers.y, tokens, d, pass.at('normAfter'), buffers.last);
  meanPool(pass, buffers.last);
}

/** Computes the gradient of h (in hGradient) from that of y (in wordGradients). */
function feedForwardBackward(pass: Pass, buffers: Buffers): void {
  const { shape, kernels, tokens } = pass;
  const d = shape.dimensions;
  const gradient = pass.wordGradients;
  kernels.addColumnSums(gradient, tokens, d, pass.gradientAt('downBias'));
  kernels.addTransposedMultiply(buffers.active, gradient, pass.gradientAt('down'), 2 * d, tokens, d);
  kernels.multiplyTransposed(gradient, pass.at('down'), buffers.wideGradient, tokens, d, 2 * d);
  kernels.geluBackward(buffers.wide, 2 * tokens * d, buffers.wideGradient);
  kernels.addColumnSums(buffers.wideGradient, tokens, 2 * d, pass.gradientAt('upBias'));
  kernels.addTransposedMultiply(
    buffers.between,
    buffers.wideGradient,
    pass.gradientAt('up'),
    d,
    tokens,
    2 * d,
  );
  kernels.multiplyTransposed(buffers.wideGradient, pass.at('up'), buffers.hGradient, tokens, 2 * d, d);
  const { at, gradientAt } = pass;
  kernels.layerNormBackward(
    buffers.h,
    tokens,
    d,
    at('normBetween'),
    buffers.hGradient,
    gradientAt('normBetween'),
  );
  kernels.addInto(gradient, tokens * d, buffers.hGradient);
}

/** Computes the gradient of x (in wordGradients) from that of h (in hGradient). */
function attentionBackward(pass: Pass, buffers: Buffers): void {
  const { shape, kernels, tokens, texts, wordGradients, at, gradientAt } = pass;
  const d = shape.dimensions;
  kernels.addTransposedMultiply(
    buffers.attended,
    buffers.hGradient,
    gradientAt('attentionOut'),
    d,
    tokens,
    d,
  );
  kernels.multiplyTransposed(buffers.hGradient, at('attentionOut'), buffers.spare, tokens, d, d);
  writeJob(pass, buffers, buffers.spare);
  kernels.attentionBackward(pass.job, 0, texts);
  kernels.addTransposedMultiply(buffers.normed, buffers.qkvGradient, gradientAt('qkv'), d, tokens, 3 * d);
  kernels.multiplyTransposed(buffers.qkvGradient, at('qkv'), wordGradients, tokens, 3 * d, d);
  kernels.layerNormBackward(buffers.x, tokens, d, at('normBefore'), wordGradients, gradientAt('normBefore'));
  kernels.addInto(buffers.hGradient, tokens * d, wordGradients);
}

/** Backward pass. */
export function readTransformerBackward(pass: Pass): void {
  const { shape, kernels, tokens, wordGradients, at, gradientAt } = pass;
  const d = shape.dimensions;
  const buffers = buffersOf(pass);
  meanPoolBackward(pass, wordGradients);
  kernels.layerNormBackward(buffers.y, tokens, d, at('normAfter'), wordGradients, gradientAt('normAfter'));
  feedForwardBackward(pass, buffers);
  attentionBackward(pass, buffers);
  const gradients = floatsAt(pass, wordGradients, tokens * d);
  const positions = floatsAt(pass, gradientAt('positions'), shape.tokens * d);
  forEachPosition(pass, (token, position) => {
    for (let k = 0; k < d; k++) positions[position * d + k] += gradients[token * d + k];
  });
}
