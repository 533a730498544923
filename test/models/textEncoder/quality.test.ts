// What the encoders reach on the demo shop, whose products have titles in Chinese and English. Floors lie well under what
// was measured (docs/models/text-encoders.md).
import type { Artifact } from '../../../src/artifact/artifact';
import { generateDemoShop } from '../../../src/demo/demoShop';
import type { Model } from '../../../src/models/model';
import { textCnn, textTransformer } from '../../../src/models/textEncoder/model';
import { createReader, type Reader } from '../../../src/models/textEncoder/reader';
import type { Kind } from '../../../src/models/textEncoder/shape';
import { textEncoderTasks } from '../../../src/models/textEncoder/tasks';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { documentOf, withDocuments } from '../../../src/snapshot/documents';
import type { ProductDocument, Snapshot } from '../../../src/snapshot/snapshot';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

const settings = { dimensions: 32, buckets: 8192, epochs: 6, batchSize: 128, windowsPerEpoch: 1000 };
const demo = generateDemoShop({ seed: 1, scale: 0.1, now: Date.UTC(2026, 0, 1) });
const documents = new Map(demo.products.map(product => [product.id as string, documentOf(product)]));

async function snapshotOfDemo(): Promise<Snapshot> {
  const events: TestEvent[] = [];
  for (const batch of demo.events()) {
    for (const { userId, productId, occurredAt, type } of batch)
      events.push({ user: userId, product: productId, at: occurredAt, type });
  }
  return withDocuments(await snapshotOf(events), documents);
}

async function learned(model: Model): Promise<Artifact> {
  return model.train(await snapshotOfDemo(), {
    seed: 1,
    threads: serialThreadPool(textEncoderTasks),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
}

function readerOf({ arrays }: Artifact, kind: Kind): Reader {
  const [dimensions, buckets, tokens, inputs] = arrays.get('shape') as Float64Array;
  return createReader({
    shape: { kind, dimensions, buckets, tokens, inputs },
    table: arrays.get('table') as Float32Array,
    dense: arrays.get('dense') as Float32Array,
  });
}

const titled = (title: string): ProductDocument => ({
  titles: [title],
  descriptions: [],
  categoryPath: [],
  features: [],
  priceMinor: Number.NaN,
});

/** Share of products whose Chinese title finds their own English one among the first `cutoff` of all. */
function foundAcross(read: Reader, cutoff: number): { readonly share: number; readonly count: number } {
  const titles = demo.products.flatMap(({ id, title, locale, translations }) => {
    const zh = locale === 'zh' ? title : translations['zh']?.title;
    const en = locale === 'en' ? title : translations['en']?.title;
    return zh && en ? [{ id, zh, en }] : [];
  });
  const chinese = read(new Map(titles.map(({ id, zh }) => [id, titled(zh)])));
  const english = read(new Map(titles.map(({ id, en }) => [id, titled(en)])));
  const count = titles.length;
  const d = chinese.length / count;
  const scoreOf = (i: number, j: number): number => {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += chinese[i * d + k] * english[j * d + k];
    return sum;
  };
  const found = titles.filter((_, i) => {
    const own = scoreOf(i, i);
    return titles.filter((_title, j) => scoreOf(i, j) > own).length < cutoff;
  });
  return { share: found.length / count, count };
}

it.each<[string, (settings: Readonly<Record<string, number>>) => Model, Kind, number]>([
  ['text-cnn', textCnn, 'cnn', 0.5],
  ['text-transformer', textTransformer, 'transformer', 0.5],
])('%s finds a title in the other language', async (_, create, kind, floor) => {
  const { share, count } = foundAcross(readerOf(await learned(create(settings)), kind), 10);
  process.stderr.write(`${kind} ${share} of ${count}\n`);
  expect(count).toBeGreaterThan(100);
  expect(share).toBeGreaterThan(floor);
});
