import type { AlertView, CreateAlertBody } from "@millrace/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createAlert, updateAlert } from "#api/alerts.ts";
import { budgetsQuery } from "#api/usage.ts";
import { ALERT_KINDS, type AlertKind, factsOf, QUIET_TIMES, windowsOf } from "#pages/alerts/kinds.ts";
import { useSentences } from "#pages/alerts/sentence.ts";
import { useText } from "#pages/alerts/text.ts";
import { WorkflowSelect } from "#pages/workflow-select.tsx";
import { LANGUAGE_NAMES, LANGUAGES, type Language } from "#text/language.ts";
import { useLanguage } from "#text/text.tsx";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Field, Select, TextInput } from "#ui/field.tsx";
import { ErrorNotice } from "#ui/notice.tsx";

interface RuleFormProps {
  /** Absent: a new one is made. */
  readonly alert?: AlertView;
  /** By id: what the workflow or budget is called. */
  readonly nameOf: (id: string) => string | undefined;
  readonly onClose: () => void;
}

/** The members of a rule as a form has them. */
interface Draft {
  readonly kind: AlertKind;
  /** Id of a workflow or budget; "": all of them. */
  readonly of: string;
  readonly threshold: string;
  readonly windowS: number;
  readonly channel: CreateAlertBody["channel"];
  readonly language: Language;
  readonly quietS: number;
  readonly name: string;
}

function draftOf(alert: AlertView | undefined, language: Language): Draft {
  const kind = alert?.kind ?? "failure_rate";
  const facts = factsOf(kind);
  return {
    kind,
    of: alert?.workflowId ?? alert?.budgetId ?? "",
    threshold: String(alert?.threshold ?? facts.default),
    windowS: alert?.windowS ?? facts.windowS?.default ?? 0,
    channel: alert?.channel ?? { kind: "webhook", url: "" },
    language: alert?.language ?? language,
    quietS: alert?.quietS ?? 3_600,
    name: alert?.name ?? "",
  };
}

function settingsOf({ kind, threshold, windowS, channel, language, quietS, name }: Draft) {
  const { compares, windowS: window } = factsOf(kind);
  return {
    ...(compares !== "window" && { threshold: Number(threshold) }),
    ...(window !== null && { windowS }),
    channel,
    language,
    quietS,
    ...(name !== "" && { name }),
  };
}

function isInRange({ kind, threshold }: Draft): boolean {
  const { least, most, compares } = factsOf(kind);
  return compares === "window" || (threshold !== "" && Number(threshold) >= least && Number(threshold) <= most);
}

export function RuleForm({ alert, nameOf, onClose }: RuleFormProps) {
  const t = useText();
  const queries = useQueryClient();
  const { when, figure } = useSentences();
  const { language } = useLanguage();
  const [draft, setDraft] = useState(() => draftOf(alert, language));
  const [tried, setTried] = useState(false);
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const save = useMutation({
    mutationFn: (settings: ReturnType<typeof settingsOf>) =>
      alert ? updateAlert({ id: alert.id, ...settings }) : createAlert({ kind: draft.kind, ...subjectOf(draft), ...settings }),
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["alerts"] });
    },
  });
  const { least, most } = factsOf(draft.kind);
  const range = t("threshold.range", { least: figure(draft.kind, least), most: figure(draft.kind, most) });
  const submit = () => {
    setTried(true);
    if (isInRange(draft) && draft.channel.url !== "") save.mutate(settingsOf(draft));
  };
  const of = draft.of === "" ? null : (nameOf(draft.of) ?? draft.of);
  return (
    <Dialog
      place="side"
      open
      onClose={onClose}
      title={t(alert ? "edit.title" : "new.title")}
      actions={
        <Button kind="primary" disabled={save.isPending} onClick={submit}>
          {t("save")}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="rounded-md bg-accent-soft px-3 py-2 font-medium" data-testid="sentence" aria-live="polite">
          {when({ kind: draft.kind, of, threshold: Number(draft.threshold || Number.NaN), windowS: draft.windowS })}
        </p>
        {!alert && <Subject draft={draft} onChange={change} />}
        <Bounds draft={draft} onChange={change} error={tried && !isInRange(draft) ? range : null} />
        <Channel draft={draft} onChange={change} error={tried && draft.channel.url === "" ? t("url.missing") : null} />
        <Telling draft={draft} onChange={change} />
        {save.error && <ErrorNotice error={save.error} />}
      </div>
    </Dialog>
  );
}

function subjectOf({ kind, of }: Draft): Pick<CreateAlertBody, "workflow" | "budget"> {
  if (of === "") return {};
  return kind === "budget" ? { budget: of } : { workflow: of };
}

interface PartProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  readonly error?: string | null;
}

