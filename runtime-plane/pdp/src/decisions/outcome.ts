/** How an act ended, as an enforcement point says it. */
export type SaidOutcome = {
  readonly decision_id: string;
  readonly result: 'done' | 'failed' | 'abandoned';
  readonly errno?: string;
  readonly bytes?: number;
};

const known: ReadonlySet<string> = new Set(['decision_id', 'result', 'errno', 'bytes']);

/** @returns what is wrong with it, as a text */
export function readOutcome(body: Readonly<Record<string, unknown>>): SaidOutcome | string {
  const unknown = Object.keys(body).find((name) => !known.has(name));
  if (unknown !== undefined) return `unknown field ${JSON.stringify(unknown.slice(0, 80))}`;
  const { decision_id, result, errno, bytes } = body;
  if (typeof decision_id !== 'string' || !/^[A-Za-z0-9_-]{1,64}:\d{1,15}$/.test(decision_id))
    return 'decision_id must be the id of a decision';
  if (result !== 'done' && result !== 'failed' && result !== 'abandoned')
    return 'result must be done, failed or abandoned';
  if (errno !== undefined && (typeof errno !== 'string' || !/^[A-Z][A-Z0-9_]{0,31}$/.test(errno)))
    return 'errno must be a name of errno(3), such as ENOENT';
  if (bytes !== undefined && !(Number.isSafeInteger(bytes) && Number(bytes) >= 0))
    return 'bytes must be a whole number from 0';
  return {
    decision_id,
    result,
    ...(errno === undefined ? {} : { errno }),
    ...(bytes === undefined ? {} : { bytes: Number(bytes) }),
  };
}
