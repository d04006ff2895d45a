import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import type { RunId } from '@petit/model';
import type { LogEvent } from '@petit/protocol';
import { waitFor } from '@petit/testkit';
import {
  findChromium,
  openBrowser,
  watchPage,
  type WatchedPage,
} from './testing/open-browser.fixture.js';
import { sampleJob, sampleNode, sampleRun, sampleTask } from './testing/sample-views.fixture.js';
import { RUN_ID, startHttp, TOKEN, type TestHttp } from './testing/start-http.fixture.js';

const SITE = fileURLToPath(new URL('../../../dashboard/dist/site', import.meta.url));
const CHROMIUM = findChromium(process.env['PATH'] ?? '');
const DESKTOP = { viewport: { width: 1440, height: 900 }, timezoneId: 'Europe/Berlin' };
const PHONE = { viewport: { width: 390, height: 844 }, timezoneId: 'Europe/Berlin' };
const MARKUP = '<img src=x onerror="document.title=1"><b>bold</b>';

let browser: Browser | null = null;

before(async () => {
  if (CHROMIUM === null) return;
  assert.ok(existsSync(join(SITE, 'app.js')), `${SITE} is not built; wanted: npm run build`);
  browser = await openBrowser(CHROMIUM);
});

after(async () => {
  await browser?.close();
});

test('the page asks for the token, says when it is wrong, and shows the cluster when it is right', async (t) => {
  const opened = await openPage(t);
  if (opened === null) return;
  await using http = opened.http;
  await using watched = opened.watched;
  const { page, complaints } = watched;
  assert.equal(await page.locator('#main').isVisible(), false);
  assert.deepEqual(complaints, [], 'a first visit asks nothing that is refused');
  await page.fill('#login-token', 'wrong');
  await page.click('#login-button');
  await page.getByText('this token is not the one of this cluster').waitFor();
  assert.equal(complaints.length, 1, 'the browser itself tells of the 401');
  await logIn(page);
  await page.getByText('cube1', { exact: true }).waitFor();
  await page.locator('.run-card .run-link', { hasText: 'backup' }).waitFor();
  await page.reload();
  await page.getByText('cube1', { exact: true }).waitFor();
  await page.click('#log-out');
  await page.locator('#login-form').waitFor();
  assert.equal((await page.context().cookies()).length, 0);
  assert.equal(http.leader.listenerCount, 0);
});

test('what changes in the cluster appears without a reload', async (t) => {
  const opened = await openPage(t, { login: true });
  if (opened === null) return;
  await using http = opened.http;
  await using watched = opened.watched;
  const { page, complaints } = watched;
  await page.evaluate(`document.body.setAttribute('data-mark', 'same page')`);
  const key = 'dump';
  http.leader.setRun(
    sampleRun({ id: RUN_ID, jobId: 'backup', createdAt: Date.now() - 60_000 }, [
      sampleTask({ key, state: 'running', attempt: 2, node: 'cube1', startedAt: Date.now() }),
      sampleTask({ key: 'upload', dependsOn: [key] }),
    ]),
  );
  const line = page.locator('.run-card .task-lines li');
  await line.getByText('dump').waitFor();
  assert.match(await line.innerText(), /dump\s+on cube1\s+try 2/);
  http.leader.emit({ kind: 'node', node: sampleNode({ node: 'cube2', state: 'suspect' }) });
  await page.locator('.node-card', { hasText: 'cube2' }).getByText('suspect').waitFor();
  const at = Date.now();
  http.leader.setRun(
    sampleRun(
      { id: RUN_ID, jobId: 'backup', state: 'failed', startedAt: at - 3_000, endedAt: at },
      [sampleTask({ key, state: 'failed', endedAt: at })],
    ),
  );
  const row = page.locator('#runs-rows tr');
  await row.getByText('failed').waitFor();
  assert.match(await row.innerText(), /backup[\s\S]*3\.0 s/);
  assert.equal(await page.locator('#running-empty').isVisible(), true);
  assert.equal(await page.locator('#spoken').innerText(), 'backup failed');
  assert.equal(await page.getAttribute('body', 'data-mark'), 'same page');
  assert.deepEqual(complaints, []);
});

