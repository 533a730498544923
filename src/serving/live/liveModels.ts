import { GatewayError } from '../../domain/errors';
import type { ShopId } from '../../domain/ids';
import type { Product } from '../../domain/product';
import type { Model } from '../../models/model';
import { pause } from '../../numeric/pause';
import type { ArtifactRecord, ArtifactStore } from '../../store/ports/artifact';
import type { ProductStore } from '../../store/ports/product';
import type { Indexing } from '../scan/indexing';
import type { Catalogue } from './catalogue';
import { coalesce } from './coalesce';
import { type LiveModel, type LiveModelConfig, type LiveModels, loadLiveModel, withScan } from './liveModel';
import { createNews, withLaterProducts, withProducts } from './newProducts';

/** Why an artifact does not serve. */
export interface RefusedArtifact {
  readonly record: ArtifactRecord;
  readonly error: unknown;
}

/** A shop's models in service, and how they are replaced. */
export interface ModelShelf {
  /** Replaced whole by one assignment: a request that took it keeps it to its end. */
  current(): LiveModels;
  /** Artifacts that should be live but could not be loaded, by model. */
  refused(): ReadonlyMap<string, RefusedArtifact>;
  /**
   * Loads what the store says is live, beside what serves, then swaps.
   *
   * @param retryDamaged - also reads artifacts again that were refused as damaged; usually that would not help
   */
  refresh(retryDamaged?: boolean): Promise<void>;
  /** Shows models that read what changed in the catalogue: a new product can be listed without a training. */
  admit(products: readonly Product[]): void;
}

/** What a shelf needs. */
export interface ModelShelfOptions {
  readonly shopId: ShopId;
  readonly artifacts: ArtifactStore;
  readonly products: ProductStore;
  readonly catalogue: Catalogue;
  readonly loadModel: (name: string) => Model;
  /** Artifacts of such a name are not models: another shelf has them. */
  readonly isInsight: (name: string) => boolean;
  readonly config: LiveModelConfig;
  /** Null where every search is exact. */
  readonly indexing: Indexing | null;
  readonly onError: (error: unknown) => void;
}

const isDamaged = (error: unknown): boolean =>
  error instanceof GatewayError && error.code === 'ARTIFACT_DAMAGED';

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

/** An empty shelf. A damaged artifact is refused: the one that served before stays, and the refusal is told. */
export function createModelShelf(options: ModelShelfOptions): ModelShelf {
  const { shopId, artifacts, products, catalogue, loadModel, isInsight, config, indexing, onError } = options;
  let models: LiveModels = new Map();
  let refused: ReadonlyMap<string, RefusedArtifact> = new Map();
  let retriesDamaged = false;
  /** What was admitted while models are being replaced: those that replace them have not seen it. Null at other times. */
  let meanwhile: Product[] | null = null;
  const newsAmong = createNews();

  const admitted = (lives: LiveModels, changed: readonly Product[]): LiveModels =>
    new Map([...lives].map(([name, live]) => [name, withProducts(live, changed, catalogue)]));

  function serve(next: LiveModels): void {
    indexing?.follow(models, next);
    models = next;
  }

  /** The artifact's model, or why not. */
  async function tryLoad(record: ArtifactRecord, retries: boolean): Promise<LiveModel | RefusedArtifact> {
    const serving = models.get(record.model);
    if (serving?.record.id === record.id) return await withScan(serving);
    const refusal = refused.get(record.model);
    if (!retries && refusal?.record.id === record.id && isDamaged(refusal.error)) return refusal;
    try {
      const loaded = await loadLiveModel(record, modelOf(record, loadModel), artifacts, catalogue, config);
      return await withScan(await withLaterProducts(loaded, shopId, products, catalogue));
    } catch (error) {
      onError(error);
      return { record, error };
    }
  }

  async function loadAll(): Promise<{
    readonly next: LiveModels;
    readonly refusals: ReadonlyMap<string, RefusedArtifact>;
  }> {
    const retries = retriesDamaged;
    retriesDamaged = false;
    const next = new Map<string, LiveModel>();
    const refusals = new Map<string, RefusedArtifact>();
    for (const record of await artifacts.liveOf(shopId)) {
      if (isInsight(record.model)) continue;
      const outcome = await tryLoad(record, retries);
      if ('error' in outcome) refusals.set(record.model, outcome);
      const live = 'error' in outcome ? models.get(record.model) : outcome;
      if (live !== undefined) next.set(record.model, live);
      await pause();
    }
    return { next, refusals };
  }

  async function replaceAll(): Promise<void> {
    const arrived: Product[] = [];
    meanwhile = arrived;
    try {
      const { next, refusals } = await loadAll();
      serve(admitted(next, arrived));
      refused = refusals;
    } finally {
      meanwhile = null;
    }
  }

  const replaceOnce = coalesce(replaceAll);
  return {
    current: () => models,
    refused: () => refused,
    refresh(retryDamaged = false) {
      retriesDamaged ||= retryDamaged;
      return replaceOnce();
    },
    admit(changed) {
      meanwhile?.push(...changed);
      const news = newsAmong(changed, models.values());
      if (news.length > 0) serve(admitted(models, news));
    },
  };
}
