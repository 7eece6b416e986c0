import { isJsonObject, type Json, type JsonObject } from "@millrace/contract";
import { ANY } from "@millrace/engine";
import { findTarget } from "#flow/assignments";
import { configOf, convertTo, type FlowValue } from "#flow/expression";
import { listOf, objectOf, record } from "#flow/json";
import { emptyOutputs, type Translated } from "#flow/nodes/translated";
import type { ValueReader } from "#flow/values";

/** Assigns variables of the loops around; a target given twice keeps its last value. */
export function translateSetIntermediateVariable(values: ValueReader): Translated {
  const { node } = values;
  const assigned = listOf(node.param["assignments"]).map((assignment, index) =>
    translateAssignment(objectOf(assignment), `${node.paramAt}.assignments[${index}]`, values),
  );
  return { type: "set", config: { assign: record(assigned) }, ...emptyOutputs(node) };
}

function translateAssignment(assignment: JsonObject, at: string, values: ValueReader): readonly [string, Json] {
  const { node, translation } = values;
  const target = findTarget(assignment["leftValue"], node);
  if ("fault" in target) translation.report(node, "MR_SIV_TARGET", `${at}.leftValue`, target.fault);
  const value = convertTo(rightSide(assignment, at, values), "fault" in target ? ANY : target.variable.type);
  // A target that does not exist keeps its name, which publishing refuses.
  return ["fault" in target ? target.name : target.variable.native, configOf(value)];
}

function rightSide(assignment: JsonObject, at: string, values: ValueReader): FlowValue {
  const right = assignment["rightValue"];
  if (right === undefined || right === null) return values.sourced(assignment, at);
  return isJsonObject(right) ? values.operand(right, `${at}.rightValue`) : values.sourced({ value: right }, `${at}.rightValue`);
}