function Subject({ draft, onChange }: PartProps) {
  const t = useText();
  const { data: budgets = [] } = useQuery(budgetsQuery);
  const choose = (kind: AlertKind) => {
    const { default: threshold, windowS } = factsOf(kind);
    onChange({ kind, threshold: String(threshold), windowS: windowS?.default ?? 0, of: "" });
  };
  return (
    <>
      <Field label={t("kind")}>
        {(control) => (
          <Select
            {...control}
            value={draft.kind}
            onChange={({ target }) => choose(ALERT_KINDS.find((one) => one === target.value) ?? draft.kind)}
          >
            {ALERT_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t(`kind.${kind}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {draft.kind === "budget" ? (
        <Field label={t("budget")}>
          {(control) => (
            <Select {...control} value={draft.of} onChange={({ target }) => onChange({ of: target.value })}>
              <option value="">{t("of.budget")}</option>
              {budgets.map(({ id, of }) => (
                <option key={id} value={id}>
                  {of.name ?? of.id ?? t("budget.server")}
                </option>
              ))}
            </Select>
          )}
        </Field>
      ) : (
        <Field label={t("workflow")}>
          {(control) => (
            <WorkflowSelect {...control} none={t("of.all")} value={draft.of} onChange={({ target }) => onChange({ of: target.value })} />
          )}
        </Field>
      )}
    </>
  );
}

function Bounds({ draft: { kind, threshold, windowS }, onChange, error }: PartProps) {
  const t = useText();
  const { span } = useSentences();
  const { compares, unit, leastRuns } = factsOf(kind);
  const windows = windowsOf(kind);
  return (
    <>
      {compares !== "window" && (
        <Field
          label={t("threshold", { unit: t(`unit.of.${unit}`) })}
          hint={leastRuns > 0 && t("least.runs", { count: leastRuns })}
          error={error}
          required
        >
          {(control) => (
            <TextInput
              {...control}
              inputMode="decimal"
              value={threshold}
              onChange={({ target }) => onChange({ threshold: target.value.normalize("NFKC").replace(/[^0-9.]/g, "") })}
            />
          )}
        </Field>
      )}
      {windows.length > 0 && (
        <Field label={t("window")}>
          {(control) => (
            <Select {...control} value={windowS} onChange={({ target }) => onChange({ windowS: Number(target.value) })}>
              {[...new Set([...windows, windowS])]
                .sort((one, other) => one - other)
                .map((seconds) => (
                  <option key={seconds} value={seconds}>
                    {span(seconds)}
                  </option>
                ))}
            </Select>
          )}
        </Field>
      )}
    </>
  );
}

const CHANNELS = ["webhook", "slack", "email"] as const satisfies readonly CreateAlertBody["channel"]["kind"][];
const MAILTO = "mailto:";

function Channel({ draft: { channel }, onChange, error }: PartProps) {
  const t = useText();
  return (
    <>
      <Field label={t("channel")}>
        {(control) => (
          <Select
            {...control}
            value={channel.kind}
            onChange={({ target }) => onChange({ channel: { kind: CHANNELS.find((one) => one === target.value) ?? "webhook", url: "" } })}
          >
            {CHANNELS.map((one) => (
              <option key={one} value={one}>
                {t(`channel.${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {channel.kind === "email" ? (
        <Field label={t("addresses")} hint={t("addresses.hint")} error={error} required>
          {(control) => (
            <TextInput
              {...control}
              value={channel.url.slice(MAILTO.length)}
              onChange={({ target }) => onChange({ channel: { ...channel, url: target.value.trim() === "" ? "" : MAILTO + target.value } })}
            />
          )}
        </Field>
      ) : (
        <Field label={t("url")} error={error} required>
          {(control) => (
            <TextInput
              {...control}
              type="url"
              value={channel.url}
              onChange={({ target }) => onChange({ channel: { ...channel, url: target.value.trim() } })}
            />
          )}
        </Field>
      )}
    </>
  );
}

/** In which words it is told, and how often. */
function Telling({ draft: { language, quietS, name }, onChange }: PartProps) {
  const t = useText();
  const { span } = useSentences();
  return (
    <>
      <Field label={t("language")} hint={t("language.hint")}>
        {(control) => (
          <Select
            {...control}
            value={language}
            onChange={({ target }) => onChange({ language: LANGUAGES.find((one) => one === target.value) ?? language })}
          >
            {LANGUAGES.map((one) => (
              <option key={one} value={one} lang={one}>
                {LANGUAGE_NAMES[one]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t("quiet.label")} hint={t("quiet.hint")}>
        {(control) => (
          <Select {...control} value={quietS} onChange={({ target }) => onChange({ quietS: Number(target.value) })}>
            {[...new Set([...QUIET_TIMES, quietS])]
              .sort((one, other) => one - other)
              .map((seconds) => (
                <option key={seconds} value={seconds}>
                  {seconds === 0 ? t("quiet.none") : span(seconds)}
                </option>
              ))}
          </Select>
        )}
      </Field>
      <Field label={t("name")}>
        {(control) => <TextInput {...control} maxLength={200} value={name} onChange={({ target }) => onChange({ name: target.value })} />}
      </Field>
    </>
  );
}
