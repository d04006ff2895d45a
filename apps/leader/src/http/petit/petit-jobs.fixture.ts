/**
 * The jobs of the conversation, as petit's users write them. `gate(name)` is a path that a task waits for, so that a
 * test decides when it ends.
 */
export function petitJobFiles(gate: (name: string) => string): Readonly<Record<string, string>> {
  const waitFor = (name: string): string => `until [ -e '${gate(name)}' ]; do sleep 0.02; done`;
  const yearly = 'schedule: "0 0 0 1 1 *"';
  return {
    'hello.yaml': `id: hello\nname: Hello\n${tasks(shell('greet', waitFor('hello')))}`,
    'daily.yaml': `id: daily\nname: Daily\n${yearly}\n${tasks(shell('t', 'true'))}`,
    'off.yaml': `id: off\nname: Disabled\n${yearly}\nenabled: false\n${tasks(shell('t', 'true'))}`,
    'never.yaml': `id: never_ran\nname: Never Ran\n${tasks(shell('t', 'true'))}`,
    'retry.yaml': `id: retry\nname: Retry\n${tasks(
      shell('t', 'exit 1', ['retry: { max_attempts: 1, delay_secs: 0 }']),
    )}`,
    'chain.yaml': `id: chain\nname: Chain With Failure\n${tasks(
      shell('a', 'true'),
      shell('bad', 'echo err >&2; exit 3', ['depends_on: [a]']),
      shell('after', 'true', ['depends_on: [bad]']),
      shell('cleanup', 'true', ['depends_on: [bad]', 'condition: all_done']),
    )}`,
    'needs.yaml': `id: needs\nname: Needs Hello\ndepends_on: [hello, never_ran]\n${tasks(
      shell('t', 'true'),
    )}`,
    'slow.yaml': `id: slow1\nname: Slow One\nmax_concurrency: 1\n${tasks(
      shell('t', waitFor('slow1')),
    )}`,
    'weird.yaml': `id: "we ird/ü"\nname: Weird Id\n${tasks(shell('t', 'true'))}`,
  };
}

function tasks(...all: readonly string[]): string {
  return `tasks:\n${all.join('')}`;
}

function shell(id: string, script: string, more: readonly string[] = []): string {
  const lines = [`id: ${id}`, 'type: command', 'command: sh', `args: ["-c", "${script}"]`, ...more];
  return lines.map((line, index) => `  ${index === 0 ? '-' : ' '} ${line}\n`).join('');
}
