import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readEnvironmentLine } from './read-environment-line.js';
import { splitInput } from './split-input.js';

suite('the percent sign', () => {
  test('is a newline, and what follows the first one is standard input, which ends with a newline', () => {
    assert.deepEqual(splitInput('mail me%Hello%%World'), {
      command: 'mail me',
      input: 'Hello\n\nWorld\n',
    });
    assert.deepEqual(splitInput('a%%'), { command: 'a', input: '\n' });
    assert.deepEqual(splitInput('a%'), { command: 'a', input: null });
  });

  test('with a backslash is itself; two of these are one, and others stay', () => {
    assert.deepEqual(splitInput('date +\\%F \\n \\\\'), {
      command: 'date +%F \\n \\',
      input: null,
    });
    assert.deepEqual(splitInput('a\\'), { command: 'a\\', input: null });
    // A backslash takes the one after it along in the command, but not in the input.
    assert.deepEqual(splitInput('a\\\\%b\\\\%c'), { command: 'a\\', input: 'b\\%c\n' });
  });
});

suite('an environment line', () => {
  test('is read as cron reads it: blanks, quotes, and nothing expanded', () => {
    const read = (line: string): unknown => readEnvironmentLine(line);
    assert.deepEqual(read('A=b'), { name: 'A', value: 'b' });
    assert.deepEqual(read('  A  =  b c  '), { name: 'A', value: 'b c' });
    assert.deepEqual(read('"A B" = " x "'), { name: 'A B', value: ' x ' });
    assert.deepEqual(read('A=\'it is "so"\''), { name: 'A', value: 'it is "so"' });
    assert.deepEqual(read('PATH=$HOME/bin # no comment'), {
      name: 'PATH',
      value: '$HOME/bin # no comment',
    });
    assert.deepEqual(read('MAILTO=""'), { name: 'MAILTO', value: '' });
    assert.deepEqual(read('MAILTO='), { name: 'MAILTO', value: '' });
  });

  test('is not what sets a variable for one command, nor a quote that does not end', () => {
    for (const line of [
      '* * * * * A=b c',
      '@daily A=b c',
      'A="b',
      'A="b" c',
      '=b',
      'A',
      '"A=b',
      '"A="=b',
    ])
      assert.equal(readEnvironmentLine(line), null, line);
  });
});
