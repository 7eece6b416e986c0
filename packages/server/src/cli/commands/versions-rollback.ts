import { shellWord } from "@millrace/contract";
import { CliError } from "#cli/cli-error";
import type { Action } from "#cli/command";
import type { CliContext } from "#cli/context";
import { EXIT } from "#cli/exit-codes";
import { promote } from "#cli/promote";
import { versionsOf } from "#cli/version-facts";

export const run: Action = async (context, given) => {
  const workflow = given.argument(0);
  await promote(context, workflow, given.arguments[1] ?? (await versionBefore(context, workflow)));
};

/** The newest of those that were made before the live one, and were live themselves: an import never was. */
async function versionBefore(context: CliContext, workflow: string): Promise<string> {
  let isOlder = false;
  for await (const { version, live, releasedAt } of versionsOf(context, workflow)) {
    if (isOlder && releasedAt !== undefined) return version;
    isOlder ||= live;
  }
  throw new CliError("version_unknown", `${workflow} has no version before the live one`, EXIT.notFound, {
    hint: `millrace versions list ${shellWord(workflow)}`,
  });
}
