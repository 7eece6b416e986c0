import { configOf, member } from "#flow/expression";
import { isBlank, record, textOf } from "#flow/json";
import { readNamedVariables } from "#flow/model/variable";
import { memberOrWhole, outputsOf, type Translated } from "#flow/nodes/translated";
import { quote } from "#flow/problems";
import type { ValueReader } from "#flow/values";

export function translateToolApi(values: ValueReader): Translated {
  const { node, translation } = values;
  const tool = textOf(node.param["toolId"]);
  const operation = textOf(node.param["toolApiId"]);
  const known = !isBlank(tool) && !isBlank(operation) && translation.options.toolKnown?.(tool, operation) !== false;
  if (!known)
    translation.report(node, "MR_TOOL_UNKNOWN", `${node.paramAt}.toolId`, `The tool ${quote(tool)} is not registered on this server.`);
  const alone = node.outputs.length === 1;
  return {
    type: "tool",
    config: { tool: `${tool}/${operation}`, input: inputOf(values) },
    outputs: outputsOf(node, ({ name }) => memberOrWhole("result.result", member("result.result", name), name, alone)),
  };
}

/** The node's inputs; those that the param declares with a value of their own come after them. */
function inputOf(values: ValueReader) {
  const { node, translation } = values;
  const own = readNamedVariables(node.param["inputs"], `${node.paramAt}.inputs`, { id: node.id, problems: translation.problems });
  const more = own.filter(({ name, raw }) => !node.inputsByName.has(name) && (raw["value"] ?? null) !== null);
  return record([
    ...node.inputs.map(({ name }) => [name, `{{ ${member("inputs", name)} }}`] as const),
    ...more.map((variable) => [variable.name, configOf(values.declared(variable))] as const),
  ]);
}
