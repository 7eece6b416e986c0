import { useState } from "react";
import { useStore } from "#pages/editor/context.ts";
import type { Kept } from "#pages/editor/journal.ts";
import { useText } from "#pages/editor/text.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";

/** Edits of a former page that had not been saved are back; they can be given up, which is one step too. */
export function RestoredBanner({ kept }: { kept: Kept | null }) {
  const t = useText();
  const format = useFormat();
  const store = useStore();
  const [saved] = useState(() => store.base);
  const [shown, show] = useState(kept !== null);
  if (!shown || !kept) return null;
  const discard = () => {
    store.run({ label: "discard" }, () => saved);
    show(false);
  };
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-wait-soft px-4 py-2">
      <p className="grow">{t("restored.text", { time: format.time(kept.at) })}</p>
      <div className="flex gap-2">
        <Button size="small" onClick={discard}>
          {t("restored.discard")}
        </Button>
        <Button size="small" kind="primary" onClick={() => show(false)}>
          {t("restored.keep")}
        </Button>
      </div>
    </div>
  );
}
