import { parse } from "acorn";
import { isReadable, member, stringCode } from "#flow/expression";
import { isBlank, textOf } from "#flow/json";
import type { FlowNode } from "#flow/model/graph";
import { outputsOf, type Translated } from "#flow/nodes/translated";
import { quote } from "#flow/problems";
import type { ValueReader } from "#flow/values";
import { isIdentifier } from "#flow/vendor";

export function translateCode(values: ValueReader): Translated {
  const { node } = values;
  const code = textOf(node.param["code"]);
  const language = readLanguage(values);
  if (language === "javascript") checkSyntax(code, values);
  const wrap = wrapOf(node);
  return {
    type: "code",
    config: { language, code, ...(wrap === null ? {} : { wrap }) },
    outputs: outputsOf(node, ({ name }) => {
      const own = member("result", name);
      return wrap === null || wrap === name ? own : `has(result, ${stringCode(name)}) ? ${own} : result.${wrap}`;
    }),
  };
}

/** The field for a returned value that is no object: the only output, under its own name where that can be a field's. */
function wrapOf({ outputs }: FlowNode): string | null {
  const [only] = outputs;
  if (only === undefined || outputs.length > 1) return null;
  return isIdentifier(only.name) && isReadable(only.name) ? only.name : "value";
}

function readLanguage({ node, translation }: ValueReader): string {
  const value = node.param["language"];
  const word = isBlank(value) ? "js" : textOf(value).trim().toLowerCase();
  const language = word === "js" ? "javascript" : word;
  const known = translation.options.languageKnown?.(language) ?? language === "javascript";
  if (!known) translation.report(node, "MR_CODE_LANGUAGE", `${node.paramAt}.language`, `This server cannot run ${quote(language)} code.`);
  return language;
}

/** A module, or the body of an async function; what either reads is left to the sandbox to tell apart. */
function checkSyntax(code: string, { node, translation }: ValueReader): void {
  if (!translation.mayParse(code.length)) return;
  const options = { ecmaVersion: "latest", allowReturnOutsideFunction: true, allowAwaitOutsideFunction: true } as const;
  const fault = faultOf(() => parse(code, { ...options, sourceType: "module" }));
  if (fault === null || faultOf(() => parse(code, { ...options, sourceType: "script" })) === null) return;
  translation.report(node, "MR_CODE_SYNTAX", `${node.paramAt}.code`, `The code does not parse: ${fault}`);
}

/** Why it does not parse, or null. The parser recurses, so code that is nested too deep for the stack does not parse either. */
function faultOf(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    if (error instanceof RangeError) return "it is nested too deep";
    throw error;
  }
}
