import { z } from 'zod';
import { PetitError, taskKeySchema } from '@petit/model';
import type { ClusterEvent, LogEvent } from '@petit/protocol';
import { noQuery, readRequest, runParams } from '../answer/read-request.js';
import { formatEvent } from '../streams/sse-stream.js';
import type { RouteContext } from './route-context.js';

const taskQuery = z.strictObject({ task: taskKeySchema.optional() });
/** A comment of the protocol: keeps a connection alive and is no event. */
const QUIET_PULSE = (): string => ': pulse\n\n';

/** The two streams: what changes in the cluster, and the output of a run as it comes. */
export function addStreamRoutes({ app, port, streams, hub, log, now }: RouteContext): void {
  app.get('/api/v1/events', async (request, reply) => {
    readRequest('query', noQuery, request.query);
    const stream = streams.open(request, reply, () => formatEvent(pulseEvent(now())));
    stream.send(formatEvent(helloEvent(now(), port.health())));
    hub.add(stream);
    return reply;
  });

  app.get('/api/v1/runs/:id/logs/stream', async (request, reply) => {
    const { id } = readRequest('address', runParams, request.params);
    const { task } = readRequest('query', taskQuery, request.query);
    // What cannot be followed is said before the answer has become a stream.
    const { tasks } = await port.run(id);
    if (task !== undefined && !tasks.some(({ key }) => key === task)) {
      throw new PetitError('NOT_FOUND', `run ${id} has no task "${task}"`);
    }
    const stream = streams.open(request, reply, QUIET_PULSE);
    const listener = (event: LogEvent): Promise<void> => {
      stream.send(formatEvent(event));
      return stream.drained();
    };
    try {
      await port.followLogs({ id, key: task ?? null, listener, signal: stream.signal });
    } catch (error) {
      log.warn({ runId: id, taskId: task, err: error }, 'log_stream_failed');
    }
    stream.end();
    return reply;
  });
}

function helloEvent(at: number, health: ReturnType<RouteContext['port']['health']>): ClusterEvent {
  return { kind: 'hello', at, health };
}

function pulseEvent(at: number): ClusterEvent {
  return { kind: 'pulse', at };
}
