import type { InterestTagEdit } from '../../src/domain/interest';
import type { TagChange } from '../../src/store/ports/interest';

/** A decision that always edits one tag, for `InterestStore.editTag`. */
export const tagEdit =
  (tagId: string, edit: InterestTagEdit): (() => TagChange) =>
  () => ({ tagId, edit });
