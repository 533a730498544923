import { maskedJobLength, writeMaskedJob } from '../../../src/numeric/network/jobs';
import { maskedSigmoid, maskedSoftmax, noTarget } from '../../../src/numeric/network/maskedLosses';
import type { NetworkKernels } from '../../../src/numeric/wasm/networkKernels';
import { differenceOf, drawn, drawnDoubles, networkBench, slopesOf } from './support';

const tolerance = 1e-6;
const [rows, stride, count] = [3, 12, 5];
const weights = Float64Array.of(1, 2, 0.5, 3, 1, 0, 0, 0);
const classes = Uint32Array.of(4, noTarget, 1);
const flags = Uint32Array.from({ length: 8 * rows }, (_, place) => (place % 3 === 2 ? noTarget : place % 3));

/** The weighted sum of the losses at these logits, and its gradient. */
function softmaxOf(logits: Float64Array) {
  const own = logits.slice();
  const losses = new Float64Array(rows);
  maskedSoftmax({ logits: own, stride, count, targets: classes, weights, losses }, rows, 0.5);
  const value = losses.reduce(
    (sum, loss, row) => sum + (classes[row] === noTarget ? 0 : 0.5 * weights[classes[row]] * loss),
    0,
  );
  return { gradient: own, losses, value };
}

function sigmoidOf(logits: Float64Array) {
  const own = logits.slice();
  const losses = new Float64Array(8 * rows);
  maskedSigmoid({ logits: own, stride, count, targets: flags, weights, losses }, rows, 0.5);
  return {
    gradient: own,
    losses,
    value: losses.reduce((sum, loss, place) => sum + 0.5 * weights[place % 8] * loss, 0),
  };
}

describe('losses with masked targets', () => {
  it('have gradients that match finite differences, and are 0 for masked targets and unused columns', () => {
    const logits = drawnDoubles(1, rows * stride);
    for (const lossOf of [softmaxOf, sigmoidOf]) {
      const { gradient } = lossOf(logits);
      const slopes = slopesOf(logits, () => lossOf(logits).value);
      for (let place = 0; place < logits.length; place++) {
        // Columns beyond the head's 8 belong to another head and stay unchanged.
        if (place % stride >= 8) expect(gradient[place]).toBe(logits[place]);
        else if (place % stride < count)
          expect(Math.abs(gradient[place] - slopes[place])).toBeLessThan(tolerance);
        else expect(Math.abs(gradient[place])).toBe(0);
      }
    }
    const { gradient, losses } = softmaxOf(logits);
    expect([losses[1], ...gradient.subarray(stride, stride + 8)]).toEqual(new Array(9).fill(0));
    expect(sigmoidOf(logits).losses.filter((_, place) => flags[place] === noTarget)).toEqual(
      new Float64Array(8),
    );
  });

  it.each(['maskedSoftmax', 'maskedSigmoid'] as const)('agree with their twins in WebAssembly: %s', name => {
    const { arena, simd, plain } = networkBench();
    const run = (kernels: NetworkKernels): readonly Float32Array[] => {
      const logits = drawn(arena, 1, rows * stride);
      const targets = arena.uint32(8 * rows);
      targets.set(name === 'maskedSoftmax' ? classes : flags);
      const factors = arena.float32(8);
      factors.set(weights);
      const losses = arena.float32(8 * rows);
      const job = arena.uint32(maskedJobLength);
      writeMaskedJob({ logits, stride, count, targets, weights: factors, losses }, job);
      kernels[name](job.byteOffset, rows, 0.25);
      return [logits, losses];
    };
    const [found, expected] = [run(simd), run(plain)];
    for (const [index, array] of found.entries())
      expect(differenceOf(array, expected[index])).toBeLessThan(1e-5);
  });
});
