import { type DescribedWorkflow, hasScope, LIMITS, openApiDocument, sampleInput } from "@millrace/contract";
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

/** Descriptions remembered at once; one is some hundred KB. */
const MAX_REMEMBERED = 20;

/** By what they say: keys with the same rights to the same workflows are told the same. */
const remembered = new Map<string, string>();

/** The description of what a key may ask for, with the workflows that it may invoke, the newest where there are many. */
export async function openApiTextFor(ports: DescriptionPorts, caller: Caller): Promise<string> {
  const { settings, callables } = ports;
  const found = hasScope(caller.scopes, "invoke") ? await callables.all(caller, LIMITS.calledWorkflows.value) : [];
  const named = found.map(({ id, name, liveVersion }) => [id, name, liveVersion]);
  const says = JSON.stringify([settings.version, caller.tenantId, caller.role, caller.scopes, named]);
  const known = remembered.get(says);
  if (known !== undefined) return known;
  const workflows: DescribedWorkflow[] = [];
  for (const callable of found) workflows.push(await described(ports, caller.tenantId, callable));
  const made = JSON.stringify(openApiDocument({ version: settings.version, workflows, caller }));
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(says, made);
  return made;
}

async function described({ versions }: DescriptionPorts, tenantId: string, callable: Callable): Promise<DescribedWorkflow> {
  const { id, name, liveVersion, version } = callable;
  const { input, output, chat } = version;
  const example = sampleInput(input);
  // An example is one that the server takes; where none was found, there is none.
  const runnable = await versions.load(tenantId, id, liveVersion);
  const isTaken = runnable?.checkInput(example).ok === true;
  return { id, name, input, output, isChat: chat !== null, ...(isTaken && { example }) };
}
