import { linkSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { registerImport } from '../../src/main/commands/import';
import { createMemoryStores } from '../../src/store/memory/stores';
import { affinity } from '../support/affinityCommand';
import { makeTestFolder, type TestFolder } from '../support/importRun';

let folder: TestFolder;
beforeEach(() => {
  folder = makeTestFolder();
});
afterEach(() => folder.remove());

/** Makes a link to a file of the test's folder and returns its path. */
function linked(path: string, make: (target: string, link: string) => void): string {
  const link = join(folder.path, 'link');
  make(path, link);
  return link;
}

describe('the import command', () => {
  it('prints a summary, reads a mapping, and writes rejects to the given file', async () => {
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const stores = createMemoryStores();
    const mapping = folder.write(
      'mapping.json',
      JSON.stringify({
        format: 'csv',
        event: { id: 'n', userId: 'u', productId: 'p', type: { constant: 'VIEW' } },
      }),
    );
    const data = folder.write('data.csv', 'n,u,p\n1,u1,p1\n2,,p1\n');
    const rejects = join(folder.path, 'rejects.jsonl');
    await affinity(stores, 'import', '--shop', 'm', '--mapping', mapping, '--rejects', rejects, data);
    expect(log.mock.calls[0][0]).toContain('rejected ID_MISSING');
    expect(folder.rejects()).toMatchObject([{ line: 3, code: 'ID_MISSING', text: '2,,p1' }]);
    log.mockRestore();
  });

  const eventsOf = (name: string) =>
    folder.write(
      name,
      '{"kind":"event","id":"1","userId":"u","productId":"p","type":"VIEW"}\n{"kind":"event","id":"1"}\n{"kind":"event","id":"1","userId":"v","productId":"p","type":"VIEW"}\n',
    );

  it('only counts in a dry run, without opening a database', async () => {
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const program = new Command().exitOverride();
    const openStores = jest.fn();
    registerImport(program, openStores);
    const line = [
      'import',
      '--shop',
      'm',
      '--preset',
      'affinity',
      '--dry-run',
      '--json',
      eventsOf('data.jsonl'),
    ];
    await program.parseAsync(line, { from: 'user' });
    expect(openStores).not.toHaveBeenCalled();
    expect(JSON.parse(log.mock.calls[0][0])).toMatchObject({
      isDryRun: true,
      files: [{ lines: 3, accepted: 1, duplicates: 1, rejected: { ID_MISSING: 1 } }],
      products: { added: 1 },
      users: { added: 2 },
      rejectsFile: null,
    });
    expect(readdirSync(folder.path)).toEqual(['data.jsonl']);
    log.mockRestore();
  });

  it.each([
    ['under its own name', (data: string) => data],
    ['through a symbolic link', (data: string) => linked(data, symlinkSync)],
    ['through a hard link', (data: string) => linked(data, linkSync)],
  ])('does not write rejected lines over its input %s', async (_case, rejectsOf) => {
    const data = eventsOf('data.jsonl');
    const before = readFileSync(data, 'utf8');
    const line = ['import', '--shop', 'm', '--preset', 'affinity', '--rejects', rejectsOf(data), data];
    await expect(affinity(createMemoryStores(), ...line)).rejects.toMatchObject({
      code: 'IMPORT_INVALID',
      message: expect.stringContaining('which is read'),
    });
    expect(readFileSync(data, 'utf8')).toBe(before);
  });

  it('replaces the target of a link to an earlier rejects file, and leaves no other file', async () => {
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const rejects = linked(folder.write('earlier.jsonl', 'earlier'), symlinkSync);
    const line = [
      'import',
      '--shop',
      'm',
      '--preset',
      'affinity',
      '--rejects',
      rejects,
      eventsOf('data.jsonl'),
    ];
    await affinity(createMemoryStores(), ...line);
    expect(readFileSync(join(folder.path, 'earlier.jsonl'), 'utf8')).toContain('ID_MISSING');
    expect(readdirSync(folder.path).sort()).toEqual(['data.jsonl', 'earlier.jsonl', 'link']);
    log.mockRestore();
  });

  it.each([
    ['a folder that does not exist', '/none/rejects.jsonl', 'ENOENT'],
    ['a folder', '/', 'a directory'],
  ])('refuses to write rejected lines to %s before it reads', async (_case, rejects, message) => {
    const line = [
      'import',
      '--shop',
      'm',
      '--preset',
      'affinity',
      '--rejects',
      rejects,
      eventsOf('data.jsonl'),
    ];
    await expect(affinity(createMemoryStores(), ...line)).rejects.toThrow(message);
  });

  it.each(['1.5', '-0.1', '50%', 'NaN', ''])('refuses the share %j', async text => {
    const line = ['import', '--shop', 'm', '--preset', 'affinity', '--max-rejected-share', text, 'x'];
    await expect(affinity(createMemoryStores(), ...line)).rejects.toThrow('a share from 0 to 1');
  });

  it.each([
    [['--preset', 'nothing'], 'Expected either --mapping FILE or --preset'],
    [['--preset', 'affinity', '--mapping', 'x.json'], 'got neither or both'],
    [['--preset', 'affinity', '--encoding', 'ebcdic'], 'Expected --encoding utf-8 or latin1'],
    [['--mapping', '/nowhere.json'], 'the file cannot be read'],
  ])('rejects %j', async (options, message) => {
    const line = ['import', '--shop', 'm', ...options, 'file.csv'];
    await expect(affinity(createMemoryStores(), ...line)).rejects.toThrow(message);
  });
});
