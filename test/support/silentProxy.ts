import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy that can stop forwarding, as a network that drops packets or a stopped server does. */
export interface SilentProxy {
  /** The given address with the port of the proxy. */
  readonly url: string;
  /** Stops forwarding in both directions; connections stay open, and new ones are accepted. */
  silence(): void;
  /** Forwards again, including what arrived meanwhile. */
  resume(): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free port of loopback in front of the server of `target`. */
export async function startSilentProxy(target: string): Promise<SilentProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let isSilent = false;
  const server = createServer(incoming => {
    const outgoing = connect(Number(port), hostname);
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ]) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.on('data', bytes => to.write(bytes));
      if (isSilent) from.pause();
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const proxied = new URL(target);
  proxied.hostname = '127.0.0.1';
  proxied.port = String((server.address() as AddressInfo).port);
  return {
    url: proxied.href,
    silence() {
      isSilent = true;
      for (const socket of sockets) socket.pause();
    },
    resume() {
      isSilent = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
