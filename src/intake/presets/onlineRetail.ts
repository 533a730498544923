import { parseDecimal } from '../numbers';
import { type Problem, problem } from '../rejections';
import { parseUtc } from '../time';
import { CatalogueBook } from './catalogueBook';
import { csv, hasHeader, tidy, withoutPointZero } from './columns';
import { giveEvent, giveUser } from './give';
import { Occurrences } from './occurrences';
import type { DelimitedReader, ImportContext, Preset, RowSink } from './preset';

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

/** Codes of goods; POST, M, D, BANK CHARGES, gift_0001_20 and similar codes are bookings. */
const goods = /^(?:\d{5}|DCGS)/;

/** Three codes of five digits that are not goods either. */
const services = /^(?:Dotcomgiftshop Gift Voucher|Next Day Carriage|High Resolution Image)/;

/** Remarks on stock (`damaged`, `?`, `thrown away`) have lower case letters or a question mark; titles have neither. */
const isTitle = (text: string): boolean => /[A-Z]/.test(text) && !/[a-z?]/.test(text);

/**
 * UCI Online Retail (Chen, Sain & Guo 2012): one line per order line. A known customer's line is a PURCHASE, or a RETURN when
 * the invoice is a cancellation (begins with C); a line without customer only describes the catalogue (NO_CUSTOMER). Times
 * have no zone and are read as UTC; prices are pounds.
 */
export const onlineRetail: Preset = {
  name: 'online-retail',
  version: 1,
  files: `one CSV with the header ${header}`,
  currency: 'GBP',
  start: context => ({
    open: head => (hasHeader(head, header) ? new OnlineRetailReader(context) : null),
  }),
};

interface OrderLine {
  readonly invoice: string;
  readonly stockCode: string;
  readonly title: string | null;
  readonly quantity: number;
  readonly occurredAt: number;
  /** Pounds. */
  readonly price: number;
  /** Empty when unknown. */
  readonly customer: string;
  readonly country: string;
  readonly isCancellation: boolean;
}

/** Reads the one file. Memory grows with customers and stock codes, not with lines. */
class OnlineRetailReader implements DelimitedReader {
  readonly format = 'delimited';
  readonly encoding = 'utf-8';
  readonly hasHeader = true;
  readonly dialect = csv(8).dialect;
  readonly #context: ImportContext;
  readonly #catalogue: CatalogueBook;
  readonly #countries = new Map<string, string>();
  readonly #occurrences = new Occurrences();
  readonly #counts = {
    'lines without a customer': 0,
    'cancellation lines': 0,
    'lines with quantity <= 0': 0,
    'lines with price <= 0': 0,
    'lines without a description': 0,
    'purchases by a known customer': 0,
    'returns by a known customer': 0,
  };

  #lastTimeText = '';
  #lastTime = Number.NaN;

  constructor(context: ImportContext) {
    this.#context = context;
    this.#catalogue = new CatalogueBook(context);
  }

  read(fields: readonly string[], _lineNumber: number, sink: RowSink): Problem | null {
    const line = orderLineOf(fields, this.#timeOf(fields[4]));
    if ('code' in line) return line;
    this.#count(line);
    const isSale = line.price > 0 && line.quantity > 0 && !line.isCancellation;
    const title = line.title !== null && (isSale || isTitle(line.title)) ? line.title : null;
    const occurrence = this.#occurrences.next(line.invoice, line.stockCode);
    const { stockCode: id, price } = line;
    const found = this.#catalogue.note({ id, title, priceMinor: toPence(price), isSale });
    if (found) return found;
    if (line.customer === '') return noCustomer;
    if (line.quantity <= 0 && !line.isCancellation) return noQuantity;
    return this.#giveUser(line, sink) ?? this.#giveEvent(line, occurrence, sink);
  }

  finish(sink: RowSink): void {
    this.#catalogue.give(sink, ({ id, title, isSold }) => ({
      currency: 'GBP',
      locale: 'en',
      isActive: isSold && goods.test(id) && !services.test(title ?? ''),
    }));
  }

  facts(): ReadonlyMap<string, number> {
    return new Map([
      ...Object.entries(this.#counts),
      ['customers', this.#countries.size],
      ['stock codes', this.#catalogue.size],
    ]);
  }

  /** Parses a time once per invoice: its lines are adjacent and share it. */
  #timeOf(text: string): number {
    if (text !== this.#lastTimeText) {
      this.#lastTimeText = text;
      this.#lastTime = parseUtc(text);
    }
    return this.#lastTime;
  }

  /** A customer is passed on at the first line, and again when the country changes. */
  #giveUser({ customer: id, country }: OrderLine, sink: RowSink): Problem | null {
    if (this.#countries.get(id) === country) return null;
    const found = giveUser({ id, attributes: { country } }, this.#context, sink);
    if (!found) this.#countries.set(id, country);
    return found;
  }

  #giveEvent(line: OrderLine, occurrence: number, sink: RowSink): Problem | null {
    const type = line.isCancellation ? 'RETURN' : 'PURCHASE';
    const event = {
      id: `${line.invoice}:${line.stockCode}:${occurrence}`,
      userId: line.customer,
      productId: line.stockCode,
      type,
      value: Math.abs(line.quantity),
      priceMinor: toPence(line.price),
      sessionId: line.invoice,
      occurredAt: new Date(line.occurredAt),
    };
    const found = giveEvent(event, this.#context, sink);
    if (!found)
      this.#counts[line.isCancellation ? 'returns by a known customer' : 'purchases by a known customer'] +=
        1;
    return found;
  }

  #count(line: OrderLine): void {
    const counts = this.#counts;
    if (line.customer === '') counts['lines without a customer'] += 1;
    if (line.isCancellation) counts['cancellation lines'] += 1;
    if (line.quantity <= 0) counts['lines with quantity <= 0'] += 1;
    if (line.price <= 0) counts['lines with price <= 0'] += 1;
    if (line.title === null) counts['lines without a description'] += 1;
  }
}

const toPence = (pounds: number): number => Math.round(pounds * 100);

const noCustomer = problem(
  'NO_CUSTOMER',
  'CustomerID',
  'a customer',
  'nothing',
  'The line describes the catalogue only.',
);
const noQuantity = problem(
  'QUANTITY_NOT_POSITIVE',
  'Quantity',
  'a quantity above 0',
  'zero or below',
  'A return needs an invoice that begins with C.',
);

function orderLineOf(fields: readonly string[], occurredAt: number): OrderLine | Problem {
  const [invoice, stockCode, description, quantityText, dateText, priceText, customerText, country] = fields;
  const quantity = parseDecimal(quantityText);
  const price = parseDecimal(priceText);
  if (Number.isNaN(quantity)) return notANumber('Quantity', quantityText);
  if (Number.isNaN(price)) return notANumber('UnitPrice', priceText);
  if (Number.isNaN(occurredAt)) {
    const got = `text of ${dateText.length} characters`;
    return problem(
      'TIME_INVALID',
      'InvoiceDate',
      'a time such as 2010-12-01 08:26:00',
      got,
      'Correct the time.',
    );
  }
  return {
    invoice,
    stockCode,
    title: tidy(description),
    quantity,
    occurredAt,
    price,
    customer: withoutPointZero(customerText),
    country,
    isCancellation: invoice.startsWith('C'),
  };
}

function notANumber(field: string, text: string): Problem {
  const got = `text of ${text.length} characters`;
  return problem('NUMBER_INVALID', field, 'a plain decimal number', got, 'Write it as 12 or 2.55.');
}
