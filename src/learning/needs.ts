import { GatewayError } from '../domain/errors';
import type { Csr } from '../numeric/csr';
import type { Snapshot } from '../snapshot/snapshot';

/** The least data that a model or an insight can be trained on. */
export interface DataNeeds {
  /** Fewest events. */
  readonly events: number;
  /** Fewest users with at least two distinct products. */
  readonly users: number;
  /** Fewest products with a title. Left out by what reads no texts. */
  readonly documents?: number;
  /** Whether training uses `Snapshot.documentVectors` where an encoder is configured. */
  readonly documentVectors?: boolean;
}

/** The part of a card that states the data needed. */
export interface NeedsCard {
  readonly name: string;
  readonly needs: DataNeeds;
}

/** Users with at least two distinct products among preferences. */
function usersWithTwo({ rows, indptr }: Csr): number {
  let count = 0;
  for (let user = 0; user < rows; user++) if (indptr[user + 1] - indptr[user] >= 2) count++;
  return count;
}

/** @throws {GatewayError} TRAINING_DATA_INSUFFICIENT when the model reads and too few products are described */
function checkDocuments({ name, needs: { documents: needed = 0 } }: NeedsCard, snapshot: Snapshot): void {
  const documents = (snapshot.documents ?? []).reduce(
    (count, document) => count + Number(document !== null),
    0,
  );
  if (documents >= needed) return;
  throw new GatewayError(
    'TRAINING_DATA_INSUFFICIENT',
    `Expected at least ${needed} described products to train ${name}; got ${documents}. Import products with titles first.`,
    { model: name, documentsNeeded: needed, documents },
  );
}

/**
 * Checks that there is enough to learn from.
 *
 * @throws {GatewayError} TRAINING_DATA_INSUFFICIENT with what the card needs and what there is
 */
export function checkNeeds(card: NeedsCard, snapshot: Snapshot, preferences: Csr): void {
  const events = snapshot.events.length;
  const users = usersWithTwo(preferences);
  checkDocuments(card, snapshot);
  if (events >= card.needs.events && users >= card.needs.users) return;
  throw new GatewayError(
    'TRAINING_DATA_INSUFFICIENT',
    `Expected at least ${card.needs.events} events and ${card.needs.users} users with two products to train ` +
      `${card.name}; got ${events} and ${users}. Import or track more events first.`,
    {
      model: card.name,
      eventsNeeded: card.needs.events,
      events,
      usersNeeded: card.needs.users,
      users,
    },
  );
}
