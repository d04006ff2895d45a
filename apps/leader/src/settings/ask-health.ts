import type { HealthView } from '@petit/protocol';
import type { ListenAddress } from '@petit/daemon';

const ANSWER_TIMEOUT_MS = 3_000;

const HERE: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** How the leader that listens there does, in a line; it does well when Redis answers and it leads or stands by. */
export async function askHealth(
  listen: ListenAddress,
): Promise<{ readonly isHealthy: boolean; readonly text: string }> {
  const address = addressOf(listen);
  try {
    const answer = await fetch(`${address}/api/v1/health`, {
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    if (!answer.ok) return { isHealthy: false, text: `${address} answers ${answer.status}` };
    const { role, redis, problems, warnings } = (await answer.json()) as HealthView;
    const isHealthy = role !== 'starting' && redis === 'ok';
    return { isHealthy, text: [`${role} at ${address}`, ...problems, ...warnings].join('; ') };
  } catch {
    return { isHealthy: false, text: `no leader answers at ${address}` };
  }
}

/** Where this machine reaches what listens there: everywhere is here too. */
function addressOf({ host, port }: ListenAddress): string {
  const own = HERE[host] ?? host;
  return `http://${own.includes(':') ? `[${own}]` : own}:${port}`;
}
