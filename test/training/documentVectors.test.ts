import { popularity } from '../../src/models/popularity/model';
import { withDocuments } from '../../src/snapshot/documents';
import type { ProductDocument, Snapshot } from '../../src/snapshot/snapshot';
import type { DocumentEncoder } from '../../src/store/ports/documentEncoder';
import { readSnapshotFor, withDocumentVectors } from '../../src/training/documentVectors';
import { snapshotOf } from '../support/snapshots';

const documentOf = (parts: Partial<ProductDocument>): ProductDocument => ({
  titles: [],
  descriptions: [],
  categoryPath: [],
  features: [],
  priceMinor: Number.NaN,
  ...parts,
});

const mug = documentOf({
  titles: ['Mug', '杯子'],
  descriptions: ['For tea.'],
  categoryPath: ['Home', 'Cups'],
  features: ['red', 'brand=Kiln'],
});

let asked: string[];
beforeEach(() => {
  asked = [];
});

const encoderNamed = (name: string): DocumentEncoder => ({
  name,
  async encode(texts) {
    asked.push(...texts);
    return { dimensions: 2, rows: Float32Array.from(texts.flatMap(text => [text.length, 1])) };
  },
});

const idle = (): AbortSignal => new AbortController().signal;

async function snapshotWith(documents: Readonly<Record<string, ProductDocument>>): Promise<Snapshot> {
  const events = ['a', 'b', 'c', 'd'].map(product => ({ user: 'u', product }));
  return withDocuments(await snapshotOf(events), new Map(Object.entries(documents)));
}

it('gives every described product its vector, and the others zeros', async () => {
  const snapshot = await snapshotWith({ a: mug, b: documentOf({}), d: documentOf({ titles: ['Lid'] }) });
  const { documentVectors } = await withDocumentVectors(snapshot, encoderNamed('fake'), idle());
  const text = 'Mug / 杯子\nHome > Cups\nFor tea.\nred, brand=Kiln';
  expect(asked).toEqual([text, 'Lid']);
  expect(documentVectors).toEqual({ dimensions: 2, rows: Float32Array.of(text.length, 1, 0, 0, 0, 0, 3, 1) });
});

it('encodes equal texts once', async () => {
  await withDocumentVectors(await snapshotWith({ a: mug, c: mug }), encoderNamed('fake'), idle());
  expect(asked).toHaveLength(1);
});

it('includes the encoder in the digest', async () => {
  const snapshot = await snapshotWith({ a: mug });
  const digests = await Promise.all(
    ['one', 'other', 'one'].map(
      async name => (await withDocumentVectors(snapshot, encoderNamed(name), idle())).digest,
    ),
  );
  expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set([snapshot.digest, ...digests]).size).toBe(3);
});

it('returns the snapshot unchanged when there is nothing to encode', async () => {
  const bare = await snapshotOf([{ user: 'u', product: 'a' }]);
  expect(await withDocumentVectors(bare, encoderNamed('fake'), idle())).toBe(bare);
});

it('opens the encoder for models that read vectors, and for no other', async () => {
  const snapshot = await snapshotWith({ a: mug });
  const read = async (): Promise<Snapshot> => snapshot;
  const { card } = popularity();
  const openEncoder = jest.fn(async () => encoderNamed('fake'));
  expect(await readSnapshotFor(card, { read, openEncoder }, idle())).toBe(snapshot);
  expect(openEncoder).not.toHaveBeenCalled();
  const reader = { ...card, needs: { ...card.needs, documentVectors: true } };
  expect((await readSnapshotFor(reader, { read, openEncoder }, idle())).documentVectors).toBeDefined();
  expect(await readSnapshotFor(reader, { read, openEncoder: async () => null }, idle())).toBe(snapshot);
});
