/** Why a build failed, and the remedy, by the code of the error. */
const sentences = {
  EROFS: 'a read-only file system. Build it where it can be written (npm run build), then start it here',
  EACCES:
    'no permission to write there, or to run programs there (a file system mounted with noexec). Build it where both are allowed (npm run build), then start it here',
  ENOSPC: 'a full disk. Make room and start again',
  EDQUOT: 'a used-up disk quota. Make room and start again',
  ERR_MODULE_NOT_FOUND: 'a missing package. Run npm ci --include=dev and start again',
};

/** Returns the code of a failure. A program that is not there is part of a package that is not installed. */
function codeOf({ code, syscall = '', message }) {
  if (code === 'ENOENT' && syscall.startsWith('spawn')) return 'ERR_MODULE_NOT_FOUND';
  // esbuild gives the code of a program that may not run in its text only.
  const [, spawnCode] = /spawn .* (E[A-Z]+)/.exec(message) ?? [];
  return code ?? spawnCode;
}

/** Prints why a build failed, in one sentence where the cause is foreseen, and ends the process. */
export function failBuilding(error) {
  const sentence = sentences[codeOf(error)];
  if (sentence === undefined) console.error(error);
  else console.error(`Expected to build Affinity in ${process.cwd()}; got ${sentence}.\n${error.message}`);
  process.exit(1);
}
