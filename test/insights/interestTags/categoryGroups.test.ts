import { categoriesOf, joinCategories } from '../../../src/insights/interestTags/categoryGroups';
import { clusterItems } from '../../../src/insights/interestTags/cluster';
import { type Items, partOf, subsetOf } from '../../../src/insights/interestTags/items';
import { strongestOf, withoutLooseTags } from '../../../src/insights/interestTags/looseTags';
import { interestTagsSettings } from '../../../src/insights/interestTags/settings';
import { settingValuesOf } from '../../../src/learning/settings';
import { adjustedRand } from '../../../src/numeric/adjustedRand';
import { csrFromTriplets } from '../../../src/numeric/csr';
import { createRng } from '../../../src/numeric/rng';

const departments = 4;
const perDepartment = 10;
const count = 800;
const categoryOf = (item: number): number => item % (departments * perDepartment);
const departmentOf = (item: number): number => categoryOf(item) % departments;

/** Terms of items in a tree of four departments with ten categories each. */
const texts = Array.from({ length: count }, (_, item) => {
  const top = `>d${departmentOf(item)}`;
  return ['word', top, `${top}>c${categoryOf(item)}`];
});
const ones = new Float32Array(count).fill(1);

/** Items about the direction of their department, and a little about their category. */
function itemsOf(): Items {
  const rng = createRng(1);
  const columns = departments + departments * perDepartment;
  const rows = new Float32Array(count * columns);
  for (let item = 0; item < count; item++) {
    const own = rows.subarray(item * columns, (item + 1) * columns);
    own[departmentOf(item)] = 1;
    own[departments + categoryOf(item)] = 0.5;
    for (let k = 0; k < columns; k++) own[k] += 0.05 * rng.gaussian();
    const norm = Math.hypot(...own);
    for (let k = 0; k < columns; k++) own[k] /= norm;
  }
  return { rows, columns, views: [], sizes: ones, weights: ones, categories: categoriesOf(texts, ones) };
}

describe('the categories of items', () => {
  it('are those of the first level with many', () => {
    const found = categoriesOf(texts, ones);
    expect(new Set(found?.own).size).toBe(departments * perDepartment);
    expect(new Set(found?.tops).size).toBe(departments);
    expect(found?.own[0]).toBe(found?.own[departments * perDepartment]);
  });

  it('are none in a shop without a tree, with few categories, or without categories', () => {
    expect(
      categoriesOf(
        texts.map(terms => terms.slice(0, 2)),
        ones,
      ),
    ).toBeUndefined();
    expect(
      categoriesOf(
        texts.map((_, item) => ['>a', `>a>${item % 9}`]),
        ones,
      ),
    ).toBeUndefined();
    expect(
      categoriesOf(
        texts.map(() => ['word']),
        ones,
      ),
    ).toBeUndefined();
  });

  it('count as their parent where they have few products, and stay with the items of a sample', () => {
    const rare = texts.map((terms, item) => (item < 5 ? ['>d0', '>d0>rare'] : terms));
    const found = categoriesOf(rare, ones);
    expect(new Set(found?.own).size).toBe(departments * perDepartment + 1);
    const sample = subsetOf(itemsOf(), Uint32Array.of(3, 9));
    expect([...(sample.categories?.own ?? [])]).toEqual([3, 9].map(item => itemsOf().categories?.own[item]));
  });
});

describe('joined categories', () => {
  const items = itemsOf();
  const categories = items.categories ?? { own: new Int32Array(0), tops: new Int32Array(0) };

  it('are whole categories, first those that are most alike', () => {
    const [few, more] = joinCategories(items, categories, [4, 12, 100]);
    expect([few.k, more.k]).toEqual([4, 12]);
    const all = [...Array(count).keys()];
    expect(adjustedRand(few.labels, all.map(departmentOf))).toBe(1);
    for (const item of all) expect(more.labels[item]).toBe(more.labels[categoryOf(item)]);
  });

  it('are found again in nine tenths of the items', () => {
    const [whole] = joinCategories(items, categories, [4]);
    const [part] = joinCategories(partOf(items, 3), categories, [4]);
    expect(adjustedRand(whole.labels, part.labels)).toBe(1);
  });
});

/** The first tag of the item of an entry. */
const firstTag = (at: number): number => (Math.floor(at / 3) < 4 ? 0 : 1);

describe('the clustering of more items than other kinds are found on', () => {
  it('joins categories by all of them, so that two seeds give the same tags', async () => {
    const few = itemsOf();
    const copies = Uint32Array.from({ length: 6_000 }, (_, at) => at % count);
    const counts = csrFromTriplets(
      {
        row: [...ones.keys()].flatMap(item => [item, item]),
        column: [...ones.keys()].flatMap(item => [
          departmentOf(item),
          departments + Math.floor(categoryOf(item) / 2),
        ]),
      },
      count,
      departments + departments * perDepartment,
    );
    const many = subsetOf({ ...few, views: [{ counts, weight: 1 }] }, copies);
    const config = settingValuesOf(interestTagsSettings, { maxTags: 8 });
    const [one, other] = await Promise.all(
      [1, 2].map(async seed => await clusterItems(many, config, seed, async () => undefined)),
    );
    expect(one.recipe?.kind).toBe('joined');
    expect(other).toEqual(one);
  });
});

describe('tags whose products do not belong together', () => {
  it('are left out, and so are the other tags of their products', () => {
    // Items 0–3 point one way, 4–8 each another way.
    const rows = new Float32Array(9 * 6);
    for (let item = 0; item < 9; item++) rows[item * 6 + Math.max(0, item - 3)] = 1;
    const tags = Int32Array.from({ length: 27 }, (_, at) => [firstTag(at), 1 - firstTag(at), -1][at % 3]);
    const weights = Float32Array.from(tags, (tag, at) => (tag < 0 ? 0 : at % 3 === 0 ? 0.75 : 0.25));
    const same = new Float32Array(9).fill(1);
    const items: Items = { rows, columns: 6, views: [], sizes: same, weights: same };
    const found = withoutLooseTags({ tags, weights }, items, 2);
    expect([...strongestOf(found)]).toEqual([0, 0, 0, 0, -1, -1, -1, -1, -1]);
    expect([...found.tags.slice(0, 3)]).toEqual([0, -1, -1]);
    expect([...found.weights.slice(0, 3)]).toEqual([1, 0, 0]);
  });
});
