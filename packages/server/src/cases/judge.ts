import type { Difference, Expectation, Json } from "@millrace/contract";
import { compare, shown } from "#cases/match";
import type { Observed, ObservedNode } from "#cases/observed";

/** Where the run is not what the case expects of it. Without a word about status it has to SUCCEED, or to fail where an error is expected. */
export function judge(expected: Expectation, observed: Observed): readonly Difference[] {
  const { output, error, path, maxTokens, maxCredits, nodes } = expected;
  return [
    ...judgeStatus(expected, observed),
    ...(output === undefined ? [] : compare(output as Json, observed.output ?? undefined, "output")),
    ...(error === undefined ? [] : judgeError(error, observed.error)),
    ...(path === undefined ? [] : judgePath(path, observed.path)),
    ...atMost("maxTokens", maxTokens, observed.tokens),
    ...atMost("maxCredits", maxCredits, Number(observed.credits)),
    ...Object.entries(nodes ?? {}).flatMap(([name, node]) => judgeNode(`nodes.${name}`, node, observed.nodes.get(name))),
  ];
}

export function expectedStatus({ status, error }: Expectation): "SUCCEED" | "FAILED" {
  return status ?? (error === undefined ? "SUCCEED" : "FAILED");
}

function judgeStatus(expected: Expectation, { status, error }: Observed): readonly Difference[] {
  const wanted = expectedStatus(expected);
  if (wanted === status) return [];
  const why = error ? ` with ${error.type}${error.node === null ? "" : ` at ${error.node}`}: ${error.message}` : "";
  return [{ at: "status", message: `expected ${wanted}, and the run is ${status}${why}`, expected: wanted, actual: status }];
}

function judgeError(expected: NonNullable<Expectation["error"]>, actual: Observed["error"]): readonly Difference[] {
  // That there is none is what its status tells.
  if (!actual) return [];
  return Object.entries(expected).flatMap(([name, value]) =>
    compare(value as Json, actual[name as keyof typeof actual] ?? null, `error.${name}`),
  );
}

/** Nodes inside containers count where the expectation names one of them by its path. */
export function comparedPath(expected: NonNullable<Expectation["path"]>, actual: readonly string[]): readonly string[] {
  const names = "contains" in expected ? expected.contains : expected;
  return names.some((name) => name.includes("/")) ? actual : actual.filter((path) => !path.includes("/"));
}

function judgePath(expected: NonNullable<Expectation["path"]>, all: readonly string[]): readonly Difference[] {
  const actual = comparedPath(expected, all);
  if ("contains" in expected) {
    const missing = expected.contains.filter((name) => !actual.includes(name));
    if (missing.length === 0) return [];
    return [{ at: "path", message: `${missing.join(", ")} did not run; the path is ${actual.join(" → ")}`, expected, actual: [...actual] }];
  }
  if (expected.length === actual.length && expected.every((name, at) => name === actual[at])) return [];
  return [{ at: "path", message: `expected ${expected.join(" → ")}, and it is ${actual.join(" → ")}`, expected, actual: [...actual] }];
}

function atMost(at: string, most: number | undefined, actual: number): readonly Difference[] {
  if (most === undefined || actual <= most) return [];
  return [{ at, message: `expected at most ${most}, and it is ${actual}`, expected: most, actual }];
}

type ExpectedNode = NonNullable<Expectation["nodes"]>[string];

function judgeNode(at: string, { status, output, attempts }: ExpectedNode, actual: ObservedNode | undefined): readonly Difference[] {
  if (!actual) return [{ at, message: "the node has not run" }];
  return [
    ...(status === undefined || status === actual.status
      ? []
      : [
          { at: `${at}.status`, message: `expected ${status}, and it is ${shown(actual.status)}`, expected: status, actual: actual.status },
        ]),
    ...(output === undefined ? [] : compare(output as Json, actual.output, `${at}.output`)),
    ...(attempts === undefined ? [] : compare(attempts as Json, actual.attempts, `${at}.attempts`)),
  ];
}
