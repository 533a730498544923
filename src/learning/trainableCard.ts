import type { DataNeeds } from './needs';

/** Description of a model or an insight, as data: shared code reads the card and never asks for a name. */
export interface TrainableCard {
  /** As in the registry, GraphQL and the CLI: kebab-case. */
  readonly name: string;
  /** One sentence: the idea. */
  readonly summary: string;
  /** Authors, year, title. */
  readonly source: string;
  readonly needs: DataNeeds;
  /** Whether its training trains other models, or takes what they published of the same data. */
  readonly trainsOthers?: boolean;
}
