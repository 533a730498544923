import type { ModelConfig } from '../contender';
import type { SampledOptions } from '../sampled';
import type { Task } from '../task';
import type { Figures } from './figures';
import type { ModelReport } from './modelReport';

/** The conditions of a measurement. */
export interface ReportContext extends Pick<Task, 'protocol' | 'order' | 'holdOut' | 'isSession'> {
  readonly model: string;
  readonly task: string;
  readonly seeds: readonly number[];
  /** Settings that differ from the defaults. */
  readonly config: ModelConfig;
  readonly sampled: SampledOptions | undefined;
}

/** All results of one model. */
export interface ModelOutcome {
  readonly context: ReportContext;
  /** One per seed. */
  readonly runs: readonly ModelReport[];
  readonly figures: Figures;
}
