import { isName } from '@petit/model';
import type { Parsed, Setting } from './read-settings.js';

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** A text that must be set, unless there is a default. */
export function textSetting(variable: string, fallback?: string): Setting<string> {
  return { variable, parse: (text) => orFallback(text, fallback, value) };
}

/** A text that may be absent: null then. */
export function optionalSetting(variable: string): Setting<string | null> {
  return { variable, parse: (text) => value(text ?? null) };
}

/** A whole number within bounds, both included. */
export function integerSetting(
  variable: string,
  options: { readonly min: number; readonly max: number; readonly fallback?: number },
): Setting<number> {
  const { min, max, fallback } = options;
  return {
    variable,
    parse: (text) => {
      if (text === undefined && fallback !== undefined) return value(fallback);
      const number = /^-?\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
      return number >= min && number <= max
        ? value(number)
        : wrong(`wanted a whole number from ${min} to ${max}`);
    },
  };
}

/** One of a closed list of words. */
export function choiceSetting<Choice extends string>(
  variable: string,
  choices: readonly Choice[],
  fallback?: Choice,
): Setting<Choice> {
  return {
    variable,
    parse: (text) => {
      const found = choices.find((choice) => choice === (text ?? fallback));
      return found === undefined ? wrong(`wanted one of ${choices.join(', ')}`) : value(found);
    },
  };
}

/** `1`, `true`, `yes` or `0`, `false`, `no`; unset is no. */
export function flagSetting(variable: string): Setting<boolean> {
  return {
    variable,
    parse: (text = 'no') => {
      if (['1', 'true', 'yes'].includes(text)) return value(true);
      if (['0', 'false', 'no'].includes(text)) return value(false);
      return wrong('wanted yes or no');
    },
  };
}

/** `host:port`, `[v6]:port`; port 0 is any free one. */
export function listenSetting(variable: string, fallback: string): Setting<ListenAddress> {
  return { variable, parse: (text = fallback) => parseListen(text) };
}

/** The same where nothing listens unless it is set: null then. */
export function optionalListenSetting(variable: string): Setting<ListenAddress | null> {
  return { variable, parse: (text) => (text === undefined ? value(null) : parseListen(text)) };
}

function parseListen(text: string): Parsed<ListenAddress> {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host !== undefined && port <= 65_535
    ? value({ host, port })
    : wrong('wanted host:port, as in 127.0.0.1:8565 or [::1]:8565');
}

/** `role=storage,disk=ssd`; unset is none. Names follow the rule of all names, values may not be empty. */
export function labelsSetting(variable: string): Setting<Readonly<Record<string, string>>> {
  return {
    variable,
    parse: (text = '') => {
      const pairs = text.split(',').filter((pair) => pair.trim() !== '');
      const labels = pairs.map((pair) => splitLabel(pair.trim()));
      if (labels.includes(null)) return wrong('wanted label=value pairs with commas between them');
      return value(Object.fromEntries(labels.filter((label) => label !== null)));
    },
  };
}

function splitLabel(pair: string): readonly [string, string] | null {
  const at = pair.indexOf('=');
  const [name, text] = [pair.slice(0, at), pair.slice(at + 1)];
  return at > 0 && isName(name) && text !== '' ? [name, text] : null;
}

function orFallback<Value>(
  text: string | undefined,
  fallback: string | undefined,
  parse: (text: string) => Parsed<Value>,
): Parsed<Value> {
  const given = text ?? fallback;
  return given === undefined ? wrong('it must be set') : parse(given);
}

function value<Value>(of: Value): Parsed<Value> {
  return { kind: 'value', value: of };
}

function wrong(wanted: string): Parsed<never> {
  return { kind: 'wrong', wanted };
}
