// What can be checked before anything is built, seeded or trained. scripts/checkPrerequisites.mjs bundles this file before there is a
// build, without the models that main/config.ts names: it must not import generated files.
import { GatewayError } from '../../domain/errors';
import { checkRedis } from '../../store/bullmq/reachable';
import { checkEmbeddedPostgres } from '../../store/prisma/embedded';
import { openDataFolder } from '../../store/prisma/embedded/dataFolder';
import { checkDatabase } from '../../store/prisma/reachable';
import { type Config, parseConfig } from '../config';
import { readTrustedDocuments } from '../trustedDocuments';
import { checkHealthPort, checkPort } from './port';

/** The settings that name what must exist before a process starts. */
export type PrerequisiteSettings = Pick<
  Config,
  | 'port'
  | 'healthPort'
  | 'host'
  | 'trustedDocuments'
  | 'dataDir'
  | 'databaseUrl'
  | 'redisUrl'
  | 'jwtSecret'
  | 'jwksUrl'
>;

/** Checks Redis. Without it a gateway serves all but trainings, and connects when it comes back. */
async function noteRedis(url: string, onLog: (message: string) => void): Promise<void> {
  try {
    await checkRedis(url);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    onLog(`${error.message} Until it responds, no training starts.`);
  }
}

/**
 * Checks that the ports are free, that the manifest of trusted documents can be read, and that the database responds, or that an
 * embedded database can be started. Reports a job queue that does not respond.
 *
 * @param onLog - called with a sentence about what was prepared, or is missing and not needed for a start
 * @throws {GatewayError} CONFIG_INVALID, UNAVAILABLE with the first thing that is missing, and a remedy
 */
export async function checkPrerequisites(
  config: PrerequisiteSettings,
  onLog: (message: string) => void,
): Promise<void> {
  const { port, healthPort, host, dataDir, databaseUrl, redisUrl, jwtSecret, jwksUrl } = config;
  await checkPort(host, port);
  if (healthPort !== null) await checkHealthPort(host, port, healthPort);
  readTrustedDocuments(config.trustedDocuments);
  // Without other keys, a secret is generated in the data folder.
  if (databaseUrl !== null && jwtSecret === null && jwksUrl === null) await openDataFolder(dataDir);
  if (databaseUrl === null) await checkEmbeddedPostgres({ dataDir, onLog });
  else await checkDatabase(databaseUrl);
  if (redisUrl !== null) await noteRedis(redisUrl, onLog);
}

/** As {@link checkPrerequisites}, after all settings of the environment. */
export async function checkEnvironment(
  env: NodeJS.ProcessEnv,
  onLog: (message: string) => void,
): Promise<void> {
  await checkPrerequisites(parseConfig(env), onLog);
}
