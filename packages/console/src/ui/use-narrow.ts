import { useSyncExternalStore } from "react";

function hookOf(query: string): () => boolean {
  const subscribe = (listener: () => void) => {
    const list = matchMedia(query);
    list.addEventListener("change", listener);
    return () => list.removeEventListener("change", listener);
  };
  return function useMatch() {
    return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
  };
}

/** Is the page as narrow as a phone, so that tables are cards? */
export const useNarrow = hookOf("(width < 40rem)");
