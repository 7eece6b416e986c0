import type { WorkflowNode } from "@millrace/contract";
import { Handle, Position } from "@xyflow/react";
import { ArrowLeftToLine, ArrowRightFromLine, CircleAlert, Pin, Plus, TriangleAlert } from "lucide-react";
import { type NodeOverlay, useCanvas } from "#pages/editor/canvas/overlay.ts";
import { groupOf } from "#pages/editor/model/kinds.ts";
import { type Flow, NODE_WIDTH, TITLE_HEIGHT } from "#pages/editor/model/placing.ts";
import { GROUP_TONES, iconOf } from "#pages/editor/node-icons.ts";
import { useNodeTexts } from "#pages/editor/node-texts.ts";
import { portX, portY } from "#pages/editor/projection.ts";
import { summaryOf } from "#pages/editor/summary.ts";
import { useText } from "#pages/editor/text.ts";
import { useFormat } from "#text/format.ts";
import { classes } from "#ui/classes.ts";
import { type Status, StatusIcon } from "#ui/status.tsx";

const RINGS: Partial<Record<Status, string>> = {
  FAILED: "border-bad ring-1 ring-bad",
  RUNNING: "border-busy ring-1 ring-busy",
  RETRYING: "border-wait ring-1 ring-wait",
  WAITING: "border-wait",
  SUCCEED: "border-good",
};

const MARKS = {
  added: "border-good border-2",
  removed: "border-bad border-2 border-dashed opacity-70",
  changed: "border-wait border-2",
} as const;

/** The border says what the words say. */
export function frameClass({ state, mark, errors, link }: NodeOverlay, selected: boolean): string {
  const tone = mark ? MARKS[mark] : state ? RINGS[state.status] : errors > 0 ? "border-bad" : undefined;
  return classes(
    "rounded-lg border bg-surface shadow-sm transition-shadow",
    tone ?? "border-line",
    state?.status === "SKIPPED" && "opacity-60",
    link && "outline-2 outline-offset-2 outline-dashed outline-wait",
    selected && "outline-2 outline-offset-2 outline-accent",
  );
}

/** The three lines of a node: its name, what it is, and what became of it or what it does. */
export function NodeHead({ node, overlay }: { node: WorkflowNode; overlay: NodeOverlay }) {
  const texts = useNodeTexts();
  const t = useText();
  const Icon = iconOf(node.type);
  const kind = texts.title(node.type);
  const name = node.name ?? (node.id === node.type ? kind : node.id);
  return (
    <div className="flex items-start gap-2.5 px-2.5 py-2" style={{ height: TITLE_HEIGHT }}>
      <span className={classes("mt-0.5 flex size-8 shrink-0 items-center justify-center rounded-md", GROUP_TONES[groupOf(node.type)])}>
        <Icon size={17} aria-hidden="true" />
      </span>
      <div className="min-w-0 grow">
        <p className="flex items-center gap-1.5">
          <span className="grow truncate leading-5 font-medium">{name}</span>
          {overlay.pinned && <Pin size={13} aria-label={t("pin.badge")} className="shrink-0 text-wait" />}
          <Problems overlay={overlay} />
        </p>
        <p className="truncate text-xs leading-4 text-quiet">{kind}</p>
        {overlay.link ? (
          <p className="flex items-center gap-1 text-xs leading-5 font-medium text-wait">
            {overlay.link === "read" ? (
              <ArrowLeftToLine size={12} aria-hidden="true" />
            ) : (
              <ArrowRightFromLine size={12} aria-hidden="true" />
            )}
            <span className="truncate">{t(`link.${overlay.link}`)}</span>
          </p>
        ) : overlay.mark ? (
          <p className="truncate text-xs leading-5 font-medium">{t(`mark.${overlay.mark}`)}</p>
        ) : overlay.state ? (
          <StateLine overlay={overlay} />
        ) : (
          <p className="truncate font-mono text-xs leading-5 text-quiet">{summaryOf(node)}</p>
        )}
      </div>
    </div>
  );
}

function Problems({ overlay: { errors, warnings } }: { overlay: NodeOverlay }) {
  const t = useText();
  if (errors + warnings === 0) return null;
  const Icon = errors > 0 ? CircleAlert : TriangleAlert;
  return (
    <span className={classes("inline-flex shrink-0 items-center gap-0.5 text-xs", errors > 0 ? "text-bad" : "text-wait")}>
      <Icon size={14} aria-hidden="true" />
      <span aria-hidden="true">{errors + warnings}</span>
      <span className="sr-only">{t("problems.count", { count: errors + warnings })}</span>
    </span>
  );
}

