import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { compileJobs, NOTE_CODES, PROBLEM_CODES, shownText } from './index.js';
import { readBrokenFiles } from './broken-files.fixture.js';

suite('the broken job files', () => {
  const directories = ['', 'defaults/', 'defaults-twice/'].map(readBrokenFiles);
  const compiled = directories.map((files) => compileJobs(files));

  test('have every kind of mistake and every kind of note; what cannot be read cannot be kept as a file', () => {
    const told = new Set(compiled.flatMap(({ problems }) => problems.map(({ code }) => code)));
    assert.deepEqual(
      PROBLEM_CODES.filter((code) => !told.has(code)),
      ['unreadable'],
    );
    const noted = new Set(compiled.flatMap(({ notes }) => notes.map(({ code }) => code)));
    assert.deepEqual(
      NOTE_CODES.filter((code) => !noted.has(code)),
      [],
    );
    const path = 'unread.yaml';
    const why = { kind: 'unreadable', message: 'EACCES' } as const;
    const [problem] = compileJobs([{ path, why }]).problems;
    assert.equal(problem?.code, 'unreadable');
  });

  test('have their mistakes at places that they have', () => {
    for (const [index, { problems }] of compiled.entries()) {
      const texts = new Map(directories[index]?.map(({ path, bytes }) => [path, shownText(bytes)]));
      for (const { path, line, column, message } of problems) {
        const lines = texts.get(path)?.split('\n') ?? [''];
        assert.ok(line >= 1 && line <= lines.length, `${path}:${line} ${message}`);
        assert.ok(
          column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1,
          `${path} ${message}`,
        );
      }
    }
  });
});
