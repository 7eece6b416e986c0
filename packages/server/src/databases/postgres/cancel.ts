import { once } from "node:events";
import { CONNECT_TIMEOUT_MS } from "#databases/limits";
import { dial } from "#databases/network";
import type { DatabaseConnection, SessionPorts } from "#databases/ports";

/** The number that stands in place of a version. */
const CANCEL_CODE = 80_877_102;
const LENGTH = 16;

/** Has the server stop what a session is doing: said over a connection of its own, before anything else, as the protocol has it. */
export async function cancelRequest(
  connection: DatabaseConnection,
  ports: SessionPorts,
  { processId, secretKey }: { readonly processId: number; readonly secretKey: number },
): Promise<void> {
  const socket = await dial(connection, ports, AbortSignal.timeout(CONNECT_TIMEOUT_MS));
  const message = Buffer.alloc(LENGTH);
  for (const [index, value] of [LENGTH, CANCEL_CODE, processId, secretKey].entries()) message.writeInt32BE(value | 0, index * 4);
  socket.resume();
  socket.end(message);
  // The server closes it once it has taken note.
  await once(socket, "close");
}
