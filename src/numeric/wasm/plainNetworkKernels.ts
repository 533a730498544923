import { type AttentionProblem, attention, attentionBackward } from '../network/attention';
import * as elements from '../network/elements';
import { binaryCrossEntropy, type LossProblem, sampledSoftmax } from '../network/losses';
import * as lstm from '../network/lstm';
import { type MaskedProblem, maskedSigmoid, maskedSoftmax } from '../network/maskedLosses';
import type { Numbers } from '../network/numbers';
import { addMultiply, addMultiplyTransposed, addTransposedMultiply } from '../network/products';
import * as recurrent from '../network/recurrent';
import * as rowwise from '../network/rows';
import type { NetworkKernels } from './networkKernels';

/** Views of a memory by address. */
export interface NetworkViews {
  floats(address: number, length: number): Numbers;
  words(address: number, length: number): Uint32Array;
}

type ElementKernels = Pick<
  NetworkKernels,
  'gelu' | 'geluBackward' | 'relu' | 'reluBackward' | 'sigmoid' | 'tanh' | 'addInto' | 'dropout' | 'adam'
>;

const elementKernels = ({ floats }: NetworkViews): ElementKernels => ({
  gelu: (x, count, out) => elements.gelu(floats(x, count), floats(out, count)),
  geluBackward: (x, count, gradient) => elements.geluBackward(floats(x, count), floats(gradient, count)),
  relu: (x, count, out) => elements.relu(floats(x, count), floats(out, count)),
  reluBackward: (out, count, gradient) => elements.reluBackward(floats(out, count), floats(gradient, count)),
  sigmoid: (x, count, out) => elements.sigmoid(floats(x, count), floats(out, count)),
  tanh: (x, count, out) => elements.tanh(floats(x, count), floats(out, count)),
  addInto: (x, count, out) => elements.addInto(floats(x, count), floats(out, count)),
  dropout: (x, count, rate, seed, first) => elements.dropout(floats(x, count), rate, seed, first),
  adam: (parameters, gradients, moments, count, settings) =>
    elements.adam(
      floats(parameters, count),
      floats(gradients, count),
      floats(moments, 2 * count),
      floats(settings, 5),
    ),
});

type ProductKernels = Pick<
  NetworkKernels,
  'multiply' | 'addMultiply' | 'multiplyTransposed' | 'addMultiplyTransposed' | 'addTransposedMultiply'
>;

const productKernels = ({ floats }: NetworkViews): ProductKernels => ({
  multiply(a, b, out, rows, inner, columns) {
    const sums = floats(out, rows * columns).fill(0);
    addMultiply(floats(a, rows * inner), floats(b, inner * columns), sums, { rows, inner, columns });
  },
  addMultiply(a, b, out, rows, inner, columns) {
    const sums = floats(out, rows * columns);
    addMultiply(floats(a, rows * inner), floats(b, inner * columns), sums, { rows, inner, columns });
  },
  multiplyTransposed(a, b, out, rows, inner, columns) {
    const sums = floats(out, rows * columns).fill(0);
    addMultiplyTransposed(floats(a, rows * inner), floats(b, inner * columns), sums, {
      rows,
      inner,
      columns,
    });
  },
  addMultiplyTransposed(a, b, out, rows, inner, columns) {
    const sums = floats(out, rows * columns);
    addMultiplyTransposed(floats(a, rows * inner), floats(b, inner * columns), sums, {
      rows,
      inner,
      columns,
    });
  },
  addTransposedMultiply(a, b, out, rows, inner, columns) {
    const sums = floats(out, rows * columns);
    addTransposedMultiply(floats(a, rows * inner), floats(b, inner * columns), sums, {
      rows,
      inner,
      columns,
    });
  },
});

type RowKernels = Pick<
  NetworkKernels,
  | 'gatherRows'
  | 'scatterAddRows'
  | 'addBias'
  | 'addColumnSums'
  | 'rowDots'
  | 'addScaledRows'
  | 'layerNorm'
  | 'layerNormBackward'
