import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

/** A database for one test. */
export interface TestDatabase {
  readonly url: string;
  /** Removes it, and closes the connections that are still open. */
  drop(): Promise<void>;
}

function serverUrl(): URL {
  const { AFFINITY_TEST_SERVER: url } = process.env;
  if (url === undefined)
    throw new Error('Expected the server of globalSetup.ts; there is none. Run under jest.');
  return new URL(url);
}

const at = (database: string) => Object.assign(serverUrl(), { pathname: `/${database}` }).href;

async function onServer(sql: string): Promise<void> {
  const client = new Client({ connectionString: at('postgres') });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

async function create(template: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  return { url: at(name), drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** A fresh, migrated, empty database: a copy of the run's template, some tens of milliseconds. */
export const createTestDatabase = (): Promise<TestDatabase> => create('affinity');

/** A database without any table. */
export const createEmptyDatabase = (): Promise<TestDatabase> => create('template0');
