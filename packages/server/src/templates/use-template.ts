import type { JsonObject, Language } from "@millrace/contract";
import type { Clock } from "#clock";
import type { Documents } from "#knowledge/documents";
import type { KnowledgeBases } from "#knowledge/knowledge-bases";
import { RequestError } from "#request-error";
import type { Author } from "#store/author";
import { knowledgeOf, listTemplates, type Template, type TemplateKnowledge, workflowsOf } from "#templates/templates";
import type { Authoring } from "#workflows/authoring";

export interface TemplatePorts {
  readonly authoring: Pick<Authoring, "find" | "create" | "publish">;
  readonly knowledge: { readonly bases: KnowledgeBases; readonly documents: Documents };
  readonly clock: Clock;
}

export interface MadeWorkflow {
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

/** Who makes it, and in which language its version is noted. */
export interface Maker {
  readonly by: Author;
  readonly language: Language;
}

/** A person waits; what is not indexed by then is so soon after. */
const INDEX_WAIT_MS = 10_000;
const INDEX_LOOK_MS = 50;

/** As many names are tried; who has more copies of one template deletes some. */
const MOST_COPIES = 100;

/**
 * Makes a template's workflow, published and under a name that is free, with what it calls and the knowledge that it asks, where those are
 * not there yet. RequestError `not_found`.
 */
export async function useTemplate(ports: TemplatePorts, tenantId: string, name: string, maker: Maker): Promise<MadeWorkflow> {
  const template = (await listTemplates()).find((one) => one.name === name);
  if (!template) throw new RequestError("not_found", { key: "not_found.template", params: { name } });
  for (const one of knowledgeOf(template)) await addKnowledge(ports, tenantId, one);
  const [own, ...called] = (await workflowsOf(template)).toReversed();
  for (const document of called.toReversed())
    if (!(await ports.authoring.find(tenantId, String(document["name"])))) await make(ports, tenantId, document, maker);
  return make(ports, tenantId, { ...own, name: await freeName(ports, tenantId, template) }, maker);
}

async function make({ authoring }: TemplatePorts, tenantId: string, document: JsonObject, { by, language }: Maker): Promise<MadeWorkflow> {
  const { id, name } = await authoring.create(tenantId, document, { by });
  const { version } = await authoring.publish(tenantId, id, { by, language });
  return { id, name, version };
}

/** `todayNews`, `todayNews 2` */
async function freeName({ authoring }: TemplatePorts, tenantId: string, { workflow }: Template): Promise<string> {
  for (let copy = 1; copy <= MOST_COPIES; copy++) {
    const name = copy === 1 ? workflow : `${workflow} ${copy}`;
    if (!(await authoring.find(tenantId, name))) return name;
  }
  throw new RequestError("conflict", { key: "conflict.name", params: { name: workflow } });
}

/** A base of that name is somebody's: it stays as it is. */
async function addKnowledge(ports: TemplatePorts, tenantId: string, { base, name, content }: TemplateKnowledge): Promise<void> {
  const { bases, documents } = ports.knowledge;
  try {
    await bases.create(tenantId, { name: base });
  } catch (error) {
    if (error instanceof RequestError && error.type === "conflict") return;
    throw error;
  }
  await documents.addFiles(tenantId, base, [{ name, mediaType: null, content }], {});
  const until = ports.clock.now() + INDEX_WAIT_MS;
  while ((await documents.get(tenantId, base, name)).state === "waiting" && ports.clock.now() < until) await pause(ports.clock);
}

function pause(clock: Clock): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.at(clock.now() + INDEX_LOOK_MS, resolve);
  return promise;
}
