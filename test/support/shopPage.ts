import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves an empty page on a port of its own, which makes it another origin. */
export async function startShopPage(): Promise<{ readonly origin: string; readonly server: Server }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>Shop</title>');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
