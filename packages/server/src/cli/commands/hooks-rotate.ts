import type { HookWithSecrets } from "@millrace/contract";
import { usageError } from "#cli/cli-error";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";
import { printHook } from "#cli/print-hook";

const MAX_HOURS = 168;

export const run: Action = async (context, given) => {
  const text = given.text("overlap") ?? "24h";
  const overlapHours = Number(/^(\d{1,3})h?$/.exec(text)?.[1] ?? Number.NaN);
  if (!(overlapHours <= MAX_HOURS)) throw usageError(`--overlap: "${text}" is not a number of hours from 0 to ${MAX_HOURS}`, "write 24h");
  const { json } = await call(context, "POST", `/api/v1/hooks/${segment(given.argument(0))}/rotate`, { body: { overlapHours } });
  await printHook(context, json as HookWithSecrets);
};
