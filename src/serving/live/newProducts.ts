import { createHash } from 'node:crypto';
import type { ProductId, ShopId } from '../../domain/ids';
import type { Product } from '../../domain/product';
import { can } from '../../models/capability';
import { pause } from '../../numeric/pause';
import { documentOf } from '../../snapshot/documents';
import type { ProductDocument } from '../../snapshot/snapshot';
import type { ProductStore } from '../../store/ports/product';
import type { Catalogue } from './catalogue';
import { type LiveModel, withScorer } from './liveModel';

/** Most documents admitted at once; more would delay requests. */
const batchLength = 500;
/** Longest time between reading the catalogue for a training and its artifact. */
const maxTrainingMs = 6 * 3_600_000;

/**
 * Returns a hash of a product's text. The price is not included: in some shops prices change by the hour, and admitting one
 * product costs a scorer as much as admitting all.
 */
const nameOf = ({ priceMinor: _price, ...text }: ProductDocument): string =>
  createHash('sha256').update(JSON.stringify(text)).digest('base64').slice(0, 22);

/** Returns the documents that a model has not read yet, of products that may be listed or that it knows with another text. */
function unread(
  { scorer, admitted }: LiveModel,
  products: readonly Product[],
): { readonly documents: Map<ProductId, ProductDocument>; readonly names: Map<ProductId, string> } {
  const documents = new Map<ProductId, ProductDocument>();
  const names = new Map<ProductId, string>();
  for (const product of products) {
    const { id, isStub, isActive } = product;
    if (isStub || !(isActive || scorer.products.rowOf(id) >= 0)) continue;
    const document = documentOf(product);
    const name = nameOf(document);
    if (admitted.get(id) === name) continue;
    documents.set(id, document);
    names.set(id, name);
  }
  return { documents, names };
}

/**
 * Returns the model with the current products: new ones can be listed, known ones have their new text. Returns the same
 * model if it does not read texts or has read all of these.
 */
export function withProducts(live: LiveModel, products: readonly Product[], catalogue: Catalogue): LiveModel {
  if (!can(live.scorer, 'admit')) return live;
  const { documents, names } = unread(live, products);
  if (documents.size === 0) return live;
  return withScorer(live, live.scorer.admit(documents), new Map([...live.admitted, ...names]), catalogue);
}

/** Returns, of changed products, those that models have to read. */
export type News = (changed: readonly Product[], lives: Iterable<LiveModel>) => readonly Product[];

/**
 * Creates a filter that keeps a hash of every product's last text (22 characters each). A product with only another stock or
 * price is left out, unless a model that reads texts does not know it.
 */
export function createNews(): News {
  const texts = new Map<ProductId, string>();
  return (changed, lives) => {
    const readers = [...lives].filter(({ scorer }) => can(scorer, 'admit'));
    return changed.filter(product => {
      const name = nameOf(documentOf(product));
      const isSame = texts.get(product.id) === name;
      texts.set(product.id, name);
      return !isSame || readers.some(({ scorer }) => scorer.products.rowOf(product.id) < 0);
    });
  };
}

/**
 * Returns the model with the products that were created since its training read the catalogue. Products that only changed
 * their text meanwhile wait for the next training or the next change.
 *
 * @throws {GatewayError} UNAVAILABLE
 */
export async function withLaterProducts(
  live: LiveModel,
  shopId: ShopId,
  products: ProductStore,
  catalogue: Catalogue,
): Promise<LiveModel> {
  if (!can(live.scorer, 'admit')) return live;
  const { createdAt } = live.record;
  let grown = live;
  for await (const batch of products.changedSince(shopId, Math.max(0, createdAt - maxTrainingMs))) {
    const later = batch.filter(
      ({ id, updatedAt }) => updatedAt >= createdAt || live.scorer.products.rowOf(id) < 0,
    );
    for (let start = 0; start < later.length; start += batchLength) {
      grown = withProducts(grown, later.slice(start, start + batchLength), catalogue);
      await pause();
    }
  }
  return grown;
}
