import type { Admission } from './admission';
import { type AllowedOrigins, readableBy } from './cors';
import { type EarlyResponder, prepareJson } from './earlyResponses';
import { bodyOfError, headersOfCode, overloaded } from './httpRefusal';
import { createPace, type Pace } from './pace';

const graphqlPath = /^\/(playground\/)?graphql($|\?)/;
/** Refusals that wait at most; further ones are sent at once. */
const maxWaiting = 1024;

/** Dependencies of a shedder. */
export interface ShedderOptions {
  readonly admission: Pick<Admission, 'refuses'>;
  readonly origins: AllowedOrigins;
  /** Of the refusals. */
  readonly pace?: Pace;
}

/**
 * Creates a shedder of GraphQL requests under overload. It responds before Fastify handles the request, which costs a third:
 * under overload most requests are refused, and their cost is taken from the others. Many refusals are spread over a second,
 * because clients that send again after each refusal would otherwise make the overload worse.
 */
export function createShedder(options: ShedderOptions): EarlyResponder {
  const { admission, origins, pace = createPace() } = options;
  const send = prepareJson(503, bodyOfError(overloaded), headersOfCode(overloaded.code));
  let waiting = 0;
  return ({ method, url = '', headers: { origin } }, response) => {
    if (method === 'OPTIONS' || !graphqlPath.test(url) || !admission.refuses()) return false;
    const respond = () => send(response, readableBy(origins, origin));
    if (waiting >= maxWaiting) respond();
    else {
      waiting++;
      void pace.wait().then(() => {
        waiting--;
        if (!response.destroyed) respond();
      });
    }
    return true;
  };
}
