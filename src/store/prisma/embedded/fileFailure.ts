const sentences: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'this account may not write there'],
  ['EPERM', 'this account may not write there'],
  ['EROFS', 'its file system is read-only'],
  ['ENOTDIR', 'a part of the path is a file'],
  ['ELOOP', 'its links form a circle'],
  ['ENAMETOOLONG', 'its name is too long'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
]);

/** Returns why a folder cannot be written, for a message; the message of the error when its code is another one. */
export function fileFailure(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return sentences.get(code) ?? message;
}
