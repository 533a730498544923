import { checkEvent } from '../event';
import { Fields } from '../fields';
import { type Problem, problem } from '../rejections';
import { readTime } from '../time';
import { giveProduct, giveUser } from './give';
import type { ImportContext, JsonReader, Preset, RowSink } from './preset';

/**
 * The format of `affinity export`: JSONL, each line a product, a user or an event as in the API, with its `kind`. An event may
 * have `receivedAt`, so that a copy keeps it.
 */
export const affinity: Preset = {
  name: 'affinity',
  version: 1,
  files: 'JSONL as affinity export writes it: {"kind":"product"|"user"|"event", …}',
  currency: 'USD',
  start: context => ({
    open: head => (head.firstLine.trimStart().startsWith('{') ? affinityReader(context) : null),
  }),
};

function affinityReader(context: ImportContext): JsonReader {
  return {
    format: 'jsonl',
    encoding: 'utf-8',
    read: (value, _lineNumber, sink) => readLine(value, context, sink),
  };
}

function readLine(value: unknown, context: ImportContext, sink: RowSink): Problem | null {
  const fields = new Fields(value);
  const kind = fields.value('kind');
  if (fields.problem) return fields.problem;
  const { kind: _kind, receivedAt: _receivedAt, ...row } = Object(value) as Record<string, unknown>;
  switch (kind) {
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
        'product, user or event',
        'another kind',
        'Name the kind of the line.',
      );
  }
}

function giveReceived(row: unknown, fields: Fields, context: ImportContext, sink: RowSink): Problem | null {
  const receivedAt = readTime(fields, 'receivedAt', context.now);
  const checked = checkEvent(row, context);
  if (!checked.ok) return checked.rejection;
  if (fields.problem) return fields.problem;
  sink.event({ ...checked.row, receivedAt });
  return null;
}
