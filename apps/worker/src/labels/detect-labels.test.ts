import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { labelsSchema } from '@petit/protocol';
import { makeTempDir } from '@petit/testkit';
import { detectLabels } from './detect-labels.js';

test('a board is described by what can be seen of it, in the form an announcement takes', () => {
  const labels = detectLabels();
  assert.equal(labels['arch'], process.arch);
  assert.match(labels['cpus'] ?? '', /^[1-9]\d*$/);
  assert.match(labels['memory_mb'] ?? '', /^[1-9]\d*$/);
  assert.deepEqual(labelsSchema.parse(labels), labels);
});

test('the model is what the device tree says, without its final NUL', async () => {
  await using home = await makeTempDir();
  const path = join(home.path, 'model');
  await writeFile(path, 'Turing RK1\0');
  assert.equal(detectLabels(path)['model'], 'Turing RK1');
  await writeFile(path, '\0');
  assert.ok(!('model' in detectLabels(path)));
  assert.ok(!('model' in detectLabels(join(home.path, 'missing'))));
});
