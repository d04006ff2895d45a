/** One line of progress: what it is about, and what is so. */
export function say(subject, fact) {
  console.log(`${subject.padEnd(10)} ${fact}`);
}

/** An error whose message says all: it is shown without a stack. */
export function expected(message) {
  return Object.assign(new Error(message), { expected: true });
}

export function megabytes(sizeBytes) {
  return `${(sizeBytes / 1e6).toFixed(1)} MB`;
}

export function seconds(sinceMs) {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}
