import { orderOfRows, timesOf } from '../../src/evaluation/rows';
import { rowsOf } from '../support/tenUsers';

describe('timesOf', () => {
  it('keeps Unix seconds and milliseconds, and takes only the order from other numbers', () => {
    const four: [number, number][] = [
      [0, 1],
      [0, 2],
      [1, 1],
      [0, 3],
    ];
    expect([...timesOf(rowsOf(four, [1e9, 2e9, 1e9, 3e9]))]).toEqual([1e12, 2e12, 1e12, 3e12]);
    expect([...timesOf(rowsOf(four, [1e12, 2e12, 1e12, 3e12]))]).toEqual([1e12, 2e12, 1e12, 3e12]);
    const hour = 3_600_000;
    expect([...timesOf(rowsOf(four, [9, 5, 7, 1]))]).toEqual([2 * hour, hour, 2 * hour, 0]);
  });

  it('keeps equal times of a user equal, and takes the order of the lines only where no line has a time', () => {
    const hour = 3_600_000;
    const lines: [number, number][] = [
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 1],
    ];
    expect([...timesOf(rowsOf(lines, [5, 5, 9, 5]))]).toEqual([0, 0, hour, hour]);
    expect(orderOfRows(rowsOf(lines, [5, 5, 9, 5]))).toBe('times');
    const none = rowsOf(lines, [Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect([...timesOf(none)]).toEqual([0, hour, 2 * hour, 2 * hour]);
    expect(orderOfRows(none)).toBe('file');
  });
});
