import { timesOf } from '../../src/evaluation/rows';
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
});
