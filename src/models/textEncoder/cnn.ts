// Convolution over words with windows of 1, 2 and 3, each with D filters, and max pooling of each filter over the text (Kim 2014, "Convolutional neural networks for sentence classification", §2). For filter f of width w at word t:
//
//   a_t = b_f + Σ_j<w x_{t+j}·K_wj,   pooled_f = max(0, max_t a_t)
//
// Windows beyond the end of a text read zeros. The products x·K of all words and all six (w, j) are one product of matrices;
// windows are sums of shifted columns of it. Only the word where a filter was largest gets its gradient.
import { floatsAt, type Pass } from './pass';
import { taps, widths } from './shape';

/** What the forward pass keeps for the backward pass. */
interface Buffers {
  /** float32 [tokens × taps·D]: x·K of every word; in the backward pass its gradient. */
  readonly products: Float32Array;
  /** uint32 [texts × widths·D]: word where the filter was largest. */
  readonly winners: Uint32Array;
}

function buffersOf(pass: Pass): Buffers {
  const { shape, tokens, texts, buffers, buffer } = pass;
  const columns = taps * shape.dimensions;
  const length = widths * shape.dimensions * texts;
  return {
    products: floatsAt(pass, buffers, tokens * columns),
    winners: new Uint32Array(buffer, buffers + 4 * tokens * columns, length),
  };
}

/** First tap of a width. Taps are sorted by width, then offset. */
const firstTap = (width: number): number => (width * (width - 1)) / 2;

/** Max pooling of the filters of one width over one text. The innermost loop is over filters, which are contiguous. */
function poolWidth(pass: Pass, { products, winners }: Buffers, text: number, width: number): void {
  const { shape, starts, texts } = pass;
  const d = shape.dimensions;
  const columns = taps * d;
  const at = (text * widths + width - 1) * d;
  const best = floatsAt(pass, pass.pooled, texts * widths * d).subarray(at, at + d);
  const biases = floatsAt(pass, pass.at('biases'), widths * d).subarray((width - 1) * d);
  const [begin, end] = [starts[text], starts[text + 1]];
  best.fill(begin < end ? Number.NEGATIVE_INFINITY : 0);
  for (let token = begin; token < end; token++) {
    const reach = Math.min(width, end - token);
    const first = token * columns + firstTap(width) * d;
    for (let f = 0; f < d; f++) {
      let sum = products[first + f];
      for (let j = 1; j < reach; j++) sum += products[first + j * (columns + d) + f];
      if (sum > best[f]) {
        best[f] = sum;
        winners[at + f] = token;
      }
    }
  }
  if (begin < end) for (let f = 0; f < d; f++) best[f] = Math.max(0, best[f] + biases[f]);
}

/** Forward pass. */
export function readCnn(pass: Pass): void {
  const { shape, kernels, texts, tokens, words } = pass;
  const d = shape.dimensions;
  const buffers = buffersOf(pass);
  kernels.multiply(words, pass.at('kernels'), buffers.products.byteOffset, tokens, d, taps * d);
  for (let text = 0; text < texts; text++) {
    for (let width = 1; width <= widths; width++) poolWidth(pass, buffers, text, width);
  }
}

/** Adds the gradients of one text's filters of one width to those of the words where they were largest. */
function poolWidthBackward(pass: Pass, { products, winners }: Buffers, text: number, width: number): void {
  const { shape, starts, texts } = pass;
  const d = shape.dimensions;
  const columns = taps * d;
  const at = (text * widths + width - 1) * d;
  const pooled = floatsAt(pass, pass.pooled, texts * widths * d);
  const gradients = floatsAt(pass, pass.pooledGradients, texts * widths * d);
  const biasGradients = floatsAt(pass, pass.gradientAt('biases'), widths * d);
  for (let f = 0; f < d; f++) {
    const gradient = gradients[at + f];
    if (pooled[at + f] <= 0 || gradient === 0) continue;
    biasGradients[(width - 1) * d + f] += gradient;
    const column = firstTap(width) * d + f;
    for (let j = 0; j < width && winners[at + f] + j < starts[text + 1]; j++)
      products[(winners[at + f] + j) * columns + column + j * d] += gradient;
  }
}

/** Backward pass. */
export function readCnnBackward(pass: Pass): void {
  const { shape, kernels, texts, tokens, words, wordGradients } = pass;
  const d = shape.dimensions;
  const buffers = buffersOf(pass);
  buffers.products.fill(0);
  for (let text = 0; text < texts; text++) {
    for (let width = 1; width <= widths; width++) poolWidthBackward(pass, buffers, text, width);
  }
  const { byteOffset: products } = buffers.products;
  kernels.addTransposedMultiply(words, products, pass.gradientAt('kernels'), d, tokens, taps * d);
  kernels.multiplyTransposed(products, pass.at('kernels'), wordGradients, tokens, taps * d, d);
}
