import { type EventSpace, eventKeyIn, toEventSpace } from '../../domain/eventKey';
import { checkEvent } from '../event';
import { parseExactJson } from '../exactJson';
import { Fields } from '../fields';
import { checkProduct } from '../product';
import { type Problem, problem } from '../rejections';
import { checkShop, type ShopOrProblem } from '../shop';
import { readTime } from '../time';
import { checkUser } from '../user';
import { copiedKinds, giveCopiedRow } from './copiedRows';
import type { ImportContext, JsonReader, Preset, RowSink } from './preset';

/**
 * The format of `affinity export`: JSONL, each line a product, a user or an event as in the API, with its `kind`, or a row that
 * only an export has (copiedRows.ts). The first line may describe the shop. Rows may have the instants that a copy keeps: `createdAt` of products and users, `deactivatedAt`,
 * `updatedAt` of consents, `receivedAt` and `sender` of events.
 */
export const affinity: Preset = {
  name: 'affinity',
  version: 2,
  files: 'JSONL as affinity export writes it: {"kind":"product", …}',
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
  const { kind: _kind, ...row } = Object(value) as Record<string, unknown>;
  switch (kind) {
    case 'shop':
      // The shop of the first line is read before the import starts.
      return lineNumber === 1 ? null : misplacedShop;
    case 'product':
      return giveCopiedProduct(row, context, sink);
    case 'user':
      return giveCopiedUser(row, context, sink);
    case 'event':
      return giveCopiedEvent(row, context, sink);
    default: {
      const found = giveCopiedRow(kind, row, context, sink);
      return found === undefined ? unknownKind : found;
    }
  }
}

const unknownKind = problem(
  'KIND_UNKNOWN',
  'kind',
  `one of ${['shop', 'product', 'user', 'event', ...copiedKinds].join(', ')}`,
  'another kind',
  'Name the kind of the line.',
);

const misplacedShop = problem(
  'SHOP_MISPLACED',
  'kind',
  'a shop in the first line only',
  'one in a later line',
  'Import each export by itself.',
);

type Row = Readonly<Record<string, unknown>>;

/** Returns an instant of a copied row, for a spread: nothing when absent or null. */
function instantOf<Name extends string>(
  fields: Fields,
  name: Name,
  context: ImportContext,
): { readonly [name in Name]?: number } {
  const isGiven = fields.value(name) !== undefined && fields.value(name) !== null;
  if (!isGiven) return {};
  return { [name]: readTime(fields, name, context.now) } as { readonly [name in Name]?: number };
}

function giveCopiedProduct(copy: Row, context: ImportContext, sink: RowSink): Problem | null {
  const { createdAt: _, ...row } = copy;
  const fields = new Fields(copy);
  const created = instantOf(fields, 'createdAt', context);
  const checked = checkProduct(row, context);
  if (!checked.ok) return checked.rejection;
  if (fields.problem) return fields.problem;
  sink.product({ ...checked.row, ...created });
  return null;
}

function giveCopiedUser(copy: Row, context: ImportContext, sink: RowSink): Problem | null {
  const { createdAt: _createdAt, deactivatedAt: _deactivatedAt, ...row } = copy;
  const fields = new Fields(copy);
  const instants = {
    ...instantOf(fields, 'createdAt', context),
    ...instantOf(fields, 'deactivatedAt', context),
  };
  const { consents, answeredAt } = consentsOf(row, fields, context);
  const checked = checkUser({ ...row, ...(consents && { consents }) }, context);
  if (!checked.ok) return checked.rejection;
  if (fields.problem) return fields.problem;
  const { consents: answers, ...user } = checked.row;
  const dated = answers?.map((answer, position) => ({ ...answer, ...answeredAt[position] }));
  sink.user({ ...user, ...instants, ...(dated && { consents: dated }) });
  return null;
}

/** Splits the consents of a copied user into what the API accepts and their instants; null when they are no list. */
function consentsOf(row: Row, fields: Fields, context: ImportContext) {
  const raw = row['consents'];
  if (!Array.isArray(raw)) return { consents: null, answeredAt: [] };
  const answeredAt = raw.map((consent, position) => {
    const inner = new Fields(Object(consent), `consents.${position}`);
    const instant = instantOf(inner, 'updatedAt', context);
    fields.adopt(inner.problem);
    return instant;
  });
  const consents = raw.map(consent => {
    if (typeof consent !== 'object' || consent === null || Array.isArray(consent)) return consent;
    const { updatedAt: _, ...answer } = consent;
    return answer;
  });
  return { consents, answeredAt };
}

function giveCopiedEvent(copy: Row, context: ImportContext, sink: RowSink): Problem | null {
  const { receivedAt: _receivedAt, sender: _sender, ...row } = copy;
  const fields = new Fields(copy);
  const receivedAt = readTime(fields, 'receivedAt', context.now);
  const space = readSender(fields);
  const checked = checkEvent(row, context);
  if (!checked.ok) return checked.rejection;
  if (fields.problem) return fields.problem;
  sink.event({ ...checked.row, id: eventKeyIn(checked.row.id, space), receivedAt });
  return null;
}

/** Reads whose event ids the id of a line belongs to; null for the shop's own. */
function readSender(fields: Fields): EventSpace | null {
  const text = fields.text('sender', 256);
  const space = text === null ? null : toEventSpace(text);
  if (text !== null && space === null) {
    fields.fail(
      'SENDER_INVALID',
      'sender',
      'a sender as affinity export writes it',
      'Leave the field as exported.',
    );
  }
  return space;
}
