import { ALERT_KIND_FACTS, ALERT_KINDS, type AlertKind } from "@millrace/contract";

export { ALERT_KINDS, type AlertKind };
export const factsOf = (kind: AlertKind) => ALERT_KIND_FACTS[kind];

/** Times that a form offers, in seconds. */
const TIMES = [300, 900, 3_600, 21_600, 86_400, 604_800, 2_592_000] as const;

export const windowsOf = (kind: AlertKind): readonly number[] => TIMES.filter((seconds) => seconds <= (factsOf(kind).windowS?.most ?? 0));

export const QUIET_TIMES = [0, 900, 3_600, 21_600, 86_400] as const;
