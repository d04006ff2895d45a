import type { AttemptId } from '@petit/model';
import type { OutputStream, Runner } from '@petit/runner';

/** The end of what a command wrote to one stream. */
export interface LogTail {
  readonly attemptId: AttemptId;
  readonly stream: OutputStream;
  /** Of the whole stream; `bytes` are its last. */
  readonly sizeBytes: number;
  readonly bytes: Buffer;
}

/** How much of each stream Redis keeps. */
const KEPT_BYTES = 64 * 1024;

/** Reads the last 64 KB of both streams; none for a stream to which nothing was written. */
export async function readTails(
  runner: Pick<Runner, 'readLog'>,
  attemptId: AttemptId,
): Promise<readonly LogTail[]> {
  const tails = await Promise.all([
    readTail(runner, attemptId, 'stdout'),
    readTail(runner, attemptId, 'stderr'),
  ]);
  return tails.filter((tail) => tail.bytes.length > 0);
}

async function readTail(
  runner: Pick<Runner, 'readLog'>,
  attemptId: AttemptId,
  stream: OutputStream,
): Promise<LogTail> {
  const head = await runner.readLog(attemptId, stream, { fromByte: 0, maxBytes: KEPT_BYTES });
  const { sizeBytes } = head;
  const piece =
    sizeBytes <= KEPT_BYTES
      ? head
      : await runner.readLog(attemptId, stream, {
          fromByte: sizeBytes - KEPT_BYTES,
          maxBytes: KEPT_BYTES,
        });
  return { attemptId, stream, sizeBytes, bytes: piece.bytes };
}
