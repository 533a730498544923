import type { Campaign, CampaignContact, CampaignOutcome, Offer } from '../../domain/campaign';
import type { ShopId } from '../../domain/ids';
import type { Interaction } from '../../domain/interaction';
import type { Encoding } from '../lineSplitter';
import type { ProductDraft } from '../product';
import type { Dialect } from '../recordSplitter';
import type { Problem } from '../rejections';
import type { UserDraft } from '../user';

/** Takes the rows that a line stands for. */
export interface RowSink {
  event(row: Interaction): void;
  product(row: ProductDraft): void;
  user(row: UserDraft): void;
  campaign(row: Campaign): void;
  offer(row: Offer): void;
  contact(row: CampaignContact): void;
  outcome(row: CampaignOutcome): void;
}

/** What a preset may know of a file before it reads it. */
export interface FileHead {
  /** Without folders and without `.gz`. */
  readonly name: string;
  /** First line, without a byte order mark; empty for an empty file. */
  readonly firstLine: string;
  /** Hex SHA-256 of the file's bytes: names events that have no id of their own. */
  readonly digest: string;
}

/** What an import as a whole knows. */
export interface ImportContext {
  readonly shopId: ShopId;
  /** Start of the import, in milliseconds since the epoch: the clock for every check. */
  readonly now: number;
}

interface ReaderBase {
  readonly encoding: Encoding;
  /** Gives what the file as a whole says (a catalogue of order lines, say); called once, after the last line. */
  finish?(sink: RowSink): void;
  /** Counts worth telling, in the words of the data set; in the order to print. */
  facts?(): ReadonlyMap<string, number>;
}

/** Reads the records of one delimited file. */
export interface DelimitedReader extends ReaderBase {
  readonly format: 'delimited';
  readonly dialect: Dialect;
  readonly hasHeader: boolean;
  /** Gives the rows of one record to the sink; answers why the line is no event, or null. */
  read(fields: readonly string[], lineNumber: number, sink: RowSink): Problem | null;
}

/** Reads the values of one JSONL file. */
export interface JsonReader extends ReaderBase {
  readonly format: 'jsonl';
  /** As {@link DelimitedReader.read}. */
  read(value: unknown, lineNumber: number, sink: RowSink): Problem | null;
}

/** Reads one file. A reader is told every line from the first on, also when an import resumes: its state is a function of the file. */
export type FileReader = DelimitedReader | JsonReader;

/** One run over the files of a command; files may know of each other through it. */
export interface PresetSession {
  /** The reader of a file, or null when the file is none of this preset's. */
  open(head: FileHead): FileReader | null;
  /** Files of a smaller order are read first; 0 when absent. */
  order?(head: FileHead): number;
}

/** How the files of a known data set read. */
export interface Preset {
  readonly name: string;
  /** Changes when the same file would give other rows; part of the run's identity. */
  readonly version: number;
  /** Which files it takes, in words. */
  readonly files: string;
  /** Currency of a shop that the import has to make; ISO 4217. */
  readonly currency: string;
  start(context: ImportContext): PresetSession;
}
