import { type ReactNode, useState } from "react";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Field, TextInput } from "#ui/field.tsx";
import { useText } from "#ui/text.ts";

interface ConfirmProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** Names the target: `Revoke "production"`. */
  readonly title: string;
  /** What follows from it. */
  readonly effect: ReactNode;
  /** The word on the button. */
  readonly action: string;
  readonly onConfirm: () => void;
  /** Must be typed first; for what nobody can bring back. */
  readonly typed?: string;
  readonly busy?: boolean;
}

export function Confirm({ open, onClose, title, effect, action, onConfirm, typed, busy = false }: ConfirmProps) {
  const t = useText();
  const [text, setText] = useState("");
  const ready = typed === undefined || text === typed;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="danger" disabled={!ready || busy} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <div>{effect}</div>
        {typed !== undefined && (
          <Field label={t("confirm.type", { name: typed })}>
            {(control) => <TextInput {...control} value={text} onChange={(event) => setText(event.target.value)} />}
          </Field>
        )}
      </div>
    </Dialog>
  );
}