>;

/** Returns the rows of a table up to the highest index. */
function tableOf({ floats }: NetworkViews, table: number, indices: Uint32Array, columns: number): Numbers {
  let high = -1;
  for (const row of indices) high = Math.max(high, row);
  return floats(table, (high + 1) * columns);
}

const rowKernels = (views: NetworkViews): RowKernels => {
  const { floats, words } = views;
  return {
    gatherRows(table, indices, count, columns, scale, out) {
      const chosen = words(indices, count);
      const from = tableOf(views, table, chosen, columns);
      rowwise.gatherRows(from, chosen, columns, scale, floats(out, count * columns));
    },
    scatterAddRows(rows, indices, count, columns, scale, table) {
      const chosen = words(indices, count);
      const to = tableOf(views, table, chosen, columns);
      rowwise.scatterAddRows(floats(rows, count * columns), chosen, columns, scale, to);
    },
    addBias: (rows, count, columns, bias) =>
      rowwise.addBias(floats(rows, count * columns), floats(bias, columns)),
    addColumnSums: (rows, count, columns, out) =>
      rowwise.addColumnSums(floats(rows, count * columns), floats(out, columns)),
    rowDots: (a, b, count, columns, out) =>
      rowwise.rowDots(floats(a, count * columns), floats(b, count * columns), columns, floats(out, count)),
    addScaledRows: (rows, scales, count, columns, out) =>
      rowwise.addScaledRows(
        floats(rows, count * columns),
        floats(scales, count),
        columns,
        floats(out, count * columns),
      ),
    layerNorm: (x, count, columns, affine, out) =>
      rowwise.layerNorm(
        floats(x, count * columns),
        columns,
        floats(affine, 2 * columns),
        floats(out, count * columns),
      ),
    layerNormBackward: (x, count, columns, affine, gradient, affineGradient) =>
      rowwise.layerNormBackward(
        floats(x, count * columns),
        columns,
        floats(affine, 2 * columns),
        floats(gradient, count * columns),
        floats(affineGradient, 2 * columns),
      ),
  };
};

type RecurrentKernels = Pick<
  NetworkKernels,
  'gruStep' | 'gruStepBackward' | 'lstmStep' | 'lstmStepBackward' | 'unitRows' | 'unitRowsBackward'
>;

const recurrentKernels = ({ floats, words }: NetworkViews): RecurrentKernels => ({
  gruStep(inputs, hiddens, previous, out, count, columns) {
    const size = count * columns;
    const [x, h] = [floats(inputs, 3 * size), floats(hiddens, 3 * size)];
    const step = { inputs: x, hiddens: h, previous: floats(previous, size), columns };
    recurrent.gruStep(step, floats(out, size));
  },
  gruStepBackward(inputs, hiddens, previous, gradient, count, columns) {
    const size = count * columns;
    const [x, h] = [floats(inputs, 3 * size), floats(hiddens, 3 * size)];
    const step = { inputs: x, hiddens: h, previous: floats(previous, size), columns };
    recurrent.gruStepBackward(step, floats(gradient, size));
  },
  lstmStep(gates, previous, cell, out, count, columns) {
    const size = count * columns;
    const step = {
      gates: floats(gates, 4 * size),
      previous: floats(previous, size),
      cell: floats(cell, size),
      columns,
    };
    lstm.lstmStep(step, floats(out, size));
  },
  lstmStepBackward(job, count, columns) {
    const [gates, previous, cell, gradient, cellGradient] = words(job, 5);
    const size = count * columns;
    const step = {
      gates: floats(gates, 4 * size),
      previous: floats(previous, size),
      cell: floats(cell, size),
      columns,
    };
    lstm.lstmStepBackward(step, floats(gradient, size), floats(cellGradient, size));
  },
  unitRows: (rows, count, columns, lengths) =>
    recurrent.unitRows(floats(rows, count * columns), columns, floats(lengths, count)),
  unitRowsBackward: (units, lengths, count, columns, gradient) =>
    recurrent.unitRowsBackward(
      floats(units, count * columns),
      floats(lengths, count),
      columns,
      floats(gradient, count * columns),
    ),
});

