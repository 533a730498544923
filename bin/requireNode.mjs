// First import of every program: stops on a Node.js that is too old. It parses on Node.js 14, and so must the files that
// import it, because a module is parsed before the modules that it imports run.

/** The same versions as `engines` in package.json: 20.19 and 22.12 are the first that can require() ES modules. */
const isEnough = (major, minor) =>
  (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;

const [major, minor] = process.versions.node.split('.').map(Number);
if (!isEnough(major, minor)) {
  console.error(
    `Expected Node.js >= 20.19 (and not 21, nor 22 before 22.12); got ${process.versions.node} (${process.execPath}). Install the current release from https://nodejs.org and start again.`,
  );
  process.exit(1);
}
