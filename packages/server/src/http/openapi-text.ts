import { type DescribedWorkflow, exampleInput, hasScope, LIMITS, openApiDocument } from "@millrace/contract";
import type { Callable, Callables } from "#called/callables";
import type { Caller } from "#keys/authenticate";
import type { VersionCache } from "#workflows/version-cache";

let text: string | undefined;

/** The description of every route, made once. */
export function openApiText(version: string): string {
  text ??= JSON.stringify(openApiDocument({ version }));
  return text;
}

export interface DescriptionPorts {
  readonly settings: { readonly version: string };
  readonly callables: Callables;
  readonly versions: VersionCache;
}

/** The description of what a key may ask for, with the workflows that it may invoke, the newest where there are many. */
export async function openApiTextFor(ports: DescriptionPorts, caller: Caller): Promise<string> {
  const { settings, callables } = ports;
  const found = hasScope(caller.scopes, "invoke") ? await callables.all(caller, LIMITS.calledWorkflows.value) : [];
  const workflows: DescribedWorkflow[] = [];
  for (const callable of found) workflows.push(await described(ports, caller.tenantId, callable));
  return JSON.stringify(openApiDocument({ version: settings.version, workflows, caller }));
}

async function described({ versions }: DescriptionPorts, tenantId: string, callable: Callable): Promise<DescribedWorkflow> {
  const { id, name, liveVersion, version } = callable;
  const { input, output, chat } = version;
  const example = exampleInput(input);
  // An example is one that the server takes; where none was found, there is none.
  const runnable = await versions.load(tenantId, id, liveVersion);
  const isTaken = runnable?.checkInput(example).ok === true;
  return { id, name, input, output, isChat: chat !== null, ...(isTaken && { example }) };
}