test('a change that overtakes a slower answer is not lost', async (t) => {
  const opened = await openPage(t, { login: true });
  if (opened === null) return;
  await using http = opened.http;
  await using watched = opened.watched;
  const { page, complaints } = watched;
  const old = await http.leader.run(RUN_ID as RunId);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let asked = 0;
  http.leader.run = async () => {
    asked += 1;
    await held;
    return old;
  };
  await page.click('.run-card .run-link');
  await waitFor(() => asked > 0, { what: 'the page to read the run' });
  const at = Date.now();
  http.leader.setRun(
    sampleRun({ id: RUN_ID, jobId: 'backup', state: 'completed', startedAt: at, endedAt: at }, [
      sampleTask({ key: 'only', state: 'completed', node: 'cube1', startedAt: at, endedAt: at }),
    ]),
  );
  await page.locator('#runs-rows').getByText('completed').waitFor();
  release();
  await page.locator('.ladder-row').getByText('completed').waitFor();
  await page.locator('#run-state').getByText('completed').waitFor();
  assert.deepEqual(complaints, []);
});

test('attack 48: names, reasons and labels with markup are text in every view', async (t) => {
  const opened = await openPage(t, {
    login: true,
    prepare: ({ leader }) => {
      const reason = { token: 'no_room', text: MARKUP } as const;
      leader.jobViews = [
        sampleJob({ id: MARKUP, name: MARKUP, description: `"><script>${MARKUP}` }),
      ];
      leader.nodeViews = [
        sampleNode({ node: MARKUP, closed: MARKUP, labels: { [MARKUP]: MARKUP } }),
      ];
      leader.fileProblems = [
        { path: MARKUP, line: 1, column: 1, message: `a\u202eb${MARKUP}`, keptLastGood: false },
      ];
      leader.healthView = { ...leader.healthView, status: 'degraded', problems: [MARKUP] };
      leader.details.clear();
      const ended = { startedAt: 1, endedAt: Date.now() };
      const tasks = [
        sampleTask({ key: 'only', state: 'failed', node: MARKUP, error: MARKUP, ...ended }),
      ];
      const run = { id: RUN_ID, jobId: MARKUP, state: 'failed', reason, ...ended } as const;
      leader.details.set(RUN_ID, sampleRun(run, tasks));
    },
  });
  if (opened === null) return;
  await using _http = opened.http;
  await using watched = opened.watched;
  const { page, complaints } = watched;
  await page.click('#runs-rows .run-link');
  await page.locator('.ladder-row').waitFor();
  await page.locator('#run-why', { hasText: 'bold' }).waitFor();
  const places = [
    '#runs-rows',
    '.node-card',
    '#jobs-list',
    '#problems',
    '#run-title',
    '.ladder-row',
  ];
  for (const place of [...places, '.task-end', '#run-why']) {
    assert.match(await page.locator(place).innerText(), /<b>bold<\/b>/, place);
  }
  assert.match(await page.locator('#problems-files').innerText(), /a‹U\+202E›b/);
  assert.equal(await page.locator('main b:not(.tile b), main img, main script').count(), 0);
  assert.notEqual(await page.title(), '1');
  assert.deepEqual(complaints, []);
});

test('attack 47: output is shown as text, controls as signs, live and in its order', async (t) => {
  const opened = await openPage(t, { login: true });
  if (opened === null) return;
  await using http = opened.http;
  await using watched = opened.watched;
  const { page, complaints } = watched;
  const say = (text: string, fromByte: number): Promise<void> =>
    http.leader.addLog(RUN_ID, 'only', {
      kind: 'chunk',
      key: 'only',
      attempt: 1,
      stream: 'stdout',
      fromByte,
      bytes: Buffer.from(text).toString('base64'),
    });
  const first = `\u001b[2J\u001b]0;owned\u0007${MARKUP}\n`;
  await say(first, 0);
  await page.click('.run-card .run-link');
  const log = page.locator('pre.log');
  await log.getByText('␛[2J␛]0;owned␇<img').waitFor();
  await waitFor(() => http.leader.followerCount === 1, { what: 'the follower' });
  await say('second line\n', first.length);
  await log.getByText('second line').waitFor();
  await http.leader.addLog(RUN_ID, 'only', { kind: 'end' });
  await page.getByText('complete', { exact: true }).waitFor();
  assert.equal(await log.locator('img, b').count(), 0);
  assert.deepEqual(complaints, []);
  await page.keyboard.press('Escape');
  await page.locator('#run-dialog').waitFor({ state: 'hidden' });
  await page.waitForURL((url) => url.hash === '');
});

