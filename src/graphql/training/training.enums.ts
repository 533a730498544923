import type { TrainingStatus } from '../../store/ports/trainingRun';
import { enumOf } from '../enums/enumOf';

export const trainingStatusEnum = enumOf<TrainingStatus>('TrainingStatus', 'Life of a training run.', {
  QUEUED: 'Waits for a worker.',
  RUNNING: 'A worker trains it.',
  PUBLISHED: 'Trained, passed the gate, and serves.',
  REJECTED: 'Trained, but did not pass the gate; the model before it goes on serving.',
  FAILED: 'Ended by an error; `reason` says which.',
  CANCELLED: 'Was stopped before it ended.',
});
