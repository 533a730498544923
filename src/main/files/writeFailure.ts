import { GatewayError } from '../../domain/errors';

/** What a failed write to a file means, by its code. */
const reasons: ReadonlyMap<string | undefined, string> = new Map([
  ['ENOSPC', 'its disk is full'],
  ['EDQUOT', 'the quota of this account is used up'],
  ['EFBIG', 'the file is larger than this account or file system allows'],
  ['EIO', 'its disk has a fault'],
]);

const isWrite = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && error.syscall === 'write';

/** Returns whether an output ended because its reader wants no more, as `head` does. */
export const isClosedOutput = (error: unknown): boolean => isWrite(error) && error.code === 'EPIPE';

/** Converts the failure to write a report, an export or rejected lines to an error with a remedy; null for other errors. */
export function writeFailure(error: unknown): GatewayError | null {
  const reason = isWrite(error) ? reasons.get(error.code) : undefined;
  if (reason === undefined) return null;
  const message = `Expected to write the whole output; got a part of it written, as ${reason}. Free some space, or name a file on another disk, and run the command again.`;
  return new GatewayError('BAD_USER_INPUT', message, {}, { cause: error });
}
