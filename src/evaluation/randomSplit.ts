import { createRng } from '../numeric/rng';
import type { Split } from '../snapshot/split';
import type { Ids, Rows } from './rows';
import { rankingSplit } from './splits';

/** Shares of each user's products: to learn from, to choose settings on, to report. They need not sum to 1. */
export interface Shares {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** Distinct products of every user, in order of first sight. */
function productsByUser({ user, product }: Pick<Rows, 'user' | 'product'>, users: number): number[][] {
  const sets = Array.from({ length: users }, () => new Set<number>());
  for (const [row, index] of user.entries()) sets[index].add(product[row]);
  return sets.map(set => [...set]);
}

/** How many of `count` products each part takes; what rounding leaves is learned from. */
function partSizes(count: number, { train, validation, test }: Shares): readonly [number, number] {
  const whole = train + validation + test;
  return [Math.floor((count * validation) / whole), Math.floor((count * test) / whole)];
}

/**
 * Splits each user's distinct products at random (seeded). Both hold-outs learn from the `train` part alone. The other
 * part, which is not asked about, is neither learned from nor left out of the ranking: it stands there as wrong answers.
 */
export function randomSplit(
  ids: Ids,
  rows: Pick<Rows, 'user' | 'product'>,
  shares: Shares,
  { holdOut, seed }: { readonly holdOut: 'test' | 'validation'; readonly seed: number },
): Promise<Split> {
  const rng = createRng(seed);
  const train: [number, number][] = [];
  const asked: [number, number][] = [];
  for (const [user, products] of productsByUser(rows, ids.userIds.length).entries()) {
    const drawn = rng.shuffle(products);
    const [validation, test] = partSizes(drawn.length, shares);
    const found =
      holdOut === 'test' ? drawn.slice(validation, validation + test) : drawn.slice(0, validation);
    for (const product of drawn.slice(validation + test)) train.push([user, product]);
    for (const product of found) asked.push([user, product]);
  }
  const columnsOf = (
    pairs: readonly (readonly [number, number])[],
  ): { user: Uint32Array; product: Uint32Array } => ({
    user: Uint32Array.from(pairs, ([user]) => user),
    product: Uint32Array.from(pairs, ([, product]) => product),
  });
  return rankingSplit({ ...ids, train: columnsOf(train), test: columnsOf(asked) });
}
