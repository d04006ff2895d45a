import { createClient, type PetitClient } from '@petit/client';
import { PetitError, type ErrorCode } from '@petit/model';
import type { CtlContext } from '../cli/context.js';
import type { Answer } from '../show/answer.js';
import { findCluster, type ClusterFlags } from './find-cluster.js';
import { LastAnswers, type KeptAnswer } from './last-answers.js';

/** A cluster that a command asks. */
export interface OpenCluster {
  readonly client: PetitClient;
  /** Keeps an answer for the day when no leader gives one. */
  readonly keep: (answer: Answer) => void;
}

/** No leader answered; what the last answer of that server was, and when. */
export class NoAnswerError extends PetitError {
  readonly kept: KeptAnswer | null;

  constructor(cause: PetitError, kept: KeptAnswer | null) {
    super(cause.code, cause.message, { cause, details: cause.details });
    this.kept = kept;
  }
}

const NO_ANSWER_CODES: readonly ErrorCode[] = [
  'LEADER_UNREACHABLE',
  'NOT_LEADER',
  'REDIS_UNAVAILABLE',
];

/**
 * Asks the cluster that flags, environment and files name. `question` says what is asked (`runs backup`): when no
 * leader answers, the error carries the last answer to the same question, or else the last one to any.
 */
export async function askCluster<Result>(
  asked: { readonly question: string; readonly flags: ClusterFlags; readonly context: CtlContext },
  ask: (cluster: OpenCluster) => Promise<Result>,
): Promise<Result> {
  const { question, flags, context } = asked;
  const { server, token } = findCluster(flags, context);
  const client = createClient({ server, token, name: context.clientName });
  const answers = new LastAnswers(context);
  const keep = (answer: Answer): void =>
    answers.keep(client.server, { question, at: context.now(), answer });
  try {
    return await ask({ client, keep });
  } catch (error) {
    if (!(error instanceof PetitError)) throw error;
    if (NO_ANSWER_CODES.includes(error.code)) {
      const kept = answers.of(client.server);
      throw new NoAnswerError(
        error,
        kept.find((each) => each.question === question) ?? kept[0] ?? null,
      );
    }
    if (error.code === 'UNAUTHENTICATED' && token === null)
      throw withoutToken(error, client.server);
    throw error;
  }
}

function withoutToken(cause: PetitError, server: string): PetitError {
  const advice = `no token was sent to ${server}; name its file with --token-file or PETIT_TOKEN_FILE (a leader keeps it as "token" in its data directory)`;
  return new PetitError(cause.code, `${cause.message}\n${advice}`, {
    cause,
    details: cause.details,
  });
}
