import type { InteractionType } from '../../src/domain/interaction';
import { createRng } from '../../src/numeric/rng';
import { createSnapshotBuilder } from '../../src/snapshot/builder';
import type { ProductDocument, Snapshot } from '../../src/snapshot/snapshot';
import { batchOf, type TestEvent } from './snapshots';

const minute = 60_000;
const day = 24 * 60 * minute;
export const start = Date.UTC(2026, 0, 1);
/** A word that only one shopper searches for: no artifact may contain it. */
export const privateWord = 'zanzibar';
/** Every user id contains this: no artifact may contain it. */
export const userMark = '-hidden';

const kinds = [
  { category: 'Fishing', words: ['rod', 'reel', 'lure', 'tackle', 'hook'] },
  { category: 'Tea', words: ['teapot', 'oolong', 'kettle', 'gaiwan', 'brew'] },
  { category: 'Chess', words: ['board', 'pawn', 'clock', 'queen', 'rook'] },
];

const productId = (index: number): string => `p${String(index).padStart(2, '0')}`;

function documentOf(index: number): ProductDocument {
  const { category, words } = kinds[index % kinds.length];
  const word = (by: number): string => words[(Math.floor(index / kinds.length) + by) % words.length];
  return {
    titles: [`Fine ${word(0)} and ${word(1)}`],
    descriptions: [`A ${word(2)} of good quality with ${word(3)}.`],
    categoryPath: [category],
    features: ['colour=red'],
    priceMinor: 100 + 50 * (index % 7),
  };
}

/** One session: views of a kind, then often a purchase. */
function sessionOf(user: number, at: number, rng: ReturnType<typeof createRng>): TestEvent[] {
  const ending: InteractionType[] = rng.uniform() < 0.6 ? ['CART_ADD', 'PURCHASE'] : ['SHARE'];
  const types: InteractionType[] = ['VIEW', 'VIEW', ...ending];
  return types.map((type, step) => ({
    user: `shopper-${user}${userMark}`,
    product: productId(kinds.length * rng.int(10) + (user % kinds.length)),
    type,
    at: at + step * minute,
  }));
}

/**
 * A snapshot that every insight can learn from: 30 described products of three kinds, 40 shoppers who each like one kind,
 * five sessions each on different days, and searches.
 */
export function insightSnapshot(): Promise<Snapshot> {
  const rng = createRng(11);
  const builder = createSnapshotBuilder({ asOf: start + 100 * day });
  for (let index = 0; index < 30; index++) builder.describe(productId(index), documentOf(index));
  for (let user = 0; user < 40; user++) {
    for (let session = 0; session < 5; session++) {
      builder.add(batchOf(sessionOf(user, start + (3 * session + rng.uniform()) * day, rng)));
    }
    const text = `${kinds[user % kinds.length].words[0]} please`;
    builder.addText({ userId: `shopper-${user}${userMark}`, kind: 'SEARCH', text, occurredAt: start + day });
  }
  builder.addText({ userId: `shopper-1${userMark}`, kind: 'SEARCH', text: privateWord, occurredAt: start });
  return builder.build();
}
