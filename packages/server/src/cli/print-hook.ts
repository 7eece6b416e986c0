import type { HookView, HookWithSecrets } from "@millrace/contract";
import type { CliContext } from "#cli/context";

/** The URL alone on stdout, so that it can be piped; what else is shown this once beside it. */
export async function printHook(context: CliContext, hook: HookWithSecrets): Promise<void> {
  const url = `${hook.url ?? ""}\n`;
  await context.output.data(hook, { rows: [], names: [hook.id], table: url, text: url });
  context.output.note(`This is the only time the URL is shown. Id ${hook.id}, for ${hook.workflowName ?? hook.workflowId}@${hook.version}`);
  if (hook.secret !== undefined) context.output.note(`The sender signs with ${hook.secret}`);
}

export function hookRow({ id, name, workflowName, workflowId, version, methods, verification, tokenHint, enabled }: HookView) {
  return {
    hook: id,
    name,
    workflow: `${workflowName ?? workflowId}@${version}`,
    methods: methods.join(","),
    verify: verification.kind,
    token: tokenHint,
    state: enabled ? "on" : "off",
  };
}
