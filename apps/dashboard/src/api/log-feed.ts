import type { LogEvent } from '@petit/protocol';

export interface LogFeedOptions {
  readonly runId: string;
  readonly taskKey: string;
  readonly onEvent: (event: LogEvent) => void;
  /** The stream was refused or broke before its end; it is not opened again. */
  readonly onBreak: () => void;
}

/** Follows a task's output until its end or until it is closed; the answer closes it. */
export function followLog(options: LogFeedOptions): () => void {
  const { runId, taskKey, onEvent, onBreak } = options;
  const query = new URLSearchParams({ task: taskKey });
  const source = new EventSource(`/api/v1/runs/${encodeURIComponent(runId)}/logs/stream?${query}`);
  const listen = ({ data }: MessageEvent<string>): void => {
    const event = JSON.parse(data) as LogEvent;
    if (event.kind === 'end') source.close();
    onEvent(event);
  };
  source.addEventListener('chunk', listen);
  source.addEventListener('end', listen);
  // Opened again by itself it would begin anew and show everything twice.
  source.addEventListener('error', () => {
    source.close();
    onBreak();
  });
  return () => source.close();
}
