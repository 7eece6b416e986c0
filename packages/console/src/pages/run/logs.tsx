import type { RunDetail } from "#api/runs.ts";
import { keyOf } from "#pages/run/spans.ts";
import { useText } from "#pages/run/text.ts";
import { JsonView } from "#ui/json-view.tsx";

/** What the code of the nodes wrote, node by node. */
export function Logs({ run }: { run: RunDetail }) {
  const t = useText();
  const written = run.nodes.filter(({ logs }) => logs !== undefined && logs.length > 0);
  if (written.length === 0) return <p className="text-quiet">{t("logs.none")}</p>;
  return (
    <div className="flex flex-col gap-4">
      {written.map((trace) => (
        <section key={keyOf(trace)} className="flex flex-col gap-1.5">
          <h2 className="font-medium">
            {trace.nodeName ?? trace.nodeId} <code className="text-sm font-normal text-quiet">{keyOf(trace)}</code>
          </h2>
          <JsonView value={trace.logs?.join("\n") ?? ""} label={`${trace.nodeId} ${t("tab.logs")}`} />
        </section>
      ))}
    </div>
  );
}
