import type {
  CampaignContact,
  CampaignOutcome,
  CampaignUpsert,
  OfferUpsert,
} from '../../src/domain/campaign';
import { toShopId } from '../../src/domain/ids';
import type { Interaction } from '../../src/domain/interaction';
import { type Line, LineSplitter } from '../../src/intake/lineSplitter';
import type { FileHead, FileReader, Preset, PresetSession, RowSink } from '../../src/intake/presets/preset';
import type { ProductDraft } from '../../src/intake/product';
import { firstRecord, maxQuotedLines, RecordSplitter } from '../../src/intake/recordSplitter';
import type { UserDraft } from '../../src/intake/user';

/** All that a preset made of some files. */
export interface PresetRows {
  readonly events: Interaction[];
  readonly products: ProductDraft[];
  readonly users: UserDraft[];
  readonly campaigns: CampaignUpsert[];
  readonly offers: OfferUpsert[];
  readonly contacts: CampaignContact[];
  readonly outcomes: CampaignOutcome[];
  /** Rows that only an export has. */
  readonly copies: object[];
  /** `[line, code]` of lines that became no event or row. */
  readonly problems: [number, string][];
  readonly facts: Record<string, number>;
}

/** 2026-07-01T12:00:00Z. */
export const presetNow = Date.UTC(2026, 6, 1, 12);

/** Reads files (name → text) with a preset, in its own order, without any store. */
export function readPreset(preset: Preset, files: Readonly<Record<string, string | Uint8Array>>): PresetRows {
  const session = preset.start({ shopId: toShopId('s'), now: presetNow });
  const heads = Object.entries(files).map(([name, content]) => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const lines = linesOf('utf-8', bytes).slice(0, maxQuotedLines + 1);
    return { head: { name, firstLine: lines[0]?.text ?? '', lines, digest: 'd'.repeat(64) }, bytes };
  });
  heads.sort((left, right) => (session.order?.(left.head) ?? 0) - (session.order?.(right.head) ?? 0));
  const rows = emptyRows();
  for (const { head, bytes } of heads) readFile(openOrFail(session, head), head, bytes, rows);
  return rows;
}

function openOrFail(session: PresetSession, head: Parameters<PresetSession['open']>[0]): FileReader {
  const reader = session.open(head);
  if (!reader) throw new Error(`Expected ${head.name} to be a file of the preset; it is not.`);
  return reader;
}

function readFile(reader: FileReader, head: FileHead, bytes: Uint8Array, rows: PresetRows): void {
  const sink = sinkOf(rows);
  const lines = linesOf(reader.encoding, bytes);
  if (reader.format === 'jsonl') {
    for (const line of lines) note(rows, line, reader.read(JSON.parse(line.text), line.number, sink)?.code);
  } else {
    const splitter = new RecordSplitter(reader.dialect);
    const header = reader.hasHeader ? firstRecord(head.lines, reader.dialect) : null;
    const records = [
      ...lines.slice(header?.lines ?? 0).flatMap(line => splitter.push(line)),
      ...splitter.end(),
    ];
    for (const { line, fields, problem } of records) {
      note(rows, line, problem?.code ?? reader.read(fields ?? [], line.number, sink)?.code);
    }
  }
  reader.finish?.(sink);
  Object.assign(rows.facts, Object.fromEntries(reader.facts?.() ?? []));
}

function note(rows: PresetRows, line: Line, code: string | undefined): void {
  if (code !== undefined) rows.problems.push([line.number, code]);
}

function linesOf(encoding: FileReader['encoding'], bytes: Uint8Array): readonly Line[] {
  const splitter = new LineSplitter(encoding);
  return [...splitter.push(bytes), ...splitter.end()];
}

const emptyRows = (): PresetRows => ({
  events: [],
  products: [],
  users: [],
  campaigns: [],
  offers: [],
  contacts: [],
  outcomes: [],
  copies: [],
  problems: [],
  facts: {},
});

const sinkOf = (rows: PresetRows): RowSink => ({
  event: row => rows.events.push(row),
  product: row => rows.products.push(row),
  user: row => rows.users.push(row),
  campaign: row => rows.campaigns.push(row),
  offer: row => rows.offers.push(row),
  contact: row => rows.contacts.push(row),
  outcome: row => rows.outcomes.push(row),
  post: row => rows.copies.push(row),
  reaction: row => rows.copies.push(row),
  follow: row => rows.copies.push(row),
  interestTag: row => rows.copies.push(row),
  identity: row => rows.copies.push(row),
});
