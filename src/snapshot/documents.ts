import type { AttributeValue, Product } from '../domain/product';
import { digestOf } from './digest';
import type { ProductDocument, Snapshot } from './snapshot';
import type { Vocabulary } from './vocabulary';

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const valuesOf = (value: AttributeValue): readonly string[] =>
  typeof value === 'object' ? value : [String(value)];

/** Attributes as `name=value`, one for each value of a list, in order of their names: JSON keeps no order. */
function attributeFeatures(attributes: Product['attributes']): readonly string[] {
  return Object.entries(attributes)
    .sort(([a], [b]) => byCodeUnits(a, b))
    .flatMap(([name, value]) => valuesOf(value).map(one => `${name}=${one}`));
}

const isSaid = (text: string | null): text is string => text !== null && text.trim() !== '';

/** What a product's description says to models; empty lists where it says nothing. */
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

/** Documents in the rows of a vocabulary: null for a product that nobody described; those without a row are left out. */
export const documentRows = (
  products: Vocabulary,
  documents: ReadonlyMap<string, ProductDocument>,
): readonly (ProductDocument | null)[] =>
  Array.from({ length: products.size }, (_, row) => documents.get(products.idOf(row)) ?? null);

/**
 * The snapshot with what is known of its products; the rows stay, the digest is of both. Documents of products without
 * a row are left out: give the snapshot rows for them when it is built.
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
