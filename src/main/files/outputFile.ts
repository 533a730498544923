import { constants, createWriteStream, type Stats, statSync, type WriteStream } from 'node:fs';
import { access, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { codeOf } from './inputFile';

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch {
    // Absent, or in a folder that cannot be read: the check of the folder reports that.
    return null;
  }
}

/**
 * Returns why a file cannot be written, or null. It must not be one of the inputs under another name (a link to it, for
 * example), must not be a folder, and its own folder must exist and be writable.
 */
export async function whyNotWritable(path: string, inputs: readonly string[]): Promise<string | null> {
  const target = await statOrNull(path);
  if (target?.isDirectory()) return 'a directory';
  for (const input of target === null ? [] : inputs) {
    const source = await statOrNull(input);
    if (source?.dev === target?.dev && source?.ino === target?.ino) return `${input}, which is read`;
  }
  try {
    await access(dirname(path), constants.W_OK);
    return null;
  } catch (error) {
    return `a folder that cannot be written (${codeOf(error)})`;
  }
}

/** A file that appears under its name when it is whole; until then, an earlier file of the name stays. */
export interface OutputFile {
  readonly stream: WriteStream;
  /** Ends the stream and gives the file its name. */
  commit(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

/** Returns whether a path names something that is no regular file: `/dev/null`, a pipe. It is written directly. */
function isSpecial(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && !stats.isFile();
}

/** Creates a file under a temporary name in the same folder. */
export function createOutput(path: string): OutputFile {
  const isDirect = isSpecial(path);
  const written = isDirect ? path : `${path}.${process.pid}.tmp`;
  const stream = createWriteStream(written);
  // A failure is thrown by `commit`; without a listener it would end the process.
  stream.on('error', () => undefined);
  return {
    stream,
    async commit() {
      stream.end();
      await finished(stream);
      // A link stays a link: its target is replaced.
      if (!isDirect) await rename(written, await realpath(path).catch(() => path));
    },
    async discard() {
      stream.destroy();
      if (!isDirect) await rm(written, { force: true });
    },
  };
}
