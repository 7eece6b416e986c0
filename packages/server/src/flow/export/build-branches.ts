import type { Json, JsonObject } from "@millrace/contract";
import { type Built, sourcedText } from "#flow/export/built";
import { handleOf } from "#flow/export/handles";
import type { Sayer } from "#flow/export/say";
import { listOf, objectOf, textOf } from "#flow/json";

/** The cases in their order, and ELSE. */
export function buildCondition(sayer: Sayer): Built {
  const cases = listOf(sayer.node.raw["cases"]).map(objectOf);
  const branches = cases.map((one, index) => buildCase(one, index, sayer));
  const otherwise = branch("ELSE", cases.length + 1, handleOf(sayer.node, "else", sayer.view), "AND", []);
  return { type: "CONDITION", param: { conditionBranches: [...branches, otherwise] } };
}

function buildCase({ port, match, rows, when }: JsonObject, index: number, sayer: Sayer): JsonObject {
  if (when !== undefined)
    sayer.refuse("a case of .flow compares values: write rows, or compute the answer in a code node", "cases", index, "when");
  const conditions = listOf(rows).map((row, place) => buildRow(objectOf(row), sayer, ["cases", index, "rows", place]));
  const handle = handleOf(sayer.node, textOf(port), sayer.view);
  return branch(index === 0 ? "IF" : "ELSE_IF", index + 1, handle, match === "any" ? "OR" : "AND", conditions);
}

function branch(type: string, priority: number, sourceHandle: string, logicOperator: string, conditions: readonly Json[]): JsonObject {
  return { type, priority, sourceHandle, logicOperator, conditions };
}

function buildRow({ left, op, right }: JsonObject, sayer: Sayer, at: readonly (string | number)[]): JsonObject {
  return {
    leftOperand: { ...sayer.variable(left, ...at, "left") },
    operator: op ?? "",
    ...(right === undefined ? {} : { rightOperand: { ...sayer.variable(right, ...at, "right") } }),
  };
}

export function buildIntent(sayer: Sayer): Built {
  const { model, query, intents } = sayer.node.raw;
  const branches = listOf(intents).map(objectOf);
  return {
    type: "INTENT",
    param: {
      chatModelVersionId: model ?? "",
      query: sourcedText(query, sayer, "query"),
      intents: branches.map(({ port, text }) => ({ sourceHandle: handleOf(sayer.node, textOf(port), sayer.view), value: text ?? "" })),
    },
  };
}
