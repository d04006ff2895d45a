// Read by a Node that may be too old, so written in what every one understands; what needs a newer
// one is imported by `work`, which runs only on a Node that is new enough.
const WANTED = [20, 19];

/** Whether a version as in `process.versions.node` is older than what Petit runs on. */
export function isTooOld(version) {
  const got = version.split('.').map(Number);
  return got[0] < WANTED[0] || (got[0] === WANTED[0] && got[1] < WANTED[1]);
}

/** Runs the work; what goes wrong is said in a sentence, and the exit code is 2. */
export function onThisNode(work) {
  const version = process.versions.node;
  if (isTooOld(version)) {
    console.error('Petit needs Node ' + WANTED.join('.') + ' or newer; this is ' + version + '.');
    console.error('Debian 13 and Raspberry Pi OS have it as "nodejs"; else see nodejs.org.');
    process.exitCode = 2;
    return;
  }
  work().catch(function (error) {
    console.error('set-up: ' + (error.expected ? error.message : error.stack));
    process.exitCode = 2;
  });
}
