import { interactionTypeOf } from '../../src/domain/interaction';
import { createSnapshotBuilder } from '../../src/snapshot/builder';
import { type TextColumns, textKinds } from '../../src/snapshot/snapshot';
import { splitByTime } from '../../src/snapshot/split';
import type { ShopperText } from '../../src/snapshot/texts';
import { batchOf, type TestEvent } from '../support/snapshots';

const views: readonly TestEvent[] = [
  { user: 'bea', product: 'p', at: 5 },
  { user: 'ann', product: 'p', at: 9 },
];

const post = (userId: string, occurredAt: number, text: string): ShopperText => ({
  ...{ kind: 'POST', userId, occurredAt, text },
});

const rowsOf = ({ kind, userRow, occurredAt, texts }: TextColumns) =>
  texts.map((text, at) => [userRow[at], occurredAt[at], textKinds[kind[at]], text]);

function build(texts: readonly ShopperText[], asOf = 100, endsAtLastEvent = false) {
  const builder = createSnapshotBuilder({ asOf, endsAtLastEvent });
  builder.add(batchOf(views));
  for (const text of texts) builder.addText(text);
  return builder.build();
}

it('sorts texts by user row, time, kind and words, for any input order', async () => {
  const texts: readonly ShopperText[] = [
    post('bea', 3, 'later'),
    post('ann', 7, 'b'),
    { ...post('ann', 7, 'z'), kind: 'SEARCH' },
    post('ann', 7, 'a'),
    post('bea', 1, 'first'),
  ];
  const snapshot = await build(texts);
  expect(snapshot.texts && rowsOf(snapshot.texts)).toEqual([
    [0, 7, 'SEARCH', 'z'],
    [0, 7, 'POST', 'a'],
    [0, 7, 'POST', 'b'],
    [1, 1, 'POST', 'first'],
    [1, 3, 'POST', 'later'],
  ]);
  expect((await build(texts.toReversed())).digest).toBe(snapshot.digest);
});

it('has another digest for other words, times and writers', async () => {
  const variants = [
    [],
    [post('ann', 1, 'ab'), post('ann', 1, 'c')],
    [post('ann', 1, 'a'), post('ann', 1, 'bc')],
    [post('ann', 2, 'ab'), post('ann', 1, 'c')],
    [post('bea', 1, 'ab'), post('ann', 1, 'c')],
    [{ ...post('ann', 1, 'ab'), kind: 'COMMENT' as const }, post('ann', 1, 'c')],
  ];
  const digests = await Promise.all(variants.map(async texts => (await build(texts)).digest));
  expect(new Set(digests).size).toBe(variants.length);
});

it('leaves out texts of users without events, and those after its end', async () => {
  const texts = [post('stranger', 1, 'hello'), post('ann', 100, 'in'), post('ann', 101, 'out')];
  expect((await build(texts)).texts?.texts).toEqual(['in']);
  const ending = await build([...texts, post('ann', 9, 'with the last event')], 100, true);
  expect(ending.asOf).toBe(9);
  expect(ending.texts?.texts).toEqual(['with the last event']);
  expect((await build([post('stranger', 1, 'hello')])).texts).toBeUndefined();
});

it('reads the texts of searches, with a product or without, and of no other event', async () => {
  const builder = createSnapshotBuilder({ asOf: 100 });
  const events: readonly TestEvent[] = [
    { user: 'ann', product: 'p', at: 1, type: 'CLICK' },
    { user: 'ann', product: null, at: 2, type: 'SEARCH' },
    { user: 'ann', product: 'p', at: 3, type: 'SEARCH' },
    { user: 'ann', product: null, at: 101, type: 'SEARCH' },
  ];
  builder.add({ ...batchOf(events), queryTexts: ['found so', 'mug', 'cup', 'late'] });
  const { texts, events: columns } = await builder.build();
  expect(texts && rowsOf(texts)).toEqual([
    [0, 2, 'SEARCH', 'mug'],
    [0, 3, 'SEARCH', 'cup'],
  ]);
  expect(Array.from(columns.type, code => interactionTypeOf(code))).toEqual(['CLICK', 'SEARCH']);
});

it('is left out of the training part of a split', async () => {
  const { train } = await splitByTime(await build([post('ann', 1, 'a')]), 0.5);
  expect(train.texts).toBeUndefined();
});
