const SOCKET_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'no route to it, or it is down',
  ENETUNREACH: 'no route to its network',
  ETIMEDOUT: 'no answer',
};

/** One failed attempt in a few words, for the end of a sentence. */
export function describeConnectError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return SOCKET_ERRORS[code] ?? error.message;
}
