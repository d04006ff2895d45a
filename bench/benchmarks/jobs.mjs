const task = (id, more = '') => `  - {id: ${id}, type: command, command: "true"${more}}\n`;
const head = (id) => `id: ${id}\nname: ${id}\ntasks:\n`;

/** A job of `length` times `true`, each after the one before. */
export function chainJob(length) {
  const tasks = Array.from({ length }, (_, at) =>
    task(`t${at}`, at === 0 ? '' : `, depends_on: [t${at - 1}]`),
  );
  return head('chain') + tasks.join('');
}

/** A job of `size` times `true`, all ready at once. */
export function fanJob(size) {
  return head('fan') + Array.from({ length: size }, (_, at) => task(`t${at}`)).join('');
}
