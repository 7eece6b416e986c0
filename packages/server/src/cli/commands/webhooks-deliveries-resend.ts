import type { DeliveryHeader } from "@millrace/contract";
import { call, segment } from "#cli/client";
import type { Action } from "#cli/command";

export const run: Action = async (context, given) => {
  const { json } = await call(context, "POST", `/api/v1/webhooks/deliveries/${segment(given.argument(0))}/resend`);
  const delivery = json as DeliveryHeader;
  const { id, state, method, url } = delivery;
  await context.output.data(delivery, { rows: [{ id, state }], names: [id], table: `  ${id}   ${state}   ${method} ${url}\n` });
};
