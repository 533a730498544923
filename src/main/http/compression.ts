import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import type { FastifyInstance } from 'fastify';
import { bodyEncodings } from './requestHead';

/** Responses below this many bytes are not compressed: they fit into one packet. */
const minBytes = 1024;
/** Responses up to this many bytes are compressed at once; a stream costs ten times as much for them. */
const atOnceBytes = 65_536;

/**
 * Compresses the responses of a scope and accepts compressed bodies. The limit of the body holds for the inflated size,
 * and inflating stops there. To be called before the routes are added.
 *
 * Not for routes that authenticate by cookie: a page of another site could make a browser send requests and measure the
 * compressed sizes (BREACH). Requests that carry their credential in a header cannot be made by another site.
 */
export async function addCompression(scope: FastifyInstance): Promise<void> {
  await scope.register(compress, {
    // Brotli at this quality is a few percent smaller than gzip and costs twice as much.
    encodings: ['gzip', 'br'],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
    threshold: minBytes,
    syncThreshold: atOnceBytes,
    requestEncodings: [...bodyEncodings],
  });
  scope.addHook('preParsing', async ({ raw }, reply, payload) => {
    // A refused body is inflated no further.
    if (payload !== raw) reply.raw.once('close', () => payload.destroy());
    return payload;
  });
}
