// What can be checked before anything is built, seeded or trained. scripts/checkPrerequisites.mjs bundles this file before there is a
// build, without the models that main/config.ts names: it must not import generated files.
import { checkRedis } from '../../store/bullmq/reachable';
import { checkEmbeddedPostgres } from '../../store/prisma/embedded';
import { openDataFolder } from '../../store/prisma/embedded/dataFolder';
import { checkDatabase } from '../../store/prisma/reachable';
import { type Config, parseConfig } from '../config';
import { checkPort } from './port';

/** The settings that name what must exist before a process starts. */
export type PrerequisiteSettings = Pick<
  Config,
  'port' | 'host' | 'dataDir' | 'databaseUrl' | 'redisUrl' | 'jwtSecret' | 'jwksUrl'
>;

/**
 * Checks that the port is free, and that database and job queue respond, or that an embedded database can be started.
 *
 * @param onLog - called with a sentence about what was prepared
 * @throws {GatewayError} CONFIG_INVALID, UNAVAILABLE with the first thing that is missing, and a remedy
 */
export async function checkPrerequisites(
  config: PrerequisiteSettings,
  onLog: (message: string) => void,
): Promise<void> {
  const { port, host, dataDir, databaseUrl, redisUrl, jwtSecret, jwksUrl } = config;
  await checkPort(host, port);
  // Without other keys, a secret is generated in the data folder.
  if (databaseUrl !== null && jwtSecret === null && jwksUrl === null) await openDataFolder(dataDir);
  if (databaseUrl === null) await checkEmbeddedPostgres({ dataDir, onLog });
  else await checkDatabase(databaseUrl);
  if (redisUrl !== null) await checkRedis(redisUrl);
}

/** As {@link checkPrerequisites}, after all settings of the environment. */
export async function checkEnvironment(
  env: NodeJS.ProcessEnv,
  onLog: (message: string) => void,
): Promise<void> {
  await checkPrerequisites(parseConfig(env), onLog);
}
