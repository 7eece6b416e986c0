import {
  findRunError,
  isJsonObject,
  type Json,
  type JsonObject,
  type Mock,
  type Mocks,
  RUN_ERRORS,
  type Said,
  say,
  toPointer,
} from "@millrace/contract";
import type { NodePlan, Problems } from "@millrace/engine";
import { checkMatchers, hintFor, type Steps } from "#cases/check-values";
import { allNodes, findNode } from "#cases/mocks";
import type { ProjectWorkflow } from "#cases/play-case";

export interface CheckedAgainst {
  readonly workflow: ProjectWorkflow;
  /** Those that its nodes may call. */
  readonly workflows: readonly ProjectWorkflow[];
  readonly problems: Problems;
}

const ASKERS: ReadonlySet<string> = new Set(["llm", "intent", "extract", "agent"]);
const CALLERS: ReadonlySet<string> = new Set(["workflow", "agent"]);

/** Members of a mock that only some nodes have a use for. */
const FOR_SOME: readonly {
  readonly members: readonly (keyof Mock)[];
  readonly fits: (node: NodePlan, isInside: boolean) => boolean;
  readonly who: Said;
}[] = [
  { members: ["text", "json", "answers"], fits: ({ type }) => ASKERS.has(type), who: say`nodes that ask a model` },
  { members: ["approve", "reject", "decide", "timeout"], fits: ({ type }) => type === "approval", who: say`approvals` },
  { members: ["mocks"], fits: ({ type }) => CALLERS.has(type), who: say`nodes that call workflows` },
  {
    members: ["afterMs"],
    fits: ({ type, spec }) => type === "approval" || spec.effect !== "none",
    who: say`approvals and nodes with effects`,
  },
  { members: ["perItem"], fits: (_, isInside) => isInside, who: say`nodes in the body of a loop or batch` },
];

/** Nodes that are what the run begins and ends with, or that never run. */
const NOT_MOCKED: ReadonlySet<string> = new Set(["entry", "end", "leave", "note"]);

export function checkMocks(mocks: Mocks, at: Steps, against: CheckedAgainst): void {
  const { root } = against.workflow.compiled.plan;
  const all = allNodes(root);
  for (const [name, mock] of Object.entries(mocks)) {
    const here = [...at, name];
    const node = findNode(root, name);
    if (!node) {
      const twice = all.some((each) => each.name === name);
      const known = all.flatMap((each) => [each.id, each.name]);
      const message = twice ? say`several nodes are called ${name}: use an id` : say`there is no node ${name}`;
      against.problems.add("unknown_node_name", toPointer(here), message, twice ? {} : hintFor(name, known));
    } else if (NOT_MOCKED.has(node.spec.role)) {
      against.problems.add("not_mocked", toPointer(here), say`a node of the type ${node.type} cannot be mocked`);
    } else checkMock(mock, node, here, against);
  }
}

function checkMock(mock: Mock, node: NodePlan, at: Steps, against: CheckedAgainst): void {
  const { workflow, problems } = against;
  const isInside = !workflow.compiled.plan.root.indexOf.has(node.id);
  for (const { members, fits, who } of FOR_SOME) {
    const given = members.filter((member) => mock[member] !== undefined);
    if (given.length === 0 || fits(node, isInside)) continue;
    for (const member of given)
      problems.add("not_mocked", toPointer([...at, member]), say`${member} is for ${who}, and ${node.id} is of the type ${node.type}`);
  }
  if (mock.port !== undefined && !node.ports.includes(mock.port))
    problems.add("unknown_port", toPointer([...at, "port"]), say`${node.id} has no port ${mock.port}`, hintFor(mock.port, node.ports));
  checkFailures(mock, at, problems);
  for (const [index, row] of (mock.perItem ?? []).entries()) {
    checkMatchers(row.item, [...at, "perItem", index, "item"], problems);
    checkMock(row, node, [...at, "perItem", index], against);
  }
  if (mock.mocks && CALLERS.has(node.type)) checkCalled(mock.mocks, node, [...at, "mocks"], against);
}

function checkFailures({ fail }: Mock, at: Steps, problems: Problems): void {
  const all = typeof fail === "string" ? [fail] : (fail ?? []);
  for (const [index, failure] of all.entries()) {
    const type = typeof failure === "string" ? failure : failure.type;
    const here = typeof fail === "string" ? [...at, "fail"] : [...at, "fail", index];
    if (!findRunError(type))
      problems.add("unknown_error", toPointer(here), say`no node fails with ${type}`, hintFor(type, Object.keys(RUN_ERRORS)));
  }
}

/** Against the workflow that the node calls; an agent may call several. */
function checkCalled(mocks: Mocks, node: NodePlan, at: Steps, against: CheckedAgainst): void {
  const names = calledBy(rawNode(against.workflow.document, node.id) ?? {});
  const called = names.flatMap((name) => against.workflows.find((each) => each.name === name) ?? []);
  const [first] = called;
  if (!first) {
    const what =
      names.length === 0 ? say`${node.id} calls no workflow` : say`there is no valid file of the workflow ${names.join(", ")} here`;
    against.problems.add("unknown_workflow", toPointer(at), say`${what}: mock the node's output`);
    return;
  }
  for (const [name, mock] of Object.entries(mocks)) {
    const workflow = called.find(({ compiled }) => findNode(compiled.plan.root, name)) ?? first;
    checkMocks({ [name]: mock }, at, { ...against, workflow });
  }
}

function calledBy({ workflow, tools }: JsonObject): readonly string[] {
  const all: readonly Json[] = Array.isArray(tools) ? tools : [];
  const named = [workflow, ...all.map((tool) => (isJsonObject(tool) ? tool["workflow"] : null))];
  return named.filter((name): name is string => typeof name === "string");
}

function rawNode({ nodes }: JsonObject, id: string): JsonObject | null {
  for (const node of (Array.isArray(nodes) ? nodes : []) as readonly Json[]) {
    if (!isJsonObject(node)) continue;
    if (node["id"] === id) return node;
    const { body } = node;
    const inside = isJsonObject(body) ? rawNode(body, id) : null;
    if (inside) return inside;
  }
  return null;
}
