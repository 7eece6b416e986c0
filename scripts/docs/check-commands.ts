import { normalise } from "../../packages/server/src/cli/arguments.ts";
import { buildProgram } from "../../packages/server/src/cli/program.ts";
import type { Block, Finding } from "./blocks.ts";

/** What parts the commands of a line; inside of quotes it is a character like any other. */
const SEPARATORS = /^(\|\||&&|[|;&()<>])/;

/** Every `millrace …` of a block names a command that exists, with flags and arguments that it takes. Nothing is run. */
export async function checkCommands({ page, line, text }: Block): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const lines = text.replace(/\\\n/g, "  ").split("\n");
  for (const [at, source] of lines.entries()) {
    for (const words of commandsOf(source)) {
      const message = await refusal(words);
      if (message !== null) findings.push({ page, line: line + at, message: `millrace ${words.join(" ")}: ${message}` });
    }
  }
  return findings;
}

/** The words behind each `millrace` of a line. */
export function commandsOf(line: string): readonly (readonly string[])[] {
  return splitCommands(line).flatMap((words) => {
    const at = words.findIndex((word, index) => word === "millrace" && words.slice(0, index).every(isPrefix));
    return at < 0 ? [] : [words.slice(at + 1)];
  });
}

/** What may stand before the command: assignments, `npx`. */
function isPrefix(word: string): boolean {
  return /^\w+=/.test(word) || word === "npx" || word === "--yes" || word === "exec" || word === "run:" || word === "-";
}

function splitCommands(line: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  for (let rest = line.trimStart(); rest !== "" && !rest.startsWith("#"); rest = rest.trimStart()) {
    const [separator = ""] = SEPARATORS.exec(rest) ?? [];
    const [word = ""] = separator === "" ? (/^('[^']*'|"(\\.|[^"\\])*"|\\.|[^\s|;&()<>'"\\])+/.exec(rest) ?? [rest]) : [""];
    // What a command is redirected to is no word of it.
    if (separator === "<" || separator === ">") rest = rest.slice(1).replace(/^[>&]?\s*\S+/, "");
    else rest = rest.slice(separator.length + word.length);
    if (word !== "") commands.at(-1)?.push(unquoted(word));
    else if (separator !== "<" && separator !== ">") commands.push([]);
  }
  return commands;
}

function unquoted(word: string): string {
  return word.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"/g, (_, single?: string, double?: string) => single ?? double ?? "");
}

/** What the parser has against it; null: nothing. */
async function refusal(words: readonly string[]): Promise<string | null> {
  if (words.length === 0) return null;
  try {
    await buildProgram(async () => undefined).parseAsync(normalise(words), { from: "user" });
    return null;
  } catch (error) {
    const { message, code } = error as { message: string; code?: string };
    return code === "commander.helpDisplayed" ? null : message;
  }
}
