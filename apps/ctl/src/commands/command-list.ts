import type { Command } from 'commander';
import type { CtlContext } from '../cli/context.js';

/** Puts a command with its options and its action below `parent`. */
export type DefineCommand = (parent: Command, context: CtlContext) => void;

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Loads the command's own file: only the one that runs is read. */
  readonly load: () => Promise<DefineCommand>;
}

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'up',
    summary: 'start a whole small cluster on this machine',
    load: async () => (await import('./up/up.js')).defineUp,
  },
  {
    name: 'trigger',
    summary: 'run a job now',
    load: async () => (await import('./trigger.js')).defineTrigger,
  },
  {
    name: 'jobs',
    summary: 'the jobs, when they are due and how they last ended',
    load: async () => (await import('./jobs.js')).defineJobs,
  },
  {
    name: 'runs',
    summary: 'the last runs',
    load: async () => (await import('./runs.js')).defineRuns,
  },
  {
    name: 'run',
    summary: 'one run with its tasks',
    load: async () => (await import('./run.js')).defineRun,
  },
  {
    name: 'logs',
    summary: 'what the tasks of a run printed',
    load: async () => (await import('./logs.js')).defineLogs,
  },
  {
    name: 'explain',
    summary: 'why a job, a run or a tick is as it is, by the stored reasons',
    load: async () => (await import('./explain.js')).defineExplain,
  },
  {
    name: 'cancel',
    summary: 'end a run',
    load: async () => (await import('./cancel.js')).defineCancel,
  },
  {
    name: 'pause',
    summary: 'hold what is due of a job, or of all jobs',
    load: async () => (await import('./pause.js')).definePause,
  },
  {
    name: 'resume',
    summary: 'let a job, or all jobs, go on',
    load: async () => (await import('./resume.js')).defineResume,
  },
  {
    name: 'backfill',
    summary: 'run a job for the times of the past at which it did not',
    load: async () => (await import('./backfill.js')).defineBackfill,
  },
  {
    name: 'catchup',
    summary: 'what waits to be caught up, and letting it go now',
    load: async () => (await import('./catchup.js')).defineCatchup,
  },
  {
    name: 'nodes',
    summary: 'the boards; invite, cordon and uncordon them',
    load: async () => (await import('./nodes.js')).defineNodes,
  },
  {
    name: 'next',
    summary: 'what is due next',
    load: async () => (await import('./next.js')).defineNext,
  },
  {
    name: 'validate',
    summary: 'check the job files of a directory, without a cluster',
    load: async () => (await import('./validate.js')).defineValidate,
  },
  {
    name: 'lint',
    summary: 'what in the schedules may surprise, of a directory or the cluster',
    load: async () => (await import('./lint.js')).defineLint,
  },
  {
    name: 'import',
    summary: 'job files of what another scheduler runs: crontabs',
    load: async () => (await import('./import/import.js')).defineImport,
  },
  {
    name: 'doctor',
    summary: 'what is well and what is not: leader, Redis, clocks, zones, boards',
    load: async () => (await import('./doctor.js')).defineDoctor,
  },
  {
    name: 'clock',
    summary: 'accept a clock that is held',
    load: async () => (await import('./clock.js')).defineClock,
  },
];
