import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { GatewayError } from '../domain/errors';
import { defaultTrainings, trainableNames } from './trainables';

const flag = z.enum(['true', 'false', '1', '0']).transform(value => value === 'true' || value === '1');
const wholeNumber = (low: number, high: number) =>
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

const modelNames = z
  .string()
  .transform(text => text.split(',').map(name => name.trim()))
  .refine(
    names => names.every(name => trainableNames.includes(name)),
    `names, separated by commas, among ${trainableNames.join(', ')}`,
  );

/** Every environment variable the gateway reads; nothing else reads `process.env`. docs/configuration.md lists the same. */
const environmentSchema = z.object({
  /** `production` refuses development conveniences (generated secret, printed tokens, demo shop by default). */
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  /** Port of the HTTP server; 0 takes any free one. */
  PORT: wholeNumber(0, 65_535).default(4000),
  /** Address to listen on. Loopback unless said otherwise. */
  HOST: z.string().min(1).default('127.0.0.1'),
  /** Folder of the embedded database and of generated secrets. */
  AFFINITY_DATA_DIR: z.string().min(1).default('.affinity'),
  /** A PostgreSQL of your own; without it the embedded one is started. */
  DATABASE_URL: url('postgres:', 'postgresql:').optional(),
  /** Redis or Valkey for the job queue; without it jobs live in PostgreSQL. */
  REDIS_URL: url('redis:', 'rediss:').optional(),
  /** Connections each process may hold. */
  AFFINITY_POOL_SIZE: wholeNumber(2, 100).default(10),
  /** Secret for HS256 tokens, at least 32 bytes. */
  AFFINITY_JWT_SECRET: z.string().min(32, 'at least 32 characters').optional(),
  /** Where the public keys for RS256, ES256 and EdDSA tokens are. */
  AFFINITY_JWKS_URL: url('https:', 'http:').optional(),
  /** `iss` every token must carry. */
  AFFINITY_JWT_ISSUER: z.string().min(1).default('affinity'),
  /** `aud` every token must carry. */
  AFFINITY_JWT_AUDIENCE: z.string().min(1).default('affinity'),
  /** Threads a training may use. */
  AFFINITY_THREADS: wholeNumber(1, 256).optional(),
  /** Whether `affinity start` also takes training jobs. */
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
  /** Minutes between looks whether a shop's models should be trained again; 0 never. */
  AFFINITY_RETRAIN_MINUTES: wholeNumber(0, 10_080).default(60),
  /** Days in which an event comes to say half as much of what a shopper is into. */
  AFFINITY_INTEREST_HALF_LIFE_DAYS: wholeNumber(1, 3650).default(30),
  /** Models and insights that every shop is kept trained with. */
  AFFINITY_MODELS: modelNames.optional(),
  /** An OpenAI-compatible service that encodes product texts, up to where `/embeddings` follows. */
  AFFINITY_ENCODER_URL: url('https:', 'http:').optional(),
  /** The embedding model to ask that service for. */
  AFFINITY_ENCODER_MODEL: z.string().min(1).optional(),
  /** That service's key. */
  AFFINITY_ENCODER_KEY: z.string().min(1).optional(),
  /** Folder of an ONNX model that encodes product texts, instead of a service. */
  AFFINITY_ENCODER_DIR: z.string().min(1).optional(),
  /** Products from which on a model is searched by an approximate index (hnswlib-node); without it search is exact. */
  AFFINITY_HNSW_FROM: wholeNumber(5000, 999_999_999).optional(),
  /** Least severe lines that are logged. */
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
});

/** Who encodes product texts. */
export type EncoderConfig =
  | { readonly kind: 'api'; readonly baseUrl: string; readonly model: string; readonly key: string | null }
  /** `folder` is absolute. */
  | { readonly kind: 'onnx'; readonly folder: string };

