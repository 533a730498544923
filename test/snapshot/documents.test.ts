import { toProductId, toShopId } from '../../src/domain/ids';
import type { Product } from '../../src/domain/product';
import { createSnapshotBuilder } from '../../src/snapshot/builder';
import { documentOf, withDocuments } from '../../src/snapshot/documents';
import type { ProductDocument } from '../../src/snapshot/snapshot';
import { leaveLastOut, splitByTime } from '../../src/snapshot/split';
import { batchOf, snapshotOf } from '../support/snapshots';

const product: Product = {
  shopId: toShopId('shop'),
  id: toProductId('mug'),
  title: 'Blue mug',
  description: ' ',
  locale: 'en',
  translations: {
    zh: { title: '蓝色马克杯', description: '陶瓷' },
    fr: { title: 'Tasse', description: null },
  },
  categoryPath: ['Home', 'Mugs'],
  tags: ['gift'],
  priceMinor: null,
  currency: null,
  stock: null,
  imageUrl: null,
  attributes: { size: 3, colour: ['blue', 'white'] },
  isActive: true,
  isStub: false,
  createdAt: 1,
  updatedAt: 1,
};

const documentWith = (title: string): ProductDocument => ({ ...documentOf(product), titles: [title] });
const events = [
  { user: 'u', product: 'b', at: 1 },
  { user: 'u', product: 'c', at: 2 },
];

it('reads a product in every language, the shop’s own first, and attributes as name=value', () => {
  expect(documentOf(product)).toEqual({
    titles: ['Blue mug', 'Tasse', '蓝色马克杯'],
    descriptions: ['陶瓷'],
    categoryPath: ['Home', 'Mugs'],
    features: ['gift', 'colour=blue', 'colour=white', 'size=3'],
    priceMinor: Number.NaN,
  });
});

it('gives described products a row without any event, and keeps the latest description', async () => {
  const builder = createSnapshotBuilder({ asOf: 9 });
  builder.describe('a', documentWith('first'));
  builder.add(batchOf(events));
  builder.describe('a', documentWith('last'));
  expect([builder.hasEvents('a'), builder.hasEvents('b')]).toEqual([false, true]);
  const { products, documents, userOffsets } = await builder.build();
  expect([0, 1, 2].map(row => products.idOf(row))).toEqual(['a', 'b', 'c']);
  expect(documents?.map(document => document?.titles[0])).toEqual(['last', undefined, undefined]);
  expect([...userOffsets]).toEqual([0, 2]);
});

it('has another digest for other texts, an equal one for equal texts, and that of the events without documents', async () => {
  const snapshot = await snapshotOf(events);
  const digests = await Promise.all(
    ['one', 'two', 'one'].map(async title =>
      withDocuments(snapshot, new Map([['b', documentWith(title)]])).then(({ digest }) => digest),
    ),
  );
  expect(digests[0]).toBe(digests[2]);
  expect(new Set([...digests, snapshot.digest]).size).toBe(3);
  expect(snapshot).not.toHaveProperty('documents');
});

it('equals the result of withDocuments', async () => {
  const builder = createSnapshotBuilder({ asOf: 9 });
  builder.add(batchOf(events));
  builder.describe('b', documentWith('one'));
  const later = await withDocuments(await snapshotOf(events, 9), new Map([['b', documentWith('one')]]));
  expect(await builder.build()).toMatchObject({ digest: later.digest, documents: later.documents });
});

it('keeps documents through splits', async () => {
  const snapshot = await withDocuments(await snapshotOf(events), new Map([['b', documentWith('one')]]));
  for (const { train } of [await splitByTime(snapshot, 0.5), await leaveLastOut(snapshot)]) {
    expect(train.documents).toBe(snapshot.documents);
  }
});
