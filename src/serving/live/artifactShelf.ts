import { GatewayError } from '../../domain/errors';
import type { ShopId } from '../../domain/ids';
import { pause } from '../../numeric/pause';
import type { ArtifactRecord, ArtifactStore } from '../../store/ports/artifact';
import { coalesce } from './coalesce';

/** A loaded artifact. Immutable: a newer one replaces it whole. */
export interface Shelved {
  readonly record: ArtifactRecord;
}

/** Loaded artifacts by the name of their model or insight. */
export type ShelvedByName<Item extends Shelved> = ReadonlyMap<string, Item>;

/** An artifact that could not be loaded. */
export interface RefusedArtifact {
  readonly record: ArtifactRecord;
  readonly error: unknown;
}

/** The published artifacts of one shop, loaded. */
export interface ArtifactShelf<Item extends Shelved> {
  /** What serves. Replaced whole by one assignment: a request keeps the map that it took until it ends. */
  current(): ShelvedByName<Item>;
  /** Artifacts that are live in the store but could not be loaded, by name. An earlier one serves in their place. */
  refused(): ReadonlyMap<string, RefusedArtifact>;
  /**
   * Loads the live artifacts of the store while the old ones serve, then swaps them. Calls during a refresh share the next one.
   *
   * @param retryDamaged - also loads artifacts again that were refused as damaged; usually that does not help
   * @throws {GatewayError} UNAVAILABLE
   */
  refresh(retryDamaged?: boolean): Promise<void>;
  /** Replaces what serves without asking the store. */
  serve(next: ShelvedByName<Item>): void;
}

/** Options of {@link createArtifactShelf}. */
export interface ArtifactShelfOptions<Item extends Shelved> {
  readonly shopId: ShopId;
  readonly artifacts: Pick<ArtifactStore, 'liveOf' | 'page'>;
  /** Returns whether artifacts of a model or insight belong to this shelf. */
  readonly holds: (name: string) => boolean;
  /** @throws {GatewayError} ARTIFACT_DAMAGED, UNAVAILABLE */
  readonly load: (record: ArtifactRecord) => Promise<Item>;
  /** Brings a loaded artifact up to date when its record is still the live one. By default it is unchanged. */
  readonly renew?: (item: Item) => Promise<Item>;
  /** Called when a refresh begins, before the store is asked. */
  readonly onRefresh?: () => void;
  /** Called when a refresh ends, also when it fails. */
  readonly onRefreshed?: () => void;
  /** Called just before loaded artifacts begin to serve; returns what serves in their place. */
  readonly prepare?: (next: ShelvedByName<Item>) => ShelvedByName<Item>;
  /** Called with each error of `load` and `renew`. */
  readonly onError: (error: unknown) => void;
}

/** What changes during the life of a shelf. */
interface ShelfState<Item extends Shelved> {
  items: ShelvedByName<Item>;
  refused: ReadonlyMap<string, RefusedArtifact>;
  /** Whether the next refresh also loads artifacts that were refused as damaged. */
  retriesDamaged: boolean;
}

/** What one refresh found. */
interface Found<Item extends Shelved> {
  readonly next: ShelvedByName<Item>;
  readonly refusals: ReadonlyMap<string, RefusedArtifact>;
}

const isDamaged = (error: unknown): boolean =>
  error instanceof GatewayError && error.code === 'ARTIFACT_DAMAGED';

async function tryLoad<Item extends Shelved>(
  { load, renew, onError }: ArtifactShelfOptions<Item>,
  { items, refused }: ShelfState<Item>,
  record: ArtifactRecord,
  retries: boolean,
): Promise<Item | RefusedArtifact> {
  const serving = items.get(record.model);
  const refusal = refused.get(record.model);
  const isServing = serving?.record.id === record.id;
  if (!isServing && !retries && refusal?.record.id === record.id && isDamaged(refusal.error)) return refusal;
  try {
    if (!isServing) return await load(record);
    return (await renew?.(serving)) ?? serving;
  } catch (error) {
    onError(error);
    return { record, error };
  }
}

/** Maximum number of artifacts that are searched for earlier versions: several times those that a shop keeps of all models. */
const maxSearchedArtifacts = 100;

/**
 * Loads the latest undamaged artifact that was published before a damaged one; undefined when there is none. Needed only at
 * a start: later, the artifact that is loaded continues to serve.
 */
async function loadEarlier<Item extends Shelved>(
  { shopId, artifacts, load, onError }: ArtifactShelfOptions<Item>,
  damaged: ArtifactRecord,
): Promise<Item | undefined> {
  const { rows } = await artifacts.page(shopId, { first: maxSearchedArtifacts });
  const earlier = rows.filter(
    ({ id, model, publishedAt }) => model === damaged.model && id !== damaged.id && publishedAt !== null,
  );
  for (const record of earlier.sort((left, right) => (right.publishedAt ?? 0) - (left.publishedAt ?? 0))) {
    try {
      return await load(record);
    } catch (error) {
      onError(error);
    }
  }
  return undefined;
}

/** Returns what serves in place of a refused artifact. Earlier ones are searched once per refusal. */
async function servedInstead<Item extends Shelved>(
  options: ArtifactShelfOptions<Item>,
  { items, refused }: ShelfState<Item>,
  { record, error }: RefusedArtifact,
): Promise<Item | undefined> {
  const serving = items.get(record.model);
  const isKnown = refused.get(record.model)?.record.id === record.id;
  return serving ?? (isKnown || !isDamaged(error) ? undefined : await loadEarlier(options, record));
}

async function loadAll<Item extends Shelved>(
  options: ArtifactShelfOptions<Item>,
  state: ShelfState<Item>,
): Promise<Found<Item>> {
  const { shopId, artifacts, holds } = options;
  const retries = state.retriesDamaged;
  state.retriesDamaged = false;
  const next = new Map<string, Item>();
  const refusals = new Map<string, RefusedArtifact>();
  for (const record of await artifacts.liveOf(shopId)) {
    if (!holds(record.model)) continue;
    const outcome = await tryLoad(options, state, record, retries);
    if ('error' in outcome) refusals.set(record.model, outcome);
    const served = 'error' in outcome ? await servedInstead(options, state, outcome) : outcome;
    if (served !== undefined) next.set(record.model, served);
    await pause();
  }
  return { next, refusals };
}

async function refreshShelf<Item extends Shelved>(
  options: ArtifactShelfOptions<Item>,
  state: ShelfState<Item>,
): Promise<void> {
  const { onRefresh, onRefreshed, prepare } = options;
  onRefresh?.();
  try {
    const { next, refusals } = await loadAll(options, state);
    state.items = prepare?.(next) ?? next;
    state.refused = refusals;
  } finally {
    onRefreshed?.();
  }
}

/** Creates an empty shelf. A damaged artifact is reported once; an earlier artifact of its model serves. */
export function createArtifactShelf<Item extends Shelved>(
  options: ArtifactShelfOptions<Item>,
): ArtifactShelf<Item> {
  const state: ShelfState<Item> = { items: new Map(), refused: new Map(), retriesDamaged: false };
  const refreshOnce = coalesce(() => refreshShelf(options, state));
  return {
    current: () => state.items,
    refused: () => state.refused,
    refresh(retryDamaged = false) {
      state.retriesDamaged ||= retryDamaged;
      return refreshOnce();
    },
    serve(next) {
      state.items = next;
    },
  };
}
