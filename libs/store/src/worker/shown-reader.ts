import type { Redis } from 'ioredis';
import { parseAttemptId, type AttemptId } from '@petit/model';
import { KEYS } from '../shared/keys.js';
import { callScript, loadScript, oneOf, type Script } from '../shared/script.js';

/** What a worker reported of an attempt. */
export interface ReportedAttempt {
  readonly attemptId: AttemptId;
  readonly placement: number;
  readonly kind: 'ended' | 'declined';
}

/** Whether the run record shows what was reported, does not yet, or is not there. */
export type Shown = 'shown' | 'open' | 'no_run';

interface Question {
  readonly attempt: ReportedAttempt;
  readonly resolve: (answer: Shown) => void;
  readonly reject: (error: unknown) => void;
}

/** Of how many attempts one script is asked, so that none is long. */
const ASKED_AT_ONCE = 50;

/** Asks whether run records show what was reported. What is asked in one turn is one question to Redis. */
export class ShownReader {
  readonly #redis: Redis;
  readonly #script: Script = loadScript('worker/read-shown');
  #questions: Question[] = [];

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  read(attempt: ReportedAttempt): Promise<Shown> {
    return new Promise((resolve, reject) => {
      this.#questions.push({ attempt, resolve, reject });
      if (this.#questions.length === 1) queueMicrotask(() => this.#askAll());
    });
  }

  #askAll(): void {
    const questions = this.#questions;
    this.#questions = [];
    for (let from = 0; from < questions.length; from += ASKED_AT_ONCE)
      void this.#ask(questions.slice(from, from + ASKED_AT_ONCE));
  }

  async #ask(questions: readonly Question[]): Promise<void> {
    try {
      const answers = await this.#call(questions.map(({ attempt }) => attempt));
      questions.forEach(({ resolve }, index) =>
        resolve(oneOf(this.#script, answers[index], ['shown', 'open', 'no_run'])),
      );
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  }

  async #call(attempts: readonly ReportedAttempt[]): Promise<readonly unknown[]> {
    const keys: string[] = [];
    const args: (string | number)[] = [];
    for (const { attemptId, placement, kind } of attempts) {
      const parts = parseAttemptId(attemptId);
      if (parts === null) throw new Error(`${attemptId} is no attempt id`);
      keys.push(KEYS.run(parts.run));
      args.push(parts.key, parts.attempt, placement, kind);
    }
    const answers = await callScript(this.#redis, this.#script, { keys, args });
    return Array.isArray(answers) ? answers : [];
  }
}
