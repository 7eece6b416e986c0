import { useEffect, useState } from "react";

const TICK_MS = 250;

/** The time, as long as something goes on; then it stands still. Epoch ms. */
export function useNow(ticking: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
