import { type DiffLine, diffLines, diffWorkflows, hasChanges, lineText, type WorkflowDiff } from "@millrace/contract";
import { CliError, usageError } from "#cli/cli-error";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import { draftSide, fileSides, isFile, type Side, serverSide } from "#cli/diff/sides";
import { EXIT } from "#cli/exit-codes";
import { aligned } from "#cli/table";
import { chooseFiles } from "#cli/workflow-files";

interface Difference {
  readonly workflow: string;
  readonly from: string;
  readonly to: string;
  /** null: there is nothing on the server yet. */
  readonly diff: WorkflowDiff | null;
}

export const run: Action = async (context, given) => {
  const pairs = await pairsOf(context, given.arguments);
  const differences = pairs.map(differenceOf);
  const different = differences.filter(({ diff }) => diff === null || hasChanges(diff));
  const lines = aligned(different.flatMap(linesOf));
  if (given.on("exit-code") && different.length > 0)
    throw new CliError("differs", `${different.map(({ workflow }) => workflow).join(", ")}: something differs`, EXIT.no, {
      errors: different,
      report: lines.trimEnd().split("\n"),
    });
  const rows = different.map(({ workflow, from, to }) => ({ workflow, from, to }));
  await context.output.data({ differences }, { rows, names: different.map(({ workflow }) => workflow), table: lines });
  if (different.length === 0)
    context.output.note(
      differences.some(({ diff }) => (diff?.layout.moved ?? 0) > 0) ? "  nodes were moved, nothing else" : "  no changes",
    );
};

type Pair = readonly [before: Side, after: Side];

/** What a deploy of the files would change; or from the first to the second, where they are named. */
async function pairsOf(context: CliContext, [first, second, ...more]: readonly string[]): Promise<readonly Pair[]> {
  if (more.length > 0) throw usageError("diff: two at most can be compared", "millrace diff news@1.0.2 news@1.0.3");
  if (first === undefined || (second === undefined && isFile(context, first))) {
    const files = await fileSides(context, await chooseFiles(context.cwd, first === undefined ? [] : [first]));
    return Promise.all(files.map(async (file): Promise<Pair> => [await draftSide(context, String(file.document["name"])), file]));
  }
  const before = await sideOf(context, first);
  // Where one is named it is compared with the draft, and a draft with what is live.
  if (second === undefined)
    return before.label.endsWith("@draft")
      ? [[await serverSide(context, `${nameOf(before)}@live`), before]]
      : [[before, await serverSide(context, nameOf(before))]];
  return [[before, await sideOf(context, second, nameOf(before))]];
}

async function sideOf(context: CliContext, text: string, workflow?: string): Promise<Side> {
  if (!isFile(context, text)) return serverSide(context, text, workflow);
  const [side] = await fileSides(context, [text]);
  if (!side) throw usageError(`diff: ${text} holds no workflow`);
  return side;
}

function nameOf({ document }: Side): string {
  return String(document?.["name"]);
}

function differenceOf([before, after]: Pair): Difference {
  const diff = before.document && after.document ? diffWorkflows(before.document, after.document) : null;
  return { workflow: nameOf(after), from: before.label, to: after.label, diff };
}

/** One line a change: the workflow, the place, the values. */
function linesOf({ workflow, diff }: Difference): readonly (readonly string[])[] {
  if (diff === null) return [[`  ${workflow}`, "new", ""]];
  return diffLines(diff).map((line) => [`  ${workflow}`, lineText(line), valuesText(line)]);
}

function valuesText({ change, before, after }: DiffLine): string {
  return change === "changed" ? `${shown(before)} → ${shown(after)}` : "";
}

/** Characters of a value that a line shows. */
const SHOWN = 40;

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
