import type { FastifyRequest } from 'fastify';
import { HttpRefusal } from './httpRefusal';

/** Returns whether an `Origin` names the host that the request was sent to. The scheme may differ behind a proxy. */
const isOwn = (origin: string, host: string | undefined): boolean =>
  host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();

/**
 * Returns whether a request was made by a page of this gateway. Browsers say so in `Sec-Fetch-Site` (over HTTPS and on
 * this machine) and, for POST, in `Origin`. A request with neither comes from no page.
 */
function isSameOrigin({ headers }: FastifyRequest): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return origin === undefined || isOwn(origin, host);
}

/** @throws {HttpRefusal} 403 when a page of another origin made the request */
export function refuseOtherOrigins(request: FastifyRequest): void {
  if (isSameOrigin(request)) return;
  throw new HttpRefusal(
    403,
    'Expected a request by a page of this gateway; got one by a page of another origin. Open the playground itself.',
  );
}
