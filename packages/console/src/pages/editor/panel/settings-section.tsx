import type { Json, WorkflowNode } from "@millrace/contract";
import { useFaults, useSet } from "#pages/editor/fields/form-context.tsx";
import { JsonField } from "#pages/editor/fields/json-field.tsx";
import { specOf } from "#pages/editor/model/document.ts";
import { Count } from "#pages/editor/panel/count.tsx";
import { useText } from "#pages/editor/text.ts";
import { Check, Field, Select, TextArea } from "#ui/field.tsx";

/** Envelope members: retry, what happens after the last attempt, time, and a note for people. */
export function SettingsSection({ node }: { node: WorkflowNode }) {
  const t = useText();
  const set = useSet();
  const role = specOf(node)?.role;
  const runs = role === "step" || role === "container";
  return (
    <details className="rounded-md border border-line">
      <summary className="px-3 py-2 text-sm font-medium">{t("settings")}</summary>
      <div className="flex flex-col gap-4 border-t border-line p-3">
        {runs && <OnErrorField node={node} />}
        {runs && <RetryFields node={node} />}
        {runs && (
          <Count
            label={t("settings.timeout")}
            hint={t("settings.timeout.help")}
            value={node.timeoutMs}
            onChange={(next) => set(["timeoutMs"], next)}
          />
        )}
        <Field label={t("settings.note")} hint={t("settings.note.help")}>
          {(control) => (
            <TextArea
              {...control}
              rows={2}
              value={node.note ?? ""}
              onChange={(event) => set(["note"], event.target.value === "" ? undefined : event.target.value)}
            />
          )}
        </Field>
      </div>
    </details>
  );
}

const ENDINGS = ["fail", "branch", "continue", "default"] as const;

function OnErrorField({ node }: { node: WorkflowNode }) {
  const t = useText();
  const set = useSet();
  const faults = useFaults(["onError"]);
  const ending = node.onError?.do ?? "fail";
  const choose = (next: string) => {
    if (next === "fail") set(["onError"], undefined);
    else set(["onError"], next === "default" ? { do: "default", output: {} } : { do: next });
  };
  return (
    <>
      <Field label={t("settings.onError")} hint={t("settings.onError.help")} error={faults[0]?.message}>
        {(control) => (
          <Select {...control} value={ending} onChange={(event) => choose(event.target.value)}>
            {ENDINGS.map((each) => (
              <option key={each} value={each}>
                {t(`onError.${each}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {node.onError?.do === "default" && (
        <JsonField
          label={t("settings.onError.value")}
          value={node.onError.output as Json}
          onChange={(value) => set(["onError", "output"], value)}
        />
      )}
    </>
  );
}

function RetryFields({ node }: { node: WorkflowNode }) {
  const t = useText();
  const set = useSet();
  const retry = node.retry;
  const own = specOf(node)?.retry;
  return (
    <div className="flex flex-col gap-3">
      <Check
        label={t("settings.retry")}
        checked={retry !== undefined}
        onChange={(event) => set(["retry"], event.target.checked ? { maxAttempts: 3 } : undefined)}
      />
      {!retry && own && <p className="text-xs text-quiet">{t("settings.retry.usual", { count: own.maxAttempts ?? 1 })}</p>}
      {retry && (
        <div className="grid grid-cols-2 gap-3">
          <Count label={t("retry.maxAttempts")} value={retry.maxAttempts} onChange={(next) => set(["retry", "maxAttempts"], next)} />
          <Count label={t("retry.initialMs")} value={retry.initialMs} onChange={(next) => set(["retry", "initialMs"], next)} />
          <Count label={t("retry.factor")} value={retry.factor} onChange={(next) => set(["retry", "factor"], next)} />
          <Count label={t("retry.maxMs")} value={retry.maxMs} onChange={(next) => set(["retry", "maxMs"], next)} />
        </div>
      )}
    </div>
  );
}
