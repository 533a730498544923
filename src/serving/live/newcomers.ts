import { can } from '../../models/capability';
import type { Catalogue } from './catalogue';
import type { LiveModel } from './liveModel';

/** A new product, by its rows in the catalogue and in the model that reads texts. */
export interface Newcomer {
  readonly listed: number;
  readonly row: number;
}

/** New products of a shop. */
export interface Newcomers {
  /**
   * Returns products created since an instant that `reader` has read and that `lead` cannot rank. Either `lead` does not know
   * them, or no shopper had liked them when the reader was trained. Newest first. Cached until an argument changes or
   * products are added.
   */
  of(lead: LiveModel, reader: LiveModel, since: number): readonly Newcomer[];
}

/** Returns rows of products created since an instant, newest first; ids decide between products of one instant. */
function createdSince(catalogue: Catalogue, since: number): readonly number[] {
  const { size, createdAt, idOf } = catalogue;
  const rows: number[] = [];
  for (let row = 0; row < size; row++) if (createdAt[row] >= since) rows.push(row);
  return rows.sort((a, b) => createdAt[b] - createdAt[a] || (idOf(a) < idOf(b) ? -1 : 1));
}

function findNewcomers(
  catalogue: Catalogue,
  lead: LiveModel,
  { scorer }: LiveModel,
  since: number,
): Newcomer[] {
  const isUnliked = (row: number): boolean => can(scorer, 'tellLiked') && !scorer.wasLiked(row);
  return createdSince(catalogue, since).flatMap(listed => {
    const id = catalogue.idOf(listed);
    const row = scorer.products.rowOf(id);
    const isNew = row >= 0 && (lead.scorer.products.rowOf(id) < 0 || isUnliked(row));
    return isNew ? [{ listed, row }] : [];
  });
}

/** Creates the newcomers of a catalogue, cached per model that reads texts. */
export function createNewcomers(catalogue: Catalogue): Newcomers {
  interface Found {
    readonly lead: LiveModel;
    readonly since: number;
    /** Size of the catalogue: rows are never removed, so it changes when products are added. */
    readonly size: number;
    readonly newcomers: readonly Newcomer[];
  }
  const foundBy = new WeakMap<LiveModel, Found>();
  return {
    of(lead, reader, since) {
      const { size } = catalogue;
      const known = foundBy.get(reader);
      if (known?.lead === lead && known.since === since && known.size === size) return known.newcomers;
      const newcomers = findNewcomers(catalogue, lead, reader, since);
      foundBy.set(reader, { lead, since, size, newcomers });
      return newcomers;
    },
  };
}
