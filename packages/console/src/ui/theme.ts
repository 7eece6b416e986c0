import { useCallback, useSyncExternalStore } from "react";
import { choices } from "#app/choices.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

// The same name in public/theme-first.js, which sets it before the first paint.
const NAME = "millrace.theme";

const listeners = new Set<() => void>();

function current(): Theme {
  return THEMES.find((theme) => theme === choices.get(NAME)) ?? "system";
}

function choose(theme: Theme): void {
  choices.set(NAME, theme === "system" ? null : theme);
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  for (const listener of listeners) listener();
}

export function useTheme(): { readonly theme: Theme; readonly choose: (theme: Theme) => void } {
  const subscribe = useCallback((listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, []);
  return { theme: useSyncExternalStore(subscribe, current), choose };
}
