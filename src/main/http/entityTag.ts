import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Request headers on which a cacheable response depends. */
const vary = 'Authorization, Accept, Accept-Encoding';

/** A weak tag: the same content has the same tag, compressed or not. */
const tagOf = (body: string): string =>
  `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;

const matches = (condition: string, tag: string): boolean =>
  condition.split(',').some(candidate => {
    const known = candidate.trim();
    return known === '*' || known === tag || `W/${known}` === tag;
  });

/**
 * Adds an entity tag to a response that its caller may cache.
 *
 * @returns the body, or an empty one with status 304 when the client has it already (RFC 9110, section 13.1.2)
 */
export function tagEntity({ headers }: FastifyRequest, reply: FastifyReply, body: string): string {
  const tag = tagOf(body);
  const others = reply.getHeader('vary');
  reply.headers({ etag: tag, vary: others === undefined ? vary : `${String(others)}, ${vary}` });
  const condition = headers['if-none-match'];
  if (condition === undefined || !matches(condition, tag)) return body;
  reply.code(304).removeHeader('content-type');
  return '';
}
