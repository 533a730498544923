import { ArgsType, Field, Int } from 'type-graphql';
import { GatewayError } from '../../domain/errors';
import type { PageRequest } from '../../store/ports/page';
import { decodeCursor } from './cursor';

/** Most rows of one page. */
export const maxPageSize = 100;
/** Rows of a page when the caller does not say. */
export const defaultPageSize = 20;

/** @throws {GatewayError} BAD_USER_INPUT unless `first` is 1 to {@link maxPageSize} */
export function checkFirst(first: number): number {
  if (first >= 1 && first <= maxPageSize) return first;
  throw new GatewayError(
    'BAD_USER_INPUT',
    `Expected \`first\` to be 1 to ${maxPageSize}; got ${first}. Ask for several pages.`,
    { first },
  );
}

/** How to page through a connection. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: defaultPageSize, description: 'How many rows, 1 to 100.' })
  readonly first!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Start after this cursor: `pageInfo.endCursor` of the page before.',
  })
  readonly after?: string | null;
}

/** What the store is asked for. @throws {GatewayError} BAD_USER_INPUT */
export function pageRequest(kind: string, { first, after }: PageArgs): PageRequest {
  const checked = checkFirst(first);
  return after === undefined || after === null
    ? { first: checked }
    : { first: checked, after: decodeCursor(kind, after) };
}
