import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { guideLines } from '@petit/testkit';

/**
 * Makes an authority and a certificate for 127.0.0.1 in a directory, by the commands of docs/guide/security.md, and
 * gives the authority's own certificate, in PEM. Throws where there is no openssl.
 */
export async function makeCertificates(directory: string): Promise<string> {
  const commands = guideLines('security', 'sh', { '192.168.1.10': '127.0.0.1' });
  const run = promisify(execFile);
  await run('sh', ['-e', '-c', commands.join('\n')], { cwd: directory });
  return readFileSync(join(directory, 'ca.pem'), 'utf8');
}
