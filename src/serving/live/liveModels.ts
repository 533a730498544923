import { GatewayError } from '../../domain/errors';
import type { ShopId } from '../../domain/ids';
import type { Product } from '../../domain/product';
import type { Model } from '../../models/model';
import type { ArtifactRecord, ArtifactStore } from '../../store/ports/artifact';
import type { ProductStore } from '../../store/ports/product';
import type { Indexing } from '../scan/indexing';
import { type ArtifactShelf, createArtifactShelf } from './artifactShelf';
import type { Catalogue } from './catalogue';
import { type LiveModel, type LiveModelConfig, type LiveModels, loadLiveModel, withScan } from './liveModel';
import { createNews, withLaterProducts, withProducts } from './newProducts';

/** A shop's live models. */
export interface ModelShelf extends Pick<ArtifactShelf<LiveModel>, 'current' | 'refused' | 'refresh'> {
  /** Shows models that read product texts what changed in the catalogue: new products can be listed without a training. */
  admit(products: readonly Product[]): void;
}

/** Options of {@link createModelShelf}. */
export interface ModelShelfOptions {
  readonly shopId: ShopId;
  readonly artifacts: ArtifactStore;
  readonly products: ProductStore;
  readonly catalogue: Catalogue;
  readonly loadModel: (name: string) => Model;
  /** Returns whether artifacts of a name belong to another shelf. */
  readonly isInsight: (name: string) => boolean;
  readonly config: LiveModelConfig;
  /** Null where every search is exact. */
  readonly indexing: Indexing | null;
  readonly onError: (error: unknown) => void;
}

function modelOf(record: ArtifactRecord, loadModel: ModelShelfOptions['loadModel']): Model {
  try {
    return loadModel(record.model);
  } catch (cause) {
    throw new GatewayError(
      'ARTIFACT_DAMAGED',
      `Expected an artifact of a model this version has; got one of ${JSON.stringify(record.model)}. Update the gateway, or train a model it has.`,
      { model: record.model, version: record.version },
      { cause },
    );
  }
}

/** Creates an empty shelf of models. */
export function createModelShelf(options: ModelShelfOptions): ModelShelf {
  const { shopId, artifacts, products, catalogue, loadModel, isInsight, config, indexing, onError } = options;
  /** Products admitted during a refresh: the models that it loads have not read them. Null between refreshes. */
  let arrived: Product[] | null = null;
  const newsAmong = createNews();

  const admitted = (lives: LiveModels, changed: readonly Product[]): LiveModels =>
    new Map([...lives].map(([name, live]) => [name, withProducts(live, changed, catalogue)]));

  async function load(record: ArtifactRecord): Promise<LiveModel> {
    const loaded = await loadLiveModel(record, modelOf(record, loadModel), artifacts, catalogue, config);
    return await withScan(await withLaterProducts(loaded, shopId, products, catalogue));
  }

  const { current, refused, refresh, serve } = createArtifactShelf<LiveModel>({
    ...{ shopId, artifacts, load, onError },
    holds: name => !isInsight(name),
    renew: withScan,
    onRefresh: () => {
      arrived = [];
    },
    onRefreshed: () => {
      arrived = null;
    },
    prepare: loaded => {
      const next = admitted(loaded, arrived ?? []);
      indexing?.follow(current(), next);
      return next;
    },
  });
  return {
    ...{ current, refused, refresh },
    admit(changed) {
      arrived?.push(...changed);
      const news = newsAmong(changed, current().values());
      if (news.length === 0) return;
      const next = admitted(current(), news);
      indexing?.follow(current(), next);
      serve(next);
    },
  };
}
