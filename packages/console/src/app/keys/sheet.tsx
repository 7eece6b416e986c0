import { useState } from "react";
import { useText } from "#app/keys/text.ts";
import { onMac, type Scope, SHORTCUTS, type ShortcutId, singleKeys } from "#app/shortcuts.ts";
import { Dialog } from "#ui/dialog.tsx";
import { Check } from "#ui/field.tsx";

const SCOPES = ["everywhere", "runs", "add", "edit", "move", "run"] as const satisfies readonly Scope[];

/** What stands on the keys. */
const SIGNS: Readonly<Record<string, string>> = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };

/** All shortcuts that there are: the table that the handlers read. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const t = useText();
  const [single, setSingle] = useState(singleKeys.on);
  const choose = (on: boolean) => {
    singleKeys.set(on);
    setSingle(on);
  };
  return (
    <Dialog open wide onClose={onClose} title={t("title")}>
      <div className="grid grid-cols-1 gap-x-8 gap-y-5 sm:grid-cols-2">
        {SCOPES.map((scope) => (
          <section key={scope}>
            <h3 className="mb-1.5 font-semibold">{t(`scope.${scope}`)}</h3>
            <dl className="flex flex-col gap-1">
              {shortcutsOf(scope).map((id) => (
                <div key={id} className="flex items-baseline justify-between gap-4">
                  <dt>{t(`key.${id}`)}</dt>
                  <dd className="shrink-0">
                    <Keys keys={SHORTCUTS[id].keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Check className="mt-5" label={t("single")} checked={single} onChange={(event) => choose(event.target.checked)} />
    </Dialog>
  );
}

function shortcutsOf(scope: Scope): readonly ShortcutId[] {
  return (Object.keys(SHORTCUTS) as ShortcutId[]).filter((id) => SHORTCUTS[id].scope === scope);
}

function Keys({ keys }: { keys: readonly string[] }) {
  return keys.map((combination) => (
    <kbd key={combination} className="ms-1 rounded border border-line bg-raised px-1.5 py-0.5 font-mono text-xs whitespace-nowrap">
      {shown(combination)}
    </kbd>
  ));
}

function shown(combination: string): string {
  const mac = onMac();
  const parts = combination === "+" ? ["+"] : combination.split("+");
  return parts.map((part) => (part === "Ctrl" && mac ? "⌘" : (SIGNS[part] ?? part))).join(" ");
}
