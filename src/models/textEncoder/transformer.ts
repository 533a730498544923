// One block of a Transformer encoder over the words and their places, normalised before each part (Vaswani et al. 2017;
// Xiong et al. 2020, "On layer normalization in the Transformer architecture", fig. 1b), its rows averaged:
//
//   x ← words + places,   h = x + attention(norm(x))·O,   y = h + gelu(norm(h)·W₁ + b₁)·W₂ + b₂,   pooled = mean(norm(y))
import { writeAttentionJob } from '../../numeric/network/jobs';
import { meanPool, meanPoolBackward } from './bag';
import { floatsAt, type Pass } from './pass';
import { heads } from './shape';

/** Addresses of what is kept between forth and back, rows of D floats unless said otherwise. */
interface Room {
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

function roomOf({ room, tokens, shape }: Pass): Room {
  let at = room;
  const take = (rows: number): number => {
    const address = at;
    at += 4 * tokens * rows * shape.dimensions;
    return address;
  };
  return {
    // The kernel reads a few rows behind the last of qkv: what follows is there to be read.
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

/** Writes where attention finds what it needs. `gradient` is that of its out. */
function writeJob(pass: Pass, room: Room, gradient: number): void {
  const { shape, tokens, texts } = pass;
  const { dimensions: d, tokens: span } = shape;
  const rows = (address: number, columns: number) => floatsAt(pass, address, tokens * columns);
  writeAttentionJob(
    {
      qkv: rows(room.qkv, 3 * d),
      out: rows(room.attended, d),
      probabilities: rows(room.probabilities, 0),
      offsets: new Uint32Array(pass.buffer, pass.startsAt, texts + 1),
      bias: null,
      span,
      heads,
      width: d,
      isCausal: false,
      gradient: rows(gradient, d),
      qkvGradient: rows(room.qkvGradient, 3 * d),
      biasGradient: null,
    },
    floatsAt(pass, pass.scores, 0),
    new Uint32Array(pass.buffer, pass.job, 16),
  );
}

/** Calls back with each word's row and its place in its text. */
function eachPlace({ texts, starts }: Pass, work: (token: number, place: number) => void): void {
  for (let text = 0; text < texts; text++) {
    for (let token = starts[text]; token < starts[text + 1]; token++) work(token, token - starts[text]);
  }
}

function addPlaces(pass: Pass, x: number): void {
  const { shape, tokens } = pass;
  const d = shape.dimensions;
  const words = floatsAt(pass, pass.words, tokens * d);
  const places = floatsAt(pass, pass.at('places'), shape.tokens * d);
  const out = floatsAt(pass, x, tokens * d);
  eachPlace(pass, (token, place) => {
    for (let k = 0; k < d; k++) out[token * d + k] = words[token * d + k] + places[place * d + k];
  });
}

const copy = (pass: Pass, from: number, to: number, length: number): void =>
  floatsAt(pass, to, length).set(floatsAt(pass, from, length));

/** Forth. */
export function readTransformer(pass: Pass): void {
  const { shape, kernels, tokens, texts } = pass;
  const d = shape.dimensions;
  const room = roomOf(pass);
  addPlaces(pass, room.x);
  kernels.layerNorm(room.x, tokens, d, pass.at('normBefore'), room.normed);
  kernels.multiply(room.normed, pass.at('attend'), room.qkv, tokens, d, 3 * d);
  writeJob(pass, room, room.spare);
  kernels.attention(pass.job, 0, texts);
  copy(pass, room.x, room.h, tokens * d);
  kernels.addMultiply(room.attended, pass.at('gather'), room.h, tokens, d, d);
  kernels.layerNorm(room.h, tokens, d, pass.at('normBetween'), room.between);
  kernels.multiply(room.between, pass.at('widen'), room.wide, tokens, d, 2 * d);
  kernels.addBias(room.wide, tokens, 2 * d, pass.at('widenBias'));
  kernels.gelu(room.wide, 2 * tokens * d, room.active);
  copy(pass, room.h, room.y, tokens * d);
  kernels.addMultiply(room.active, pass.at('narrow'), room.y, tokens, 2 * d, d);
  kernels.addBias(room.y, tokens, d, pass.at('narrowBias'));
  kernels.layerNorm(room.y, tokens, d, pass.at('normAfter'), room.last);
  meanPool(pass, room.last);
}

/** From the gradient of y (in wordGradients) to that of h, in hGradient. */
function backThroughWidening(pass: Pass, room: Room): void {
  const { shape, kernels, tokens } = pass;
  const d = shape.dimensions;
  const gradient = pass.wordGradients;
  kernels.addColumnSums(gradient, tokens, d, pass.gradientAt('narrowBias'));
  kernels.addTransposedMultiply(room.active, gradient, pass.gradientAt('narrow'), 2 * d, tokens, d);
  kernels.multiplyTransposed(gradient, pass.at('narrow'), room.wideGradient, tokens, d, 2 * d);
  kernels.geluBackward(room.wide, 2 * tokens * d, room.wideGradient);
  kernels.addColumnSums(room.wideGradient, tokens, 2 * d, pass.gradientAt('widenBias'));
  kernels.addTransposedMultiply(room.between, room.wideGradient, pass.gradientAt('widen'), d, tokens, 2 * d);
  kernels.multiplyTransposed(room.wideGradient, pass.at('widen'), room.hGradient, tokens, 2 * d, d);
  const { at, gradientAt } = pass;
  kernels.layerNormBackward(room.h, tokens, d, at('normBetween'), room.hGradient, gradientAt('normBetween'));
  kernels.addInto(gradient, tokens * d, room.hGradient);
}

/** From the gradient of h (in hGradient) to that of x, in wordGradients. */
function backThroughAttention(pass: Pass, room: Room): void {
  const { shape, kernels, tokens, texts, wordGradients, at, gradientAt } = pass;
  const d = shape.dimensions;
  kernels.addTransposedMultiply(room.attended, room.hGradient, gradientAt('gather'), d, tokens, d);
  kernels.multiplyTransposed(room.hGradient, at('gather'), room.spare, tokens, d, d);
  writeJob(pass, room, room.spare);
  kernels.attentionBackward(pass.job, 0, texts);
  kernels.addTransposedMultiply(room.normed, room.qkvGradient, gradientAt('attend'), d, tokens, 3 * d);
  kernels.multiplyTransposed(room.qkvGradient, at('attend'), wordGradients, tokens, 3 * d, d);
  kernels.layerNormBackward(room.x, tokens, d, at('normBefore'), wordGradients, gradientAt('normBefore'));
  kernels.addInto(room.hGradient, tokens * d, wordGradients);
}

/** Back. */
export function readTransformerBackward(pass: Pass): void {
  const { shape, kernels, tokens, wordGradients, at, gradientAt } = pass;
  const d = shape.dimensions;
  const room = roomOf(pass);
  meanPoolBackward(pass, wordGradients);
  kernels.layerNormBackward(room.y, tokens, d, at('normAfter'), wordGradients, gradientAt('normAfter'));
  backThroughWidening(pass, room);
  backThroughAttention(pass, room);
  const gradients = floatsAt(pass, wordGradients, tokens * d);
  const places = floatsAt(pass, gradientAt('places'), shape.tokens * d);
  eachPlace(pass, (token, place) => {
    for (let k = 0; k < d; k++) places[place * d + k] += gradients[token * d + k];
  });
}
