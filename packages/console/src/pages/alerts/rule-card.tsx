import type { AlertView } from "@millrace/contract";
import { useMutation } from "@tanstack/react-query";
import { BellOff, BellRing, CircleCheck, Pencil, Send, Trash2 } from "lucide-react";
import { useState } from "react";
import { removeAlert, testAlert, updateAlert } from "#api/alerts.ts";
import { useAction } from "#app/use-action.ts";
import { FigureLine } from "#pages/alerts/figure-line.tsx";
import { factsOf } from "#pages/alerts/kinds.ts";
import { useSentences } from "#pages/alerts/sentence.ts";
import { TestResult } from "#pages/alerts/test-result.tsx";
import { useText } from "#pages/alerts/text.ts";
import { useFormat } from "#text/format.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { Confirm } from "#ui/confirm.tsx";
import { ErrorNotice } from "#ui/notice.tsx";

interface RuleProps {
  readonly alert: AlertView;
  /** Of the workflow or budget; null: all of them. */
  readonly of: string | null;
  readonly onEdit: () => void;
}

/** One rule: its sentence, how it stands, and what may be done with it. */
export function RuleCard({ alert, of, onEdit }: RuleProps) {
  const t = useText();
  const format = useFormat();
  const { when, span } = useSentences();
  const [removing, setRemoving] = useState(false);
  const test = useMutation({ mutationFn: testAlert });
  const change = useAction({ run: updateAlert, changes: [["alerts"]] });
  const remove = useAction({ run: removeAlert, changes: [["alerts"]], onDone: () => setRemoving(false) });
  const sentence = when({ ...alert, of, threshold: alert.threshold, windowS: alert.windowS });
  const name = alert.name ?? sentence;
  return (
    <li className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 grow basis-72">
          <h2 className="font-semibold [overflow-wrap:anywhere]">{name}</h2>
          {alert.name !== undefined && <p className="[overflow-wrap:anywhere]">{sentence}</p>}
          <p className="mt-1 text-sm text-quiet [overflow-wrap:anywhere]">
            {t(`tell.${alert.channel.kind}`, { url: alert.channel.url.replace(/^mailto:/, "") })}
            {" · "}
            {alert.quietS === 0 ? t("quiet.none") : t("quiet", { time: span(alert.quietS) })}
          </p>
        </div>
        <Standing alert={alert} />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Button size="small" icon={Send} needs="operate" disabled={test.isPending} onClick={() => test.mutate(alert.id)}>
          {t("test")}
        </Button>
        <Button
          size="small"
          needs="edit"
          disabled={change.isPending}
          onClick={() => change.mutate({ id: alert.id, enabled: !alert.enabled })}
        >
          {t(alert.enabled ? "pause" : "resume")}
        </Button>
        <span className="grow" />
        <IconButton size="small" icon={Pencil} needs="edit" label={format.named(t("edit"), name)} onClick={onEdit} />
        <IconButton size="small" icon={Trash2} needs="edit" label={format.named(t("remove"), name)} onClick={() => setRemoving(true)} />
      </div>
      {test.error && <ErrorNotice error={test.error} />}
      {test.data && <TestResult answer={test.data} />}
      <Confirm
        open={removing}
        onClose={() => setRemoving(false)}
        title={t("remove.title", { name })}
        effect={t("remove.effect")}
        action={t("remove")}
        busy={remove.isPending}
        onConfirm={() => remove.mutate(alert.id)}
      />
    </li>
  );
}

function Standing({ alert }: { alert: AlertView }) {
  const t = useText();
  const format = useFormat();
  const { figure } = useSentences();
  const last = alert.figures.at(-1);
  const bound =
    alert.threshold ?? (factsOf(alert.kind).compares === "window" && alert.windowS !== undefined ? alert.windowS * 1_000 : undefined);
  const now = last === undefined ? t("unseen") : last === null ? t("too.little") : t("now", { figure: figure(alert.kind, last) });
  return (
    <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-1 max-sm:justify-start sm:w-80">
      {alert.enabled && <FigureLine figures={alert.figures} threshold={bound} label={t("line", { now })} />}
      <div className="text-sm sm:w-44">
        <AlertState alert={alert} />
        <p className="text-quiet">{alert.enabled && now}</p>
        <p className="text-quiet">
          {alert.firedAt === undefined ? t("never") : t("fired", { when: format.relative(alert.firedAt, Date.now()) })}
        </p>
      </div>
    </div>
  );
}

function AlertState({ alert: { enabled, state } }: { alert: AlertView }) {
  const t = useText();
  const [Icon, tone, word] = !enabled
    ? ([BellOff, "bg-quiet-soft text-quiet", t("state.paused")] as const)
    : state === "firing"
      ? ([BellRing, "bg-bad-soft text-bad", t("state.firing")] as const)
      : ([CircleCheck, "bg-good-soft text-good", t("state.ok")] as const);
  return (
    <span className={classes("inline-flex items-center gap-1 rounded-full px-2 py-0.5 font-medium whitespace-nowrap", tone)}>
      <Icon size={14} aria-hidden="true" />
      {word}
    </span>
  );
}
