import type { DataNeeds } from './needs';

/** What every model and every insight states about itself, as data: shared code reads the card, never the name. */
export interface TrainableCard {
  /** As in the registry, GraphQL and the CLI: kebab-case. */
  readonly name: string;
  /** One sentence: the idea. */
  readonly summary: string;
  /** Authors, year, title. */
  readonly source: string;
  readonly needs: DataNeeds;
}
