import { useSyncExternalStore } from "react";

const PHONE = "(max-width: 639px)";

/** Is the page too narrow for a canvas? */
export function usePhone(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = matchMedia(PHONE);
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => matchMedia(PHONE).matches,
  );
}
