// `npm start`: checks what can be checked, builds what changed, then runs `affinity start` in this process, so that
// signals reach it.
import '../bin/requireNode.mjs';

/** Exit statuses of a process that a signal ended: 128 + its number. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 };

const stopBuilding = signal => {
  console.log('Stopped while building. The next start builds what is missing.');
  process.exit(exitCodes[signal]);
};

// Imported when needed: a Node.js that is too old must parse this file.
const failBuilding = async error => (await import('./buildFailure.mjs')).failBuilding(error);

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
  await failBuilding(error);
}
process.off('uncaughtException', failLater);
process.argv.splice(2, 0, 'start');
// The program listens for signals itself as soon as it is loaded.
await import('../bin/affinity.mjs');
for (const signal of Object.keys(exitCodes)) process.off(signal, stopBuilding);
