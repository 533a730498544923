import type { CampaignContact, CampaignOutcome, CampaignUpsert, OfferUpsert } from '../../domain/campaign';
import type { RecordedIdentity } from '../../domain/identity';
import type { ShopId } from '../../domain/ids';
import type { Interaction } from '../../domain/interaction';
import type { InterestTagRecord } from '../../domain/interest';
import type { Follow, SocialPost, SocialReaction } from '../../domain/social';
import type { Encoding, Line } from '../lineSplitter';
import type { ProductDraft } from '../product';
import type { Dialect } from '../recordSplitter';
import type { Problem } from '../rejections';
import type { ShopOrProblem } from '../shop';
import type { UserDraft } from '../user';

/** Receives the rows of a line. */
export interface RowSink {
  event(row: Interaction): void;
  product(row: ProductDraft): void;
  user(row: UserDraft): void;
  campaign(row: CampaignUpsert): void;
  offer(row: OfferUpsert): void;
  contact(row: CampaignContact): void;
  outcome(row: CampaignOutcome): void;
  post(row: SocialPost): void;
  reaction(row: SocialReaction): void;
  follow(row: Follow): void;
  interestTag(row: InterestTagRecord): void;
  identity(row: RecordedIdentity): void;
}

/** What a preset knows of a file before it reads it. */
export interface FileHead {
  /** Without folders and without `.gz`. */
  readonly name: string;
  /** First line, without a byte order mark; empty for an empty file. */
  readonly firstLine: string;
  /** The first lines, as many as a record can have. */
  readonly lines: readonly Line[];
  /** Hex SHA-256 of the file's bytes: part of the ids of events without their own. */
  readonly digest: string;
}

/** Context of an import. */
export interface ImportContext {
  readonly shopId: ShopId;
  /** Start of the import, in milliseconds since the epoch: the clock for every check. */
  readonly now: number;
}

interface ReaderBase {
  readonly encoding: Encoding;
  /** The shop that the file describes in its first line. */
  readonly shop?: ShopOrProblem;
  /** Passes on the rows of the whole file (such as the catalogue of order lines). Called once, after the last line. */
  finish?(sink: RowSink): void;
  /** Counts to print, named in the terms of the data set; in the order to print. */
  facts?(): ReadonlyMap<string, number>;
}

/** Reads the records of one delimited file. */
export interface DelimitedReader extends ReaderBase {
  readonly format: 'delimited';
  readonly dialect: Dialect;
  readonly hasHeader: boolean;
  /** Passes the rows of one record to the sink. Returns the problem with the line, or null. */
  read(fields: readonly string[], lineNumber: number, sink: RowSink): Problem | null;
}

/** Reads the values of one JSONL file. */
export interface JsonReader extends ReaderBase {
  readonly format: 'jsonl';
  /** As {@link DelimitedReader.read}. */
  read(value: unknown, lineNumber: number, sink: RowSink): Problem | null;
}

/** Reads one file. A reader receives every line from the first, also when an import resumes: its state depends on the file alone. */
export type FileReader = DelimitedReader | JsonReader;

/** One run over the files of a command; readers of the files share it. */
export interface PresetSession {
  /** Returns the reader of a file, or null for a file of another preset. */
  open(head: FileHead): FileReader | null;
  /** Files of a lower order are read first; 0 when absent. */
  order?(head: FileHead): number;
}

/** How to read the files of a known data set. */
export interface Preset {
  readonly name: string;
  /** Increases whenever the same file would give other rows; part of the run's identity. */
  readonly version: number;
  /** Which files it accepts, for people. */
  readonly files: string;
  /** Currency of a shop that the import creates; ISO 4217. */
  readonly currency: string;
  start(context: ImportContext): PresetSession;
}
