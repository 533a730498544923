import { GatewayError } from '../../domain/errors';
import { type ListId, toListId } from '../../domain/ids';
import type { RecommendationList } from '../../domain/recommendation';
import { visibleList } from '../access/ownership';
import { type Connection, toConnection } from '../paging/connection';
import { type PageArgs, pageRequest } from '../paging/pageArgs';
import type { GraphqlContext } from '../request/context';
import { recommendationListByIdLoader } from './recommendation.loader';
import { type Recommendation, toRecommendation } from './recommendation.type';

const kind = 'items';

/** Which items of which list are requested. */
export interface ItemPageRequest {
  readonly first: number;
  /** The list that the cursor belongs to; null without a cursor. */
  readonly cursorListId: ListId | null;
  /** Number of items before the page. */
  readonly start: number;
}

/** @throws {GatewayError} BAD_USER_INPUT unless the cursor is one of a list's items */
export function itemPageRequest(args: PageArgs): ItemPageRequest {
  const { first, after } = pageRequest(kind, args);
  return {
    first,
    cursorListId: after === undefined ? null : toListId(after.id),
    start: Math.max(0, after?.at ?? 0),
  };
}

const badCursor = (): GatewayError =>
  new GatewayError(
    'BAD_USER_INPUT',
    'Expected `after` to be a cursor of a stored list for the same shopper or product; got another. Start again without `after`.',
  );

function pageFrom(
  list: RecommendationList,
  { first, start }: Pick<ItemPageRequest, 'first' | 'start'>,
): Connection<Recommendation> {
  const rows = list.items.slice(start, start + first);
  return toConnection({
    kind,
    page: { rows, hasNext: start + rows.length < list.items.length },
    isFirstPage: start === 0,
    cursorOf: ({ rank }) => ({ at: rank, id: list.id }),
    nodeOf: item => toRecommendation(item, list),
  });
}

/**
 * Returns a page of the items of a list. Each cursor names its list.
 *
 * @throws {GatewayError} BAD_USER_INPUT when the cursor belongs to another list
 */
export function itemPage(list: RecommendationList, request: ItemPageRequest): Connection<Recommendation> {
  if (request.cursorListId !== null && request.cursorListId !== list.id) throw badCursor();
  return pageFrom(list, request);
}

/**
 * Returns the next page of the list that a cursor belongs to, for a client that repeats its whole query for each page and
 * thereby makes a new list. A list that is not stored, such as a preview, cannot be read again: the page then has the next
 * ranks of the new list.
 *
 * @param list - the new list
 * @param isStored - whether lists of this caller are stored
 * @throws {GatewayError} BAD_USER_INPUT when the cursor's list is for another shopper or product, or is not stored any more
 */
export async function continuedItemPage(
  list: RecommendationList,
  isStored: boolean,
  request: ItemPageRequest,
  { loader, principal }: GraphqlContext,
): Promise<Connection<Recommendation>> {
  const { cursorListId } = request;
  const found = cursorListId === null ? list : await loader(recommendationListByIdLoader).load(cursorListId);
  const earlier = visibleList(principal, found);
  if (earlier === null && !isStored) return pageFrom(list, request);
  if (earlier?.userId === list.userId && earlier.sourceProductId === list.sourceProductId) {
    return pageFrom(earlier, request);
  }
  throw badCursor();
}
