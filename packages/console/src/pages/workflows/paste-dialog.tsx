import { useState } from "react";
import { useText } from "#pages/workflows/text.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Field, TextArea } from "#ui/field.tsx";

/** A workflow as text: what a file would hold. */
export function PasteDialog({ onClose, onText }: { onClose: () => void; onText: (file: Blob) => void }) {
  const t = useText();
  const [text, setText] = useState("");
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t("new.paste")}
      actions={
        <Button kind="primary" disabled={text.trim() === ""} onClick={() => onText(new Blob([text]))}>
          {t("import.action")}
        </Button>
      }
    >
      <Field label={t("paste.text")} hint={t("paste.hint")}>
        {(control) => (
          <TextArea
            {...control}
            rows={14}
            spellCheck={false}
            className="w-full font-mono text-sm"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
    </Dialog>
  );
}
