import { rowBlocksOf, rowCost } from '../../../src/models/collaborative/rowCosts';
import { noBlocks } from '../../../src/numeric/wasm/ridgeJob';

const auto = { solver: 'auto' } as const;

describe('rowBlocksOf', () => {
  it.each([64, 128, 256, 512, 1024])('auto: picks the cheaper solver for every row, at rank %d', rank => {
    const chosen = rowBlocksOf(auto, rank, 64);
    const whole = { columns: 64, from: 1 };
    for (let n = 1; n <= 2 * rank; n++) {
      const least = Math.min(rowCost(n, rank, noBlocks), rowCost(n, rank, whole));
      expect(rowCost(n, rank, chosen)).toBe(least);
    }
  });

  it('auto: solves a row exactly when it has few more pairs than a block has columns, or when there is one block', () => {
    expect(rowBlocksOf(auto, 256, 64).from).toBeGreaterThan(64);
    expect(rowBlocksOf(auto, 256, 64).from).toBeLessThan(128);
    expect(rowBlocksOf(auto, 64, 64)).toEqual(noBlocks);
  });

  it('follows the setting otherwise', () => {
    expect(rowBlocksOf({ solver: 'exact' }, 256, 64)).toEqual(noBlocks);
    expect(rowBlocksOf({ solver: 'blocks' }, 256, 64)).toEqual({ columns: 64, from: 1 });
  });
});
