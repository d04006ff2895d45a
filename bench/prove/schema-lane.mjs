// One lane of `npm run prove -- schema`: proves as many documents as it is told, in the tree that it is given.
import { join } from 'node:path';

const [tree] = process.argv.slice(2);
const proof = join(tree, 'libs/jobfile/dist/proof');
const { proveSchema } = await import(join(proof, 'prove-schema.fixture.js'));
const { defaultsSubject, jobSubject } = await import(join(proof, 'subjects.fixture.js'));
const subjects = { job: jobSubject(), defaults: defaultsSubject() };

process.on('message', ({ file, seed, documents }) => {
  const { spoilt, codes, ...counts } = proveSchema(subjects[file], { seed, documents });
  process.send({ file, ...counts, spoilt: [...spoilt], codes: [...codes] });
});
process.on('disconnect', () => process.exit());
