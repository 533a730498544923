import { randomSplit } from '../../src/evaluation/randomSplit';
import { pairs, rowsOf, tables } from '../support/tenUsers';

describe('randomSplit', () => {
  it('gives each user the shares, with disjoint hold-outs, the same ones for the same seed', async () => {
    const shares = { train: 8, validation: 1, test: 1 };
    const split = (holdOut: 'test' | 'validation', seed: number) =>
      randomSplit(tables, rowsOf(pairs), shares, { holdOut, seed });
    const [test, validation] = [await split('test', 5), await split('validation', 5)];
    expect([...test.heldOut.offsets]).toEqual(Array.from({ length: 11 }, (_, user) => user));
    expect([...test.train.userOffsets]).toEqual(Array.from({ length: 11 }, (_, user) => 8 * user));
    expect(validation.train.digest).toBe(test.train.digest);
    for (let user = 0; user < 10; user++)
      expect(validation.heldOut.productRows[user]).not.toBe(test.heldOut.productRows[user]);
    expect((await split('test', 5)).heldOut).toEqual(test.heldOut);
    expect((await split('test', 6)).train.digest).not.toBe(test.train.digest);
  });
});
