import { GatewayError } from '../../domain/errors';
import type { LiveShop } from './liveShop';

/** A live model or insight. */
export interface LiveModelStatus {
  readonly model: string;
  readonly version: string;
  readonly publishedAt: number | null;
  readonly metrics: Readonly<Record<string, number>>;
}

/** A published artifact that could not be loaded. */
export interface RefusedModelStatus {
  readonly model: string;
  readonly version: string;
  /** Code of the error; INTERNAL for a bug. */
  readonly code: string;
}

/** Returns the live models and insights of a shop. @param shop - undefined for one that is not loaded */
export function liveModelsOf(shop: LiveShop | undefined): readonly LiveModelStatus[] {
  const live = [...(shop?.shelf.current().values() ?? []), ...(shop?.insights.current().values() ?? [])];
  return live.map(({ record }) => ({
    model: record.model,
    version: record.version,
    publishedAt: record.publishedAt,
    metrics: record.metrics,
  }));
}

/** Returns the refused artifacts of a shop. @param shop - undefined for one that is not loaded */
export function refusedModelsOf(shop: LiveShop | undefined): readonly RefusedModelStatus[] {
  const refused = [...(shop?.shelf.refused().values() ?? []), ...(shop?.insights.refused().values() ?? [])];
  return refused.map(({ record, error }) => ({
    model: record.model,
    version: record.version,
    code: error instanceof GatewayError ? error.code : 'INTERNAL',
  }));
}
