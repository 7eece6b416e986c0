import { useState } from "react";
import { choices } from "#app/choices.ts";

const NAME = "millrace.home.steps";

/** Whether the first steps were put away in this browser, and how to do that or to bring them back. */
export function useDismissed(): readonly [boolean, (dismissed: boolean) => void] {
  const [dismissed, set] = useState(() => choices.get(NAME) === "off");
  return [
    dismissed,
    (next) => {
      choices.set(NAME, next ? "off" : null);
      set(next);
    },
  ];
}
