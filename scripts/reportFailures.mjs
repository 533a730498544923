// The first import of build.mjs: failures of the imports that follow are printed in one sentence. A program that handles them
// itself, as start.mjs does, has its handler already.
import { failBuilding } from './buildFailure.mjs';

if (process.listenerCount('uncaughtException') === 0) process.on('uncaughtException', failBuilding);
