import { lstmJobLength, writeLstmJob } from '../../../src/numeric/network/jobs';
import { type LstmStep, lstmStep, lstmStepBackward } from '../../../src/numeric/network/lstm';
import { differenceOf, drawn, drawnDoubles, networkBench, slopesOf } from './support';

const tolerance = 1e-6;
const [rows, columns] = [3, 4];
const size = rows * columns;
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);

describe('an LSTM step', () => {
  it('has a backward pass that matches finite differences of the gates and the previous cell', () => {
    const [gates, previous] = [drawnDoubles(1, 4 * size), drawnDoubles(2, size)];
    const [weights, cellWeights] = [drawnDoubles(3, size), drawnDoubles(4, size)];
    const out = new Float64Array(size);
    const forward = (): LstmStep<Float64Array> => {
      const step = { gates: gates.slice(), previous, cell: new Float64Array(size), columns };
      lstmStep(step, out);
      return step;
    };
    const value = (): number => dot(forward().cell, cellWeights) + dot(out, weights);
    const step = forward();
    const cellGradient = cellWeights.slice();
    lstmStepBackward(step, weights, cellGradient);
    expect(differenceOf(step.gates, slopesOf(gates, value))).toBeLessThan(tolerance);
    expect(differenceOf(cellGradient, slopesOf(previous, value))).toBeLessThan(tolerance);
  });

  it('agrees with its twin in WebAssembly, forward and backward', () => {
    const { arena, simd, plain } = networkBench();
    const [count, width] = [13, 24];
    const places = count * width;
    const previous = drawn(arena, 3, places).byteOffset;
    const gradient = drawn(arena, 4, places).byteOffset;
    const results = [simd, plain].map(kernels => {
      const [gates, cellGradient] = [drawn(arena, 1, 4 * places), drawn(arena, 9, places)];
      const [cell, out] = [arena.float32(places), arena.float32(places)];
      const job = arena.uint32(lstmJobLength);
      const addresses = {
        gates: gates.byteOffset,
        previous,
        cell: cell.byteOffset,
        gradient,
        cellGradient: cellGradient.byteOffset,
      };
      writeLstmJob(addresses, job);
      kernels.lstmStep(addresses.gates, previous, addresses.cell, out.byteOffset, count, width);
      kernels.lstmStepBackward(job.byteOffset, count, width);
      return [out, cell, gates, cellGradient];
    });
    for (const [index, found] of results[0].entries())
      expect(differenceOf(found, results[1][index])).toBeLessThan(1e-5);
  });
});
