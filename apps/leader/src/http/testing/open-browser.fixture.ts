import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** What a page did that a page of ours never does, told as it happens. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors of the console and of scripts, and what the page's policy stopped. */
  readonly complaints: readonly string[];
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
// No sandbox: tests run as root and in containers; and nothing but our own page is opened.
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const TELL_VIOLATIONS = `addEventListener('securitypolicyviolation', (event) =>
  console.error('policy stopped ' + event.violatedDirective + ': ' + event.blockedURI))`;

/** The distribution's Chromium, or null where there is none. */
export function findChromium(path: string): string | null {
  const candidates = path
    .split(delimiter)
    .flatMap((directory) => NAMES.map((name) => join(directory, name)));
  return candidates.find(isExecutable) ?? null;
}

export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

/** A page in a context of its own, with no cookie of another. */
export async function watchPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript({ content: TELL_VIOLATIONS });
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