/** The settings of a process: parsed once, frozen. */
export interface Config {
  readonly isProduction: boolean;
  readonly port: number;
  readonly host: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly poolSize: number;
  readonly jwtSecret: string | null;
  readonly jwksUrl: string | null;
  readonly jwtIssuer: string;
  readonly jwtAudience: string;
  readonly threads: number;
  readonly runsWorker: boolean;
  readonly seedsDemo: boolean;
  readonly demoScale: number;
  readonly retrainMinutes: number;
  /** Days in which an event comes to say half as much of what a shopper is into. */
  readonly interestHalfLifeDays: number;
  /** Names of the models and insights that every shop is kept trained with. */
  readonly models: readonly string[];
  /** Null when product texts are not encoded from outside. */
  readonly encoder: EncoderConfig | null;
  /** Products from which on a model gets an approximate index; null for exact search of all. */
  readonly hnswFrom: number | null;
  readonly logLevel: string;
}

type Environment = z.infer<typeof environmentSchema>;

const refuse = (problems: readonly string[]) =>
  new GatewayError(
    'CONFIG_INVALID',
    `Expected a usable environment; got ${problems.length} bad setting(s):\n${problems.map(line => `  ${line}`).join('\n')}\nMend them (docs/configuration.md lists all) and start again.`,
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
  if (problems.length > 0) throw refuse(problems);
}

/** What is wrong with the encoder's variables together. */
function encoderProblems(env: Environment): readonly string[] {
  const { AFFINITY_ENCODER_URL: url, AFFINITY_ENCODER_MODEL: model, AFFINITY_ENCODER_KEY: key } = env;
  if (url === undefined) {
    const isStray = model !== undefined || key !== undefined;
    return isStray ? ['AFFINITY_ENCODER_URL: expected an address beside model or key, got none.'] : [];
  }
  if (env.AFFINITY_ENCODER_DIR !== undefined)
    return ['AFFINITY_ENCODER_URL and AFFINITY_ENCODER_DIR: expected one of the two, got both.'];
  return model === undefined ? ['AFFINITY_ENCODER_MODEL: expected a name beside the address, got none.'] : [];
}

function encoderOf(env: Environment): EncoderConfig | null {
  const { AFFINITY_ENCODER_URL: baseUrl, AFFINITY_ENCODER_MODEL: model, AFFINITY_ENCODER_KEY: key } = env;
  if (baseUrl !== undefined && model !== undefined) return { kind: 'api', baseUrl, model, key: key ?? null };
  const { AFFINITY_ENCODER_DIR: folder } = env;
  return folder === undefined ? null : { kind: 'onnx', folder: resolve(folder) };
}

/** What nobody has to ask for; a model that reads an encoder's vectors is asked for by naming the encoder. */
const modelsBeside = (encoder: EncoderConfig | null): readonly string[] =>
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
    dataDir: resolve(env.AFFINITY_DATA_DIR),
    databaseUrl: env.DATABASE_URL ?? null,
    redisUrl: env.REDIS_URL ?? null,
    poolSize: env.AFFINITY_POOL_SIZE,
    jwtSecret: env.AFFINITY_JWT_SECRET ?? null,
    jwksUrl: env.AFFINITY_JWKS_URL ?? null,
    jwtIssuer: env.AFFINITY_JWT_ISSUER,
    jwtAudience: env.AFFINITY_JWT_AUDIENCE,
    threads: env.AFFINITY_THREADS ?? availableParallelism(),
    runsWorker: env.AFFINITY_WORKER,
    seedsDemo: env.AFFINITY_DEMO ?? !isProduction,
    demoScale: env.AFFINITY_DEMO_SCALE,
    retrainMinutes: env.AFFINITY_RETRAIN_MINUTES,
    interestHalfLifeDays: env.AFFINITY_INTEREST_HALF_LIFE_DAYS,
    models: env.AFFINITY_MODELS ?? modelsBeside(encoderOf(env)),
    encoder: encoderOf(env),
    hnswFrom: env.AFFINITY_HNSW_FROM ?? null,
    logLevel: env.LOG_LEVEL ?? (isProduction ? 'info' : 'warn'),
  };
}

let current: Config | undefined;

/** The settings of this process, parsed at the first call. @throws {GatewayError} CONFIG_INVALID */
export function processConfig(): Config {
  current ??= parseConfig(process.env);
  return current;
}
