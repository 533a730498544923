import { createRng } from '../numeric/rng';
import type { Split } from '../snapshot/split';
import type { Ids, Rows } from './rows';
import { rankingSplit } from './splits';

/** Shares of each user's products for training, validation and test. They need not sum to 1. */
export interface Shares {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** Distinct products of every user, in order of first appearance. */
function productsByUser({ user, product }: Pick<Rows, 'user' | 'product'>, users: number): number[][] {
  const sets = Array.from({ length: users }, () => new Set<number>());
  for (const [row, index] of user.entries()) sets[index].add(product[row]);
  return sets.map(set => [...set]);
}

/** Sizes of validation and test for `count` products, rounded down; training gets the rest. */
function partSizes(count: number, { train, validation, test }: Shares): readonly [number, number] {
  const whole = train + validation + test;
  return [Math.floor((count * validation) / whole), Math.floor((count * test) / whole)];
}

/**
 * Splits each user's distinct products at random (seeded). Training uses only the `train` part, for both hold-outs. The
 * third part stays among the ranked products, as negatives.
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
    const heldOut =
      holdOut === 'test' ? drawn.slice(validation, validation + test) : drawn.slice(0, validation);
    for (const product of drawn.slice(validation + test)) train.push([user, product]);
    for (const product of heldOut) asked.push([user, product]);
  }
  const columnsOf = (
    pairs: readonly (readonly [number, number])[],
  ): { user: Uint32Array; product: Uint32Array } => ({
    user: Uint32Array.from(pairs, ([user]) => user),
    product: Uint32Array.from(pairs, ([, product]) => product),
  });
  return rankingSplit({ ...ids, train: columnsOf(train), test: columnsOf(asked) });
}
