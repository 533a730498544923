import { GatewayError } from '../../domain/errors';
import { maxEventKeyLength } from '../../domain/eventKey';
import { isStorable } from '../../intake/storable';
import type { PageCursor } from '../../store/ports/page';

/** Maximum length of a cursor. The longest id, the key of an event, takes at most 1,674 bytes of JSON, or 2,232 of base64. */
const maxCursorLength = 4096;
/** Maximum of a sort key: the end of the year 9999. Keys are instants, ranks, numbers of products and weights. */
const maxKey = 253_402_300_799_999;

const badCursor = (): GatewayError =>
  new GatewayError(
    'BAD_USER_INPUT',
    'Expected `after` to be a cursor of this connection; got something else. Use `pageInfo.endCursor` of the previous page.',
  );

/** Returns an opaque cursor. `kind` names the connection, so that its cursors are refused by other connections. */
export function encodeCursor(kind: string, { at, id }: PageCursor): string {
  return Buffer.from(JSON.stringify([kind, at, id])).toString('base64url');
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

const isKey = (at: unknown): at is number =>
  typeof at === 'number' && Number.isSafeInteger(at) && at >= 0 && at <= maxKey;

const isId = (id: unknown): id is string =>
  typeof id === 'string' && id.length <= maxEventKeyLength && isStorable(id);

/**
 * Returns the position of a cursor.
 *
 * @throws {GatewayError} BAD_USER_INPUT unless {@link encodeCursor} made it for this kind
 */
export function decodeCursor(kind: string, cursor: string): PageCursor {
  const parts = cursor.length <= maxCursorLength ? parsed(cursor) : null;
  if (!Array.isArray(parts) || parts.length !== 3 || parts[0] !== kind) throw badCursor();
  const [, at, id] = parts as unknown[];
  if (!isKey(at) || !isId(id) || encodeCursor(kind, { at, id }) !== cursor) throw badCursor();
  return { at, id };
}
