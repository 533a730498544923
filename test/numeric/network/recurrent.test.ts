import {
  type GruStep,
  gruStep,
  gruStepBackward,
  unitRows,
  unitRowsBackward,
} from '../../../src/numeric/network/recurrent';
import { copied, differenceOf, drawn, drawnDoubles, networkBench, slopesOf } from './support';

const tolerance = 1e-6;
const [rows, columns] = [3, 4];
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);

describe('a GRU step', () => {
  it('has a backward pass that matches finite differences of inputs, hiddens and the previous state', () => {
    const [inputs, hiddens] = [drawnDoubles(1, 3 * rows * columns), drawnDoubles(2, 3 * rows * columns)];
    const previous = drawnDoubles(3, rows * columns);
    const [out, weights] = [new Float64Array(rows * columns), drawnDoubles(4, rows * columns)];
    const forward = (): GruStep<Float64Array> => {
      const step = { inputs: inputs.slice(), hiddens: hiddens.slice(), previous, columns };
      gruStep(step, out);
      return step;
    };
    const value = (): number => {
      forward();
      return dot(out, weights);
    };
    const step = forward();
    const gradient = weights.slice();
    gruStepBackward(step, gradient);
    expect(differenceOf(step.inputs, slopesOf(inputs, value))).toBeLessThan(tolerance);
    expect(differenceOf(step.hiddens, slopesOf(hiddens, value))).toBeLessThan(tolerance);
    expect(differenceOf(gradient, slopesOf(previous, value))).toBeLessThan(tolerance);
  });

  it('agrees with its twin in WebAssembly, forward and backward', () => {
    const { arena, simd, plain } = networkBench();
    const [count, width] = [13, 24];
    const size = count * width;
    const previous = drawn(arena, 3, size).byteOffset;
    const results = [simd, plain].map(kernels => {
      const [inputs, hiddens] = [drawn(arena, 1, 3 * size), drawn(arena, 2, 3 * size)];
      const [out, gradient] = [arena.float32(size), drawn(arena, 9, size)];
      const [x, h] = [inputs.byteOffset, hiddens.byteOffset];
      kernels.gruStep(x, h, previous, out.byteOffset, count, width);
      kernels.gruStepBackward(x, h, previous, gradient.byteOffset, count, width);
      return [out, gradient, inputs, hiddens];
    });
    for (const [index, found] of results[0].entries())
      expect(differenceOf(found, results[1][index])).toBeLessThan(1e-5);
  });
});

describe('rows of unit length', () => {
  it('have a backward pass that matches finite differences', () => {
    const x = drawnDoubles(1, rows * columns);
    const weights = drawnDoubles(2, rows * columns);
    const lengths = new Float64Array(rows);
    const value = (): number => {
      const units = x.slice();
      unitRows(units, columns, lengths);
      return dot(units, weights);
    };
    value();
    const units = x.slice();
    unitRows(units, columns, lengths);
    const gradient = weights.slice();
    unitRowsBackward(units, lengths, columns, gradient);
    expect(differenceOf(gradient, slopesOf(x, value))).toBeLessThan(tolerance);
  });

  it('agree with their twins in WebAssembly', () => {
    const { arena, simd, plain } = networkBench();
    const [count, width] = [13, 24];
    const start = drawn(arena, 1, count * width);
    const results = [simd, plain].map(kernels => {
      const [units, lengths, gradient] = [
        copied(arena, start),
        arena.float32(count),
        drawn(arena, 3, count * width),
      ];
      kernels.unitRows(units.byteOffset, count, width, lengths.byteOffset);
      kernels.unitRowsBackward(units.byteOffset, lengths.byteOffset, count, width, gradient.byteOffset);
      return [units, lengths, gradient];
    });
    for (const [index, found] of results[0].entries())
      expect(differenceOf(found, results[1][index])).toBeLessThan(1e-5);
  });
});
