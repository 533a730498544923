import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { GatewayError } from '../domain/errors';
import { defaultQuotaSizes, type QuotaSizes } from '../graphql/limits/hourlyQuota';
import { defaultTrainings, trainableNames } from './trainables';

const flag = z.enum(['true', 'false', '1', '0']).transform(value => value === 'true' || value === '1');
const integer = (low: number, high: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'a whole number')
    .transform(Number)
    .pipe(z.number().min(low).max(high));
const url = (...protocols: readonly string[]) =>
  z.string().refine(
    value => {
      const parsed = URL.canParse(value) ? new URL(value) : null;
      return parsed !== null && protocols.includes(parsed.protocol);
    },
    `an address that starts with ${protocols.map(protocol => `${protocol}//`).join(' or ')}`,
  );

const isOrigin = (text: string): boolean => {
  const isWeb = /^https?:/.test(text);
  // Pages in apps have schemes of their own: capacitor://localhost.
  return isWeb
    ? URL.canParse(text) && new URL(text).origin === text && !text.includes('*')
    : /^[a-z][a-z\d+.-]*:\/\/[\w.:-]+$/.test(text);
};

const origins = z
  .string()
  .transform(text => (text.trim() === '*' ? ('*' as const) : text.split(',').map(origin => origin.trim())))
  .refine(
    list => list === '*' || list.every(isOrigin),
    'origins as browsers send them, separated by commas (https://shop.example, without a path or a slash at the end), or *',
  );

const modelNames = z
  .string()
  .transform(text => text.split(',').map(name => name.trim()))
  .refine(
    names => names.every(name => trainableNames.includes(name)),
    `names, separated by commas, among ${trainableNames.join(', ')}`,
  );

