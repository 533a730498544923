// `npm start`: checks what can be checked, builds what changed, then runs `affinity start` in this process, so that
// signals reach it.
import '../bin/requireNode.mjs';

/** Exit statuses of a process that a signal ended: 128 + its number. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 };

/** Why a build failed, and the remedy, by the code of the error. */
const sentences = {
  EROFS: 'a read-only file system. Build it where it can be written (npm run build), then start it here',
  EACCES:
    'no permission to write there, or to run programs there (a file system mounted with noexec). Build it where both are allowed (npm run build), then start it here',
  ENOSPC: 'a full disk. Make room and start again',
  EDQUOT: 'a used-up disk quota. Make room and start again',
  ERR_MODULE_NOT_FOUND: 'a missing package. Run npm ci --include=dev and start again',
};

const stopBuilding = signal => {
  console.log('Stopped while building. The next start builds what is missing.');
  process.exit(exitCodes[signal]);
};

const failBuilding = error => {
  // esbuild gives the code of a program that may not run in its text only.
  const [, spawnCode] = /spawn .* (E[A-Z]+)/.exec(error.message) ?? [];
  const sentence = sentences[error.code ?? spawnCode];
  if (sentence === undefined) console.error(error);
  else console.error(`Expected to build Affinity in ${process.cwd()}; got ${sentence}.\n${error.message}`);
  process.exit(1);
};

// Ctrl-C also ends the build's child processes. Their failure may arrive before the signal, so it is reported later.
const signalMs = 200;
const failLater = error => setTimeout(failBuilding, signalMs, error);

for (const signal of Object.keys(exitCodes)) process.on(signal, stopBuilding);
process.on('uncaughtException', failLater);
try {
  await import('./checkPrerequisites.mjs');
  await import('./build.mjs');
} catch (error) {
  await new Promise(resolve => setTimeout(resolve, signalMs));
  failBuilding(error);
}
process.off('uncaughtException', failLater);
process.argv.splice(2, 0, 'start');
// The program listens for signals itself as soon as it is loaded.
await import('../bin/affinity.mjs');
for (const signal of Object.keys(exitCodes)) process.off(signal, stopBuilding);
