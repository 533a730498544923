// The plain kernels' gradients in double precision against central differences (error about 1e-9, tolerance 1e-6). The
// WebAssembly kernels are compared with the plain ones in twins.test.ts.
import { type AttentionProblem, attention, attentionBackward } from '../../../src/numeric/network/attention';
import { gelu, geluBackward } from '../../../src/numeric/network/elements';
import { binaryCrossEntropy, type LossProblem, sampledSoftmax } from '../../../src/numeric/network/losses';
import { layerNorm, layerNormBackward } from '../../../src/numeric/network/rows';
import { differenceOf, drawnDoubles, slopesOf } from './support';

const tolerance = 1e-6;
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);

it('gelu: the backward pass matches finite differences', () => {
  const [x, out] = [drawnDoubles(1, 20), new Float64Array(20)];
  const gradient = new Float64Array(20).fill(1);
  geluBackward(x, gradient);
  const slopes = slopesOf(x, () => {
    gelu(x, out);
    return out.reduce((sum, value) => sum + value, 0);
  });
  expect(differenceOf(gradient, slopes)).toBeLessThan(tolerance);
});

it('layerNorm: the backward pass matches finite differences of input, gain and offset', () => {
  const [x, affine, weights] = [drawnDoubles(1, 24), drawnDoubles(2, 16), drawnDoubles(3, 24)];
  const out = new Float64Array(24);
  const value = (): number => {
    layerNorm(x, 8, affine, out);
    return dot(out, weights);
  };
  const [gradient, affineGradient] = [weights.slice(), new Float64Array(16)];
  layerNormBackward(x, 8, affine, gradient, affineGradient);
  expect(differenceOf(gradient, slopesOf(x, value))).toBeLessThan(tolerance);
  expect(differenceOf(affineGradient, slopesOf(affine, value))).toBeLessThan(tolerance);
});

it.each([true, false])('attention: the backward pass matches finite differences (causal: %s)', isCausal => {
  const [heads, width, span, rows] = [2, 6, 4, 6];
  const problem: AttentionProblem<Float64Array> = {
    qkv: drawnDoubles(1, rows * 3 * width),
    out: new Float64Array(rows * width),
    probabilities: new Float64Array(heads * 8 * rows),
    offsets: Uint32Array.of(0, 4, 6),
    bias: isCausal ? drawnDoubles(2, heads * (span + 8)) : null,
    span,
    heads,
    width,
    isCausal,
    gradient: drawnDoubles(3, rows * width),
    qkvGradient: new Float64Array(rows * 3 * width),
    biasGradient: isCausal ? new Float64Array(heads * (span + 8)) : null,
  };
  const value = (): number => {
    attention(problem, 0, 2);
    return dot(problem.out, problem.gradient);
  };
  value();
  attentionBackward(problem, 0, 2);
  expect(differenceOf(problem.qkvGradient, slopesOf(problem.qkv, value))).toBeLessThan(tolerance);
  if (problem.bias && problem.biasGradient)
    expect(differenceOf(problem.biasGradient, slopesOf(problem.bias, value))).toBeLessThan(tolerance);
});

describe.each([
  ['sampledSoftmax', sampledSoftmax],
  ['binaryCrossEntropy', binaryCrossEntropy],
] as const)('%s', (_name, loss) => {
  const start = (): LossProblem<Float64Array> => ({
    logits: drawnDoubles(1, 24),
    positives: drawnDoubles(2, 3),
    targets: Uint32Array.of(1, 9, 4),
    negatives: Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7),
    corrections: drawnDoubles(4, 8),
    losses: new Float64Array(3),
  });

  it('writes gradients of targets and negatives that match finite differences', () => {
    const problem = start();
    loss(problem, 3, 1, 0.6);
    const [logits, positives] = [drawnDoubles(1, 24), drawnDoubles(2, 3)];
    const value = (): number => {
      const again = { ...start(), logits: logits.slice(), positives: positives.slice() };
      loss(again, 3, 1, 0.6);
      return again.losses.reduce((sum, one) => sum + one, 0);
    };
    expect(differenceOf(problem.logits, slopesOf(logits, value))).toBeLessThan(tolerance);
    expect(differenceOf(problem.positives, slopesOf(positives, value))).toBeLessThan(tolerance);
  });
});
