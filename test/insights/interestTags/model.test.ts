import type { Artifact, ArtifactArray } from '../../../src/artifact/artifact';
import { decodeArtifact } from '../../../src/artifact/decode';
import { encodeArtifact } from '../../../src/artifact/encode';
import type { Learned } from '../../../src/insights/insight';
import { interestTags } from '../../../src/insights/interestTags/insight';
import { loadInterestTags } from '../../../src/insights/interestTags/load';
import type { SettingOverrides } from '../../../src/learning/settings';
import { createRng } from '../../../src/numeric/rng';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { createSnapshotBuilder } from '../../../src/snapshot/builder';
import type { ProductDocument, Snapshot } from '../../../src/snapshot/snapshot';
import { batchOf, type TestEvent } from '../../support/snapshots';

const kinds = [
  {
    category: 'Fishing',
    zh: '钓鱼',
    words: ['rod', 'reel', 'lure', 'tackle', 'hook'],
    hanzi: ['鱼竿', '鱼线', '鱼钩'],
  },
  {
    category: 'Tea',
    zh: '茶叶',
    words: ['teapot', 'oolong', 'kettle', 'gaiwan', 'brew'],
    hanzi: ['茶壶', '茶杯', '绿茶'],
  },
  {
    category: 'Chess',
    zh: '象棋',
    words: ['board', 'pawn', 'clock', 'queen', 'rook'],
    hanzi: ['棋盘', '棋子', '棋谱'],
  },
];

const documentOf = (index: number): ProductDocument => {
  const { category, zh, words, hanzi } = kinds[index % kinds.length];
  const pick = (list: readonly string[], by: number): string =>
    list[Math.floor(index / 3 + by) % list.length];
  return {
    titles: [`Fine ${pick(words, 0)} and ${pick(words, 1)}`, `好${pick(hanzi, 0)} ${pick(hanzi, 1)}`],
    descriptions: [`A ${pick(words, 2)} of good quality, quick delivery, ${pick(words, 3)}.`],
    categoryPath: [category],
    features: [zh, 'colour=red'],
    priceMinor: 100,
  };
};

/** A shop of three kinds; each shopper likes one and writes about it. */
function shopOf({
  products = 60,
  shoppers = 30,
  kindsSold = 3,
  secret = 'zanzibar',
} = {}): Promise<Snapshot> {
  const builder = createSnapshotBuilder({ asOf: 1e12 });
  const rng = createRng(5);
  for (let at = 0; at < products; at++)
    if (at % 3 < kindsSold) builder.describe(`p${String(at).padStart(3, '0')}`, documentOf(at));
  const events: TestEvent[] = [];
  for (let user = 0; user < shoppers; user++) {
    for (let step = 0; step < 6; step++) {
      const product = 3 * rng.int(products / 3) + (user % kindsSold);
      events.push({
        user: `shopper-${user}-hidden`,
        product: `p${String(product).padStart(3, '0')}`,
        at: step,
      });
    }
  }
  builder.add(batchOf(events));
  // Used by only two shoppers: too few to be kept.
  for (const user of ['shopper-1-hidden', 'shopper-2-hidden'])
    builder.addText({ userId: user, kind: 'SEARCH', text: `${secret} rod`, occurredAt: 5 });
  return builder.build();
}

const contextOf = (seed = 1, previous?: Artifact, signal = new AbortController().signal) => ({
  seed,
  threads: serialThreadPool({}),
  onProgress: () => undefined,
  signal,
  ...(previous && { previous }),
});

const settings = { k: 3, resamples: 2 };
const learn = (snapshot: Snapshot, seed = 1, previous?: Artifact): Promise<Learned> =>
  interestTags.learn(snapshot, contextOf(seed, previous), settings);

const withArray = (artifact: Artifact, name: string, array: ArtifactArray): Artifact => ({
  ...artifact,
  arrays: new Map([...artifact.arrays, [name, array]]),
});