test('who follows output from the middle is shown all of it once it has ended', async (t) => {
  const opened = await openPage(t, { login: true });
  if (opened === null) return;
  await using http = opened.http;
  await using watched = opened.watched;
  const { page, complaints } = watched;
  const piece = (text: string, fromByte: number): LogEvent => ({
    kind: 'chunk',
    key: 'only',
    attempt: 1,
    stream: 'stdout',
    fromByte,
    bytes: Buffer.from(text).toString('base64'),
  });
  await page.click('.run-card .run-link');
  await waitFor(() => http.leader.followerCount === 1, { what: 'the follower' });
  await http.leader.addLog(RUN_ID, 'only', piece('end\n', 6));
  const log = page.locator('pre.log');
  await log.getByText('6 bytes of stdout before this are not here').waitFor();
  http.leader.storedLogs.set(`${RUN_ID} only`, [piece('begin\nend\n', 0)]);
  await http.leader.addLog(RUN_ID, 'only', { kind: 'end' });
  await page.getByText('complete', { exact: true }).waitFor();
  assert.equal(await log.innerText(), 'begin\nend\n');
  assert.deepEqual(complaints, []);
});

test('a run is cancelled only after a second yes, and a job is started by its button', async (t) => {
  const opened = await openPage(t, { login: true });
  if (opened === null) return;
  await using http = opened.http;
  await using watched = opened.watched;
  const { page, complaints } = watched;
  await page.goto(`${http.server.address}/#/runs/${RUN_ID}`);
  await page.getByRole('button', { name: 'Cancel run' }).click();
  const keep = page.getByRole('button', { name: 'Keep it running' });
  assert.equal(await page.locator(':focus').innerText(), 'Keep it running');
  await keep.click();
  assert.deepEqual(http.leader.changes, []);
  await page.getByRole('button', { name: 'Cancel run' }).click();
  await page.getByRole('button', { name: 'Yes, cancel it' }).click();
  await page.locator('#run-state').getByText('cancelling').waitFor();
  assert.deepEqual(http.leader.changes, [{ cancel: RUN_ID, by: 'page' }]);
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Run backup now' }).click();
  await page.locator('#run-dialog[open]').waitFor();
  assert.match(
    JSON.stringify(http.leader.changes[1]),
    /"jobId":"backup","by":"page","idempotencyKey":"[0-9a-f]{32}","force":false/,
  );
  assert.deepEqual(complaints, []);
});

test('P11: a leader that dies leaves a page that says since when, greyed, with its clocks stopped', async (t) => {
  const opened = await openPage(t, { login: true });
  if (opened === null) return;
  await using http = opened.http;
  await using watched = opened.watched;
  const { page } = watched;
  const elapsed = page.locator('.run-card .card-head .num');
  const first = await elapsed.innerText();
  await waitFor(async () => (await elapsed.innerText()) !== first, { what: 'a value that moves' });
  assert.equal(await page.locator('#stale-banner').isVisible(), false);
  await http[Symbol.asyncDispose]();
  await page.locator('#stale-banner').waitFor({ timeout: 20_000 });
  assert.match(
    await page.locator('#stale-banner').innerText(),
    /No word from the leader since \d\d:\d\d:\d\d\. .*as of \d\d:\d\d:\d\d\./,
  );
  assert.equal(await page.getAttribute('body', 'data-fresh'), 'stale');
  assert.match(await page.locator('#runs-title').innerText(), /as of/i);
  const stopped = await elapsed.innerText();
  // Two of the page's own seconds.
  await page.evaluate('new Promise((resolve) => setTimeout(resolve, 2100))');
  assert.equal(await elapsed.innerText(), stopped);
  const port = Number(new URL(http.server.address).port);
  await using _again = await startHttp({ dashboardDir: SITE, port });
  await page.locator('#login-form').waitFor({ timeout: 20_000 });
});

test('P11: a leader that is a standby, or without Redis, is shown as that and since when', async (t) => {
  const opened = await openPage(t, { login: true });
  if (opened === null) return;
  await using http = opened.http;
  await using watched = opened.watched;
  const { page, complaints } = watched;
  const banner = page.locator('#stale-banner');
  const good = http.leader.healthView;
  const since = Date.parse('2026-11-25T13:02:11Z');
  http.leader.emit({ kind: 'health', health: { ...good, redis: 'away', since } });
  await banner.getByText('Redis has not answered since 14:02:11.').waitFor();
  http.leader.emit({ kind: 'health', health: { ...good, role: 'standby', since } });
  await banner.getByText('No leader here since 14:02:11: this one is a standby.').waitFor();
  // What happened meanwhile was not told: it is read when the leader is back.
  http.leader.nodeViews = [sampleNode({ node: 'cube9' })];
  http.leader.emit({ kind: 'health', health: good });
  await banner.waitFor({ state: 'hidden' });
  await page.getByText('cube9', { exact: true }).waitFor();
  assert.equal(await page.getAttribute('body', 'data-fresh'), 'live');
  assert.deepEqual(complaints, []);
});

