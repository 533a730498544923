// What tags reach on the demo shop, whose tastes are known, and on reviews of nine categories. Floors lie well under what
// was measured (docs/models/interest-tags.md).
import { generateDemoShop } from '../../../src/demo/demoShop';
import { normalizedInformation } from '../../../src/evaluation/clusterings';
import { recordsOf } from '../../../src/evaluation/files/recordsFile';
import { interestTags } from '../../../src/insights/interestTags/insight';
import { loadInterestTags } from '../../../src/insights/interestTags/load';
import { openLines } from '../../../src/main/commands/evaluate/openLines';
import { createSnapshotBuilder } from '../../../src/snapshot/builder';
import { documentOf } from '../../../src/snapshot/documents';
import type { ProductDocument, Snapshot } from '../../../src/snapshot/snapshot';
import { dataFile, describeWithData } from '../../support/data';
import { trainContext } from '../../support/scorers';
import { batchOf } from '../../support/snapshots';

async function tagged(snapshot: Snapshot, settings: Readonly<Record<string, number>>) {
  const learned = await interestTags.learn(snapshot, trainContext(), settings);
  const read = loadInterestTags(learned.artifact);
  const ids = read.tags.map(({ id }) => id);
  const labels = Array.from({ length: snapshot.products.size }, (_, row) =>
    ids.indexOf(read.tagsOfProduct(snapshot.products.idOf(row))[0]?.tagId ?? ''),
  );
  return { ...learned, read, labels };
}

describe('interest-tags on the demo shop', () => {
  const demo = generateDemoShop({ seed: 1, scale: 0.1, now: Date.UTC(2026, 0, 15) });
  const tasteOf = (id: string): number => {
    for (const [productId, { tastes }] of demo.groundTruth.products)
      if (productId === id) return tastes.indexOf(Math.max(...tastes));
    return -1;
  };
  /** The shop with all texts of its products, or without the categories and tags, which identify the taste. */
  function shop(change: (document: ProductDocument) => ProductDocument): Promise<Snapshot> {
    const builder = createSnapshotBuilder({ asOf: Number.MAX_SAFE_INTEGER });
    for (const product of demo.products) builder.describe(product.id, change(documentOf(product)));
    for (const events of demo.events()) {
      builder.add(
        batchOf(
          events.map(({ userId, productId, occurredAt, type }) => ({
            user: userId,
            product: productId,
            at: occurredAt,
            type,
          })),
        ),
      );
    }
    return builder.build();
  }
  const truthOf = ({ products }: Snapshot): readonly number[] =>
    Array.from({ length: products.size }, (_, row) => tasteOf(products.idOf(row)));

  it('finds its latent tastes: NMI at least 0.88', async () => {
    const snapshot = await shop(document => document);
    const { labels, verdict } = await tagged(snapshot, { resamples: 2 });
    expect(normalizedInformation(labels, truthOf(snapshot))).toBeGreaterThanOrEqual(0.88);
    expect(verdict.passed).toBe(true);
  });

  it('finds them from titles in one language and the spectral embedding of who likes what', async () => {
    const bare = ({ titles, priceMinor }: ProductDocument): ProductDocument => ({
      titles: titles.slice(0, 1),
      descriptions: [],
      categoryPath: [],
      features: [],
      priceMinor,
    });
    const snapshot = await shop(bare);
    const truth = truthOf(snapshot);
    const words = await tagged(snapshot, { k: 16, resamples: 1, spectralWeight: 0 });
    const both = await tagged(snapshot, { k: 16, resamples: 1 });
    const [alone, together] = [words, both].map(({ labels }) => normalizedInformation(labels, truth));
    expect(together).toBeGreaterThanOrEqual(0.75);
    expect(together).toBeGreaterThan(alone + 0.2);
  });
});

describeWithData('reviews-zh', 'interest-tags on Chinese reviews', () => {
  it('finds their categories: NMI at least 0.38 on 1,200 of them', async () => {
    const builder = createSnapshotBuilder({ asOf: 0 });
    const path = dataFile('reviews-zh', 'online_shopping_9cats_dev90.csv.gz');
    const named = new Map([
      ['category', 'cat'],
      ['text', 'review'],
    ]);
    const categories: string[] = [];
    let row = 0;
    for await (const { values } of recordsOf(openLines(path), {
      roles: ['category', 'text'],
      requiredRoles: 2,
      named,
    })) {
      if (row++ % 40 !== 0) continue;
      builder.describe(`r${String(row).padStart(6, '0')}`, {
        titles: [],
        descriptions: [values[1]],
        categoryPath: [],
        features: [],
        priceMinor: Number.NaN,
      });
      categories.push(values[0]);
    }
    const names = [...new Set(categories)];
    const { labels, read } = await tagged(await builder.build(), {
      k: 9,
      rank: 40,
      resamples: 1,
      maxTerms: 6000,
    });
    const truth = categories.map(category => names.indexOf(category));
    expect(normalizedInformation(labels, truth)).toBeGreaterThanOrEqual(0.38);
    for (const { names: own } of read.tags.slice(0, 9)) expect(own.zh).toMatch(/\p{Script=Han}/u);
  }, 120_000);
});
