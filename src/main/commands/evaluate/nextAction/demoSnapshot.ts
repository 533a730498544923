import { generateDemoShop } from '../../../../demo/demoShop';
import { interactionCodes } from '../../../../domain/interaction';
import { createSnapshotBuilder } from '../../../../snapshot/builder';
import { documentOf } from '../../../../snapshot/documents';
import type { Snapshot } from '../../../../snapshot/snapshot';

/** The demo shop's year ends here, so that its figures are the same every day. */
const end = Date.UTC(2026, 0, 15);

/** The demo shop as a gateway would read it, made in memory. */
export async function demoSnapshot(scale: number, seed: number): Promise<Snapshot> {
  const shop = generateDemoShop({ seed, scale, now: end });
  const builder = createSnapshotBuilder({ asOf: end, endsAtLastEvent: true });
  for (const product of shop.products) builder.describe(product.id, documentOf(product));
  for (const events of shop.events()) {
    builder.add({
      length: events.length,
      userIds: events.map(event => event.userId),
      productIds: events.map(event => event.productId),
      types: Uint8Array.from(events, event => interactionCodes[event.type]),
      values: Float64Array.from(events, event => event.value ?? Number.NaN),
      sessionIds: events.map(event => event.sessionId),
      queryTexts: events.map(event => event.queryText),
      occurredAt: Float64Array.from(events, event => event.occurredAt),
    });
  }
  return builder.build();
}
