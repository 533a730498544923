import { toShopId, toUserId } from '../../src/domain/ids';
import { createMemoryStores } from '../../src/store/memory/stores';
import { importInto, importNow, makeTestFolder, presetNamed, type TestFolder } from '../support/importRun';

let folder: TestFolder;
beforeEach(() => {
  folder = makeTestFolder();
});
afterEach(() => folder.remove());

const shop = toShopId('s');
const [gone, here] = ['gone', 'here'].map(toUserId);

/** A shop in which `gone` was deactivated an hour ago. */
async function shopWithDeactivated() {
  const stores = createMemoryStores();
  const rows = [{ id: gone, deactivatedAt: importNow - 3_600_000 }, { id: here }];
  await stores.users.upsertMany(shop, rows, importNow - 3_600_000);
  return stores;
}

describe('import of events of deactivated users', () => {
  it('refuses them, counts them, and names their lines', async () => {
    const stores = await shopWithDeactivated();
    const mapping = {
      format: 'csv' as const,
      event: {
        id: { column: 'n' },
        userId: { column: 'u' },
        productId: { column: 'p' },
        type: { constant: 'VIEW' },
      },
    };
    const path = folder.write('data.csv', 'n,u,p\n1,gone,a\n2,here,a\n3,gone,b\n1,gone,a\n');
    const { summary } = await importInto(folder, mapping, [path], { stores });
    expect(summary.files[0]).toMatchObject({ accepted: 1, duplicates: 0, rejected: { USER_DEACTIVATED: 3 } });
    expect(folder.rejects().map(({ line, code }) => [line, code])).toEqual([
      [2, 'USER_DEACTIVATED'],
      [4, 'USER_DEACTIVATED'],
      [5, 'USER_DEACTIVATED'],
    ]);
    expect(await stores.interactions.count(shop)).toBe(1);
  });

  it('keeps those of an export that the shop received before the deactivation, and no later ones', async () => {
    const stores = createMemoryStores();
    const event = (id: string, receivedAt: number | null) =>
      JSON.stringify({
        ...{ kind: 'event', id, userId: 'gone', productId: 'a', type: 'VIEW' },
        ...(receivedAt !== null && { receivedAt: new Date(receivedAt).toISOString() }),
      });
    const at = importNow - 3_600_000;
    const user = JSON.stringify({ kind: 'user', id: 'gone', deactivatedAt: new Date(at).toISOString() });
    const lines = [
      user,
      event('before', at - 1),
      event('at', at),
      event('after', at + 1),
      event('now', null),
    ];
    const path = folder.write('data.jsonl', lines.join('\n'));
    const { summary } = await importInto(folder, presetNamed('affinity'), [path], { stores });
    expect(summary.files[0]).toMatchObject({ accepted: 1, rejected: { USER_DEACTIVATED: 3 } });
    const found = await stores.interactions.recentOf(shop, [gone], 9);
    expect(found.get(gone)?.map(({ id }) => id)).toEqual(['before']);
  });

  it('accepts them again after a reactivation', async () => {
    const stores = await shopWithDeactivated();
    await stores.users.upsertMany(shop, [{ id: gone, deactivatedAt: null }], importNow);
    const path = folder.write(
      'data.jsonl',
      '{"kind":"event","id":"1","userId":"gone","productId":"a","type":"VIEW"}\n',
    );
    const { summary } = await importInto(folder, presetNamed('affinity'), [path], { stores });
    expect(summary.files[0]).toMatchObject({ accepted: 1, rejected: {} });
  });
});
