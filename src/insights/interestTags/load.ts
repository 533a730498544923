import type { Artifact } from '../../artifact/artifact';
import type { Vocabulary } from '../../snapshot/vocabulary';
import { tagsFromArtifact } from './arrays';
import { type LearnedTags, maxTagsPerItem } from './learned';
import { missedTagsFrom } from './previousTags';
import type { InterestTag, InterestTags, TaggedProduct, TagWeight } from './reading';
import { createTagging } from './tagging';
import { termsOfDocument, termsOfTexts } from './terms';
import { withInterests } from './withInterests';

/** Returns the products of each leaf with their weights, strongest first. */
function listProducts(learned: LearnedTags, products: Vocabulary): readonly (readonly TaggedProduct[])[] {
  const { leaves, productTags, productWeights } = learned;
  const lists: TaggedProduct[][] = Array.from({ length: leaves }, () => []);
  for (const [place, tag] of productTags.entries()) {
    if (tag < 0) continue;
    const productId = products.idOf(Math.floor(place / maxTagsPerItem));
    lists[tag].push({ productId, weight: productWeights[place] });
  }
  for (const list of lists) list.sort(strongestFirst);
  return lists;
}

const strongestFirst = (a: TaggedProduct, b: TaggedProduct): number =>
  b.weight - a.weight || (a.productId < b.productId ? -1 : 1);

/** Merges the lists of several tags; weights of a product in more than one are added, up to 1. */
function mergeLists(lists: readonly (readonly TaggedProduct[])[]): readonly TaggedProduct[] {
  const weights = new Map<string, number>();
  for (const { productId, weight } of lists.flat()) {
    weights.set(productId, Math.min(1, (weights.get(productId) ?? 0) + weight));
  }
  return [...weights].map(([productId, weight]) => ({ productId, weight })).sort(strongestFirst);
}

/** Returns the tags most similar to one, best first. */
function relatedTo({ tags, similarity }: LearnedTags, at: number, first: number): readonly TagWeight[] {
  return tags
    .map(({ id }, other) => ({ tagId: id, weight: other === at ? 0 : similarity[at * tags.length + other] }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || (a.tagId < b.tagId ? -1 : 1))
    .slice(0, first);
}

/**
 * Loads an artifact of interest tags.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED when arrays are missing, of a wrong length, or do not fit together
 */
export function loadInterestTags(artifact: Artifact): InterestTags {
  const { learned, products } = tagsFromArtifact(artifact);
  // Not used here; checked so that a damaged artifact is refused before the next training needs it.
  missedTagsFrom(artifact);
  const { tags, productTags, productWeights } = learned;
  const rows = new Map<string, number>(tags.map(({ id }, at) => [id, at]));
  const lists = listProducts(learned, products);
  const tagging = createTagging(learned);
  const asWeights = (found: ReturnType<typeof tagging>): readonly TagWeight[] =>
    found.map(([tag, weight]) => ({ tagId: tags[tag].id, weight }));
  const childrenOf = (tag: InterestTag): readonly number[] =>
    [...tags.keys()].filter(at => tags[at].parentId === tag.id);
  return withInterests({
    tags,
    tagById: tagId => tags[rows.get(tagId) ?? -1],
    tagsOfProduct(productId) {
      const start = products.rowOf(productId) * maxTagsPerItem;
      if (start < 0) return [];
      const places = [...productTags.subarray(start, start + maxTagsPerItem).entries()];
      return places
        .filter(([, tag]) => tag >= 0)
        .map(([place, tag]) => ({ tagId: tags[tag].id, weight: productWeights[start + place] }));
    },
    tagsOfText: texts => asWeights(tagging(termsOfTexts(texts))),
    tagsOfDocument: document => asWeights(tagging(termsOfDocument(document))),
    productsOf(tagId, first) {
      const at = rows.get(tagId);
      if (at === undefined) return [];
      const found =
        at < learned.leaves ? lists[at] : mergeLists(childrenOf(tags[at]).map(child => lists[child]));
      return found.slice(0, first);
    },
    related: (tagId, first) => relatedTo(learned, rows.get(tagId) ?? -1, first),
  });
}
