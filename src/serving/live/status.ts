import { GatewayError } from '../../domain/errors';
import type { LiveShop } from './liveShop';

/** A model or an insight in service. */
export interface LiveModelStatus {
  readonly model: string;
  readonly version: string;
  readonly publishedAt: number | null;
  readonly metrics: Readonly<Record<string, number>>;
}

/** An artifact that should serve and does not. */
export interface RefusedModelStatus {
  readonly model: string;
  readonly version: string;
  /** Code of the error, or INTERNAL for one that was not foreseen. */
  readonly code: string;
}

/** @param shop - undefined for one that is not loaded: nothing serves it yet */
export function liveModelsOf(shop: LiveShop | undefined): readonly LiveModelStatus[] {
  const live = [...(shop?.shelf.current().values() ?? []), ...(shop?.insights.current().values() ?? [])];
  return live.map(({ record }) => ({
    model: record.model,
    version: record.version,
    publishedAt: record.publishedAt,
    metrics: record.metrics,
  }));
}

/** @param shop - undefined for one that is not loaded: nothing was refused yet */
export function refusedModelsOf(shop: LiveShop | undefined): readonly RefusedModelStatus[] {
  const refused = [...(shop?.shelf.refused().values() ?? []), ...(shop?.insights.refused().values() ?? [])];
  return refused.map(({ record, error }) => ({
    model: record.model,
    version: record.version,
    code: error instanceof GatewayError ? error.code : 'INTERNAL',
  }));
}
