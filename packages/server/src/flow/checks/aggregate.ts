import type { Json, JsonObject } from "@millrace/contract";
import type { ParamCheck } from "#flow/checks/param-check";
import { listOf, objectOf, textOf } from "#flow/json";
import { MAX_GROUP_VARIABLES, MAX_GROUPS } from "#flow/limits";
import { isIdentifier } from "#flow/vendor";

export function checkAggregate(check: ParamCheck): void {
  const { param, report } = check;
  if (param["strategy"] !== "FIRST_NON_NULL") report("WF_AGG_STRATEGY", ".strategy", 'The only strategy is "FIRST_NON_NULL".');
  const groups = listOf(param["groups"]);
  if (groups.length === 0) report("WF_AGG_NO_GROUP", ".groups", "The node has no groups.");
  if (groups.length > MAX_GROUPS)
    report("WF_AGG_GROUPS", ".groups", `The node has ${groups.length} groups; at most ${MAX_GROUPS} are allowed.`);
  for (const [index, group] of groups.entries()) checkGroup(objectOf(group), `.groups[${index}]`, check);
}

function checkGroup(group: JsonObject, at: string, { report }: ParamCheck): void {
  const name = group["groupName"];
  if (typeof name !== "string" || !isIdentifier(name)) {
    report("WF_AGG_GROUP_NAME", `${at}.groupName`, "A group's name is an identifier: letters, digits and _, no digit first.");
  }
  if ((group["groupType"] ?? null) === null) report("WF_AGG_GROUP_TYPE", `${at}.groupType`, "The group has no type.");
  const variables = listOf(group["variables"]);
  if (variables.length === 0 || variables.length > MAX_GROUP_VARIABLES) {
    report("WF_AGG_GROUP_VARS", `${at}.variables`, `A group has 1 to ${MAX_GROUP_VARIABLES} variables; this one has ${variables.length}.`);
  }
  for (const [index, variable] of variables.entries()) {
    if (typeText(objectOf(variable)["type"]) === typeText(group["groupType"])) continue;
    report("WF_AGG_VAR_TYPE", `${at}.variables`, `Variable ${index} is not of the group's type.`);
  }
}

/** Types are compared as they are spelled; an absent one equals only an absent one. */
function typeText(type: Json | undefined): string | null {
  return type === undefined || type === null ? null : textOf(type);
}
