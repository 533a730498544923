import { createHash } from 'node:crypto';
import { toShopId } from '../../src/domain/ids';
import { parseConfig } from '../../src/main/config';
import { formatFindings } from '../../src/main/doctor/check';
import {
  checkDataDir,
  checkGateway,
  checkModels,
  checkNode,
  checkSearch,
  checkTokens,
  describeDatabase,
} from '../../src/main/doctor/examine';
import { loadHnswLibrary } from '../../src/store/hnsw/hnswIndexer';
import { createMemoryStores } from '../../src/store/memory/stores';
import { artifact, start } from '../conformance/stores/promise';

const facts = {
  version: '18.4',
  sizeBytes: 12_000_000,
  migrations: { applied: ['1_init'], pending: [] },
  rows: { Shop: 1, User: 2, Product: 3, Interaction: 1_234_567 },
};

describe('affinity doctor', () => {
  it('requires Node 20.19 or newer', () => {
    expect(checkNode('20.18.9').state).toBe('missing');
    expect(checkNode('20.19.0').state).toBe('ok');
    expect(checkNode('24.1.0').state).toBe('ok');
  });

  it('reports the database and pending migrations', () => {
    expect(formatFindings(describeDatabase(facts, true))).toContain('PostgreSQL 18.4 (embedded), 12 MB');
    expect(formatFindings(describeDatabase(facts, true))).toContain('Interaction 1,234,567');
    const late = { ...facts, migrations: { applied: [], pending: ['1_init'] } };
    expect(describeDatabase(late, false)[1]).toMatchObject({
      state: 'warning',
      found: '0 applied, 1 pending',
    });
  });

  it('warns about an embedded database in production only', () => {
    const stateOf = (isEmbedded: boolean, isProduction: boolean) =>
      describeDatabase(facts, isEmbedded, isProduction)[0].state;
    expect(stateOf(true, true)).toBe('warning');
    expect([stateOf(true, false), stateOf(false, true)]).toEqual(['ok', 'ok']);
    expect(describeDatabase(facts, true, true)[0].remedy).toContain('Set DATABASE_URL');
  });

  it('reports the remedy for a shop without models', async () => {
    const stores = createMemoryStores();
    await stores.shops.upsert({
      id: toShopId('corner'),
      name: 'Corner',
      defaultLocale: 'en',
      currency: 'USD',
    });
    const findings = await checkModels(stores, 0);
    expect(findings).toMatchObject([{ state: 'warning', remedy: 'affinity train --shop corner' }]);
  });

  it('reports live models whose stored bytes are damaged, and how to mend them', async () => {
    const stores = createMemoryStores();
    const shop = toShopId('corner');
    await stores.shops.upsert({ id: shop, name: 'Corner', defaultLocale: 'en', currency: 'USD' });
    const bytes = Uint8Array.from([1, 2, 3]);
    const checksum = createHash('sha256').update(bytes).digest('hex');
    for (const [model, sum] of [
      ['popularity', checksum],
      ['markov', 'a'.repeat(64)],
    ]) {
      await stores.artifacts.save(artifact(shop, model, { model, checksum: sum }), bytes);
      await stores.artifacts.publish(shop, model, start);
    }
    expect(await checkModels(stores, start)).toMatchObject([
      {
        state: 'warning',
        found: expect.stringContaining('the stored bytes of markov are damaged'),
        remedy: 'affinity train --shop corner --models markov',
      },
    ]);
  });

  it('reports how products are searched, and a missing index library', () => {
    expect(checkSearch(parseConfig({}))).toMatchObject({ state: 'ok', found: 'exact' });
    const config = parseConfig({ AFFINITY_HNSW_FROM: '500000' });
    const load = () => {
      throw new Error('Cannot find module');
    };
    expect(checkSearch(config, () => loadHnswLibrary(load))).toMatchObject({
      state: 'missing',
      remedy: expect.stringContaining('npm install --no-save hnswlib-node@3'),
    });
    const found = checkSearch(config, () => loadHnswLibrary(() => ({})));
    expect(found).toMatchObject({ state: 'ok', found: expect.stringContaining('500,000') });
  });

  it('accepts a data folder that can be created, and reports when none is needed', async () => {
    expect(await checkDataDir(parseConfig({ AFFINITY_DATA_DIR: '/tmp/affinity-not-there' }))).toMatchObject({
      state: 'ok',
    });
    const config = parseConfig({ DATABASE_URL: 'postgres://db/affinity' });
    expect((await checkDataDir(config)).found).toContain('not needed');
    expect(checkTokens(config).state).toBe('ok');
  });

  it('reports that no gateway responds', async () => {
    expect(await checkGateway(parseConfig({ PORT: '9' }))).toMatchObject({
      state: 'warning',
      remedy: 'npm start',
    });
  });
});