/** Every environment variable of the gateway; nothing else reads `process.env`. docs/configuration.md lists the same. */
const environmentSchema = z.object({
  /** `production` disables development defaults (generated secret, printed tokens, demo shop). */
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  /** Port of the HTTP server; 0: any free port. */
  PORT: integer(0, 65_535).default(4000),
  /** Address to listen on. Default: loopback. */
  HOST: z.string().min(1).default('127.0.0.1'),
  /** Port on which a thread of its own serves the health routes; 0: any free port. */
  AFFINITY_HEALTH_PORT: integer(0, 65_535).optional(),
  /** Origins whose pages may call the gateway from a browser. */
  AFFINITY_CORS_ORIGINS: origins.optional(),
  /** Manifest of trusted documents, as Relay's or Apollo's tools write it. */
  AFFINITY_TRUSTED_DOCUMENTS: z.string().min(1).optional(),
  /** Seconds within which a whole request must arrive. */
  AFFINITY_REQUEST_TIMEOUT_SECONDS: integer(1, 3600).default(30),
  /** Maximum number of open connections. */
  AFFINITY_MAX_CONNECTIONS: integer(16, 1_000_000).default(4096),
  /** Folder of the embedded database and of generated secrets. */
  AFFINITY_DATA_DIR: z.string().min(1).default('.affinity'),
  /** Connection string of a PostgreSQL; without it the embedded one is started. */
  DATABASE_URL: url('postgres:', 'postgresql:').optional(),
  /** Redis or Valkey for the job queue; without it jobs are stored in PostgreSQL. */
  REDIS_URL: url('redis:', 'rediss:').optional(),
  /** Maximum database connections for requests per process. */
  AFFINITY_POOL_SIZE: integer(2, 100).default(10),
  /** Milliseconds that a request waits for the database before it gets UNAVAILABLE. */
  AFFINITY_DATABASE_DEADLINE_MS: integer(100, 60_000).default(2_000),
  /** Secret for HS256 tokens, at least 32 bytes. */
  AFFINITY_JWT_SECRET: z.string().min(32, 'at least 32 characters').optional(),
  /** Secret from which the key of addresses that end subscriptions is derived; that of the tokens by default. */
  AFFINITY_UNSUBSCRIBE_SECRET: z.string().min(32, 'at least 32 characters').optional(),
  /** URL of the public keys for RS256, ES256 and EdDSA tokens. */
  AFFINITY_JWKS_URL: url('https:', 'http:').optional(),
  /** Age in seconds at which the public keys are fetched again: a withdrawn key verifies no token after it. */
  AFFINITY_JWKS_MAX_AGE_SECONDS: integer(10, 3600).default(60),
  /** Required `iss` of tokens. */
  AFFINITY_JWT_ISSUER: z.string().min(1).default('affinity'),
  /** Required `aud` of tokens. */
  AFFINITY_JWT_AUDIENCE: z.string().min(1).default('affinity'),
  /** Threads of a training. */
  AFFINITY_THREADS: integer(1, 256).optional(),
  /** Whether `affinity start` also runs training jobs. */
  AFFINITY_WORKER: flag.default(true),
  /** Whether an empty database is filled with the demo shop; by default only outside production. */
  AFFINITY_DEMO: flag.optional(),
  /** Size of the demo shop, 1 = 2,000 users. */
  AFFINITY_DEMO_SCALE: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,3})?$/, 'a number')
    .transform(Number)
    .pipe(z.number().min(0.05).max(100))
    .default(1),
  /** Minutes between checks whether the models of a shop should be retrained; 0: never. */
  AFFINITY_RETRAIN_MINUTES: integer(0, 10_080).default(60),
  /** Half-life of an event’s weight in interests, in days. */
  AFFINITY_INTEREST_HALF_LIFE_DAYS: integer(1, 3650).default(30),
  /** Models and insights that are trained for every shop. */
  AFFINITY_MODELS: modelNames.optional(),
  /** Base URL, before `/embeddings`, of an OpenAI-compatible service that encodes product texts. */
  AFFINITY_ENCODER_URL: url('https:', 'http:').optional(),
  /** Embedding model of that service. */
  AFFINITY_ENCODER_MODEL: z.string().min(1).optional(),
  /** Key of that service. */
  AFFINITY_ENCODER_KEY: z.string().min(1).optional(),
  /** Folder of an ONNX model that encodes product texts, instead of a service. */
  AFFINITY_ENCODER_DIR: z.string().min(1).optional(),
  /** Number of products from which search is approximate (hnswlib-node); without it search is always exact. */
  AFFINITY_HNSW_FROM: integer(5000, 999_999_999).optional(),
  /** Seconds after a request to stop during which connections are still accepted while readiness is false. */
  AFFINITY_DRAIN_SECONDS: integer(0, 300).optional(),
  /** Seconds from a request to stop to the end of the process. */
  AFFINITY_GRACE_SECONDS: integer(1, 3600).optional(),
  /** Events that a SHOPPER’s token may send per shopper, hour and gateway. */
  AFFINITY_SHOPPER_EVENTS_PER_HOUR: integer(1, 999_999_999).default(defaultQuotaSizes.shopperEvents),
  /** Lists that are stored per shopper, hour and gateway for SHOPPER tokens; further lists are served, but not stored. */
  AFFINITY_SHOPPER_LISTS_PER_HOUR: integer(1, 999_999_999).default(defaultQuotaSizes.shopperLists),
  /** Stubs of unknown products that events may create per shop, hour and gateway. */
  AFFINITY_PRODUCT_STUBS_PER_HOUR: integer(1, 999_999_999).default(defaultQuotaSizes.productStubs),
  /** Lowest severity that is logged. */
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
});

/** The encoder of product texts. */
export type EncoderConfig =
  | { readonly kind: 'api'; readonly baseUrl: string; readonly model: string; readonly key: string | null }
  /** `folder` is absolute. */
  | { readonly kind: 'onnx'; readonly folder: string };

