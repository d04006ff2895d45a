import type { NodeName } from '@petit/model';
import type { RedisAddress } from '@petit/protocol';
import { connectRedis, KEYS } from '@petit/store/shared';

export interface NudgesOptions {
  readonly address: RedisAddress;
  readonly node: NodeName;
  /** Called with what was published, and with null after each (re)connect, when something may have been missed. */
  readonly onNudge: (text: string | null) => void;
  readonly onError: (error: Error) => void;
}

export interface Nudges extends Disposable {
  /** Resolves once what is published from then on is heard; never, when Redis stays away. */
  readonly heard: Promise<void>;
}

/** Listens, on a connection of its own, for the word that something about this node has changed. */
export function openNudges({ address, node, onNudge, onError }: NudgesOptions): Nudges {
  const redis = connectRedis(address, { name: `nudges-${node}`, onError, unanswered: 'resend' });
  const channel = KEYS.nudge(node);
  redis.on('message', (_channel, text) => onNudge(text));
  redis.on('ready', () => onNudge(null));
  const heard = new Promise<void>((resolve) => {
    redis.subscribe(channel).then(() => resolve(), onError);
  });
  return { heard, [Symbol.dispose]: () => redis.disconnect() };
}
