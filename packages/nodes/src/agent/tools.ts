import type { JsonObject } from "@millrace/contract";
import { TerminalError, textOf } from "@millrace/engine";
import type { ToolEntry } from "#agent/config";
import { requestOf } from "#agent/http-tool";
import { DEFAULT_PASSAGES, MAX_TOOLS } from "#agent/limits";
import type { OfferedTool } from "#agent/tool";
import type { EffectContext } from "#kit/executor";
import { faultsBy } from "#kit/model-tool";

const NO_PARAMETERS: JsonObject = { type: "object", properties: {} };

const QUERY: JsonObject = {
  type: "object",
  properties: { query: { type: "string", description: "A question, or words." } },
  required: ["query"],
};

/** The tools that a config names, each name once. @throws TerminalError `missing_reference`, `limit_exceeded`, `type_error`. */
export async function offeredTools(entries: readonly ToolEntry[], context: EffectContext): Promise<ReadonlyMap<string, OfferedTool>> {
  const tools = new Map<string, OfferedTool>();
  for (const tool of (await Promise.all(entries.map((entry) => offered(entry, context)))).flat()) {
    if (tools.has(tool.name)) throw new TerminalError("type_error", `Two tools are called ${tool.name}: give one of them another name.`);
    tools.set(tool.name, tool);
  }
  if (tools.size > MAX_TOOLS) throw new TerminalError("limit_exceeded", `The agent has ${tools.size} tools; ${MAX_TOOLS} at most.`);
  return tools;
}

async function offered(entry: ToolEntry, context: EffectContext): Promise<readonly OfferedTool[]> {
  if (entry.http) return [httpTool(entry, entry.http)];
  if (entry.knowledge) return [knowledgeTool(entry, entry.knowledge)];
  if (entry.tool !== undefined) return listedTools(entry, entry.tool, context);
  return [await workflowTool(entry, entry.workflow ?? "", context)];
}

/** Their inputs are checked where they are called. A name and a description are for one tool, and not for a whole collection. */
async function listedTools({ name, description }: ToolEntry, listed: string, context: EffectContext): Promise<readonly OfferedTool[]> {
  const { capabilities, signal, timeoutMs } = context;
  const tools = await capabilities.tools.list([listed], { signal, timeoutMs });
  return tools.map(
    (tool): OfferedTool => ({
      name: name ?? toolNameOf(tool.name),
      description: textOf(description ?? tool.description),
      parameters: tool.input,
      paid: false,
      faults: () => [],
      use: async (input, use) => {
        const { own } = use;
        const limits = { signal: use.signal, timeoutMs: use.timeoutMs, idempotencyKey: own.idempotencyKey };
        return (await own.capabilities.tools.call({ tool: tool.name, input, ...limits })).result;
      },
    }),
  );
}

function httpTool(
  { name = "", description = "", parameters = NO_PARAMETERS }: ToolEntry,
  request: NonNullable<ToolEntry["http"]>,
): OfferedTool {
  return {
    name,
    description: textOf(description),
    parameters,
    paid: false,
    faults: faultsBy(parameters),
    use: (input, use) => requestOf(request, parameters, input, use),
  };
}

function knowledgeTool(
  { name = "search_knowledge", description, topK = DEFAULT_PASSAGES }: ToolEntry,
  bases: readonly string[],
): OfferedTool {
  return {
    name,
    description: textOf(description ?? `Finds passages in what is known of: ${bases.join(", ")}.`),
    parameters: QUERY,
    // A model may make the vector of the query.
    paid: true,
    faults: faultsBy(QUERY),
    use: async ({ query }, { own, signal, timeoutMs }) => {
      const search = { bases, query: textOf(query ?? ""), topK, minScore: 0, filter: null, signal, timeoutMs };
      const { items } = await own.capabilities.knowledge.search(search);
      return items.map(({ text, score, source }) => ({ text, source: source.documentName, score }));
    },
  };
}

/** Its input is what the workflow's Start node says, and is checked there. */
async function workflowTool(entry: ToolEntry, workflow: string, context: EffectContext): Promise<OfferedTool> {
  const { name, description } = entry;
  const version = entry.version ?? null;
  const described = await context.capabilities.workflows.describe({ workflow, version });
  return {
    name: name ?? toolNameOf(described.name),
    description: textOf(description ?? described.description),
    parameters: described.input,
    paid: false,
    faults: () => [],
    use: async (input, { own, signal, timeoutMs }) => {
      const { workflowName, output, error } = await own.capabilities.workflows.call({ workflow, version, input, signal, timeoutMs });
      if (error) throw new TerminalError("tool_error", `${workflowName}: ${error.type}: ${error.message}`);
      return output;
    },
  };
}

function toolNameOf(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 64);
}