describe('interest-tags', () => {
  let snapshot: Snapshot;
  let learned: Learned;
  beforeAll(async () => {
    snapshot = await shopOf();
    learned = await learn(snapshot);
  });

  it('finds the kinds of a shop, and names them in both languages after its categories and tags', () => {
    const { tags } = loadInterestTags(learned.artifact);
    expect(tags.map(({ names }) => names.en).sort()).toEqual(['Chess', 'Fishing', 'Tea']);
    expect(tags.map(({ names }) => names.zh).sort()).toEqual(['象棋', '茶叶', '钓鱼'].sort());
    expect(tags.map(({ products }) => products)).toEqual([20, 20, 20]);
    expect(learned.verdict.passed).toBe(true);
    expect(learned.metrics['stability']).toBe(1);
  });

  it('gives every product tags that add up to 1, and finds products by tag', () => {
    const read = loadInterestTags(learned.artifact);
    for (let row = 0; row < snapshot.products.size; row++) {
      const own = read.tagsOfProduct(snapshot.products.idOf(row));
      expect(own.length).toBeGreaterThan(0);
      expect(own.length).toBeLessThanOrEqual(3);
      expect(own.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 5);
    }
    const [{ id }] = read.tags;
    const products = read.productsOf(id, 1000);
    expect(products.length).toBeGreaterThanOrEqual(20);
    expect(read.productsOf(id, 3)).toEqual(products.slice(0, 3));
    expect(products.map(({ weight }) => weight)).toEqual(
      products.map(({ weight }) => weight).sort((a, b) => b - a),
    );
    expect(read.tagsOfProduct('nobody knows')).toEqual([]);
    expect(read.productsOf('gone', 5)).toEqual([]);
    expect(read.related('gone', 5)).toEqual([]);
  });

  it.each([
    ['a rod with lures', 'Fishing'],
    ['绿茶茶壶', 'Tea'],
    ['棋盘', 'Chess'],
  ])('returns the tag of words: %s', (text, name) => {
    const read = loadInterestTags(learned.artifact);
    const [first] = read.tagsOfText([text]);
    expect(read.tagById(first.tagId)?.names.en).toBe(name);
  });

  it('returns no tags for words without a tag', () => {
    const read = loadInterestTags(learned.artifact);
    expect(read.tagsOfText(['the and of'])).toEqual([]);
    expect(read.tagsOfText([])).toEqual([]);
    expect(read.tagsOfText(['fine quality delivery'])).toEqual([]);
  });

  it('returns the tags of a product described after the training', () => {
    const read = loadInterestTags(learned.artifact);
    const [first] = read.tagsOfDocument({ ...documentOf(1), titles: ['Gaiwan'] });
    expect(read.tagById(first.tagId)?.names.en).toBe('Tea');
  });

  it('gives equal bytes for equal data and seed', async () => {
    const again = await learn(await shopOf());
    const [one, two] = [await encodeArtifact(again.artifact), await encodeArtifact(learned.artifact)];
    expect(Buffer.compare(one, two)).toBe(0);
    expect(again.metrics).toEqual(learned.metrics);
  });

  it('returns the same after encoding and decoding', async () => {
    const read = loadInterestTags(await decodeArtifact(await encodeArtifact(learned.artifact)));
    expect(read.tags).toEqual(loadInterestTags(learned.artifact).tags);
    expect(read.tagsOfText(['teapot'])).toEqual(loadInterestTags(learned.artifact).tagsOfText(['teapot']));
  });

  it('contains no shopper, and no word that fewer than five used', async () => {
    const bytes = Buffer.from(await encodeArtifact(learned.artifact)).toString('latin1');
    expect(bytes).not.toContain('hidden');
    expect(bytes).not.toContain('zanzibar');
    expect(bytes).toContain('teapot');
  });
});

describe('interest-tags on titles of retail kind', () => {
  it('puts variants of a product into one tag, and has whole words, not colours, as names and terms', async () => {
    const builder = createSnapshotBuilder({ asOf: 1e12 });
    const things = [
      ...['TREE', 'STAR', 'BELL', 'WREATH', 'ANGEL', 'GOOSE'].map(kind => `CHRISTMAS ${kind}`),
      ...['LUNCH', 'JUMBO', 'PICNIC', 'PARTY', 'SHOULDER', 'BEACH'].map(kind => `${kind} BAGS`),
    ];
    const colours = ['RED', 'BLUE', 'IVORY', 'PINK'];
    for (let at = 0; at < 96; at++) {
      const titles = [
        `SET OF ${1 + (at % 9)} ${colours[Math.floor(at / 12) % 4]} VINTAGE ${things[at % 12]}`,
      ];
      builder.describe(`p${at}`, { titles, descriptions: [], categoryPath: [], features: [], priceMinor: 1 });
    }
    const { artifact } = await interestTags.learn(await builder.build(), contextOf(), { k: 2 });
    const read = loadInterestTags(artifact);
    for (const { names, terms } of read.tags)
      expect([names.en, ...terms].join(' ')).not.toMatch(/red|blue|ivory|pink|\bset\b|christma\b/i);
    for (let at = 0; at < 96; at++)
      expect(read.tagsOfProduct(`p${at}`)).toEqual(read.tagsOfProduct(`p${at % 12}`));
    expect(read.tagsOfText(['a red one'])).toEqual([]);
  });
});

