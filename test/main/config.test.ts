import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayError } from '../../src/domain/errors';
import { parseConfig } from '../../src/main/config';

const failure = (env: NodeJS.ProcessEnv): GatewayError => {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof GatewayError) return error;
  }
  throw new Error('Expected a GatewayError');
};

describe('parseConfig', () => {
  it('returns defaults for a laptop', () => {
    const config = parseConfig({});
    expect(config).toMatchObject({
      port: 4000,
      host: '127.0.0.1',
      databaseUrl: null,
      seedsDemo: true,
      isProduction: false,
    });
    expect(config.dataDir.endsWith('.affinity')).toBe(true);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('reports every bad key in one error, without values', () => {
    const error = failure({ PORT: 'eighty', DATABASE_URL: 'mysql://root:hunter2@db', AFFINITY_THREADS: '0' });
    expect(error.code).toBe('CONFIG_INVALID');
    for (const key of ['PORT', 'DATABASE_URL', 'AFFINITY_THREADS']) expect(error.message).toContain(key);
    expect(error.message).not.toContain('hunter2');
  });

  it('treats a blank variable as absent', () => {
    expect(parseConfig({ DATABASE_URL: ' ', PORT: '' })).toMatchObject({ databaseUrl: null, port: 4000 });
  });

  it('requires exactly one kind of token key in production', () => {
    expect(failure({ NODE_ENV: 'production' }).message).toContain('AFFINITY_JWT_SECRET or AFFINITY_JWKS_URL');
    const both = { AFFINITY_JWT_SECRET: 's'.repeat(32), AFFINITY_JWKS_URL: 'https://login.example/keys' };
    expect(failure(both).message).toContain('got both');
    expect(parseConfig({ NODE_ENV: 'production', AFFINITY_JWT_SECRET: 's'.repeat(32) }).seedsDemo).toBe(
      false,
    );
  });
});

describe('the HTTP server', () => {
  it('allows no origin, the listed ones, or all', () => {
    expect(parseConfig({}).corsOrigins).toEqual([]);
    const list = 'https://shop.example, http://localhost:3000,capacitor://localhost';
    expect(parseConfig({ AFFINITY_CORS_ORIGINS: list }).corsOrigins).toEqual([
      'https://shop.example',
      'http://localhost:3000',
      'capacitor://localhost',
    ]);
    expect(parseConfig({ AFFINITY_CORS_ORIGINS: '*' }).corsOrigins).toBe('*');
  });

  it.each([
    'https://shop.example/',
    'https://shop.example/shop',
    'https://*.shop.example',
    'HTTPS://SHOP.example',
    'https://shop.example:443',
    'shop.example',
    'null',
    'https://a.example,',
    '*,https://a.example',
    'https://user@shop.example',
  ])('refuses what browsers do not send as an origin: %s', text => {
    expect(failure({ AFFINITY_CORS_ORIGINS: text }).message).toMatch(
      /AFFINITY_CORS_ORIGINS: expected origins as browsers send them/,
    );
  });

  it('has bounds of connections and a port for health', () => {
    expect(parseConfig({})).toMatchObject({
      requestTimeoutSeconds: 30,
      maxConnections: 4096,
      healthPort: null,
    });
    const set = {
      AFFINITY_REQUEST_TIMEOUT_SECONDS: '5',
      AFFINITY_MAX_CONNECTIONS: '100',
      AFFINITY_HEALTH_PORT: '4001',
    };
    expect(parseConfig(set)).toMatchObject({
      requestTimeoutSeconds: 5,
      maxConnections: 100,
      healthPort: 4001,
    });
    expect(failure({ AFFINITY_MAX_CONNECTIONS: '1' }).message).toContain('AFFINITY_MAX_CONNECTIONS');
  });
});

describe('the encoder of product texts', () => {
  it('is none, a service, or a folder', () => {
    expect(parseConfig({}).encoder).toBeNull();
    const service = { AFFINITY_ENCODER_URL: 'http://127.0.0.1:11434/v1', AFFINITY_ENCODER_MODEL: 'bge-m3' };
    expect(parseConfig(service).encoder).toEqual({
      kind: 'api',
      baseUrl: 'http://127.0.0.1:11434/v1',
      model: 'bge-m3',
      key: null,
    });
    expect(parseConfig({ ...service, AFFINITY_ENCODER_KEY: 'k' }).encoder).toMatchObject({ key: 'k' });
    const folder = parseConfig({ AFFINITY_ENCODER_DIR: 'models/e5' }).encoder;
    expect(folder).toEqual({ kind: 'onnx', folder: join(process.cwd(), 'models/e5') });
  });

  it.each<[string, NodeJS.ProcessEnv, string]>([
    ['an address without model', { AFFINITY_ENCODER_URL: 'http://x/v1' }, 'AFFINITY_ENCODER_MODEL'],
    ['a key without address', { AFFINITY_ENCODER_KEY: 'hunter2' }, 'AFFINITY_ENCODER_URL'],
    [
      'another protocol',
      { AFFINITY_ENCODER_URL: 'ftp://x', AFFINITY_ENCODER_MODEL: 'm' },
      'AFFINITY_ENCODER_URL',
    ],
    [
      'service and folder',
      { AFFINITY_ENCODER_URL: 'http://x/v1', AFFINITY_ENCODER_MODEL: 'm', AFFINITY_ENCODER_DIR: 'd' },
      'got both',
    ],
  ])('rejects %s', (_, env, expected) => {
    const { code, message } = failure(env);
    expect(code).toBe('CONFIG_INVALID');
    expect(message).toContain(expected);
    expect(message).not.toContain('hunter2');
  });
});

it('uses exact search unless AFFINITY_HNSW_FROM is set', () => {
  expect(parseConfig({}).hnswFrom).toBeNull();
  expect(parseConfig({ AFFINITY_HNSW_FROM: '500000' }).hnswFrom).toBe(500_000);
  expect(failure({ AFFINITY_HNSW_FROM: '10' }).message).toContain('AFFINITY_HNSW_FROM');
});

describe('docs/configuration.md', () => {
  const mentioned = (file: string, pattern: RegExp) =>
    [...readFileSync(join(__dirname, '..', '..', file), 'utf8').matchAll(pattern)]
      .map(match => match[1])
      .sort();

  it('lists exactly the variables of the gateway', () => {
    expect(mentioned('docs/configuration.md', /^\| `([A-Z_]+)` \|/gm)).toEqual(
      mentioned('src/main/config.ts', /^ {2}([A-Z_]+): /gm),
    );
  });
});

describe('AFFINITY_MODELS', () => {
  it('defaults to models that train in seconds, plus text-vectors with an encoder', () => {
    const plain = parseConfig({}).models;
    expect(plain).toContain('ensemble');
    expect(plain).not.toContain('transformer');
    expect(parseConfig({ AFFINITY_ENCODER_DIR: '/models/e5' }).models).toEqual([...plain, 'text-vectors']);
  });

  it('accepts names separated by commas and spaces, and rejects an unknown name with a list of known ones', () => {
    expect(parseConfig({ AFFINITY_MODELS: 'popularity, transformer' }).models).toEqual([
      'popularity',
      'transformer',
    ]);
    expect(() => parseConfig({ AFFINITY_MODELS: 'oracle' })).toThrow(/AFFINITY_MODELS.*popularity, trending/);
  });
});
