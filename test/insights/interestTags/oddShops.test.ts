// Shops of kinds that no data set has: tags with words as names, or a reason why there are none; never a crash.
import { interestTags } from '../../../src/insights/interestTags/insight';
import { loadInterestTags } from '../../../src/insights/interestTags/load';
import { createRng } from '../../../src/numeric/rng';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { createSnapshotBuilder } from '../../../src/snapshot/builder';
import type { ProductDocument } from '../../../src/snapshot/snapshot';
import { batchOf } from '../../support/snapshots';

const kinds = {
  tea: {
    en: ['teapot', 'oolong', 'kettle', 'brewing', 'infuser'],
    zh: ['茶壶', '茶杯', '绿茶', '红茶', '茶叶'],
  },
  fish: { en: ['rod', 'reel', 'lure', 'tackle', 'hook'], zh: ['鱼竿', '鱼线', '鱼钩', '钓鱼', '鱼饵'] },
  music: {
    en: ['guitar', 'violin', 'drum', 'trumpet', 'cello'],
    zh: ['吉他', '提琴', '钢琴', '乐谱', '琴弦'],
  },
};
type Kind = keyof typeof kinds;
const names: readonly Kind[] = ['tea', 'fish', 'music'];
const kindOf = (at: number): Kind => names[at % names.length];

/** What a product of a kind has beside an empty description. */
type Describe = (
  kind: Kind,
  draw: (words: readonly string[]) => string,
  at: number,
) => Partial<ProductDocument>;

/** Products of three kinds in turn, and shoppers who like one kind each. */
async function learn({
  products = 90,
  shoppers = 0,
  describe: describeAs,
}: {
  readonly products?: number;
  readonly shoppers?: number;
  readonly describe?: Describe;
}) {
  const rng = createRng(11);
  const builder = createSnapshotBuilder({ asOf: 1e6 });
  const id = (at: number): string => `p${String(at).padStart(3, '0')}`;
  const draw = (words: readonly string[]): string => words[rng.int(words.length)];
  const empty = { titles: [], descriptions: [], categoryPath: [], features: [], priceMinor: 1 };
  for (let at = 0; at < products; at++) {
    builder.describe(id(at), { ...empty, ...describeAs?.(kindOf(at), draw, at) });
  }
  const events = Array.from({ length: shoppers * 8 }, (_, at) => {
    const shopper = Math.floor(at / 8);
    return { user: `u${shopper}`, product: id((3 * rng.int(products / 3) + (shopper % 3)) % products), at };
  });
  builder.add(batchOf(events));
  const snapshot = await builder.build();
  const learned = await interestTags.learn(
    snapshot,
    {
      seed: 1,
      threads: serialThreadPool({}),
      onProgress: () => undefined,
      signal: new AbortController().signal,
    },
    {},
  );
  return { learned, read: loadInterestTags(learned.artifact), id };
}

/** Whether all products with the same first tag are of one kind. */
function arePure({ read, id }: Awaited<ReturnType<typeof learn>>, products = 90): boolean {
  const kindOfTag = new Map<string, Kind>();
  return Array.from({ length: products }, (_, at) => at).every(at => {
    const tag = read.tagsOfProduct(id(at))[0]?.tagId;
    if (tag === undefined) return true;
    const known = kindOfTag.get(tag) ?? kindOf(at);
    kindOfTag.set(tag, known);
    return known === kindOf(at);
  });
}

const some = (list: readonly string[], draw: (words: readonly string[]) => string, count: number): string[] =>
  Array.from({ length: count }, () => draw(list));

describe('interest tags of a shop', () => {
  it('with Chinese titles alone have Chinese names', async () => {
    const found = await learn({
      describe: (kind, draw) => ({ titles: [some(kinds[kind].zh, draw, 3).join(' ')] }),
    });
    expect(found.learned.verdict.passed).toBe(true);
    expect(arePure(found)).toBe(true);
    for (const tag of found.read.tags) expect(tag.names.zh).toMatch(/^\p{Script=Han}/u);
  });

  it('with titles in either language are of one kind each', async () => {
    const found = await learn({
      shoppers: 40,
      describe: (kind, draw, at) => {
        const { en, zh } = kinds[kind];
        const other = at % 2 === 0 ? en : zh;
        return { titles: [some(other, draw, 3).join(' ')], descriptions: [`${draw(en)} ${draw(zh)}`] };
      },
    });
    expect(found.learned.verdict.passed).toBe(true);
    expect(arePure(found)).toBe(true);
  });

  it('with one category for all are not named after it', async () => {
    const found = await learn({
      describe: (kind, draw) => ({
        titles: [some(kinds[kind].en, draw, 3).join(' ')],
        categoryPath: ['Everything'],
      }),
    });
    expect(arePure(found)).toBe(true);
    for (const tag of found.read.tags) expect(tag.names.en).not.toMatch(/everything/i);
  });

  it('with one category and no other text are none, with a reason', async () => {
    const { learned } = await learn({ describe: () => ({ categoryPath: ['Everything'] }) });
    expect(learned.verdict.passed).toBe(false);
    expect(learned.verdict.reason).toMatch(/^Too little data to distinguish tags/);
  });

  it('with ids only, without events, are none, with a reason', async () => {
    const { learned } = await learn({});
    expect(learned.verdict.passed).toBe(false);
    expect(learned.verdict.reason).toMatch(/^Too little data to distinguish tags/);
  });

  it('with ids and events only are none, with a reason: their names would be numbers', async () => {
    const { learned } = await learn({ shoppers: 60 });
    expect(learned.verdict.passed).toBe(false);
    expect(learned.verdict.reason).toMatch(/^Too few words to name tags: 0 have/);
  });

  it('of two products are refused with a reason', async () => {
    const two = learn({ products: 2, describe: (kind, draw) => ({ titles: [draw(kinds[kind].en)] }) });
    await expect(two).rejects.toMatchObject({ code: 'TRAINING_DATA_INSUFFICIENT' });
  });
});