test('no rule of accessibility is broken seriously: login, page, run and stale, light, dark and small', async (t) => {
  for (const options of [DESKTOP, { ...DESKTOP, colorScheme: 'dark' as const }, PHONE]) {
    const opened = await openPage(t, { options, prepare: fill });
    if (opened === null) return;
    await using http = opened.http;
    await using watched = opened.watched;
    const { page } = watched;
    await assertAccessible(page, 'login');
    await logIn(page);
    await page.locator('.run-card').first().waitFor();
    await assertAccessible(page, 'page');
    assert.equal(await widthBeyond(page), 0, 'nothing to scroll sideways to');
    await page.click('.run-card .run-link');
    await page.locator('.ladder-row').first().waitFor();
    await assertAccessible(page, 'run');
    await page.keyboard.press('Escape');
    http.leader.emit({ kind: 'health', health: { ...http.leader.healthView, role: 'standby' } });
    await page.locator('#stale-banner').waitFor();
    await assertAccessible(page, 'stale');
  }
});

interface Opened {
  readonly http: TestHttp;
  readonly watched: WatchedPage;
}

async function openPage(
  t: TestContext,
  how: {
    readonly login?: boolean;
    readonly prepare?: (http: TestHttp) => void;
    readonly options?: Parameters<typeof watchPage>[1];
  } = {},
): Promise<Opened | null> {
  if (browser === null) {
    t.skip('needs chromium');
    return null;
  }
  const http = await startHttp({ dashboardDir: SITE, now: Date.now });
  http.leader.details.set(
    RUN_ID,
    sampleRun({ id: RUN_ID, jobId: 'backup', createdAt: Date.now(), startedAt: Date.now() }),
  );
  how.prepare?.(http);
  const watched = await watchPage(browser, how.options ?? DESKTOP);
  await watched.page.goto(http.server.address);
  await watched.page.locator('#login-form').waitFor();
  if (how.login === true) {
    await logIn(watched.page);
    await waitFor(() => http.leader.listenerCount === 1, { what: 'the page to listen' });
  }
  return { http, watched };
}

async function logIn(page: Page): Promise<void> {
  await page.fill('#login-token', TOKEN);
  await page.click('#login-button');
  await page.locator('#pulse[data-tone=ok]').waitFor();
}

/** One of everything, so that every colour and shape is looked at. */
function fill({ leader }: TestHttp): void {
  const at = Date.now() - 90_000;
  const states = [
    'completed',
    'running',
    'retrying',
    'pending',
    'failed',
    'skipped',
    'lost',
  ] as const;
  const tasks = states.map((state, index) =>
    sampleTask({ key: `task-${index}`, state, attempt: 2, node: 'cube1', startedAt: at }),
  );
  leader.details.set(RUN_ID, sampleRun({ id: RUN_ID, jobId: 'backup', startedAt: at }, tasks));
  const ends = ['completed', 'failed', 'cancelled', 'interrupted'] as const;
  for (const [index, state] of ends.entries()) {
    const id = RUN_ID.replace('0b', `${index}c`);
    const times = { createdAt: at - index, startedAt: at, endedAt: Date.now() };
    leader.details.set(id, sampleRun({ id, jobId: 'backup', state, ...times }, []));
  }
  leader.nodeViews = (['live', 'suspect', 'lost', 'unseen'] as const).map((state) =>
    sampleNode({ node: `cube-${state}`, state, closed: state === 'live' ? 'cordoned' : null }),
  );
  leader.jobViews = [sampleJob({ id: 'backup' }), sampleJob({ id: 'off', enabled: false })];
  leader.fileProblems = [
    { path: 'jobs/x.yaml', line: 1, column: 1, message: 'wanted a list', keptLastGood: true },
  ];
  leader.ticks = [
    {
      jobId: 'backup',
      scheduleId: 's',
      at: Date.now() + 60_000,
      wall: '',
      zone: 'UTC',
      offsetMinutes: 0,
      adjusted: null,
    },
  ];
}

async function assertAccessible(page: Page, what: string): Promise<void> {
  await page.evaluate(axe.source);
  const asked = "axe.run(document, { resultTypes: ['violations'] })";
  const { violations } = await page.evaluate<AxeResults>(asked);
  const broken = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id} ${node.html} ${node.failureSummary}`));
  assert.deepEqual(broken, [], what);
}

function widthBeyond(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - innerWidth');
}
