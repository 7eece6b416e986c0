import { CASSETTE_FORMAT, Cassette, type RecordedAttempt } from "@millrace/contract";
import { checkSchema, type Problem, Problems } from "@millrace/engine";

/** `news.test.yaml` → `news.cassette.json`, beside it. */
export function cassettePath(testFile: string): string {
  return testFile.replace(/\.test\.(ya?ml|json)$/, ".cassette.json");
}

export function parseCassette(text: string): { readonly cassette: Cassette | null; readonly problems: readonly Problem[] } {
  const problems = new Problems();
  try {
    const value: unknown = JSON.parse(text);
    return { cassette: checkSchema(Cassette, value, "", problems) ? (value as Cassette) : null, problems: problems.list };
  } catch (error) {
    problems.add("file_unreadable", "", { text: (error as Error).message, values: [] });
    return { cassette: null, problems: problems.list };
  }
}

export type Recorded = { readonly [node: string]: readonly RecordedAttempt[] };

export function recordedFor(cassette: Cassette | null, caseName: string): Recorded {
  return cassette?.cases[caseName]?.nodes ?? {};
}

/** The cassette of a file's cases: those that were played anew as they went, the others as they were; null: nothing was ever recorded. */
export function recordedAnew(
  before: Cassette | null,
  names: readonly string[],
  tapes: ReadonlyMap<string, ReadonlyMap<string, readonly RecordedAttempt[]>>,
  recordedAt: string,
): Cassette | null {
  const cases = names.flatMap((name) => {
    const tape = tapes.get(name);
    const known = before?.cases[name];
    if (!tape) return known ? [[name, known] as const] : [];
    return tape.size === 0 ? [] : [[name, { recordedAt, nodes: nodesOf(tape) }] as const];
  });
  return cases.length === 0 ? null : { format: CASSETTE_FORMAT, cases: Object.fromEntries(cases) };
}

function nodesOf(tape: ReadonlyMap<string, readonly RecordedAttempt[]>): Cassette["cases"][string]["nodes"] {
  return Object.fromEntries([...tape].map(([name, attempts]) => [name, [...attempts]]));
}
