import { visibleLine } from '../../show/visible-text.js';

// What stands in front or says nothing that the reader does not know.
const NOT_SHOWN = ['level', 'time', 'pid', 'name', 'msg'];

/** A line of a program's log for people: `warn lease_lost epoch=3` of a JSON line, any other as it is. */
export function readableLogLine(line: string): string {
  const fields = parse(line);
  if (fields === null) return visibleLine(line);
  const rest = Object.entries(fields)
    .filter(([name]) => !NOT_SHOWN.includes(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return visibleLine([fields['level'], fields['msg'], ...rest].join(' '));
}

function parse(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    const isLine = typeof value === 'object' && value !== null && 'msg' in value;
    return isLine ? { ...value } : null;
  } catch {
    return null;
  }
}
