import { defaultShopPolicy } from '../../src/domain/shopPolicy';
import type {
  InterestTag,
  InterestTags,
  TagLookups,
  TagWeight,
} from '../../src/insights/interestTags/reading';
import { withInterests } from '../../src/insights/interestTags/withInterests';
import {
  createInterests,
  type Interests,
  type InterestsOptions,
} from '../../src/serving/interestTags/interests';

const tag = (
  id: string,
  parentId: string | null,
  names: InterestTag['names'],
  products: number,
): InterestTag => ({
  id,
  parentId,
  names,
  terms: Object.values(names),
  products,
  cohesion: 0.8,
});

const tags: readonly InterestTag[] = [
  tag('kitchen', 'living', { en: 'Kitchen', zh: '厨房' }, 10),
  tag('garden', 'living', { en: 'Garden', zh: '花园' }, 10),
  tag('sport', null, { en: 'Sport' }, 10),
  tag('living', null, { en: 'Living', zh: '生活' }, 20),
];

/** p00, p03, … have the tag kitchen, p01, … garden, p02, … sport; every tenth product of kitchen or garden has both. */
function ofProduct(productId: string): readonly TagWeight[] {
  const row = /^p[0-9]{2}$/.test(productId) ? Number(productId.slice(1)) : -1;
  if (row < 0) return [];
  const main = ['kitchen', 'garden', 'sport'][row % 3];
  if (row % 10 !== 0 || main === 'sport') return [{ tagId: main, weight: 1 }];
  const other = main === 'kitchen' ? 'garden' : 'kitchen';
  return [
    { tagId: main, weight: 0.75 },
    { tagId: other, weight: 0.25 },
  ];
}

const words: readonly (readonly [RegExp, string])[] = [
  [/kitchen|厨房/i, 'kitchen'],
  [/garden|花园/i, 'garden'],
  [/ball|球/i, 'sport'],
];

const ofTexts = (texts: readonly string[]): readonly TagWeight[] =>
  words
    .filter(([pattern]) => texts.some(text => pattern.test(text)))
    .slice(0, 1)
    .map(([, tagId]) => ({ tagId, weight: 1 }));

/** Tags of the products of seedShops.ts, as if a training had found them. */
export const fakeLookups: TagLookups = {
  tags,
  tagById: id => tags.find(candidate => candidate.id === id),
  tagsOfProduct: ofProduct,
  tagsOfText: ofTexts,
  tagsOfDocument: ({ titles, categoryPath }) => ofTexts([...titles, ...categoryPath]),
  productsOf: () => [],
  related(tagId, first) {
    const near = [
      { tagId: 'garden', weight: 0.5 },
      { tagId: 'kitchen', weight: 0.5 },
      { tagId: 'sport', weight: 0.25 },
    ];
    return near.filter(other => other.tagId !== tagId && tagId !== 'living').slice(0, first);
  },
};

/** {@link fakeLookups}, loaded. */
export const fakeTags: InterestTags = withInterests(fakeLookups);

/** Interests over {@link fakeTags}, with a half-life of 30 days. They are saved when stopped: no timer disturbs what is counted. */
export const createTestInterests = (
  options: Pick<InterestsOptions, 'stores' | 'clock' | 'onError'> & Partial<InterestsOptions>,
): Interests =>
  createInterests({
    liveTags: async () => fakeTags,
    policyOf: async () => defaultShopPolicy,
    halfLifeDays: 30,
    saveAfterMs: 2 ** 31 - 1,
    ...options,
  });
