import { Link } from "@tanstack/react-router";
import { MousePointerClick, RotateCw } from "lucide-react";
import { useState } from "react";
import { isOver, type NodeTrace, type RunDetail } from "#api/runs.ts";
import { calledRun } from "#pages/run/called-run.ts";
import { converses } from "#pages/run/conversation.ts";
import { Cost } from "#pages/run/cost.tsx";
import { Given, Messages } from "#pages/run/given.tsx";
import { PinOutput } from "#pages/run/pin-output.tsx";
import { useText } from "#pages/run/text.ts";
import { RunLink } from "#pages/run-link.tsx";
import { remedyOf } from "#parts/remedy.ts";
import { ReplayDialog } from "#parts/replay/dialog.tsx";
import { RunValue } from "#parts/run-value.tsx";
import { useSharedLink } from "#parts/shared-link.ts";
import { useFormat } from "#text/format.ts";
import { Button, buttonClass } from "#ui/button.tsx";
import { Facts } from "#ui/facts.tsx";
import { JsonView } from "#ui/json-view.tsx";
import { Card, Empty } from "#ui/page.tsx";
import { StatusBadge } from "#ui/status.tsx";

interface NodePanelProps {
  /** That the node ran in: the run of the page, or one that it called. */
  readonly run: RunDetail;
  readonly trace: NodeTrace | null;
  /** Is it the run of the page? */
  readonly owns: boolean;
}

/** What they give is the run's own input, or its output. */
const UNPINNABLE: ReadonlySet<string> = new Set(["start", "end"]);

/** What one execution of a node did. */
export function NodePanel({ run, trace, owns }: NodePanelProps) {
  const t = useText();
  const [replaying, setReplaying] = useState(false);
  const shared = useSharedLink() !== null;
  if (!trace) return <Empty icon={MousePointerClick} title={t("node.choose")} />;
  const canReplay = owns && !shared && isOver(run) && !trace.path.includes("/") && trace.nodeType !== "start";
  const canPin = owns && !shared && trace.status === "SUCCEED" && !UNPINNABLE.has(trace.nodeType);
  return (
    <Card title={trace.nodeName ?? trace.nodeId} actions={<StatusBadge status={trace.status} />} className="lg:sticky lg:top-16">
      <div className="flex flex-col gap-4 lg:max-h-[calc(100dvh-9rem)] lg:overflow-y-auto">
        {trace.error && <NodeError error={trace.error} canMend={!shared} />}
        <NodeFacts trace={trace} />
        {!shared && <CalledRun trace={trace} />}
        <Tries trace={trace} />
        <Cost trace={trace} />
        {trace.inputValue !== undefined && <Given key={`${run.id} ${trace.inputValue}`} run={run.id} trace={trace} />}
        {converses(trace) && <Messages key={`messages ${run.id} ${trace.inputValue}`} run={run.id} trace={trace} />}
        {(trace.output !== undefined || trace.outputPreview) && (
          <section className="flex flex-col gap-1.5">
            <h3 className="text-sm font-medium">{t("output")}</h3>
            <RunValue
              key={`${run.id} ${trace.value}`}
              run={run.id}
              value={trace.output}
              preview={trace.outputPreview}
              label={`${trace.nodeId} ${t("output")}`}
            />
          </section>
        )}
        {trace.logs && (
          <section className="flex flex-col gap-1.5">
            <h3 className="text-sm font-medium">{t("node.logs")}</h3>
            <JsonView value={trace.logs.join("\n")} label={`${trace.nodeId} ${t("node.logs")}`} />
          </section>
        )}
        {(canReplay || canPin) && (
          <div className="flex flex-wrap gap-2">
            {canReplay && (
              <Button icon={RotateCw} needs="operate" onClick={() => setReplaying(true)}>
                {t("replay.here")}
              </Button>
            )}
            {canPin && <PinOutput run={run} trace={trace} />}
          </div>
        )}
      </div>
      {replaying && <ReplayDialog run={run} node={trace.nodeId} onClose={() => setReplaying(false)} />}
    </Card>
  );
}

interface NodeErrorProps {
  readonly error: { readonly type: string; readonly message: string };
  /** May who looks at it do something about it? */
  readonly canMend: boolean;
}

function NodeError({ error: { type, message }, canMend }: NodeErrorProps) {
  const t = useText();
  return (
    <div className="flex flex-col items-start gap-2 rounded-md bg-bad-soft px-3 py-2">
      <p className="[overflow-wrap:anywhere]">
        <a href={`/errors/${type}`} className="font-mono font-medium text-bad underline-offset-2 hover:underline">
          {type}
        </a>{" "}
        {message}
      </p>
      {canMend && remedyOf(type) === "connection" && (
        <Link to="/connections" className={buttonClass("plain", "small")}>
          {t("node.connections")}
        </Link>
      )}
    </div>
  );
}

function NodeFacts({ trace }: { trace: NodeTrace }) {
  const t = useText();
  const format = useFormat();
  const { nodeType, path, port, startedAt, endedAt, credits, tokens, reused, items } = trace;
  const cost = [
    credits === undefined ? null : t("credits", { amount: format.credits(credits) }),
    tokens === undefined ? null : t("tokens", { count: tokens }),
  ].filter((part) => part !== null);
  return (
    <Facts
      facts={[
        [t("node.type"), <code key="type">{nodeType}</code>],
        [t("node.path"), <code key="path">{path}</code>],
        port === undefined ? null : [t("node.port"), <code key="port">{port}</code>],
        startedAt === undefined || endedAt === undefined ? null : [t("node.time"), format.duration(endedAt - startedAt)],
        reused ? [t("node.cost"), t("node.copied")] : cost.length === 0 ? null : [t("node.cost"), cost.join(" · ")],
        items === undefined ? null : [t("node.attempts"), t("node.items", { count: items.length })],
      ]}
    />
  );
}

/** The run that a node called, which is a run like any other. */
function CalledRun({ trace }: { trace: NodeTrace }) {
  const t = useText();
  const id = calledRun(trace);
  if (id === null) return null;
  return (
    <p className="flex flex-wrap items-center gap-2">
      <span className="text-quiet">{t("node.called")}</span> <RunLink id={id} />
    </p>
  );
}

function Tries({ trace: { attemptList: tries = [] } }: { trace: NodeTrace }) {
  const t = useText();
  const format = useFormat();
  if (tries.length < 2) return null;
  return (
    <section className="flex flex-col gap-1.5">
      <h3 className="text-sm font-medium">{t("node.attempts")}</h3>
      <ol className="flex flex-col gap-1">
        {tries.map(({ attempt, startedAt, endedAt, error, lost }) => (
          <li key={`${attempt} ${startedAt}`} className="flex flex-wrap gap-x-3">
            <span>{t("node.attempt", { number: attempt })}</span>
            <span className="text-quiet">
              {lost ? t("node.attempt.lost") : endedAt !== undefined && format.duration(endedAt - startedAt)}
            </span>
            {error && (
              <span className="[overflow-wrap:anywhere] text-bad">
                <code>{error.type}</code> {error.message}
              </span>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
