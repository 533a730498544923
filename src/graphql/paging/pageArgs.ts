import { ArgsType, Field, Int } from 'type-graphql';
import { GatewayError } from '../../domain/errors';
import type { PageRequest } from '../../store/ports/page';
import { decodeCursor } from './cursor';

/** Maximum number of rows per page. */
export const maxPageSize = 100;
/** Number of rows per page when `first` is omitted. */
export const defaultPageSize = 20;

/** Returns `first`. @throws {GatewayError} BAD_USER_INPUT unless it is 1 to {@link maxPageSize} */
export function checkFirst(first: number): number {
  if (first >= 1 && first <= maxPageSize) return first;
  throw new GatewayError(
    'BAD_USER_INPUT',
    `Expected \`first\` to be 1 to ${maxPageSize}; got ${first}. Request several pages.`,
    { first },
  );
}

/** Paging arguments of a connection. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: defaultPageSize, description: 'Maximum number of rows, 1 to 100.' })
  readonly first!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor to start after: `pageInfo.endCursor` of the previous page.',
  })
  readonly after?: string | null;
}

/** Converts paging arguments to a request to the store. @throws {GatewayError} BAD_USER_INPUT */
export function pageRequest(kind: string, { first, after }: PageArgs): PageRequest {
  const checked = checkFirst(first);
  return after === undefined || after === null
    ? { first: checked }
    : { first: checked, after: decodeCursor(kind, after) };
}
