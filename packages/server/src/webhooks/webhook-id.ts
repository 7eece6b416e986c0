/** `webhook-id`: the same on every attempt for one entry of one run, and what a delivery is called. */
export function webhookId(runId: string, ordinal: number): string {
  return `msg_${runId.replaceAll("-", "")}_${ordinal}`;
}

/** The run and the entry that an id names; null: it is none of ours. */
export function readWebhookId(id: string): { readonly runId: string; readonly ordinal: number } | null {
  const [, ...parts] = /^msg_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_(\d{1,3})$/.exec(id) ?? [];
  const ordinal = parts.pop();
  return ordinal === undefined ? null : { runId: parts.join("-"), ordinal: Number(ordinal) };
}
