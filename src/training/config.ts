/** Settings of training. */
export interface TrainingConfig {
  /** Name of the model every personal one must beat. */
  readonly baseline: string;
  /** Share of the latest events that is held out, 0-1. */
  readonly heldOutShare: number;
  /** Under so many users with something held out, another way to hold out is taken. */
  readonly fewestHeldOutUsers: number;
  /** Most users measured, those with the lowest rows: the figures' error shrinks little beyond. */
  readonly measuredUsers: number;
  /** Artifacts kept a model beside the live one. */
  readonly keptArtifacts: number;
}

/** Defaults. */
export const defaultTrainingConfig: TrainingConfig = {
  baseline: 'popularity',
  heldOutShare: 0.1,
  fewestHeldOutUsers: 30,
  measuredUsers: 5_000,
  keptArtifacts: 3,
};
