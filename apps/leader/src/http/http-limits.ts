/** What one leader's HTTP side gives out at most. Every figure is a bound on memory, sockets or patience. */
export interface HttpLimits {
  readonly bodyBytes: number;
  readonly headerBytes: number;
  /** Connections at once, in all and from one address. */
  readonly sockets: number;
  readonly socketsPerAddress: number;
  /** How long a client may take to send its headers, and its whole request. */
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  /** How long an answer may take before REDIS_UNAVAILABLE is said instead. */
  readonly handlerTimeoutMs: number;
  /** Event and log streams at once. */
  readonly streams: number;
  /** What may wait in memory for one slow reader of a stream; who has more waiting is cut off. */
  readonly streamBufferBytes: number;
  /** Between two signs of life on a stream; a reader that took nothing for three of them is cut off. */
  readonly pulseMs: number;
  /** Between two deliveries of changes, so that a burst becomes one. */
  readonly gatherMs: number;
  readonly sessions: number;
  readonly sessionMs: number;
  /** Wrong tokens in a window, from one address, before they are refused without being looked at. */
  readonly wrongTokens: number;
  readonly wrongTokenWindowMs: number;
}

/** A household's figures: a few people, a few programs, small boards. */
export const HTTP_LIMITS: HttpLimits = {
  bodyBytes: 64 * 1024,
  headerBytes: 16 * 1024,
  sockets: 512,
  socketsPerAddress: 256,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
  keepAliveTimeoutMs: 30_000,
  handlerTimeoutMs: 10_000,
  streams: 64,
  streamBufferBytes: 1024 * 1024,
  pulseMs: 5_000,
  gatherMs: 100,
  sessions: 100,
  sessionMs: 7 * 86_400_000,
  wrongTokens: 10,
  wrongTokenWindowMs: 60_000,
};
