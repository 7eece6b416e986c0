import { parse } from "acorn";
import { escapeText, member } from "#flow/expression";
import { isBlank, textOf } from "#flow/json";
import { MAX_PARSED_CODE_CHARS } from "#flow/limits";
import { outputsOf, type Translated } from "#flow/nodes/translated";
import { quote } from "#flow/problems";
import type { ValueReader } from "#flow/values";

export function translateCode(values: ValueReader): Translated {
  const { node } = values;
  const code = textOf(node.param["code"]);
  const language = readLanguage(values);
  if (language === "javascript") checkSyntax(code, values);
  const [only] = node.outputs;
  return {
    type: "code",
    config: { language: escapeText(language), code, ...(only && node.outputs.length === 1 ? { wrap: only.name } : {}) },
    outputs: outputsOf(node, ({ name }) => member("result", name)),
  };
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
  if (code.length > MAX_PARSED_CODE_CHARS) return;
  const options = { ecmaVersion: "latest", allowReturnOutsideFunction: true, allowAwaitOutsideFunction: true } as const;
  const faults = (["module", "script"] as const).map((sourceType) => faultOf(() => parse(code, { ...options, sourceType })));
  const [fault] = faults;
  if (fault === undefined || faults.includes(null)) return;
  translation.report(node, "MR_CODE_SYNTAX", `${node.paramAt}.code`, `The code does not parse: ${fault ?? ""}`);
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
