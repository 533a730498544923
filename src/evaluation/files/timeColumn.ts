import { isShortened, timeFormats, timeReaderOf } from '../../intake/conversion';
import { parseDecimal } from '../../intake/numbers';
import { earliestTime, parseInstant, parseUtc } from '../../intake/time';
import { patternHelp } from '../../intake/timePattern';
import { firstMicroseconds, firstMilliseconds, firstSeconds } from '../unixTime';
import { invalidFile } from './invalidFile';

/** Numbers that only give the order of a user's events, besides the formats of times. */
const orderFormat = 'order';

/** What --time-format accepts, for messages and docs. */
export const timeFormatHelp = `${[...timeFormats, orderFormat].join(', ')}, or ${patternHelp}`;

/** Returns whether --time-format accepts a word. */
export const isTimeFormat = (format: string): boolean =>
  format === orderFormat || timeReaderOf(format) !== null;

/** How a file writes its times. All lines must write them alike. */
interface Form {
  readonly name: string;
  /** Milliseconds since the epoch; the number itself when it only gives the order. */
  readonly time: number;
}

function formOfNumber(value: number, isOrderEnough: boolean): Form | null {
  if (value >= firstMicroseconds) return null;
  if (value >= firstMilliseconds) return { name: 'milliseconds since 1970', time: value };
  if (value >= firstSeconds || !isOrderEnough) return { name: 'seconds since 1970', time: value * 1000 };
  return { name: 'numbers that only give the order', time: value };
}

function formOfText(text: string): Form | null {
  const instant = parseInstant(text);
  if (!Number.isNaN(instant)) return { name: 'times with a zone', time: instant };
  const utc = parseUtc(text);
  if (Number.isNaN(utc)) return null;
  return { name: text.length > 'yyyy-mm-dd'.length ? 'times without a zone' : 'days', time: utc };
}

/** Options of {@link createTimeColumn}. */
export interface TimeColumnOptions {
  /** As --time-format gives it; by default the forms are recognized, but never day and month. */
  readonly format?: string | undefined;
  /** Whether numbers that are too small for a time since 1994 give the order of events. They are refused where times are needed. */
  readonly isOrderEnough: boolean;
}

/**
 * Returns a function that reads the times of one column in milliseconds since the epoch. Times without a zone are UTC, so that
 * nothing depends on the zone of the machine. A column of two forms is refused: days among times, seconds among milliseconds.
 *
 * @throws {GatewayError} EVALUATION_INVALID, from the returned function
 */
export function createTimeColumn({
  format,
  isOrderEnough,
}: TimeColumnOptions): (text: string, place: string) => number {
  // Where numbers may give an order, `timesOf` distinguishes orders from times by their size. Early times are refused here.
  const earliest = format === orderFormat ? Number.NEGATIVE_INFINITY : earliestTime;
  if (format === orderFormat && !isOrderEnough) return (_text, place) => refuseOrder(place);
  if (format !== undefined) return (text, place) => checked(readAs(format, text), earliest, text, place);
  let first: { readonly name: string; readonly place: string } | undefined;
  return (text, place) => {
    if (isShortened(text)) throw unreadable(text, place);
    const value = parseDecimal(text);
    const form = Number.isNaN(value) ? formOfText(text) : formOfNumber(value, isOrderEnough);
    if (form === null) throw unreadable(text, place);
    first ??= { name: form.name, place };
    if (form.name !== first.name)
      throw invalidFile(place, `${first.name}, as in ${first.place}`, form.name, 'Write all times alike.');
    const isTime = Number.isNaN(value) || !isOrderEnough;
    return isTime ? checked(form.time, earliest, text, place) : form.time;
  };
}

function refuseOrder(place: string): never {
  const remedy = 'Name the form of the times, or leave --time-format out.';
  throw invalidFile(
    place,
    'times, as this task reads the time between events',
    '--time-format order',
    remedy,
  );
}

function readAs(format: string, text: string): number {
  if (format === orderFormat) return isShortened(text) ? Number.NaN : parseDecimal(text);
  return timeReaderOf(format)?.(text) ?? Number.NaN;
}

function checked(time: number, earliest: number, text: string, place: string): number {
  if (Number.isNaN(time))
    throw invalidFile(place, 'a time as --time-format says', text, 'Correct either of them.');
  if (time >= earliest) return time;
  throw invalidFile(place, 'a time from 1990-01-01 on', text, 'Check its unit.');
}

const unreadable = (text: string, place: string) =>
  invalidFile(
    place,
    'a time: ISO 8601, seconds or milliseconds since 1970',
    text,
    'Correct it, or name its form: --time-format dd/MM/yyyy, or MM/dd/yyyy.',
  );
