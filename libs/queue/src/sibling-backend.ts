import { RedisQueueBackend } from 'bullmq';

/** The backend of another queue on the connection of `root`. BullMQ's type of it says less than it is. */
export function siblingBackend(root: RedisQueueBackend, queue: string): RedisQueueBackend {
  const sibling = root.forQueue(queue);
  if (!(sibling instanceof RedisQueueBackend)) throw new Error('BullMQ made no Redis backend');
  return sibling;
}
