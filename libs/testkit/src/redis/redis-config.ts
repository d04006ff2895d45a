/** Lines of a Redis configuration file: directive and arguments; `''` becomes an empty string. */
export type RedisConfig = Readonly<Record<string, string>>;

/**
 * What every Redis of the tests runs with unless a test says otherwise: what the product asks of a
 * real one (AOF synced each second, nothing evicted), and no listening beyond its own socket.
 */
export const TEST_CONFIG: RedisConfig = {
  port: '0',
  bind: '127.0.0.1',
  unixsocketperm: '700',
  daemonize: 'no',
  appendonly: 'yes',
  appendfsync: 'everysec',
  'maxmemory-policy': 'noeviction',
  save: '',
};

/** The text of a configuration file. Values stand as written, so several arguments are possible. */
export function writeRedisConfig(config: RedisConfig): string {
  return Object.entries(config)
    .map(([directive, value]) => `${directive} ${value === '' ? '""' : value}\n`)
    .join('');
}
