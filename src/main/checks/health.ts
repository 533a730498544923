import { get } from 'node:http';
import { text } from 'node:stream/consumers';

/** What a health route responded. */
export interface Health {
  readonly status: number;
  readonly body: string;
}

/**
 * Asks a health route; null when there is no response in time. The built-in `fetch` does not settle when the server closes
 * the connection at once, and lets a process without other work end meanwhile.
 */
export function readHealth(url: string, timeoutMs: number): Promise<Health | null> {
  return new Promise(resolve => {
    const request = get(url, { signal: AbortSignal.timeout(timeoutMs) }, response => {
      text(response).then(
        body => resolve({ status: response.statusCode ?? 0, body }),
        () => resolve(null),
      );
    });
    request.on('error', () => resolve(null));
  });
}