describe('interest-tags over time', () => {
  it('keeps ids with another seed, and with more products', async () => {
    const first = await learn(await shopOf());
    const idsByName = (artifact: Artifact) =>
      new Map(loadInterestTags(artifact).tags.map(({ id, names }) => [names.en, id]));
    const later = await learn(await shopOf({ products: 75 }), 9, first.artifact);
    expect(idsByName(later.artifact)).toEqual(idsByName(first.artifact));
  });

  it('gives a tag its former id after one training missed it, also with other settings', async () => {
    const names = ({ artifact }: Learned) =>
      new Map(loadInterestTags(artifact).tags.map(({ id, names: { en } }) => [en, id]));
    const first = await learn(await shopOf());
    const fewer = { ...settings, k: 2 };
    const second = await interestTags.learn(
      await shopOf({ kindsSold: 2 }),
      contextOf(1, first.artifact),
      fewer,
    );
    expect([...names(second).keys()].sort()).toEqual(['Fishing', 'Tea']);
    const read = await decodeArtifact(await encodeArtifact(second.artifact));
    expect(names(await learn(await shopOf(), 2, read))).toEqual(names(first));
    const damaged = withArray(read, 'resting', new TextEncoder().encode('[{"id":1}]'));
    await expect(learn(await shopOf(), 1, damaged)).rejects.toMatchObject({ code: 'ARTIFACT_DAMAGED' });
  });

  it('gives equal new ids to equal products without a previous artifact', async () => {
    const [one, two] = [await learn(await shopOf()), await learn(await shopOf(), 4)];
    const ids = (artifact: Artifact) =>
      loadInterestTags(artifact)
        .tags.map(({ id }) => id)
        .sort();
    expect(ids(one.artifact)).toEqual(ids(two.artifact));
    expect(new Set(ids(one.artifact)).size).toBe(3);
  });
});

describe('interest-tags refuses', () => {
  it('too few described products', async () => {
    await expect(learn(await shopOf({ products: 6 }))).rejects.toMatchObject({
      code: 'TRAINING_DATA_INSUFFICIENT',
    });
  });

  it('to continue when it is cancelled', async () => {
    const stop = new AbortController();
    stop.abort();
    const learning = interestTags.learn(await shopOf(), contextOf(1, undefined, stop.signal), settings);
    await expect(learning).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('settings it does not have, or out of range', async () => {
    const learnWith = async (overrides: SettingOverrides) =>
      await interestTags.learn(await shopOf(), contextOf(1), overrides);
    await expect(learnWith({ colour: 1 })).rejects.toThrow(/k, maxTags/);
    await expect(learnWith({ k: -1 })).rejects.toThrow(/from 2 to 400, or auto/);
    await expect(learnWith({ mostTags: 9 })).rejects.toThrow(
      /the setting maxTags; got its former name mostTags/,
    );
    expect((await learnWith(settings)).artifact.header.config).toMatchObject({ ...settings, maxTags: 48 });
  });

  it('artifacts that are damaged', async () => {
    const { artifact } = await learn(await shopOf());
    const damaged: readonly (readonly [string, ArtifactArray])[] = [
      ['tags', new TextEncoder().encode('[{"id":1}]')],
      ['tags', new TextEncoder().encode('not json')],
      ['productTags', new Int32Array(3)],
      ['productTags', new Int32Array(180).fill(77)],
      ['termTags', Float32Array.of(Number.NaN)],
      ['likeness', new Float32Array(2)],
    ];
    for (const [name, array] of damaged) {
      expect(() => loadInterestTags(withArray(artifact, name, array))).toThrow(
        expect.objectContaining({ code: 'ARTIFACT_DAMAGED' }),
      );
    }
  });

  it('to publish tags of random words', async () => {
    const builder = createSnapshotBuilder({ asOf: 1 });
    const rng = createRng(8);
    const words = Array.from({ length: 40 }, (_, at) => `word${String.fromCharCode(97 + (at % 26))}${at}`);
    for (let at = 0; at < 200; at++) {
      const titles = [Array.from({ length: 6 }, () => words[rng.int(words.length)]).join(' ')];
      builder.describe(`p${at}`, { titles, descriptions: [], categoryPath: [], features: [], priceMinor: 1 });
    }
    const { verdict } = await interestTags.learn(await builder.build(), contextOf(), { k: 8, resamples: 1 });
    expect(verdict.passed).toBe(false);
    expect(verdict.reason).toMatch(/^(Tags would change|Terms of tags do not belong|Not enough)/);
  });
});
