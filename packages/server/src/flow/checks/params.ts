import { checkAggregate } from "#flow/checks/aggregate";
import type { CheckedNode } from "#flow/checks/checked-node";
import { checkHttpUrl } from "#flow/checks/http-host";
import { checkLoopVariables } from "#flow/checks/loop-variables";
import type { Egress, ParamCheck } from "#flow/checks/param-check";
import type { FlowCode } from "#flow/codes";
import { isBlank, listOf, objectOf } from "#flow/json";
import type { FlowProblems } from "#flow/problems";
import { type FlowNodeType, isFlowNodeType, paramNameOf } from "#flow/vendor";

const CHECKS: { readonly [type in FlowNodeType]?: (check: ParamCheck) => void } = {
  HTTP: checkHttpUrl,
  CODE: needed("WF_CODE_EMPTY", "code", "The node has no code."),
  CONDITION: checkBranches,
  INTENT: listed("WF_INTENT_EMPTY", "intents", "The node has no intents."),
  DATABASE: needed("WF_DB_SQL", "sqlQuery", "The node has no SQL statement."),
  VARIABLE_AGGREGATE: checkAggregate,
  LOOP: checkLoopVariables,
  BATCH: checkLoopVariables,
  SET_INTERMEDIATE_VARIABLE: checkAssignments,
};

/** What is specific to the node's type. A param that is there but no object has no members. */
export function checkParam(node: CheckedNode, problems: FlowProblems, egress: Egress): void {
  const { type, raw } = node;
  if (!isFlowNodeType(type)) return;
  const name = paramNameOf(type);
  if (name === null) return;
  const at = `${node.at}.${name}`;
  const nodeId = node.id === "" ? undefined : node.id;
  if ((raw[name] ?? null) === null) {
    if (type !== "END") problems.add("WF_PARAM_MISSING", at, `A ${type} node needs \`${name}\`.`, nodeId);
    return;
  }
  CHECKS[type]?.({
    type,
    param: objectOf(raw[name]),
    egress,
    report: (code, member, message) => problems.add(code, at + member, message, nodeId),
    warn: (code, member, message) => problems.warn(code, at + member, message, nodeId),
  });
}

function needed(code: FlowCode, member: string, message: string): (check: ParamCheck) => void {
  return ({ param, report }) => {
    if (isBlank(param[member])) report(code, `.${member}`, message);
  };
}

function listed(code: FlowCode, member: string, message: string): (check: ParamCheck) => void {
  return ({ param, report }) => {
    if (listOf(param[member]).length === 0) report(code, `.${member}`, message);
  };
}

function checkBranches(check: ParamCheck): void {
  listed("WF_COND_BRANCHES", "conditionBranches", "The node has no branches.")(check);
  const others = listOf(check.param["conditionBranches"]).filter((branch) => objectOf(branch)["type"] === "ELSE").length;
  if (others !== 1) check.report("WF_COND_ELSE", "", `A condition has exactly one ELSE branch; this one has ${others}.`);
}

function checkAssignments(check: ParamCheck): void {
  listed("WF_SIV_NO_ASSIGN", "assignments", "The node assigns nothing.")(check);
  for (const [index, assignment] of listOf(check.param["assignments"]).entries()) {
    if ((objectOf(assignment)["leftValue"] ?? null) !== null) continue;
    check.report("WF_SIV_LEFT", `.assignments[${index}].leftValue`, "The assignment names no variable.");
  }
}
