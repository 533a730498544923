import type { AttributeValue, Product } from '../domain/product';
import { byCodeUnits } from '../numeric/byCodeUnits';
import { digestOf } from './digest';
import type { ProductDocument, Snapshot } from './snapshot';
import type { Vocabulary } from './vocabulary';

const valuesOf = (value: AttributeValue): readonly string[] =>
  typeof value === 'object' ? value : [String(value)];

/** Returns attributes as `name=value`, one per value of a list, sorted by name, because JSON objects have no order. */
function attributeFeatures(attributes: Product['attributes']): readonly string[] {
  return Object.entries(attributes)
    .sort(([a], [b]) => byCodeUnits(a, b))
    .flatMap(([name, value]) => valuesOf(value).map(one => `${name}=${one}`));
}

const isSaid = (text: string | null): text is string => text !== null && text.trim() !== '';

/** Returns the document of a product for models; lists are empty where the shop gives nothing. */
export function documentOf(product: Product): ProductDocument {
  const { title, description, translations, categoryPath, tags, attributes, priceMinor } = product;
  const others = Object.entries(translations)
    .sort(([a], [b]) => byCodeUnits(a, b))
    .map(([, text]) => text);
  return {
    titles: [title, ...others.map(text => text.title)].filter(isSaid),
    descriptions: [description, ...others.map(text => text.description)].filter(isSaid),
    categoryPath,
    features: [...tags, ...attributeFeatures(attributes)],
    priceMinor: priceMinor ?? Number.NaN,
  };
}

/** Returns documents by the rows of a vocabulary: null for an undescribed product. Documents without a row are dropped. */
export const documentRows = (
  products: Vocabulary,
  documents: ReadonlyMap<string, ProductDocument>,
): readonly (ProductDocument | null)[] =>
  Array.from({ length: products.size }, (_, row) => documents.get(products.idOf(row)) ?? null);

/**
 * Returns the snapshot with documents. Its rows stay; its digest covers both. Documents of products without a row are
 * dropped: describe such products to the builder instead.
 *
 * @param documents - by product id
 */
export async function withDocuments(
  snapshot: Snapshot,
  documents: ReadonlyMap<string, ProductDocument>,
): Promise<Snapshot> {
  const { asOf, users, products, events, userOffsets, texts, eventWeights } = snapshot;
  const rows = documentRows(products, documents);
  const described = { eventWeights, documents: rows, ...(texts && { texts }) };
  const digest = await digestOf(asOf, { users, products }, events, userOffsets, described);
  return Object.freeze({ ...snapshot, documents: rows, digest });
}
