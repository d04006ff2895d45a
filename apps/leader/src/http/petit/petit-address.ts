/** Whether an address is below `/api` and not one of ours, which are below `/api/v1`. */
export function isPetitAddress(path: string): boolean {
  return /^\/api(?:$|\/(?!v1(?:$|\/)))/.test(path);
}

/**
 * The address of a request as the router reads it. petit takes a name that cannot be decoded, such as `%zz`, as it
 * stands, and answers that there is none; the router would refuse it before anything had looked at the request.
 */
export function readableAddress(url: string): string {
  const [path = '', ...query] = url.split('?');
  if (!isPetitAddress(path) || !path.includes('%')) return url;
  return [path.split('/').map(readableName).join('/'), ...query].join('?');
}

function readableName(segment: string): string {
  try {
    decodeURIComponent(segment);
    return segment;
  } catch {
    return segment.replaceAll('%', '%25');
  }
}
