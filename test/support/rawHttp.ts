import { connect, type Socket } from 'node:net';

/** A response as it came over the socket. */
export interface RawResponse {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

function toResponse(text: string): RawResponse {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]), head, body: text.slice(end + 4) };
}

/** Opens a connection and resolves with it once it is open. */
export const openSocket = (url: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket: Socket = connect(Number(port), hostname, () => resolve(socket));
    socket.once('error', reject);
  });

/** Returns what the server sent until it closed the connection. */
export async function readUntilClose(socket: Socket): Promise<RawResponse> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>(resolve => {
    socket.once('error', () => resolve());
    socket.once('close', () => resolve());
  });
  return toResponse(Buffer.concat(chunks).toString('latin1'));
}

/**
 * Sends bytes as they are, which an HTTP client would refuse to send, and returns the response. The bytes must make the
 * server close the connection, such as `connection: close`.
 */
export async function sendRaw(url: string, bytes: string): Promise<RawResponse> {
  const socket = await openSocket(url);
  const response = readUntilClose(socket);
  socket.write(Buffer.from(bytes, 'latin1'));
  return response;
}
