import { type JsonObject, say } from "@millrace/contract";
import type { SaidProblem } from "@millrace/engine";
import { type Case, type Config, ELSE } from "#condition/config";
import { exactlyOne } from "#kit/exactly-one";
import { checkOperator } from "#kit/operator";
import { ERROR_PORT } from "#kit/port";

const RESERVED_PORTS: ReadonlySet<string> = new Set([ELSE, ERROR_PORT]);

export function checkCases(config: JsonObject): readonly SaidProblem[] {
  const { cases } = config as unknown as Config;
  return [...cases.flatMap(checkPort), ...cases.flatMap(checkTest), ...cases.flatMap(checkRows)];
}

function checkPort({ port }: Case, index: number, cases: readonly Case[]): readonly SaidProblem[] {
  const path = `/cases/${index}/port`;
  if (RESERVED_PORTS.has(port)) {
    return [{ code: "reserved_port", level: "error", path, message: say`the port ${port} belongs to no case; choose another name` }];
  }
  if (cases.findIndex((other) => other.port === port) === index) return [];
  return [{ code: "duplicate_port", level: "error", path, message: say`two cases have the port ${port}; each needs its own` }];
}

function checkTest(one: Case, index: number): readonly SaidProblem[] {
  const path = `/cases/${index}`;
  const problems = exactlyOne(one as unknown as JsonObject, ["when", "rows"], path);
  if (one.match === undefined || one.rows !== undefined) return problems;
  return [
    ...problems,
    { code: "unused_member", level: "error", path: `${path}/match`, message: say`match says how rows combine, and this case has no rows` },
  ];
}

function checkRows({ port, rows }: Case, index: number): readonly SaidProblem[] {
  if (rows?.length === 0) {
    const message = say`the case ${port} has no row, so it never holds`;
    return [{ code: "empty_case", level: "warning", path: `/cases/${index}/rows`, message }];
  }
  return (rows ?? []).flatMap(({ op }, row) => checkOperator(op, `/cases/${index}/rows/${row}/op`));
}
