import type { CreateKeyAnswer } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { createKey } from "#api/keys.ts";
import { workflowsQuery } from "#api/workflows.ts";
import { useAction } from "#app/use-action.ts";
import { grants, isForWorkflows, PRESETS, type Preset } from "#pages/keys/presets.ts";
import { useText } from "#pages/keys/text.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Check, Field, Select, TextInput } from "#ui/field.tsx";

const EXPIRIES_IN_DAYS = [30, 90, 365] as const;
const MOST_REQUESTS = 1_000_000;

interface NewKeyProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** Chosen from the start: where the key is made for one workflow. */
  readonly workflow?: string;
  readonly onCreated: (key: CreateKeyAnswer) => void;
}

export function NewKey({ open, onClose, workflow, onCreated }: NewKeyProps) {
  const t = useText();
  const [name, setName] = useState("");
  const [preset, setPreset] = useState<Preset>("call");
  const [chosen, setChosen] = useState<readonly string[]>(workflow === undefined ? [] : [workflow]);
  const [expires, setExpires] = useState("");
  const [rate, setRate] = useState("");
  const [tried, setTried] = useState(false);
  const create = useAction({ run: createKey, changes: [["keys"]], onDone: onCreated });
  const requests = rate === "" ? null : Number(rate);
  const badRate = requests !== null && (!Number.isInteger(requests) || requests < 1 || requests > MOST_REQUESTS);
  const noWorkflow = isForWorkflows(preset) && chosen.length === 0;
  const submit = () => {
    setTried(true);
    if (badRate || noWorkflow) return;
    create.mutate({
      ...grants(preset),
      workflows: isForWorkflows(preset) ? [...chosen] : [],
      ...(name !== "" && { name }),
      ...(expires !== "" && { expiresInDays: Number(expires) }),
      ...(requests !== null && { rateLimit: { requests, windowS: 60 } }),
    });
  };
  return (
    <Dialog
      place="side"
      open={open}
      onClose={onClose}
      title={t("create.title")}
      actions={
        <Button kind="primary" disabled={create.isPending} onClick={submit}>
          {t("create.action")}
        </Button>
      }
    >
      <div className="flex flex-col gap-5">
        <Field label={t("create.name")} hint={t("create.name.hint")}>
          {(control) => <TextInput {...control} maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <PresetChoice preset={preset} onChoose={setPreset} />
        {isForWorkflows(preset) && (
          <WorkflowChoice chosen={chosen} onChoose={setChosen} error={tried && noWorkflow ? t("create.workflows.none") : null} />
        )}
        <Field label={t("create.expires")}>
          {(control) => (
            <Select {...control} value={expires} onChange={(event) => setExpires(event.target.value)}>
              <option value="">{t("expires.never")}</option>
              {EXPIRIES_IN_DAYS.map((days) => (
                <option key={days} value={days}>
                  {t("expires.days", { count: days })}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t("create.rate")} hint={t("create.rate.hint")} error={badRate ? t("create.rate.bad") : null}>
          {(control) => (
            <TextInput {...control} inputMode="numeric" value={rate} onChange={(event) => setRate(event.target.value.normalize("NFKC"))} />
          )}
        </Field>
      </div>
    </Dialog>
  );
}

function PresetChoice({ preset, onChoose }: { preset: Preset; onChoose: (preset: Preset) => void }) {
  const t = useText();
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-sm font-medium">{t("create.preset")}</legend>
      {PRESETS.map((one) => (
        <label
          key={one}
          className="flex items-start gap-2.5 rounded-md border border-line px-3 py-2 hover:bg-raised has-checked:border-accent has-checked:bg-accent-soft"
        >
          <input type="radio" name="preset" className="mt-0.5 accent-accent" checked={preset === one} onChange={() => onChoose(one)} />
          <span>
            <span className="font-medium">{t(`preset.${one}`)}</span>
            <span className="block text-xs text-quiet">{t(`preset.${one}.hint`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface WorkflowChoiceProps {
  readonly chosen: readonly string[];
  readonly onChoose: (chosen: readonly string[]) => void;
  readonly error: string | null;
}

function WorkflowChoice({ chosen, onChoose, error }: WorkflowChoiceProps) {
  const t = useText();
  const { data: workflows = [] } = useQuery(workflowsQuery);
  const toggle = (id: string) => onChoose(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{t("create.workflows")}</legend>
      <div className="flex max-h-56 flex-col gap-1 overflow-y-auto rounded-md border border-line p-2">
        {workflows.map(({ id, name }) => (
          <Check key={id} label={name} checked={chosen.includes(id)} onChange={() => toggle(id)} />
        ))}
      </div>
      <p className={error === null ? "mt-1 text-xs text-quiet" : "mt-1 text-xs text-bad"}>{error ?? t("create.workflows.hint")}</p>
    </fieldset>
  );
}
