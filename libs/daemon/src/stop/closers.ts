/** What a stack of closers needs of a log. */
export interface CloserLog {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

type Close = () => void | Promise<void>;

interface Closer {
  readonly name: string;
  readonly close: Close;
  readonly timeoutMs: number;
}

const DEFAULT_TIMEOUT_MS = 5_000;

/**
 * What a program has started, closed in reverse order. Each close has a bound, and one that fails or is late holds
 * nobody back: it is logged and the next one is closed. After the first `close` what is added is closed at once, so
 * that nothing started during the way down is forgotten.
 */
export class Closers implements AsyncDisposable {
  readonly #stack: Closer[] = [];
  readonly #log: CloserLog;
  readonly #timeoutMs: number;
  #closing: Promise<readonly string[]> | undefined;

  constructor(options: { readonly log: CloserLog; readonly timeoutMs?: number }) {
    this.#log = options.log;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  }

  /** Adds what ends a started thing. `timeoutMs` bounds this one alone. */
  add(name: string, close: Close, options: { readonly timeoutMs?: number } = {}): void {
    const closer = { name, close, timeoutMs: options.timeoutMs ?? this.#timeoutMs };
    this.#stack.push(closer);
    if (this.#closing !== undefined) {
      this.#closing = this.#closing.then(async (failed) => [...failed, ...(await this.#unwind())]);
    }
  }

  /** Adds a disposable thing and hands it back. */
  use<Thing extends AsyncDisposable | Disposable>(name: string, thing: Thing): Thing {
    this.add(name, async () => {
      if (Symbol.asyncDispose in thing) await thing[Symbol.asyncDispose]();
      else thing[Symbol.dispose]();
    });
    return thing;
  }

  /** Closes everything, once; resolves with the names of what failed or was late. */
  close(): Promise<readonly string[]> {
    this.#closing ??= this.#unwind();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #unwind(): Promise<readonly string[]> {
    const failed: string[] = [];
    for (let closer = this.#stack.pop(); closer !== undefined; closer = this.#stack.pop()) {
      const complaint = await closeOne(closer);
      if (complaint === null) continue;
      failed.push(closer.name);
      this.#log.warn({ closer: closer.name, ...complaint }, 'close_failed');
    }
    return failed;
  }
}

async function closeOne(closer: Closer): Promise<Readonly<Record<string, unknown>> | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), closer.timeoutMs);
  });
  try {
    const outcome = await Promise.race([closed(closer), late]);
    return outcome === 'late' ? { timeoutMs: closer.timeoutMs } : null;
  } catch (error) {
    return { err: error };
  } finally {
    clearTimeout(timer);
  }
}

async function closed({ close }: Closer): Promise<'closed'> {
  await close();
  return 'closed';
}
