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

/** Documents read at a time: what a scorer does with more would hold up requests. */
const atOnce = 500;
/** A training reads the catalogue at most so long before its artifact is made. */
const longestTrainingMs = 6 * 3_600_000;

/**
 * Short name of a text; equal for equal texts only. Its price is no part of it: in some shops prices change by the hour,
 * and what a scorer does to read a product anew is as much for one as for all.
 */
const nameOf = ({ priceMinor: _price, ...text }: ProductDocument): string =>
  createHash('sha256').update(JSON.stringify(text)).digest('base64').slice(0, 22);

/** What a model has not read yet of some products: those that may be listed, or that it knows under other words. */
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
 * The model with products as they now are: new ones can be listed, known ones have their new words. The same model when
 * it does not read or has read all of this.
 */
export function withProducts(live: LiveModel, products: readonly Product[], catalogue: Catalogue): LiveModel {
  if (!can(live.scorer, 'admit')) return live;
  const { documents, names } = unread(live, products);
  if (documents.size === 0) return live;
  return withScorer(live, live.scorer.admit(documents), new Map([...live.admitted, ...names]), catalogue);
}

/** Picks, of products that changed somehow, those that models have to read. */
export type News = (changed: readonly Product[], lives: Iterable<LiveModel>) => readonly Product[];

/**
 * News by the words: remembers the text of every product as the catalogue last had it, 22 characters each. A product whose
 * stock or price changed is none, unless a model that reads has never heard of it.
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
 * The model with the products that came since its training read the catalogue. What was only re-described while it
 * trained waits for the next training or the next change.
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
  for await (const batch of products.changedSince(shopId, Math.max(0, createdAt - longestTrainingMs))) {
    const later = batch.filter(
      ({ id, updatedAt }) => updatedAt >= createdAt || live.scorer.products.rowOf(id) < 0,
    );
    for (let start = 0; start < later.length; start += atOnce) {
      grown = withProducts(grown, later.slice(start, start + atOnce), catalogue);
      await pause();
    }
  }
  return grown;
}
