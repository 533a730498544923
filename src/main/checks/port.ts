import { once } from 'node:events';
import { createServer } from 'node:net';
import { GatewayError } from '../../domain/errors';
import { readHealth } from './health';

const highestPort = 65_535;
const responseMs = 500;
/** Ports above a busy one that are tried, to name a free one. */
const triedPorts = 20;
/** An example per setting of a port that the system does not reserve. */
const unreserved = { PORT: 4000, AFFINITY_HEALTH_PORT: 4001 };

/** Returns whether a gateway of Affinity listens on the port. */
async function isAffinity(host: string, port: number): Promise<boolean> {
  const address = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const name = address.includes(':') ? `[${address}]` : address;
  const health = await readHealth(`http://${name}:${port}/health/live`, responseMs);
  return health?.body === '{"status":"live"}';
}

async function tryPort(host: string, port: number): Promise<void> {
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } finally {
    server.close();
  }
}

/** Returns a free port above `port`; 0, which lets the system choose, when there is none near. */
async function findNextPort(host: string, port: number): Promise<number> {
  for (let next = port + 1; next <= Math.min(highestPort, port + triedPorts); next++) {
    const isFree = await tryPort(host, next).then(
      () => true,
      () => false,
    );
    if (isFree) return next;
  }
  return 0;
}

/** The settings that name ports. */
export type PortSetting = 'PORT' | 'AFFINITY_HEALTH_PORT';

async function problemOf(
  host: string,
  port: number,
  { code, setting }: { readonly code: string; readonly setting: PortSetting },
): Promise<string> {
  switch (code) {
    case 'EADDRINUSE': {
      const who = (await isAffinity(host, port)) ? 'another Affinity' : 'another process';
      const next = await findNextPort(host, port);
      return `Expected port ${port} of ${host} to be free; ${who} listens there. Stop it, or choose another port: ${setting}=${next}.`;
    }
    case 'EACCES':
      return `Expected a port that this account may listen on; got ${port}, which the system reserves. Choose one from 1024 on, such as ${setting}=${unreserved[setting]}.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `Expected HOST to be an address of this machine; got ${host}. Set HOST=127.0.0.1, or HOST=0.0.0.0 for all its addresses.`;
    default:
      return `Expected to listen on ${host}:${port}; got ${code}. Change HOST or ${setting}.`;
  }
}

/** Converts a failure to listen to an error with a remedy. @param cause - its `code` is what the system gave */
export async function listenFailure(
  host: string,
  port: number,
  cause: unknown,
  setting: PortSetting = 'PORT',
): Promise<GatewayError> {
  const { code = 'an error' } = cause as NodeJS.ErrnoException;
  const message = await problemOf(host, port, { code, setting });
  return new GatewayError('CONFIG_INVALID', message, { port }, { cause });
}

/** Checks that the port can be listened on, by listening for a moment. @throws {GatewayError} CONFIG_INVALID */
export async function checkPort(host: string, port: number, setting: PortSetting = 'PORT'): Promise<void> {
  await tryPort(host, port).catch(async error => {
    throw await listenFailure(host, port, error, setting);
  });
}

/** Checks the port of the health routes, which is not that of the gateway. @throws {GatewayError} CONFIG_INVALID */
export async function checkHealthPort(host: string, port: number, healthPort: number): Promise<void> {
  if (healthPort === port && port !== 0) {
    const message = `Expected AFFINITY_HEALTH_PORT to be another port than PORT; got ${port} for both. Set AFFINITY_HEALTH_PORT=${await findNextPort(host, port)}.`;
    throw new GatewayError('CONFIG_INVALID', message, { port });
  }
  await checkPort(host, healthPort, 'AFFINITY_HEALTH_PORT');
}
