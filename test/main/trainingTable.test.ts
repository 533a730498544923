import { formatRuns } from '../../src/main/commands/trainingTable';
import type { TrainingRunRecord } from '../../src/store/ports/trainingRun';
import { shopId } from '../training/support';

const run: TrainingRunRecord = {
  shopId,
  id: 'r',
  model: 'item-neighbours',
  status: 'PUBLISHED',
  seed: 1,
  snapshotDigest: 'd',
  artifactId: 'a',
  metrics: { 'ndcg@20': 0.12345, 'baseline:ndcg@20': 0.05, users: 1_234 },
  reason: 'Beats popularity.',
  queuedAt: 0,
  startedAt: 1_000,
  finishedAt: 3_500,
};

it('prints metrics with those of popularity, followed by the reasons of the gate', () => {
  const refused: TrainingRunRecord = {
    ...run,
    model: 'x',
    status: 'REJECTED',
    metrics: null,
    reason: 'Too few.',
  };
  const lines = formatRuns([run, refused]).split('\n');
  expect(lines[1].split(/ {2,}/)).toEqual([
    'item-neighbours',
    'PUBLISHED',
    '0.1235',
    '-',
    '-',
    '0.0500',
    '-',
    '1,234',
    '2.5',
  ]);
  expect(new Set(lines.slice(0, 3).map(line => line.length)).size).toBe(1);
  expect(lines.slice(4)).toEqual(['item-neighbours: Beats popularity.', 'x: Too few.']);
});
