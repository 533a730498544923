import { Client } from 'pg';
import { GatewayError } from '../../domain/errors';

const connectMs = 5_000;
const minVersion = 14;

/** What is wrong, by the code of the system or PostgreSQL, and the remedy. No name or password of the connection string. */
const problems: ReadonlyMap<string, readonly [found: string, remedy: string]> = new Map([
  ['ECONNREFUSED', ['nothing listens there', 'Start PostgreSQL, or correct DATABASE_URL']],
  ['ENOTFOUND', ['no machine has that name', 'Correct the host in DATABASE_URL']],
  [
    'EAI_AGAIN',
    ['its name could not be looked up', 'Correct the host in DATABASE_URL, or mend name resolution'],
  ],
  [
    'EHOSTUNREACH',
    ['there is no way to that machine', 'Correct the host in DATABASE_URL, or mend the network'],
  ],
  [
    'ENETUNREACH',
    ['there is no way to that machine', 'Correct the host in DATABASE_URL, or mend the network'],
  ],
  ['ECONNRESET', ['it closed the connection', 'Check that a PostgreSQL listens there']],
  ['28P01', ['it refused the name or the password', 'Correct them in DATABASE_URL']],
  [
    '28000',
    ['it refused the name, or this machine', 'Correct the name in DATABASE_URL, or permit it in pg_hba.conf'],
  ],
  ['3D000', ['it has no such database', 'Create the database, or correct its name in DATABASE_URL']],
  ['42501', ['the account may not connect', 'Grant it the database of DATABASE_URL']],
  ['53300', ['it has no connection left', 'Raise max_connections, or lower AFFINITY_POOL_SIZE']],
  ['57P03', ['it is starting or stopping', 'Start again in a moment']],
]);

function refuse(url: string, [found, remedy]: readonly [found: string, remedy: string], cause?: unknown) {
  const { hostname, port } = new URL(url);
  return new GatewayError(
    'UNAVAILABLE',
    `Expected a PostgreSQL at ${hostname || 'the local socket'}:${port || 5432}; ${found}. ${remedy}.`,
    {},
    { cause },
  );
}

function problemOf(error: unknown): readonly [found: string, remedy: string] {
  const { code, message, errors } = error as NodeJS.ErrnoException & { errors?: readonly unknown[] };
  // Several addresses of one name were tried.
  if (errors !== undefined && errors.length > 0) return problemOf(errors[0]);
  const known = problems.get(code ?? '');
  if (known !== undefined) return known;
  if (/timeout/i.test(message))
    return ['it did not respond in 5 s', 'Check host and port in DATABASE_URL, and firewalls'];
  if (/SSL|certificate/i.test(message))
    return [`its encryption does not fit (${message})`, 'Correct sslmode in DATABASE_URL'];
  return [`it refused the connection (${code ?? message})`, 'Check that it runs, and DATABASE_URL'];
}

/**
 * Checks that a PostgreSQL of a supported version responds, and that the account may create what migrations create.
 *
 * @throws {GatewayError} CONFIG_INVALID for another address; UNAVAILABLE that says which of the possible causes it is
 */
export async function checkDatabase(url: string): Promise<void> {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new GatewayError(
      'CONFIG_INVALID',
      'Expected the address of a database that starts with postgres:// or postgresql://; got another text. Correct it.',
    );
  }
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: connectMs,
    query_timeout: connectMs,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number; name: string }>(
      "SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS name",
    );
    const [{ version, name }] = rows;
    if (version >= minVersion * 10_000) return;
    throw refuse(url, [`it is version ${name}`, `Upgrade it to ${minVersion} or newer`]);
  } catch (error) {
    throw error instanceof GatewayError ? error : refuse(url, problemOf(error), error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
