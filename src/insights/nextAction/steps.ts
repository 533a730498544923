import { interactionCodes } from '../../domain/interaction';
import { type Snapshot, textKinds } from '../../snapshot/snapshot';
import type { ActionEvent } from './step';
import { type StepColumns, stepColumnsOf, writeStep } from './step';
import { createStepReader } from './stepReader';
import { type ActionVocabulary, productReaderOf } from './vocabulary';

/** The events of all shoppers as steps, in order of time per shopper. */
export interface ActionSteps {
  readonly length: number;
  /** What the types of steps are places in: types of events, then LEAVE (actions.ts). */
  readonly actions: readonly string[];
  /** Steps of user row u are [offsets[u], offsets[u + 1]). Length users + 1. */
  readonly offsets: Uint32Array;
  /** Features right after each event. */
  readonly columns: StepColumns;
  /** Milliseconds since the epoch. */
  readonly occurredAt: Float64Array;
}

const searchKind = textKinds.indexOf('SEARCH');
const searchType = interactionCodes.SEARCH;

/** Returns the number of searches at an instant that are among the events already, because they named a product. */
function searchEvents({ events, userOffsets }: Snapshot, user: number, at: number): number {
  const end = userOffsets[user + 1];
  let [low, high] = [userOffsets[user], end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (events.occurredAt[middle] < at) low = middle + 1;
    else high = middle;
  }
  let count = 0;
  for (; low < end && events.occurredAt[low] === at; low++) count += Number(events.type[low] === searchType);
  return count;
}

/** Searches of a snapshot that are not among its events: user u's are [offsets[u], offsets[u + 1]). */
function searchesOf(snapshot: Snapshot): {
  readonly offsets: Uint32Array;
  readonly at: Float64Array;
} {
  const { texts, users } = snapshot;
  const offsets = new Uint32Array(users.size + 1);
  const at: number[] = [];
  let [user, instant, known] = [-1, Number.NaN, 0];
  for (let index = 0; index < (texts?.length ?? 0); index++) {
    if (texts?.kind[index] !== searchKind) continue;
    if (texts.userRow[index] !== user || texts.occurredAt[index] !== instant) {
      [user, instant] = [texts.userRow[index], texts.occurredAt[index]];
      known = searchEvents(snapshot, user, instant);
    }
    if (known-- > 0) continue;
    offsets[texts.userRow[index] + 1]++;
    at.push(texts.occurredAt[index]);
  }
  for (let row = 0; row < users.size; row++) offsets[row + 1] += offsets[row];
  return { offsets, at: Float64Array.from(at) };
}

/** Returns the category and price of every product row. */
function readProducts({ products, documents }: Snapshot, vocabulary: ActionVocabulary) {
  const reader = productReaderOf(vocabulary);
  const category = new Uint16Array(products.size);
  const price = new Float32Array(products.size);
  for (let row = 0; row < products.size; row++) {
    const document = documents?.[row];
    category[row] = reader.categoryOf(document?.categoryPath ?? []);
    price[row] = reader.priceOf(document?.priceMinor ?? Number.NaN);
  }
  return { category, price };
}

const searchAt = (occurredAt: number): ActionEvent => ({
  type: searchType,
  product: -1,
  category: 0,
  price: 0,
  occurredAt,
  session: -1,
});

/**
 * Returns the events and searches (from `Snapshot.texts`) of each shopper as steps, a search before an event of the same
 * instant. No step depends on later events. Events of types that the vocabulary does not have are passed over; the
 * columns then have unused rows at their end.
 */
export function actionStepsOf(snapshot: Snapshot, vocabulary: ActionVocabulary): ActionSteps {
  const { events, userOffsets, users } = snapshot;
  const searches = searchesOf(snapshot);
  const products = readProducts(snapshot, vocabulary);
  const capacity = events.length + searches.at.length;
  const columns = stepColumnsOf(capacity);
  const occurredAt = new Float64Array(capacity);
  const offsets = new Uint32Array(users.size + 1);
  const eventAt = (event: number): ActionEvent => ({
    type: events.type[event],
    product: events.productRow[event],
    category: products.category[events.productRow[event]],
    price: products.price[events.productRow[event]],
    occurredAt: events.occurredAt[event],
    session: events.session[event],
  });
  let end = 0;
  for (let user = 0; user < users.size; user++) {
    const reader = createStepReader(vocabulary.actions);
    let [event, search] = [userOffsets[user], searches.offsets[user]];
    while (event < userOffsets[user + 1] || search < searches.offsets[user + 1]) {
      const hasEvent = event < userOffsets[user + 1];
      const isSearch =
        search < searches.offsets[user + 1] && !(hasEvent && events.occurredAt[event] < searches.at[search]);
      const next = isSearch ? searchAt(searches.at[search++]) : eventAt(event++);
      const step = reader.take(next);
      if (step === null) continue;
      writeStep(columns, end, step);
      occurredAt[end++] = next.occurredAt;
    }
    offsets[user + 1] = end;
  }
  return { length: end, actions: vocabulary.actions, offsets, columns, occurredAt };
}
