import type { ParamCheck } from "#flow/checks/param-check";
import { isBlank, listOf, objectOf, textOf } from "#flow/json";

/** Names of a container's variables: none is `index`, none occurs twice; several without a name count as the same. */
export function checkLoopVariables({ type, param, report }: ParamCheck): void {
  const variables = type === "LOOP" ? listOf(param["intermediateVariables"]) : [];
  const names = [...variables, ...listOf(param["inputArrays"])].map((variable) => {
    const name = objectOf(variable)["name"];
    return isBlank(name) ? "" : textOf(name);
  });
  if (names.includes("index"))
    report("WF_LOOP_INDEX_NAME", "", "`index` is the position of the current item; another variable needs another name.");
  if (new Set(names).size < names.length) report("WF_LOOP_DUP_NAME", "", "Two of the node's variables have the same name, or none.");
}
