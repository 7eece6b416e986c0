import { isOver, type RunDetail } from "#api/runs.ts";
import { useText } from "#pages/run/text.ts";
import { RunValue } from "#parts/run-value.tsx";

export function Values({ run }: { run: RunDetail }) {
  const t = useText();
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
      <section className="flex min-w-0 flex-col gap-1.5">
        <h2 className="font-semibold">{t("input")}</h2>
        <RunValue run={run.id} value={run.input} preview={run.inputPreview} label={t("input")} />
      </section>
      <section className="flex min-w-0 flex-col gap-1.5">
        <h2 className="font-semibold">{t("output")}</h2>
        {run.output === undefined && !run.outputPreview ? (
          <p className="text-quiet">{isOver(run) ? t("output.none") : t("output.later")}</p>
        ) : (
          <RunValue run={run.id} value={run.output} preview={run.outputPreview} label={t("output")} />
        )}
      </section>
    </div>
  );
}
