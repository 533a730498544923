import { parseDecimal } from '../numbers';
import type { Problem } from '../rejections';
import { csv, hasHeader, tidy } from './columns';
import { giveEvent, giveProduct, giveUser } from './give';
import type { DelimitedReader, FileHead, ImportContext, Preset, RowSink } from './preset';

type Read = (fields: readonly string[], context: ImportContext, sink: RowSink) => Problem | null;

/** One kind of file of the MovieLens family. */
interface Layout {
  readonly matches: (head: FileHead) => boolean;
  readonly layout: Pick<DelimitedReader, 'format' | 'encoding' | 'hasHeader' | 'dialect'>;
  readonly read: Read;
  /** Titles and users are read before their ratings. */
  readonly order: number;
}

/** ratings_ordered.csv has an order but no times: rating n of a user occurs n minutes after this. */
const firstMinute = Date.UTC(2000, 0, 1);

const atomic = (columns: number): Layout['layout'] => ({
  format: 'delimited',
  encoding: 'utf-8',
  hasHeader: true,
  dialect: { delimiter: '\t', quoted: false, columns },
});

/** The original `.dat` files: separated by `::`, without header, in Latin-1. */
const dat = (columns: number): Layout['layout'] => ({
  format: 'delimited',
  encoding: 'latin1',
  hasHeader: false,
  dialect: { delimiter: '::', quoted: false, columns },
});

const layouts: readonly Layout[] = [
  {
    matches: head => hasHeader(head, 'user_id:token\titem_id:token\trating:float\ttimestamp:float'),
    layout: atomic(4),
    read: readRating,
    order: 1,
  },
  {
    matches: head =>
      hasHeader(head, 'item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq'),
    layout: atomic(4),
    read: ([id, title, year, genres], context, sink) =>
      giveMovie({ id, title, year, genres: genres.split(' ') }, context, sink),
    order: 0,
  },
  {
    matches: head =>
      hasHeader(head, 'user_id:token\tage:token\tgender:token\toccupation:token\tzip_code:token'),
    layout: atomic(5),
    read: ([id, age, gender, occupation], context, sink) =>
      giveUser({ id, attributes: { age, gender, occupation } }, context, sink),
    order: 0,
  },
  {
    matches: head => hasHeader(head, 'user,movie,rating,seq'),
    layout: csv(4),
    read: ([userId, productId, rating, sequence], context, sink) => {
      const occurredAt = firstMinute + parseDecimal(sequence) * 60_000;
      return giveRating({ userId, productId, rating, occurredAt }, context, sink);
    },
    order: 1,
  },
  {
    matches: head => head.name === 'ratings.dat' && columnsOf(head) === 4,
    layout: dat(4),
    read: readRating,
    order: 1,
  },
  {
    matches: head => head.name === 'movies.dat' && columnsOf(head) === 3,
    layout: dat(3),
    read: ([id, text, genres], context, sink) => {
      const [, title, year] = /^(.*) \((\d{4})\)$/.exec(text.trim()) ?? ['', text, ''];
      return giveMovie({ id, title, year, genres: genres.split('|') }, context, sink);
    },
    order: 0,
  },
  {
    matches: head => head.name === 'users.dat' && columnsOf(head) === 5,
    layout: dat(5),
    read: ([id, gender, age, occupation], context, sink) =>
      giveUser({ id, attributes: { age, gender, occupation } }, context, sink),
    order: 0,
  },
];

/**
 * MovieLens (Harper & Konstan 2015): RecBole's atomic files of ml-100k (`.inter`, `.item`, `.user`), the original `.dat` files, and
 * ml-1m's `ratings_ordered.csv`. A rating is a RATING event with its stars; genres are tags, the first one the category. Postal
 * codes are left out.
 */
export const movielens: Preset = {
  name: 'movielens',
  version: 1,
  files: '.inter, .item, .user (RecBole); ratings.dat, movies.dat, users.dat; ratings_ordered.csv',
  currency: 'USD',
  start: context => ({
    open: head => readerOf(head, context),
    order: head => layouts.find(({ matches }) => matches(head))?.order ?? 0,
  }),
};

function readerOf(head: FileHead, context: ImportContext): DelimitedReader | null {
  const found = layouts.find(({ matches }) => matches(head));
  if (!found) return null;
  return { ...found.layout, read: (fields, _lineNumber, sink) => found.read(fields, context, sink) };
}

function columnsOf(head: FileHead): number {
  return head.firstLine.split('::').length;
}

function readRating(
  [userId, productId, rating, seconds]: readonly string[],
  context: ImportContext,
  sink: RowSink,
): Problem | null {
  return giveRating({ userId, productId, rating, occurredAt: parseDecimal(seconds) * 1000 }, context, sink);
}

interface Rating {
  readonly userId: string;
  readonly productId: string;
  readonly rating: string;
  readonly occurredAt: number;
}

/** A user rates a film once: the id consists of both. */
function giveRating(rating: Rating, context: ImportContext, sink: RowSink): Problem | null {
  const { userId, productId, occurredAt } = rating;
  const event = {
    id: `${userId}:${productId}`,
    userId,
    productId,
    type: 'RATING',
    value: parseDecimal(rating.rating),
    occurredAt: new Date(occurredAt),
  };
  return giveEvent(event, context, sink);
}

interface Movie {
  readonly id: string;
  readonly title: string;
  readonly year: string;
  readonly genres: readonly string[];
}

function giveMovie(
  { id, title, year, genres }: Movie,
  context: ImportContext,
  sink: RowSink,
): Problem | null {
  const tags = genres.map(genre => genre.trim()).filter(genre => genre !== '');
  const attributes = year.trim() === '' ? {} : { releaseYear: year.trim() };
  const movie = { id, title: tidy(title), locale: 'en', tags, categoryPath: tags.slice(0, 1), attributes };
  return giveProduct(movie, context, sink);
}