function StateLine({ overlay: { state } }: { overlay: NodeOverlay }) {
  const t = useText();
  const format = useFormat();
  if (!state) return null;
  const { status, durationMs, attempts = 1, count, of, error } = state;
  const facts = [
    t(`state.${status}`),
    ...(durationMs === undefined ? [] : [format.duration(durationMs)]),
    ...(attempts > 1 ? [t("state.attempt", { attempt: attempts })] : []),
    ...(of !== undefined ? [`${format.number(count ?? of)}/${format.number(of)}`] : []),
    ...(of !== undefined || count === undefined || count < 2 ? [] : [t("state.times", { count })]),
    ...(error ? [error.type] : []),
  ];
  return (
    <p className="flex items-center gap-1 text-xs leading-5">
      <StatusIcon status={status} size={12} />
      <span className={classes("truncate", status === "FAILED" && "text-bad")}>{facts.join(" · ")}</span>
    </p>
  );
}

export function Entrance({ flow }: { flow: Flow }) {
  const isDown = flow === "down";
  return (
    <Handle
      type="target"
      id="in"
      position={isDown ? Position.Top : Position.Left}
      isConnectableStart={false}
      className="mr-handle"
      {...(!isDown && { style: { top: TITLE_HEIGHT / 2 } })}
    />
  );
}

interface ExitsProps {
  readonly nodeId: string;
  readonly ports: readonly string[];
  readonly flow: Flow;
  readonly width?: number | undefined;
}

export function Exits({ nodeId, ports, flow, width = NODE_WIDTH }: ExitsProps) {
  return flow === "down" ? <ExitsDown ports={ports} width={width} /> : <ExitsRight nodeId={nodeId} ports={ports} />;
}

/** Handles along the foot, each below its name. */
function ExitsDown({ ports, width }: { ports: readonly string[]; width: number }) {
  const t = useText();
  return ports.map((port, index) => {
    const left = portX(index, ports.length, width);
    return (
      <div key={port}>
        {ports.length > 1 && (
          <span
            className="absolute bottom-2 -translate-x-1/2 truncate text-center text-xs text-quiet"
            style={{ left, maxWidth: width / (ports.length + 1) }}
          >
            {portName(port, t)}
          </span>
        )}
        <Handle type="source" id={port} position={Position.Bottom} isConnectableEnd={false} className="mr-handle" style={{ left }} />
      </div>
    );
  });
}

/** Handles of the ports, with a plus behind each that adds what follows. */
function ExitsRight({ nodeId, ports }: { nodeId: string; ports: readonly string[] }) {
  const t = useText();
  const { actions } = useCanvas();
  return ports.map((port, index) => {
    const top = portY(index, ports.length);
    return (
      <div key={port}>
        {ports.length > 1 && (
          <span className="absolute end-3.5 max-w-44 -translate-y-1/2 truncate text-xs text-quiet" style={{ top }}>
            {portName(port, t)}
          </span>
        )}
        <Handle type="source" id={port} position={Position.Right} isConnectableEnd={false} className="mr-handle" style={{ top }} />
        {actions && (
          <button
            type="button"
            tabIndex={-1}
            aria-label={t("add.after", { port: portName(port, t) })}
            title={t("add.after", { port: portName(port, t) })}
            className="nodrag nopan mr-plus absolute flex size-5 items-center justify-center rounded-full border border-line bg-surface text-quiet hover:border-accent hover:text-accent"
            style={{ top: top - 10, right: -30 }}
            onClick={(event) => {
              event.stopPropagation();
              actions.addAfter(nodeId, port);
            }}
          >
            <Plus size={12} aria-hidden="true" />
          </button>
        )}
      </div>
    );
  });
}

/** Ports that are of the engine have words of their own; others are called as the document calls them. */
export function portName(port: string, t: ReturnType<typeof useText>): string {
  if (port === "out") return t("port.out");
  if (port === "else") return t("port.else");
  if (port === "error") return t("port.error");
  return port === "timeout" ? t("port.timeout") : port;
}
