// One lane of `npm run prove -- time`: judges the zones that it is sent, one at a time, in the tree that it is given.
import { join } from 'node:path';

const [tree, seed] = process.argv.slice(2);
const home = join(tree, 'libs/schedule/dist');
const subject = await import(join(home, 'index.js'));
const { FULL_PROOF, proveZone } = await import(join(home, 'proof/prove-zone.fixture.js'));

process.on('message', (zone) => {
  process.send(proveZone(subject, { zone, seed, size: FULL_PROOF }));
});
process.on('disconnect', () => process.exit());
