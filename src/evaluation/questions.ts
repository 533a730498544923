import { historiesOf } from '../models/histories';
import type { ShopperHistory } from '../models/model';
import type { Snapshot } from '../snapshot/snapshot';
import type { HeldOut, Split } from '../snapshot/split';

/** One question: which products does this shopper prefer? Rows refer to the catalogue, except in the history. */
export interface Question {
  /** In rows of the scorer. */
  readonly history: ShopperHistory;
  /** The products to find: distinct, at least one. */
  readonly relevant: Uint32Array;
  /** Products that are not ranked because the shopper has them. Never relevant. */
  readonly excluded: Uint32Array;
  /** When given, only these and the relevant products are ranked. */
  readonly candidates?: Uint32Array;
  /** The history is a cart to complete: scorers that can are asked for complements. */
  readonly isCart?: boolean;
  /** Random products for the sampled protocol, one list per relevant product. */
  readonly negatives?: readonly Uint32Array[];
}

/** All questions of an evaluation. */
export interface Questions {
  /** The training data; its products are the catalogue. */
  readonly train: Snapshot;
  /** Ascending user rows of the snapshot, or numbers of the questions when these do not belong to users. */
  readonly userRows: Uint32Array;
  /**
   * @param index - into `userRows`
   * @param scorerRows - row in the scorer of every catalogue row, -1 where it has none
   */
  of(index: number, scorerRows: Int32Array): Question;
}

/** Rows of the users with held-out products. */
function askedUsers({ offsets }: HeldOut): Uint32Array {
  const users: number[] = [];
  for (let user = 0; user + 1 < offsets.length; user++) {
    if (offsets[user + 1] > offsets[user]) users.push(user);
  }
  return Uint32Array.from(users);
}

/** One question per user with held-out products. The history is the user's training data, which is not ranked. */
export function questionsOfSplit({ train, heldOut }: Split): Questions {
  const histories = historiesOf(train);
  const { indptr, indices } = histories.preferences;
  const userRows = askedUsers(heldOut);
  return {
    train,
    userRows,
    of(index, scorerRows) {
      const user = userRows[index];
      return {
        history: histories.of(user, scorerRows),
        relevant: heldOut.productRows.subarray(heldOut.offsets[user], heldOut.offsets[user + 1]),
        excluded: indices.subarray(indptr[user], indptr[user + 1]),
      };
    },
  };
}
