import { useStore } from "#pages/editor/context.ts";
import { useText } from "#pages/editor/text.ts";

/** Says why nothing changes that is clicked, to whoever may only look. */
export function LockedBanner() {
  const t = useText();
  if (!useStore().locked) return null;
  return (
    <p role="status" className="border-b border-line bg-wait-soft px-4 py-2">
      {t("locked")}
    </p>
  );
}
