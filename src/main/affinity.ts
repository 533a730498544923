import 'reflect-metadata';
import { Command } from 'commander';
import { GatewayError } from '../domain/errors';
import { registerDemo } from './commands/demo';
import { describeDefaults } from './commands/describeDefaults';
import { registerDoctor } from './commands/doctor';
import { registerEvaluate } from './commands/evaluate';
import { registerExport } from './commands/export';
import { registerImport } from './commands/import';
import { registerKeys } from './commands/keys';
import { registerSchema } from './commands/schema';
import { registerShop } from './commands/shop';
import { registerStart } from './commands/start';
import { registerToken } from './commands/token';
import { registerTrain } from './commands/train';
import { registerWorker } from './commands/worker';
import { processConfig } from './config';
import { isClosedOutput, writeFailure } from './files/writeFailure';
import { openStores } from './openStores';
import { endWithNpm, surviveFailedOutput } from './stopRequest';
import { openWorker } from './worker';

/** Creates the `affinity` program, with one command per file in commands/. */
export function createProgram(): Command {
  const program = new Command('affinity')
    .description('A GraphQL personalization gateway')
    .showHelpAfterError('(see --help)');
  registerStart(program);
  registerWorker(program, openWorker);
  registerImport(program, openStores);
  registerExport(program, openStores);
  registerTrain(program, openStores, () => processConfig().threads);
  registerEvaluate(program, openStores);
  registerDemo(program, openStores);
  registerShop(program, openStores);
  registerKeys(program, openStores);
  registerToken(program);
  registerDoctor(program);
  registerSchema(program);
  refuseRepeats(program);
  describeDefaults(program);
  return program;
}

/** Refuses an option that is given twice, of which only the last value would count. Options that collect values are exempt. */
function refuseRepeats(command: Command): void {
  for (const sub of command.commands) refuseRepeats(sub);
  for (const option of command.options) {
    const collects = Array.isArray(option.defaultValue) && option.defaultValue.length === 0;
    if (option.isBoolean() || collects) continue;
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) command.error(`error: option '${option.flags}' is given twice. Expected it once.`);
      isGiven = true;
    });
  }
}

/** Prints a foreseen failure as one line and exits with 1; lets a bug show its stack. */
async function main(): Promise<void> {
  endWithNpm();
  const isReported = surviveFailedOutput();
  try {
    await createProgram().parseAsync();
  } catch (error) {
    process.exitCode = 1;
    // `affinity export | head` wants no more: there is nobody to tell.
    if (isClosedOutput(error) || isReported(error)) return;
    const failure = writeFailure(error) ?? error;
    if (!(failure instanceof GatewayError)) throw failure;
    console.error(`${failure.code}: ${failure.message}`);
  }
}

void main();
