// Single-event mutations over HTTP: 64 connections, one event per eventsTrack request, durable when acknowledged.
// node scripts/bench.mjs trackHttp [--connections 64] [--seconds 8] [--runs 3] [--url URL --token TOKEN]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuSecondsOf } from './cpuShares';
import { environmentLine, medianOf } from './environment';
import { benchToken, startGatewayProcess, trackOne } from './gatewayProcess';
import { formatLoad, type LoadResult, runLoad } from './load';

const { values: options } = parseArgs({
  options: {
    connections: { type: 'string', default: '64' },
    seconds: { type: 'string', default: '8' },
    runs: { type: 'string', default: '3' },
    url: { type: 'string' },
    token: { type: 'string' },
  },
});
const seconds = Number(options.seconds);

const variables = Array.from({ length: 500 }, (_, i) => ({
  input: {
    events: [
      {
        eventId: '$eventId',
        userId: `user-${10_001 + ((i * 7) % 400)}`,
        productId: `sku-${10_001 + ((i * 13) % 300)}`,
        type: 'VIEW',
        sessionId: `bench-${i}`,
      },
    ],
  },
}));

async function measure(
  url: string,
  token: string,
  cpu: () => ReturnType<typeof cpuSecondsOf>,
): Promise<void> {
  const job = {
    url,
    token,
    query: trackOne,
    variables,
    isTracking: true,
    connections: Number(options.connections),
  };
  await runLoad({ ...job, seconds: 3 });
  const results: LoadResult[] = [];
  for (let run = 1; run <= Number(options.runs); run++) {
    const before = cpu();
    const result = await runLoad({ ...job, seconds });
    const after = cpu();
    results.push(result);
    console.log(formatLoad(`run ${run}`, result));
    if (before !== null && after !== null) {
      const share = (name: 'gateway' | 'postgres') => ((after[name] - before[name]) / seconds).toFixed(2);
      console.log(`  cores in use: gateway ${share('gateway')}, PostgreSQL ${share('postgres')}`);
    }
  }
  const median = (key: keyof LoadResult) => medianOf(results.map(result => result[key]));
  console.log(
    `median: ${Math.round(median('perSecond'))} single-event mutations/s, p50 ${median('p50')} ms, p99 ${median('p99')} ms (goal: 2,000/s at 64 connections)`,
  );
}

async function main(): Promise<void> {
  console.log(environmentLine());
  console.log(`eventsTrack with one event, ${options.connections} connections, ${seconds} s per run`);
  if (options.url !== undefined && options.token !== undefined) {
    return await measure(options.url, options.token, () => null);
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'affinity-track-'));
  try {
    const gateway = await startGatewayProcess({
      dataDir,
      env: { AFFINITY_DEMO_SCALE: '0.2', AFFINITY_WORKER: 'false' },
    });
    await measure(gateway.url, await benchToken('demo', 'INGEST'), () => cpuSecondsOf(gateway.pid, dataDir));
    await gateway.end('SIGTERM');
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

void main();
