import { connect, type Socket } from 'node:net';

/** A request whose body is sent in two parts, so that it is in progress for as long as a test needs. */
export interface SlowUpload {
  /** Sends the rest of the body and resolves with the whole response. */
  finish(): Promise<string>;
  /** Resolves when the server has closed the connection. */
  readonly closed: Promise<void>;
}

const part = (socket: Socket, text: string): Promise<void> =>
  new Promise((resolve, reject) => socket.write(text, error => (error ? reject(error) : resolve())));

/** Sends the head of a GraphQL request and half of its body. */
export async function startSlowUpload(url: string, token: string, query: string): Promise<SlowUpload> {
  const { hostname, port } = new URL(url);
  const body = JSON.stringify({ query });
  const head = [
    'POST /graphql HTTP/1.1',
    'host: affinity.example',
    'content-type: application/json',
    `authorization: Bearer ${token}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ].join('\r\n');
  const socket = connect(Number(port), hostname).setNoDelay();
  const chunks: Buffer[] = [];
  const closed = new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.once('end', () => socket.end());
    socket.once('close', () => resolve());
    socket.once('error', reject);
  });
  closed.catch(() => undefined);
  await part(socket, `${head}\r\n\r\n${body.slice(0, 5)}`);
  return {
    closed,
    async finish() {
      await part(socket, body.slice(5));
      await closed;
      return Buffer.concat(chunks).toString('utf8');
    },
  };
}
