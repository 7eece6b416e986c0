import type { JsonObject } from "@millrace/contract";
import { isBlank, textOf } from "#flow/json";
import { type FlowProblems, quote } from "#flow/problems";

/**
 * What stands outside the graph. False: the file is no workflow at all (the vendor exports other products with the same ending),
 * and its graph means nothing here.
 */
export function checkDocument(root: JsonObject, problems: FlowProblems): boolean {
  if (root["exportType"] === "BOT") {
    problems.add("file_type_mismatch", "$.exportType", "This is the file of a bot, not of a workflow: export a workflow instead.");
    return false;
  }
  if (isBlank(root["name"])) problems.add("L0_NAME", "$.name", "The workflow has no name.");
  checkKind(root, problems);
  checkExportTime(root, problems);
  if (isBlank(root["formatVersion"]))
    problems.add("L0_FORMAT_VERSION", "$.formatVersion", 'No format version is given; it is read as "1.0".');
  return root["botType"] === "Workflow";
}

function checkKind(root: JsonObject, problems: FlowProblems): void {
  const exportsWorkflow = root["exportType"] === "WORKFLOW";
  const isWorkflow = root["botType"] === "Workflow";
  if (!exportsWorkflow) {
    problems.add("L0_EXPORT_TYPE", "$.exportType", `exportType is "WORKFLOW", not ${quote(textOf(root["exportType"]))}.`);
  }
  if (!isWorkflow && root["botType"] !== "QuestionAnswer" && root["botType"] !== "Flow") {
    problems.add("L0_BOT_TYPE", "$.botType", `botType is "Workflow", not ${quote(textOf(root["botType"]))}.`);
  }
  if (isWorkflow !== exportsWorkflow) {
    problems.add("L0_TYPE_MISMATCH", "$.exportType", 'exportType "WORKFLOW" and botType "Workflow" go together.');
  }
}

function checkExportTime(root: JsonObject, problems: FlowProblems): void {
  const time = root["exportTime"];
  if (time === undefined || time === null || Number.isInteger(time)) return;
  problems.add("L0_EXPORT_TIME", "$.exportTime", "exportTime is an integer: milliseconds since 1970.");
}
