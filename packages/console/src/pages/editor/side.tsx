import { CircleAlert, TriangleAlert, X } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import { isComposing } from "#app/shortcuts.ts";
import { useEditor, useStore } from "#pages/editor/context.ts";
import { bodyOf, type Containers, edgeParts, graphAt, nodeOf } from "#pages/editor/model/document.ts";
import { groupOf } from "#pages/editor/model/kinds.ts";
import type { FoundProblem } from "#pages/editor/model/problems.ts";
import { GROUP_TONES, iconOf } from "#pages/editor/node-icons.ts";
import { useNodeTexts } from "#pages/editor/node-texts.ts";
import type { DraftRuns } from "#pages/editor/run/draft-runs.ts";
import { useDraftRun } from "#pages/editor/run/use-draft-run.ts";
import { useText } from "#pages/editor/text.ts";
import { IconButton } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { StatusBadge } from "#ui/status.tsx";

/** Every fault; a click goes to its field. */
export function ProblemList({ onClose, onSettings }: { onClose: () => void; onSettings: () => void }) {
  const t = useText();
  const store = useStore();
  const document = useEditor(({ edit }) => edit.document);
  const { list } = useEditor((state) => state.problems);
  return (
    <section aria-label={t("problems")} className="flex min-h-0 grow flex-col">
      <SideHead title={t("problems")} onClose={onClose} />
      {list.length === 0 && <p className="px-3 py-4 text-sm text-quiet">{t("problems.none")}</p>}
      <ul className="min-h-0 grow overflow-y-auto">
        {list.map((problem) => (
          <li key={`${problem.code} ${problem.path} ${problem.start ?? ""}`}>
            <ProblemRow
              problem={problem}
              name={problem.nodeId === undefined ? document.name : (nodeOf(document, problem.nodeId)?.name ?? problem.nodeId)}
              onOpen={() => (problem.nodeId === undefined ? onSettings() : store.focus(problem.nodeId, problem.field))}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function ProblemRow({
  problem: { level, message, hint, field },
  name,
  onOpen,
}: {
  problem: FoundProblem;
  name: string;
  onOpen: () => void;
}) {
  const t = useText();
  const Icon = level === "error" ? CircleAlert : TriangleAlert;
  return (
    <button
      type="button"
      onClick={onOpen}
      className="flex w-full items-start gap-2 border-b border-line px-3 py-2 text-start hover:bg-raised"
    >
      <Icon size={15} aria-hidden="true" className={classes("mt-0.5 shrink-0", level === "error" ? "text-bad" : "text-wait")} />
      <span className="min-w-0">
        <span className="sr-only">{t(`level.${level}`)}: </span>
        <span className="block text-sm font-medium [overflow-wrap:anywhere]">
          {name}
          {field.length > 0 && <span className="font-normal text-quiet"> · {field.join(".")}</span>}
        </span>
        <span className="block text-sm [overflow-wrap:anywhere]">{message}</span>
        {hint && <span className="block text-xs text-quiet [overflow-wrap:anywhere]">{hint}</span>}
      </span>
    </button>
  );
}

function SideHead({ title, onClose }: { title: string; onClose?: () => void }) {
  const t = useText();
  return (
    <header className="flex items-center justify-between border-b border-line px-3 py-1.5">
      <h2 className="font-semibold">{title}</h2>
      {onClose && <IconButton size="small" icon={X} label={t("side.close")} onClick={onClose} />}
    </header>
  );
}

interface OutlineRow {
  readonly id: string;
  readonly level: number;
  readonly next: readonly string[];
}

/** The graph as a tree: nodes in their order, bodies below their containers, and where each leads. */
export function Outline({ runs, onClose }: { runs: DraftRuns; onClose?: () => void }) {
  const t = useText();
  const store = useStore();
  const document = useEditor(({ edit }) => edit.document);
  const selection = useEditor((state) => state.selection);
  const tree = useRef<HTMLDivElement>(null);
  const rows = outlineOf(document, []);
  const current = rows.find(({ id }) => selection.has(id))?.id ?? rows[0]?.id;
  const move = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const next = rows[rows.findIndex(({ id }) => id === current) + step];
    if (step === 0 || !next) return;
    event.preventDefault();
    event.stopPropagation();
    store.select([next.id]);
    tree.current?.querySelector<HTMLElement>(`[data-outline="${CSS.escape(next.id)}"]`)?.focus();
  };
  return (
    <section aria-label={t("outline")} className="flex min-h-0 grow flex-col">
      <SideHead title={t("outline")} {...(onClose && { onClose })} />
      <div role="tree" aria-label={t("outline")} ref={tree} className="min-h-0 grow overflow-y-auto p-1.5" onKeyDown={move}>
        {rows.map((row) => (
          <OutlineItem key={row.id} row={row} runs={runs} selected={selection.has(row.id)} tabbable={row.id === current} />
        ))}
      </div>
    </section>
  );
}

function OutlineItem({
  row: { id, level, next },
  runs,
  selected,
  tabbable,
}: {
  row: OutlineRow;
  runs: DraftRuns;
  selected: boolean;
  tabbable: boolean;
}) {
  const t = useText();
  const store = useStore();
  const texts = useNodeTexts();
  const node = useEditor(({ edit }) => nodeOf(edit.document, id));
  const problems = useEditor((state) => state.problems.byNode.get(id)?.length ?? 0);
  const state = useDraftRun(runs).states.get(id);
  if (!node) return null;
  const Icon = iconOf(node.type);
  const kind = texts.title(node.type);
  return (
    <div
      role="treeitem"
      aria-level={level}
      aria-selected={selected}
      tabIndex={tabbable ? 0 : -1}
      data-outline={id}
      onClick={() => store.select([id])}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !isComposing(event.nativeEvent)) store.select([id]);
      }}
      className={classes(
        "flex cursor-pointer items-start gap-2 rounded-md py-1.5 pe-2 touch-target",
        selected ? "bg-accent-soft" : "hover:bg-raised",
      )}
      style={{ paddingInlineStart: `${level * 16 - 8}px` }}
    >
      <span className={classes("flex size-6 shrink-0 items-center justify-center rounded-md", GROUP_TONES[groupOf(node.type)])}>
        <Icon size={14} aria-hidden="true" />
      </span>
      <span className="min-w-0 grow">
        <span className="block truncate text-sm">{node.name ?? (node.id === node.type ? kind : node.id)}</span>
        <span className="block truncate text-xs text-quiet">
          {next.length === 0 ? kind : `${kind} → ${next.map((each) => nodeNameOf(store.document, each)).join(", ")}`}
        </span>
      </span>
      {state && <StatusBadge status={state.status} />}
      {problems > 0 && (
        <span className="flex items-center gap-0.5 text-xs text-bad">
          <CircleAlert size={13} aria-hidden="true" />
          {problems}
          <span className="sr-only">{t("problems")}</span>
        </span>
      )}
    </div>
  );
}

function nodeNameOf(document: Parameters<typeof nodeOf>[0], id: string): string {
  return nodeOf(document, id)?.name ?? id;
}

/** In the order in which an edge first reaches them; what nothing reaches comes last. */
function outlineOf(document: Parameters<typeof nodeOf>[0], containers: Containers): readonly OutlineRow[] {
  const graph = graphAt(document, containers);
  if (!graph) return [];
  const edges = graph.edges.flatMap((edge) => edgeParts(edge) ?? []);
  const targets = new Set(edges.map(({ to }) => to));
  const order = new Set(graph.nodes.filter(({ id }) => !targets.has(id)).map(({ id }) => id));
  for (const id of order) for (const edge of edges) if (edge.from === id) order.add(edge.to);
  for (const { id } of graph.nodes) order.add(id);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  return [...order].flatMap((id) => {
    const node = byId.get(id);
    if (!node) return [];
    const next = edges.filter(({ from }) => from === id).map(({ to }) => to);
    const inside = bodyOf(node) ? outlineOf(document, [...containers, id]) : [];
    return [{ id, level: containers.length + 1, next: [...new Set(next)] }, ...inside];
  });
}