/** The settings of a process, parsed once and frozen. */
export interface Config {
  readonly isProduction: boolean;
  readonly port: number;
  readonly host: string;
  /** Port of the thread that serves the health routes; null: none. */
  readonly healthPort: number | null;
  /** Origins whose pages may call the gateway from a browser; empty: none. */
  readonly corsOrigins: '*' | readonly string[];
  /** Absolute path of the manifest of trusted documents; null: every document is executed. */
  readonly trustedDocuments: string | null;
  readonly requestTimeoutSeconds: number;
  readonly maxConnections: number;
  /** Absolute path. */
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly poolSize: number;
  /** Milliseconds that a request waits for the database. */
  readonly databaseDeadlineMs: number;
  readonly jwtSecret: string | null;
  readonly unsubscribeSecret: string | null;
  readonly jwksUrl: string | null;
  readonly jwksMaxAgeSeconds: number;
  readonly jwtIssuer: string;
  readonly jwtAudience: string;
  readonly threads: number;
  readonly runsWorker: boolean;
  readonly seedsDemo: boolean;
  readonly demoScale: number;
  readonly retrainMinutes: number;
  /** Half-life of an event’s weight in interests, in days. */
  readonly interestHalfLifeDays: number;
  /** Names of the models and insights that are trained for every shop. */
  readonly models: readonly string[];
  /** Null: no external encoder of product texts. */
  readonly encoder: EncoderConfig | null;
  /** Number of products from which search is approximate; null: always exact. */
  readonly hnswFrom: number | null;
  /** Time from a request to stop until connections are refused; readiness is false meanwhile. */
  readonly drainMs: number;
  /** Time from a request to stop to the end of the process; longer than `drainMs`. */
  readonly graceMs: number;
  readonly quotas: QuotaSizes;
  readonly logLevel: string;
}

type Environment = z.infer<typeof environmentSchema>;

const refuse = (problems: readonly string[]) =>
  new GatewayError(
    'CONFIG_INVALID',
    `Expected a usable environment; got ${problems.length} bad setting(s):\n${problems.map(line => `  ${line}`).join('\n')}\nCorrect them (docs/configuration.md lists all settings) and start again.`,
  );

function checkTogether(env: Environment): void {
  const problems: string[] = [];
  if (env.AFFINITY_JWT_SECRET !== undefined && env.AFFINITY_JWKS_URL !== undefined) {
    problems.push('AFFINITY_JWT_SECRET and AFFINITY_JWKS_URL: expected one of the two, got both.');
  }
  const hasKey = env.AFFINITY_JWT_SECRET !== undefined || env.AFFINITY_JWKS_URL !== undefined;
  if (env.NODE_ENV === 'production' && !hasKey) {
    problems.push('AFFINITY_JWT_SECRET or AFFINITY_JWKS_URL: expected one in production, got neither.');
  }
  problems.push(...encoderProblems(env));
  const { drainMs, graceMs } = stopTimes(env);
  if (graceMs <= drainMs)
    problems.push('AFFINITY_GRACE_SECONDS: expected more than AFFINITY_DRAIN_SECONDS, got no more.');
  if (problems.length > 0) throw refuse(problems);
}

/** An orchestrator needs seconds to notice that readiness is false; a person at a terminal does not wait for that. */
const defaultDrainSeconds = { production: 5, development: 1 };
const defaultGraceSeconds = 10;
/** Time for requests in progress after a drain that is configured longer than the default grace. */
const minRequestSeconds = 5;

function stopTimes(env: Environment): Pick<Config, 'drainMs' | 'graceMs'> {
  const { production, development } = defaultDrainSeconds;
  const drain = env.AFFINITY_DRAIN_SECONDS ?? (env.NODE_ENV === 'production' ? production : development);
  const grace = env.AFFINITY_GRACE_SECONDS ?? Math.max(defaultGraceSeconds, drain + minRequestSeconds);
  return { drainMs: drain * 1000, graceMs: grace * 1000 };
}

/** Returns the problems of combinations of encoder variables. */
function encoderProblems(env: Environment): readonly string[] {
  const { AFFINITY_ENCODER_URL: url, AFFINITY_ENCODER_MODEL: model, AFFINITY_ENCODER_KEY: key } = env;
  if (url === undefined) {
    const isStray = model !== undefined || key !== undefined;
    return isStray ? ['AFFINITY_ENCODER_URL: expected an address with model or key, got none.'] : [];
  }
  if (env.AFFINITY_ENCODER_DIR !== undefined)
    return ['AFFINITY_ENCODER_URL and AFFINITY_ENCODER_DIR: expected one of the two, got both.'];
  return model === undefined ? ['AFFINITY_ENCODER_MODEL: expected a name with the address, got none.'] : [];
}

