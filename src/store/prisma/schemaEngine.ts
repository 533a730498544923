import { readFileSync } from 'node:fs';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  type ColumnType,
  ColumnTypeEnum,
  DriverAdapterError,
} from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import { type DatabaseError, Pool, type QueryResult } from 'pg';

const bindingsName = '@prisma/schema-engine-wasm/schema_engine_bg';
/** PostgreSQL's one-byte type "char", used in its system catalogue. */
const oneByteCharOid = 18;
/** A type that no query of the engine returns; it stands in for "char", which adapter-pg rejects as unknown. */
const carrierOid = 2950;

type Exports = { __wbindgen_start(): void };

/** The part of the global WebAssembly used here; TypeScript declares it in its `dom` library only. */
interface Instantiates {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: Exports } }>;
}

type Bindings = typeof import('@prisma/schema-engine-wasm/schema_engine_bg') & {
  __wbg_set_wasm(exports: Exports): void;
};

let bindings: Promise<Bindings> | undefined;

/**
 * Returns the engine's imports with timers that do not keep the process alive: it sets a timer of ten seconds around its
 * lock and never clears it. The function's name contains a hash, so it is found by its prefix.
 */
function importsOf(module: Bindings): object {
  const imports: Record<string, unknown> = { ...module };
  for (const name of Object.keys(imports).filter(key => key.startsWith('__wbg_setTimeout'))) {
    imports[name] = (work: () => void, ms: number) => setTimeout(work, ms).unref();
  }
  return imports;
}

/**
 * Instantiates the engine directly, because the package's entry imports the .wasm file as a module, which Node supports
 * only with a flag. Remove when the package has an entry for Node.
 */
async function instantiate(): Promise<Bindings> {
  // The engine reports the reason of a panic to this global; without it a panic ends the process.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: () => undefined } });
  const module = (await import('@prisma/schema-engine-wasm/schema_engine_bg')) as Bindings;
  const wasm = readFileSync(require.resolve(bindingsName).replace(/\.js$/, '.wasm'));
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Instantiates };
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': importsOf(module) });
  module.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return module;
}

/**
 * A pool that replaces the type "char" of catalogue columns by one that adapter-pg 7.10 accepts; {@link adapterOver}
 * restores it. Without it the engine cannot inspect a database. Remove when the adapter supports the type.
 */
class CataloguePool extends Pool {
  override query = (async (...given: Parameters<Pool['query']>) => {
    const result = await (super.query(...given) as unknown as Promise<QueryResult>);
    // A script of several statements returns a list, which has no fields.
    for (const field of result.fields ?? []) {
      if (field.dataTypeID === oneByteCharOid) field.dataTypeID = carrierOid;
    }
    return result;
  }) as unknown as Pool['query'];
}

const restoreChar = (type: ColumnType): ColumnType =>
  type === ColumnTypeEnum.Uuid ? ColumnTypeEnum.Character : type;

/**
 * Prisma's adapter over the pool, with "char" columns restored and scripts sent whole, so that PostgreSQL applies each
 * script atomically. (adapter-pg 7.10 splits a script at every semicolon, even quoted ones, and commits each piece.)
 */
function adapterOver(pool: Pool) {
  const factory = new PrismaPg(pool);
  const connect = async () => {
    const adapter = await factory.connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async query => {
      const result = await queryRaw(query);
      return { ...result, columnTypes: result.columnTypes.map(restoreChar) };
    };
    adapter.executeScript = async script => {
      await pool.query(script).catch((error: DatabaseError) => {
        const { code = '', severity = '', message, detail, column, hint } = error;
        throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint });
      });
    };
    return adapter;
  };
  const connectToShadowDb = () => Promise.reject(new Error('No shadow database: see docs/decisions/0003.'));
  const { provider, adapterName } = factory;
  return bindMigrationAwareSqlAdapterFactory({ provider, adapterName, connect, connectToShadowDb });
}

/** Wraps the text of a schema in the engine's format. */
export const toFiles = (schema: string) => [{ path: 'schema.prisma', content: schema }];

/**
 * Runs `work` with Prisma's schema engine (WebAssembly) over a database.
 *
 * @param url - connection string
 * @param schema - text of schema.prisma
 */
export async function withSchemaEngine<Result>(
  url: string,
  schema: string,
  work: (engine: SchemaEngine) => Promise<Result>,
): Promise<Result> {
  bindings ??= instantiate();
  const loaded = await bindings;
  const pool = new CataloguePool({ connectionString: url, max: 2 });
  pool.on('error', () => undefined);
  try {
    const adapter = adapterOver(pool);
    const engine = await loaded.SchemaEngine.new(
      { datamodels: [['schema.prisma', schema]] },
      () => undefined,
      adapter,
    );
    return await work(engine).finally(() => engine.free());
  } finally {
    await pool.end();
  }
}
