// `npm start`: builds what changed, then runs `affinity start` in this process, so that signals reach it.
import './build.mjs';

process.argv.splice(2, 0, 'start');
await import('../bin/affinity.mjs');
