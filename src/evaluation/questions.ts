import { historiesOf } from '../models/histories';
import type { ShopperHistory } from '../models/model';
import type { Snapshot } from '../snapshot/snapshot';
import type { HeldOut, Split } from '../snapshot/split';

/** One thing a model is asked: what would this shopper like? Rows are of the catalogue, but the history's. */
export interface Question {
  /** In rows of the scorer that is asked. */
  readonly history: ShopperHistory;
  /** What is to be found: distinct, at least one. */
  readonly relevant: Uint32Array;
  /** Not ranked: what the shopper had. Never relevant. */
  readonly excluded: Uint32Array;
  /** Where given, only these and the relevant ones are ranked. */
  readonly candidates?: Uint32Array;
  /** What would complete the history, a cart: scorers that say so are asked for complements. */
  readonly isCart?: boolean;
  /** Drawn products for the sampled protocol, one list a relevant product. */
  readonly negatives?: readonly Uint32Array[];
}

/** All that a model is asked after training. */
export interface Questions {
  /** What was learned from; its products are the catalogue. */
  readonly train: Snapshot;
  /** Who asks, ascending: user rows of the snapshot, or the questions' own numbers where these are nobody's. */
  readonly askers: Uint32Array;
  /**
   * @param index - of the asker
   * @param scorerRows - row in the scorer of every catalogue row, -1 where it has none
   */
  of(index: number, scorerRows: Int32Array): Question;
}

/** Users with something held out. */
function askedUsers({ offsets }: HeldOut): Uint32Array {
  const users: number[] = [];
  for (let user = 0; user + 1 < offsets.length; user++) {
    if (offsets[user + 1] > offsets[user]) users.push(user);
  }
  return Uint32Array.from(users);
}

/** One question a user with something held out: their history in training; what they had there is not ranked. */
export function questionsOfSplit({ train, heldOut }: Split): Questions {
  const histories = historiesOf(train);
  const { indptr, indices } = histories.preferences;
  const askers = askedUsers(heldOut);
  return {
    train,
    askers,
    of(index, scorerRows) {
      const user = askers[index];
      return {
        history: histories.of(user, scorerRows),
        relevant: heldOut.productRows.subarray(heldOut.offsets[user], heldOut.offsets[user + 1]),
        excluded: indices.subarray(indptr[user], indptr[user + 1]),
      };
    },
  };
}
