import type { Command } from 'commander';
import { GatewayError } from '../../domain/errors';
import { databaseFacts } from '../../store/prisma/facts';
import { createPrismaStores } from '../../store/prisma/stores';
import { type Config, processConfig } from '../config';
import { locateDatabase } from '../database';
import { type Finding, formatFindings } from '../doctor/check';
import {
  checkDataDir,
  checkGateway,
  checkModels,
  checkNode,
  checkQueue,
  checkSearch,
  checkTokens,
  describeDatabase,
} from '../doctor/examine';

/** Adds `affinity doctor` to the program. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Report what is running and what is missing; exits with 1 when something is missing')
    .option('--json', 'print the findings as one JSON array')
    .action(doctorCommand);
}

/** Examines the database and its content, without migrating it. */
async function examineDatabase(config: Config): Promise<readonly Finding[]> {
  const part = 'database';
  try {
    const { url, isEmbedded, stop } = await locateDatabase({ config, onLog: () => undefined });
    try {
      const facts = await databaseFacts(url);
      const findings = [...describeDatabase(facts, isEmbedded, config.isProduction)];
      if (facts.migrations.pending.length > 0) return findings;
      const stores = await createPrismaStores({ url, poolSize: 2 });
      findings.push(...(await checkModels(stores, Date.now())));
      await stores.close();
      findings.push(await checkQueue(url, config.redisUrl));
      return findings;
    } finally {
      await stop();
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return [{ part, state: 'missing', found: error.code, remedy: error.message }];
  }
}

async function doctorCommand({ json }: { readonly json?: boolean }): Promise<void> {
  const config = processConfig();
  const findings = [
    checkNode(process.versions.node),
    await checkDataDir(config),
    checkTokens(config),
    checkSearch(config),
    ...(await examineDatabase(config)),
    await checkGateway(config),
  ];
  console.log(json ? JSON.stringify(findings) : formatFindings(findings));
  if (findings.some(({ state }) => state === 'missing')) process.exitCode = 1;
}
