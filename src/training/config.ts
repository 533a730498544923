import { defaultHeldOutShare, defaultMinHeldOutUsers } from '../snapshot/chooseSplit';

/** Settings of training. */
export interface TrainingConfig {
  /** Name of the model that every personal model must beat. */
  readonly baseline: string;
  /** Share of the latest events that is held out, 0-1. */
  readonly heldOutShare: number;
  /** With fewer users with held-out events, the next way to hold out is used. */
  readonly minHeldOutUsers: number;
  /** Maximum number of users measured, those with the lowest rows: more would hardly reduce the error of the figures. */
  readonly measuredUsers: number;
  /** Artifacts kept per model beside the live one. */
  readonly keptArtifacts: number;
}

/** Used unless a run replaces them. */
export const defaultTrainingConfig: TrainingConfig = {
  baseline: 'popularity',
  heldOutShare: defaultHeldOutShare,
  minHeldOutUsers: defaultMinHeldOutUsers,
  measuredUsers: 5_000,
  keptArtifacts: 3,
};
