import type { Concurrency, Json } from "@millrace/contract";
import { useMemo } from "react";
import { useStore } from "#pages/editor/context.ts";
import { CodeField } from "#pages/editor/fields/code-field.tsx";
import { type FoundProblem, isWithin, marksOf } from "#pages/editor/model/problems.ts";
import { Count } from "#pages/editor/panel/count.tsx";
import { useText } from "#pages/editor/text.ts";
import { Field } from "#ui/field.tsx";

interface ConcurrencySectionProps {
  readonly value: Concurrency | undefined;
  /** Of the document itself. */
  readonly problems: readonly FoundProblem[];
  /** Path within the document's `concurrency`; undefined takes the member away. */
  readonly onChange: (path: readonly string[], value: Json | undefined) => void;
}

/** How many runs are under way at once; only where there is a limit, for whom it holds and how long the others wait. */
export function ConcurrencySection({ value, problems, onChange }: ConcurrencySectionProps) {
  const t = useText();
  const faultOf = (...path: string[]) => problems.find((one) => isWithin(one, ["concurrency", ...path]))?.message;
  const limit = (next: number | undefined) => (next === undefined ? onChange([], undefined) : onChange(["limit"], next));
  const whole = faultOf();
  return (
    <section className="flex flex-col gap-4">
      <Count
        label={t("workflow.limit")}
        hint={value ? t("workflow.limit.help") : (whole ?? t("workflow.limit.help"))}
        value={value?.limit}
        onChange={limit}
      />
      {value && (
        <>
          <KeyField value={value.key ?? ""} problems={problems} onChange={(next) => onChange(["key"], next === "" ? undefined : next)} />
          <div className="grid grid-cols-2 gap-3">
            <Count
              label={t("workflow.queue")}
              hint={t("workflow.queue.help")}
              value={value.queue}
              onChange={(next) => onChange(["queue"], next)}
            />
            <Count
              label={t("workflow.queueTimeout")}
              hint={t("workflow.queueTimeout.help")}
              value={value.queueTimeoutMs}
              onChange={(next) => onChange(["queueTimeoutMs"], next)}
            />
          </div>
          {whole !== undefined && faultOf("key") === undefined && <p className="text-xs text-bad">{whole}</p>}
        </>
      )}
    </section>
  );
}

interface KeyFieldProps {
  readonly value: string;
  readonly problems: readonly FoundProblem[];
  readonly onChange: (text: string) => void;
}

function KeyField({ value, problems, onChange }: KeyFieldProps) {
  const t = useText();
  const store = useStore();
  const own = useMemo(() => problems.filter((one) => isWithin(one, ["concurrency", "key"])), [problems]);
  // Faults that are the same objects leave the marks to the text, which moves them with its letters.
  const faults = useMemo(() => marksOf(own), [own]);
  return (
    <Field label={t("reuse.limit.key")} hint={t("workflow.limit.key.help")} error={own[0]?.message}>
      {() => (
        <CodeField
          label={t("reuse.limit.key")}
          language="template"
          single
          value={value}
          faults={faults}
          invalid={own.length > 0}
          onChange={onChange}
          onUndo={() => store.undo()}
          onRedo={() => store.redo()}
        />
      )}
    </Field>
  );
}
