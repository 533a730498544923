import { GatewayError } from '../../../domain/errors';
import { invalidFile } from '../../../evaluation/files/invalidFile';
import type { Line, LineSource } from '../../../evaluation/files/lineSource';
import { codeOf, contentOf, ForeignFormatError, inspectInput } from '../../files/inputFile';

/** Longest line in characters. JSON files of texts may have a single line. */
const maxLineLength = 268_435_456;

function endOfLines(path: string, number: number, cause: unknown): unknown {
  if (cause instanceof GatewayError) return cause;
  if (cause instanceof ForeignFormatError) {
    const { name, remedy } = cause.format;
    return invalidFile(path, 'lines of text, plain or in gzip', name, remedy);
  }
  const place = `${path}: after line ${number}`;
  const code = codeOf(cause);
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
    return invalidFile(place, 'UTF-8', 'other bytes', 'Convert the file to UTF-8.');
  return invalidFile(place, 'a whole file', code, 'Copy or compress it again.');
}

/** Refuses a first line that holds all lines of a file, as classic Mac OS wrote them. */
function checkLineEnds(path: string, text: string): void {
  if (!text.replace(/\r$/, '').includes('\r')) return;
  const remedy = "Convert it: tr '\\r' '\\n' < FILE > NEW.";
  throw invalidFile(`${path}:1`, 'lines that end with LF or CRLF', 'lines that end with CR alone', remedy);
}

async function* readLines(path: string, signal: AbortSignal | undefined): AsyncGenerator<Line> {
  const found = await inspectInput(path);
  if ('reason' in found) {
    const isSpecial = found.reason.startsWith('a ');
    const remedy = isSpecial ? 'Name a regular file.' : 'Check the path and who may read it.';
    throw invalidFile(path, 'a file that can be read', found.reason, remedy);
  }
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  let rest = '';
  const lineOf = (text: string): Line => {
    if (number === 0) checkLineEnds(path, text);
    number += 1;
    return { number, text };
  };
  try {
    for await (const chunk of contentOf(path, { signal })) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > maxLineLength)
        throw invalidFile(`${path}:${number + 1}`, 'a line of at most 256 MiB', 'a longer one', 'Split it.');
      for (const text of lines) yield lineOf(text);
    }
    rest += decoder.decode();
    if (rest !== '') yield lineOf(rest);
  } catch (cause) {
    if (signal?.aborted)
      throw new GatewayError(
        'CANCELLED',
        'Expected to read the file to its end; got a signal to stop. Start again.',
      );
    throw endOfLines(path, number, cause);
  }
}

/**
 * Returns the lines of a UTF-8 file, plain or gzip, without line ends. The file is opened at each iteration.
 * Iterating throws GatewayError EVALUATION_INVALID when the file cannot be read to the end, CANCELLED by the signal.
 */
export const openLines = (path: string, signal?: AbortSignal): LineSource => ({
  name: path,
  [Symbol.asyncIterator]: () => readLines(path, signal),
});
