import { checkEvent } from '../event';
import { parseExactJson } from '../exactJson';
import { Fields } from '../fields';
import { type Problem, problem } from '../rejections';
import { checkShop, type ShopOrProblem } from '../shop';
import { readTime } from '../time';
import { giveProduct, giveUser } from './give';
import type { ImportContext, JsonReader, Preset, RowSink } from './preset';

/**
 * The format of `affinity export`: JSONL, each line a product, a user or an event as in the API, with its `kind`. The first
 * line may describe the shop. Rows may have the instants that a copy keeps: `receivedAt` of an event.
 */
export const affinity: Preset = {
  name: 'affinity',
  version: 1,
  files: 'JSONL as affinity export writes it: {"kind":"shop"|"product"|"user"|"event", …}',
  currency: 'USD',
  start: context => ({
    open: head =>
      head.firstLine.trimStart().startsWith('{') ? affinityReader(head.firstLine, context) : null,
  }),
};

/** Returns the shop that a line describes; null for a line of another kind. */
function shopOf(line: string): ShopOrProblem | null {
  const { kind, ...row } = Object(jsonOf(line));
  return kind === 'shop' ? checkShop(row) : null;
}

/** Returns null for a line that is not JSON, which is rejected when it is read. */
function jsonOf(line: string): unknown {
  try {
    return parseExactJson(line);
  } catch {
    return null;
  }
}

function affinityReader(firstLine: string, context: ImportContext): JsonReader {
  const shop = shopOf(firstLine);
  return {
    format: 'jsonl',
    encoding: 'utf-8',
    ...(shop && { shop }),
    read: (value, lineNumber, sink) => readLine(value, lineNumber, context, sink),
  };
}

function readLine(value: unknown, lineNumber: number, context: ImportContext, sink: RowSink): Problem | null {
  const fields = new Fields(value);
  const kind = fields.value('kind');
  if (fields.problem) return fields.problem;
  const { kind: _kind, receivedAt: _receivedAt, ...row } = Object(value) as Record<string, unknown>;
  switch (kind) {
    case 'shop':
      // The shop of the first line is read before the import starts.
      return lineNumber === 1 ? null : misplacedShop;
    case 'product':
      return giveProduct(row, context, sink);
    case 'user':
      return giveUser(row, context, sink);
    case 'event':
      return giveReceived(row, fields, context, sink);
    default:
      return problem(
        'KIND_UNKNOWN',
        'kind',
        'shop, product, user or event',
        'another kind',
        'Name the kind of the line.',
      );
  }
}

const misplacedShop = problem(
  'SHOP_MISPLACED',
  'kind',
  'a shop in the first line only',
  'one in a later line',
  'Import each export by itself.',
);

function giveReceived(row: unknown, fields: Fields, context: ImportContext, sink: RowSink): Problem | null {
  const receivedAt = readTime(fields, 'receivedAt', context.now);
  const checked = checkEvent(row, context);
  if (!checked.ok) return checked.rejection;
  if (fields.problem) return fields.problem;
  sink.event({ ...checked.row, receivedAt });
  return null;
}