/** Reads the problem written by writeAttentionJob. */
function readAttentionJob({ floats, words }: NetworkViews, job: number, last: number): AttentionProblem {
  const [qkv, out, probabilities, at, bias, span, heads, width, causal, ...gradients] = words(job, 12);
  const [gradient, qkvGradient, biasGradient] = gradients;
  const offsets = words(at, last + 1);
  const rows = offsets[last];
  let places = 0;
  for (let s = 0; s < last; s++) {
    const length = offsets[s + 1] - offsets[s];
    places += heads * length * 8 * Math.ceil(length / 8);
  }
  const table = (address: number) => (address === 0 ? null : floats(address, heads * (span + 8)));
  return {
    qkv: floats(qkv, rows * 3 * width),
    out: floats(out, rows * width),
    probabilities: floats(probabilities, places),
    offsets,
    bias: table(bias),
    span,
    heads,
    width,
    isCausal: causal !== 0,
    gradient: gradient === 0 ? new Float32Array(0) : floats(gradient, rows * width),
    qkvGradient: qkvGradient === 0 ? new Float32Array(0) : floats(qkvGradient, rows * 3 * width),
    biasGradient: table(biasGradient),
  };
}

/** Reads the problem written by writeLossJob. */
function readLossJob({ floats, words }: NetworkViews, job: number, rows: number): LossProblem {
  const [logits, positives, targets, negatives, corrections, losses, count] = words(job, 7);
  return {
    logits: floats(logits, rows * count),
    positives: floats(positives, rows),
    targets: words(targets, rows),
    negatives: words(negatives, count),
    corrections: floats(corrections, count),
    losses: floats(losses, rows),
  };
}

/** Reads the problem written by writeMaskedJob, for softmax (one target per row) or sigmoid (one per row and column). */
function readMaskedJob(
  { floats, words }: NetworkViews,
  job: number,
  rows: number,
  isByColumn: boolean,
): MaskedProblem {
  const [logits, stride, count, targets, weights, losses] = words(job, 6);
  const columns = 4 * Math.ceil(count / 4);
  const places = isByColumn ? rows * columns : rows;
  return {
    logits: floats(logits, Math.max(0, (rows - 1) * stride + columns)),
    stride,
    count,
    targets: words(targets, places),
    weights: floats(weights, columns),
    losses: floats(losses, places),
  };
}

/** The network kernels in plain TypeScript over arrays of either precision; double precision serves to test gradients. */
export const plainNetworkKernelsOver = (views: NetworkViews): NetworkKernels => ({
  ...productKernels(views),
  ...elementKernels(views),
  ...rowKernels(views),
  ...recurrentKernels(views),
  attention: (job, first, last) => attention(readAttentionJob(views, job, last), first, last),
  attentionBackward: (job, first, last) => attentionBackward(readAttentionJob(views, job, last), first, last),
  sampledSoftmax: (job, rows, scale) => sampledSoftmax(readLossJob(views, job, rows), rows, scale),
  binaryCrossEntropy: (job, rows, scale, beta) =>
    binaryCrossEntropy(readLossJob(views, job, rows), rows, scale, beta),
  maskedSoftmax: (job, rows, scale) => maskedSoftmax(readMaskedJob(views, job, rows, false), rows, scale),
  maskedSigmoid: (job, rows, scale) => maskedSigmoid(readMaskedJob(views, job, rows, true), rows, scale),
});

/**
 * The network kernels in plain TypeScript, about ten times slower. Results equal those of WebAssembly up to rounding;
 * tests compare both.
 */
export const plainNetworkKernels = (memory: WebAssembly.Memory): NetworkKernels =>
  plainNetworkKernelsOver({
    floats: (address, length) => new Float32Array(memory.buffer, address, length),
    words: (address, length) => new Uint32Array(memory.buffer, address, length),
  });
