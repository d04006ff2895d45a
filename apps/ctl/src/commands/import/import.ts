import type { Command } from 'commander';
import type { CtlContext } from '../../cli/context.js';
import { defineImportCrontab } from './import-crontab.js';

export function defineImport(parent: Command, context: CtlContext): void {
  const command = parent
    .command('import')
    .description('Make job files of what another scheduler runs. It changes nothing there.')
    .addHelpText('after', '\nExample:\n  petit-ctl import crontab --user --out jobs');
  defineImportCrontab(command, context);
}
