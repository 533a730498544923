import { GatewayError } from '../../domain/errors';
import type { PageCursor } from '../../store/ports/page';

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

/**
 * Returns the position of a cursor.
 *
 * @throws {GatewayError} BAD_USER_INPUT unless {@link encodeCursor} made it for this kind
 */
export function decodeCursor(kind: string, cursor: string): PageCursor {
  const parts = cursor.length <= 1024 ? parsed(cursor) : null;
  if (!Array.isArray(parts) || parts.length !== 3 || parts[0] !== kind) throw badCursor();
  const [, at, id] = parts as unknown[];
  if (typeof at !== 'number' || !Number.isSafeInteger(at) || typeof id !== 'string' || id.length > 256) {
    throw badCursor();
  }
  return { at, id };
}
