import { Silence } from './docker-limits.ts';

/** What Docker said, or why it could not be asked. */
export function dockerProblem(error: unknown, endpoint: string): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof Silence) return `Docker at ${endpoint} has not answered for ${error.seconds} s`;
  if ('json' in error && typeof error.json === 'object' && error.json !== null && 'message' in error.json)
    return String(error.json.message);
  if ('code' in error && (error.code === 'ENOENT' || error.code === 'ECONNREFUSED'))
    return `no Docker answers at ${endpoint}`;
  if ('code' in error && error.code === 'EACCES') return `this user may not talk to Docker at ${endpoint}`;
  return error.message;
}
