import { can } from '../../models/capability';
import type { Catalogue } from './catalogue';
import type { LiveModel } from './liveModel';

/** A product that came lately, by its rows in the catalogue and in the model that reads it. */
export interface Newcomer {
  readonly listed: number;
  readonly row: number;
}

/** Who has come to a shop lately. */
export interface Newcomers {
  /**
   * Products created since an instant that `reader` has read and `lead` has nothing to go by for: it does not know them,
   * or nobody had liked them when the reader was trained. Newest first; found anew only when an argument is another or
   * products came.
   */
  of(lead: LiveModel, reader: LiveModel, since: number): readonly Newcomer[];
}

/** Newest first; ids decide between products of one instant. */
function createdSince(catalogue: Catalogue, since: number): readonly number[] {
  const { size, createdAt, idOf } = catalogue;
  const rows: number[] = [];
  for (let row = 0; row < size; row++) if (createdAt[row] >= since) rows.push(row);
  return rows.sort((a, b) => createdAt[b] - createdAt[a] || (idOf(a) < idOf(b) ? -1 : 1));
}

function findNewcomers(catalogue: Catalogue, lead: LiveModel, reader: LiveModel, since: number): Newcomer[] {
  return createdSince(catalogue, since).flatMap(listed => {
    const id = catalogue.idOf(listed);
    const row = reader.scorer.products.rowOf(id);
    if (row < 0) return [];
    const isUnliked = can(reader.scorer, 'tellLiked') && !reader.scorer.wasLiked(row);
    const isUnknown = lead.scorer.products.rowOf(id) < 0 || isUnliked;
    return isUnknown ? [{ listed, row }] : [];
  });
}

/** The newcomers of a catalogue, remembered for each model that reads. */
export function createNewcomers(catalogue: Catalogue): Newcomers {
  interface Found {
    readonly lead: LiveModel;
    readonly since: number;
    /** Of the catalogue: rows stay, so it tells whether products came. */
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