function encoderOf(env: Environment): EncoderConfig | null {
  const { AFFINITY_ENCODER_URL: baseUrl, AFFINITY_ENCODER_MODEL: model, AFFINITY_ENCODER_KEY: key } = env;
  if (baseUrl !== undefined && model !== undefined) return { kind: 'api', baseUrl, model, key: key ?? null };
  const { AFFINITY_ENCODER_DIR: folder } = env;
  return folder === undefined ? null : { kind: 'onnx', folder: resolve(folder) };
}

/** Models trained by default; with an encoder this includes the model that reads its vectors. */
const defaultModelsWith = (encoder: EncoderConfig | null): readonly string[] =>
  encoder === null ? defaultTrainings : [...defaultTrainings, 'text-vectors'];

const blankIsAbsent = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));

/**
 * Parses the environment into settings. Blank variables count as absent.
 *
 * @throws {GatewayError} CONFIG_INVALID naming every bad key, never the values (they may be secrets)
 */
export function parseConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = environmentSchema.safeParse(blankIsAbsent(env));
  if (!parsed.success) {
    throw refuse(parsed.error.issues.map(issue => `${issue.path.join('.')}: expected ${issue.message}.`));
  }
  checkTogether(parsed.data);
  return Object.freeze(toConfig(parsed.data));
}

function toConfig(env: Environment): Config {
  const isProduction = env.NODE_ENV === 'production';
  return {
    isProduction,
    port: env.PORT,
    host: env.HOST,
    healthPort: env.AFFINITY_HEALTH_PORT ?? null,
    corsOrigins: env.AFFINITY_CORS_ORIGINS ?? [],
    trustedDocuments:
      env.AFFINITY_TRUSTED_DOCUMENTS === undefined ? null : resolve(env.AFFINITY_TRUSTED_DOCUMENTS),
    requestTimeoutSeconds: env.AFFINITY_REQUEST_TIMEOUT_SECONDS,
    maxConnections: env.AFFINITY_MAX_CONNECTIONS,
    dataDir: resolve(env.AFFINITY_DATA_DIR),
    databaseUrl: env.DATABASE_URL ?? null,
    redisUrl: env.REDIS_URL ?? null,
    poolSize: env.AFFINITY_POOL_SIZE,
    databaseDeadlineMs: env.AFFINITY_DATABASE_DEADLINE_MS,
    jwtSecret: env.AFFINITY_JWT_SECRET ?? null,
    unsubscribeSecret: env.AFFINITY_UNSUBSCRIBE_SECRET ?? null,
    jwksUrl: env.AFFINITY_JWKS_URL ?? null,
    jwksMaxAgeSeconds: env.AFFINITY_JWKS_MAX_AGE_SECONDS,
    jwtIssuer: env.AFFINITY_JWT_ISSUER,
    jwtAudience: env.AFFINITY_JWT_AUDIENCE,
    threads: env.AFFINITY_THREADS ?? availableParallelism(),
    runsWorker: env.AFFINITY_WORKER,
    seedsDemo: env.AFFINITY_DEMO ?? !isProduction,
    demoScale: env.AFFINITY_DEMO_SCALE,
    retrainMinutes: env.AFFINITY_RETRAIN_MINUTES,
    interestHalfLifeDays: env.AFFINITY_INTEREST_HALF_LIFE_DAYS,
    models: env.AFFINITY_MODELS ?? defaultModelsWith(encoderOf(env)),
    encoder: encoderOf(env),
    hnswFrom: env.AFFINITY_HNSW_FROM ?? null,
    ...stopTimes(env),
    quotas: {
      shopperEvents: env.AFFINITY_SHOPPER_EVENTS_PER_HOUR,
      shopperLists: env.AFFINITY_SHOPPER_LISTS_PER_HOUR,
      productStubs: env.AFFINITY_PRODUCT_STUBS_PER_HOUR,
    },
    logLevel: env.LOG_LEVEL ?? (isProduction ? 'info' : 'warn'),
  };
}

/** Whether npm, npx, pnpm or yarn runs this process: they set this variable for what they start. */
export const isRunByNpm = (env: NodeJS.ProcessEnv = process.env): boolean =>
  env['npm_execpath'] !== undefined || env['npm_command'] !== undefined;

let current: Config | undefined;

/** The settings of this process, parsed at the first call. @throws {GatewayError} CONFIG_INVALID */
export function processConfig(): Config {
  current ??= parseConfig(process.env);
  return current;
}
