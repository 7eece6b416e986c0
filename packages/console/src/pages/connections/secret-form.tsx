import { useState } from "react";
import { putSecret } from "#api/connections.ts";
import { useAction } from "#app/use-action.ts";
import { useText } from "#pages/connections/text.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Field, TextArea, TextInput } from "#ui/field.tsx";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A new secret, or a new value for the one of that name. */
export function SecretForm({ name: known, onClose }: { name: string | null; onClose: () => void }) {
  const t = useText();
  const [name, setName] = useState(known ?? "");
  const [value, setValue] = useState("");
  const [tried, setTried] = useState(false);
  const save = useAction({ run: putSecret, done: (_, { name }) => t("form.saved", { name }), changes: [["secrets"]], onDone: onClose });
  const badName = !NAME.test(name);
  const submit = () => {
    setTried(true);
    if (!badName && value !== "") save.mutate({ name, value });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={known === null ? t("secret.new") : t("secret.change", { name: known })}
      actions={
        <Button kind="primary" disabled={save.isPending} onClick={submit}>
          {t("form.save")}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        {known === null && (
          <Field label={t("form.name")} hint={t("secret.name.hint")} error={tried && badName ? t("secret.name.bad") : null} required>
            {(control) => <TextInput {...control} value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
        )}
        <Field label={t("form.value")} hint={t("form.value.hint")} error={tried && value === "" ? t("form.value.needed") : null} required>
          {(control) => (
            <TextArea {...control} autoComplete="off" spellCheck={false} value={value} onChange={(event) => setValue(event.target.value)} />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
