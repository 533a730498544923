import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { TrackedCounts } from '../../graphql/request/services';
import type { OperationReport } from '../../graphql/requestPlugin';

/** Metrics of the process. Labels have values from closed sets: none that clients choose, none about persons. */
export interface Metrics {
  readonly registry: Registry;
  operation(report: OperationReport): void;
  tracked(counts: TrackedCounts): void;
  trainingQueued(model: string): void;
  error(code: string): void;
  /** Adds a gauge that calls `read` each time the metrics are requested. */
  gauge(name: string, help: string, read: () => number): void;
  /** Adds a counter that is kept elsewhere. `read` returns its value since the process started and never decreases. */
  counter(name: `${string}_total`, help: string, read: () => number): void;
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** @param withProcess - whether to add the memory, CPU time and event loop lag of the process */
export function createMetrics(withProcess = true): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (withProcess) collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'affinity_operation_duration_seconds',
    help: 'Duration of GraphQL operations, by first root field.',
    labelNames: ['operation', 'outcome'],
    buckets: seconds,
    registers,
  });
  const events = new Counter({
    name: 'affinity_events_total',
    help: 'Tracked events, by outcome.',
    labelNames: ['status'],
    registers,
  });
  const trainings = new Counter({
    name: 'affinity_trainings_queued_total',
    help: 'Training runs queued over GraphQL, by model.',
    labelNames: ['model'],
    registers,
  });
  const errors = new Counter({
    name: 'affinity_errors_total',
    help: 'Logged errors, by code.',
    labelNames: ['code'],
    registers,
  });
  return {
    registry,
    operation({ rootField, outcome, durationMs }) {
      durations.observe({ operation: rootField, outcome }, durationMs / 1000);
    },
    tracked({ accepted, duplicates, rejected }) {
      events.inc({ status: 'accepted' }, accepted);
      events.inc({ status: 'duplicate' }, duplicates);
      events.inc({ status: 'rejected' }, rejected);
    },
    trainingQueued: model => trainings.inc({ model }),
    error: code => errors.inc({ code }),
    gauge(name, help, read) {
      const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(read()) });
    },
    counter(name, help, read) {
      const collect = () => {
        counter.reset();
        counter.inc(read());
      };
      const counter: Counter = new Counter({ name, help, registers, collect });
    },
  };
}
