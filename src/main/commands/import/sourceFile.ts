import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { GatewayError } from '../../../domain/errors';
import { type Encoding, type Line, LineSplitter, maxLineBytes } from '../../../intake/lineSplitter';
import { maxQuotedLines } from '../../../intake/recordSplitter';
import { bytesOnDisk, codeOf, contentOf, ForeignFormatError, inspectInput } from '../../files/inputFile';

/** A file to import. */
export interface SourceFile {
  readonly path: string;
  /** File name without folders and `.gz`. */
  readonly name: string;
  /** Size on disk in bytes. */
  readonly size: number;
  /** Hex SHA-256 of the bytes on disk. */
  readonly digest: string;
}

/** Returns the size of a file. @throws {GatewayError} IMPORT_INVALID when it is no regular file or cannot be read */
export async function sizeOf(path: string): Promise<number> {
  const found = await inspectInput(path);
  if ('size' in found) return found.size;
  const { reason } = found;
  const message = `Expected a regular file that can be read at ${path}; got ${reason}. Check the path and its permissions; write what a pipe gives to a file first.`;
  throw new GatewayError('IMPORT_INVALID', message, { path, reason });
}

/**
 * Inspects a file: its size and its digest.
 *
 * @throws {GatewayError} IMPORT_INVALID when it is no regular file or cannot be read; the reason of the signal
 */
export async function inspectFile(path: string, signal: AbortSignal): Promise<SourceFile> {
  const size = await sizeOf(path);
  const hash = createHash('sha256');
  for await (const chunk of bytesOnDisk(path, { signal })) hash.update(chunk);
  return { path, name: basename(path).replace(/\.gz$/, ''), size, digest: hash.digest('hex') };
}

/** Returns whether a failure is that of a truncated or damaged gzip. */
export const isDamage = (error: unknown): boolean => codeOf(error).startsWith('Z_');

/** The error for a damaged gzip, with what was stored of it: `5,000 lines`. */
export function damagedFile({ path }: SourceFile, stored: string, cause: unknown): GatewayError {
  const reason = codeOf(cause);
  const message = `Expected a whole gzip file at ${path}; it is truncated or damaged (${reason}). ${stored}; fetch the file again and import it: nothing is counted twice.`;
  return new GatewayError('IMPORT_INVALID', message, { path, reason }, { cause });
}

/** The error for a file in a format that holds no lines of text. */
function foreignFile({ path }: SourceFile, { format }: ForeignFormatError): GatewayError {
  const message = `Expected lines of CSV, TSV or JSONL, plain or in gzip, at ${path}; got ${format.name}. ${format.remedy} Nothing was written.`;
  return new GatewayError('IMPORT_INVALID', message, { path, format: format.name });
}

/**
 * Reads the first lines of a file, as many as a record can have; none of an empty file. Of a damaged gzip, the lines of its
 * intact part.
 *
 * @throws {GatewayError} IMPORT_INVALID when it is no text, or damaged before the first line; the reason of the signal
 */
export async function headOf(
  file: SourceFile,
  encoding: Encoding,
  signal: AbortSignal,
): Promise<readonly Line[]> {
  const splitter = new LineSplitter(encoding);
  const lines: Line[] = [];
  try {
    let bytes = 0;
    for await (const chunk of contentOf(file.path, { signal })) {
      lines.push(...splitter.push(chunk));
      bytes += chunk.length;
      if (lines.length > maxQuotedLines || bytes > 2 * maxLineBytes)
        return lines.slice(0, maxQuotedLines + 1);
    }
  } catch (error) {
    if (error instanceof ForeignFormatError) throw foreignFile(file, error);
    if (!isDamage(error)) throw error;
    if (lines.length === 0) throw damagedFile(file, 'No line of it was stored', error);
  }
  return [...lines, ...splitter.end()].slice(0, maxQuotedLines + 1);
}
