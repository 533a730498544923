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
/** PostgreSQL's one-byte "char", as its own catalogue uses it. */
const oneByteCharOid = 18;
/** A type that no query of the engine answers, to carry "char" through adapter-pg, which refuses types it does not know. */
const carrierOid = 2950;

type Exports = { __wbindgen_start(): void };

/** The part of the global WebAssembly that is needed: TypeScript has its types only with the DOM's. */
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
 * What the engine imports, with timers that do not keep the process alive: it sets one of ten seconds around its lock and
 * never clears it. The function's name carries a hash, so it is found by its beginning.
 */
function importsOf(module: Bindings): object {
  const imports: Record<string, unknown> = { ...module };
  for (const name of Object.keys(imports).filter(key => key.startsWith('__wbg_setTimeout'))) {
    imports[name] = (work: () => void, ms: number) => setTimeout(work, ms).unref();
  }
  return imports;
}

/**
 * The package's own entry imports the .wasm file as a module, which Node does not know without a flag: so it is
 * instantiated here by hand. Remove when the package has an entry for Node.
 */
async function instantiate(): Promise<Bindings> {
  // The engine tells a panic's reason to this global; without one the panic takes the process down.
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
 * A pool that gives the catalogue's "char" columns a type adapter-pg 7.10 lets pass; {@link adapterOver} gives them their
 * own back. Without it the engine cannot look at a database. Remove when the adapter knows the type.
 */
class CataloguePool extends Pool {
  override query = (async (...given: Parameters<Pool['query']>) => {
    const result = await (super.query(...given) as unknown as Promise<QueryResult>);
    // A script of several statements answers with a list, which has no fields of its own.
    for (const field of result.fields ?? []) {
      if (field.dataTypeID === oneByteCharOid) field.dataTypeID = carrierOid;
    }
    return result;
  }) as unknown as Pool['query'];
}

const restoreChar = (type: ColumnType): ColumnType =>
  type === ColumnTypeEnum.Uuid ? ColumnTypeEnum.Character : type;

/**
 * Prisma's adapter over the pool, with "char" columns restored, and scripts sent whole, so that PostgreSQL applies all
 * of one or nothing. (adapter-pg 7.10 cuts a script at every semicolon, quoted ones too, and commits each piece.)
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

/** A schema's text, as the engine takes it. */
export const toFiles = (schema: string) => [{ path: 'schema.prisma', content: schema }];

/**
 * Runs `work` with Prisma's own schema engine, in WebAssembly, over a database.
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
