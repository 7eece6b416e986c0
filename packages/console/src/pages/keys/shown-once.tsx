import { useText } from "#pages/keys/text.ts";
import { Button } from "#ui/button.tsx";
import { CodeBlock } from "#ui/copy.tsx";
import { Dialog } from "#ui/dialog.tsx";

/** The key itself: in the page until this closes, and never again. */
export function ShownOnce({ value, onClose }: { value: string | null; onClose: () => void }) {
  const t = useText();
  if (value === null) return null;
  const test = `curl ${location.origin}/v1/api-key/verify -H "Authorization: Bearer ${value}"`;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("once.title")}
      description={t("once.text")}
      actions={
        <Button kind="primary" onClick={onClose}>
          {t("once.stored")}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        <CodeBlock text={value} label={t("once.title")} />
        <div>
          <h3 className="mb-1 text-sm font-medium">{t("once.test")}</h3>
          <CodeBlock text={test} label={t("once.test")} />
        </div>
      </div>
    </Dialog>
  );
}
