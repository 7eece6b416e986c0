import type { WorkflowDocument } from "@millrace/contract";
import { ReactFlowProvider } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { Canvas } from "#pages/editor/canvas/canvas.tsx";
import { phoneView, wholeHeight } from "#pages/editor/canvas/first-view.ts";
import { CanvasContext, Overlay } from "#pages/editor/canvas/overlay.ts";
import type { Flow } from "#pages/editor/model/placing.ts";
import type { DiffMarks, NodeStates } from "#pages/editor/node-state.ts";
import { Projector } from "#pages/editor/projection.ts";
import { usePhone } from "#pages/editor/use-phone.ts";

export type { DiffMark, DiffMarks, NodeState, NodeStates } from "#pages/editor/node-state.ts";

interface GraphViewProps {
  readonly document: WorkflowDocument;
  /** Read out for the whole picture. */
  readonly label: string;
  /** What a run did, by node id. */
  readonly states?: NodeStates;
  readonly marks?: DiffMarks;
  readonly selected?: string | null;
  /** null: the pane was clicked. */
  readonly onSelect?: (nodeId: string | null) => void;
}

const NO_STATES: NodeStates = new Map();
const NO_MARKS: DiffMarks = new Map();

/** A workflow to look at: its graph with the states of a run, or the marks of a comparison, over it. A phone shows it from top to bottom. */
export function GraphView(props: GraphViewProps) {
  const phone = usePhone();
  const [width, setWidth] = useState<number | null>(null);
  const measure = useCallback((element: HTMLElement | null) => {
    if (element) setWidth(element.clientWidth);
  }, []);
  const flow = phone ? "down" : "right";
  return <div ref={measure}>{width !== null && <Picture key={flow} flow={flow} width={width} {...props} />}</div>;
}

interface PictureProps extends GraphViewProps {
  readonly flow: Flow;
  /** That there is for it. */
  readonly width: number;
}

function Picture({ flow, width, document, label, states = NO_STATES, marks = NO_MARKS, selected = null, onSelect }: PictureProps) {
  const [overlay] = useState(() => new Overlay());
  const [projector] = useState(() => new Projector(flow));
  const drawing = useMemo(() => projector.draw(document), [projector, document]);
  const [view] = useState(() => (flow === "down" ? phoneView(drawing.nodes, width, selected ?? wanted(states, marks)) : undefined));
  const [height] = useState(() => view?.height ?? wholeHeight(drawing.nodes, width));
  useEffect(() => overlay.show({ states, marks }), [overlay, states, marks]);
  const setting = useMemo(() => ({ overlay, actions: null }), [overlay]);
  const selection = useMemo(() => new Set(selected === null ? [] : [selected]), [selected]);
  return (
    <CanvasContext value={setting}>
      <ReactFlowProvider>
        <div style={{ height }}>
          <Canvas
            drawing={drawing}
            label={label}
            selection={selection}
            view={view}
            onSelect={(ids) => onSelect?.([...ids][0] ?? null)}
            {...(onSelect && { onNodeClick: (id: string) => onSelect(id), onPaneClick: () => onSelect(null) })}
          />
        </div>
      </ReactFlowProvider>
    </CanvasContext>
  );
}

/** The node that is looked for first: what is under way or went wrong, or what differs. */
function wanted(states: NodeStates, marks: DiffMarks): string | null {
  const live = [...states].find(([, { status }]) => status !== "SUCCEED" && status !== "SKIPPED");
  return live?.[0] ?? [...marks.keys()][0] ?? null;
}
