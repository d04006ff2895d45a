import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { planDay } from '../timing/day-plan.js';
import { sourceOf } from '../timing/sources.fixture.js';
import { catchOutput, contextFor } from '../testing/run-in-test.fixture.js';
import { showDay } from './show-day.js';
import { screenOf } from './screen.js';
import { textWidth } from './text-width.js';

const ZONE = 'Europe/Berlin';

/** A household at an instant, drawn without colours. */
function draw(options: { readonly width: number; readonly from: number; readonly lang?: string }) {
  const { width, from, lang = 'C.UTF-8' } = options;
  const sources = [
    sourceOf('backup', '30 2 * * *', ZONE),
    sourceOf('minute-tick', '* * * * *', ZONE),
    sourceOf('heartbeat-of-the-whole-house', '*/5 * * * * *', ZONE),
    sourceOf('monitor', '*/4 * * * *', ZONE),
    sourceOf('report', '0 0 * * *', ZONE),
    sourceOf('yearly', '@yearly', ZONE),
  ];
  const output = catchOutput(false);
  const environment = { LANG: lang };
  const context = contextFor({
    args: [],
    options: { cwd: '/', environment },
    stdout: output,
    stderr: output,
  });
  const view = planDay({ sources, from, zone: ZONE });
  return showDay(view, { ...screenOf(output, context), width, now: from });
}

const AUTUMN = Date.UTC(2027, 9, 30, 22, 17);
const SPRING = Date.UTC(2027, 2, 27, 23, 30);
const SUMMER = Date.UTC(2027, 6, 1, 12, 3);

suite('the picture of a day', () => {
  test('fits its screen whatever the day, with names cut and all numbers whole', () => {
    for (const width of [80, 100, 112, 120, 160])
      for (const from of [AUTUMN, SPRING, SUMMER])
        for (const line of draw({ width, from })) assert.ok(textWidth(line) <= width, line);
  });

  test('the hour that comes twice stands there twice, marked, with a word on it', () => {
    const lines = draw({ width: 80, from: AUTUMN });
    assert.equal(
      lines.slice(2, 6).join('\n'),
      [
        '                          0 0 0«0 0 0 0 0 0 0 0 1 1 1 1 1 1 1 1 1 1 2 2 2',
        'JOB                       0 1 2«2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2   RUNS',
        'heartbeat-of-the-whole-…  ■ ■ ■«■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■  17076',
        'minute-tick               ▪ ■ ■«■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■ ■   1423',
      ].join('\n'),
    );
    assert.ok(
      lines.includes('« Sun 2027-10-31  03:00 CEST → 02:00 CET  1 h back: that time comes twice'),
      lines.join('\n'),
    );
  });

  test('the hour that does not exist is left out, marked, with a word on it', () => {
    const lines = draw({ width: 120, from: SPRING });
    assert.match(lines[2] ?? '', /JOB +00 01»03 04/);
    assert.ok(lines.some((line) => line.startsWith('» Sun 2027-03-28  02:00 CET → 03:00 CEST')));
  });

  test('the legend explains the marks that are used, and no others', () => {
    const lines = draw({ width: 80, from: SUMMER });
    assert.ok(
      lines.includes('1-9 runs due in the hour   ▪ 10 or more   ■ 60 or more   │ midnight'),
      lines.join('\n'),
    );
    assert.ok(lines.includes('Not due in this time: yearly'));
  });

  test('where marks beyond ASCII are not shown, there are none', () => {
    for (const line of draw({ width: 80, from: AUTUMN, lang: 'C' }))
      assert.match(line.replace('whole-…', ''), /^[\u0020-\u007e]*$/);
  });
});
