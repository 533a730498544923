import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isClosedOutput, writeFailure } from '../../../src/main/files/writeFailure';

const program = join(__dirname, '..', '..', '..', 'bin', 'affinity.mjs');
const failed = (code: string, syscall = 'write') => Object.assign(new Error(code), { code, syscall });

describe('a failed write', () => {
  it.each(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO'])('has a sentence with a remedy: %s', code => {
    const failure = writeFailure(failed(code));
    expect(failure?.code).toBe('BAD_USER_INPUT');
    expect(failure?.message).toMatch(/^Expected .+; got .+\. Free some space, .+\.$/);
  });

  it('is told apart from a closed pipe and from bugs', () => {
    expect(isClosedOutput(failed('EPIPE'))).toBe(true);
    for (const error of [failed('EPIPE'), failed('ENOSPC', 'open'), new TypeError('a bug'), null, 'text'])
      expect(writeFailure(error)).toBeNull();
    expect(isClosedOutput(failed('ECONNRESET'))).toBe(false);
  });
});

describe('the output of a command', () => {
  const itOnLinux = existsSync('/dev/full') ? it : it.skip;

  itOnLinux('on a full disk ends with one sentence', () => {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `exec "${process.execPath}" "${program}" schema > /dev/full`],
      {
        encoding: 'utf8',
      },
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/^BAD_USER_INPUT: Expected to write the whole output; got .+ disk is full\..+\n$/);
  });

  it('may be closed by its reader', async () => {
    const child = spawn(process.execPath, [program, 'schema'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    await once(child, 'close');
    expect(stderr).toBe('');
  });
});
