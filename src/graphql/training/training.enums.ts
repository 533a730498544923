import type { TrainingStatus } from '../../store/ports/trainingRun';
import { enumOf } from '../enums/enumOf';

export const trainingStatusEnum = enumOf<TrainingStatus>('TrainingStatus', 'Status of a training run.', {
  QUEUED: 'Waiting for a worker.',
  RUNNING: 'In progress.',
  PUBLISHED: 'Trained, passed the gate, and published.',
  REJECTED: 'Trained, but did not pass the gate. The previous model continues to serve.',
  FAILED: 'Ended by an error; `reason` describes it.',
  CANCELLED: 'Stopped before it ended.',
});
