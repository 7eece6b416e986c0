import type { Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { RetryableError } from "@millrace/engine";
import { type Address, parseAddress } from "#egress/address";
import type { Dial, Dialled } from "#egress/dial";
import { CONNECT_LIMIT_MS } from "#egress/limits";
import { egressDenied } from "#egress/refusal";
import type { Target } from "#egress/target";

/** No request was sent on this connection, so another address may be tried. */
export class ConnectError extends Error {
  /** Any word but undici's own: those it takes for a reason to reconnect for ever. */
  readonly code = "EGRESS_CONNECT";
  /** What the request fails with when no other address is left. */
  readonly failure: Error;
  readonly triesNext: boolean;
  constructor(failure: Error, triesNext: boolean) {
    super(failure.message);
    this.name = "ConnectError";
    this.failure = failure;
    this.triesNext = triesNext;
  }
}

export type Connect = (stop: AbortSignal) => Promise<Socket>;

/** Connects to the checked address of a target (rule 4), TLS included. Rejects with `ConnectError`. */
export function createConnect(target: Target, address: Address, dial: Dial, trust: string | undefined): Connect {
  return async (stop) => {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(tooSlow()), CONNECT_LIMIT_MS);
    const signal = AbortSignal.any([limit.signal, stop]);
    try {
      const socket = await dialChecked(address, target.port, dial, signal);
      return target.secure ? await startTls(socket, tlsOptions(target, trust), signal) : socket;
    } catch (error) {
      throw toConnectError(signal.aborted ? signal.reason : error);
    } finally {
      clearTimeout(timer);
    }
  };
}

async function dialChecked(address: Address, port: number, dial: Dial, signal: AbortSignal): Promise<Socket> {
  const dialled = await dial(address.toString(), port, signal);
  if (!isConnectedTo(dialled, address)) {
    dialled.socket.destroy();
    throw new ConnectError(egressDenied({ rule: 4, reason: "The connection did not reach the address that was checked." }), false);
  }
  return dialled.socket;
}

function isConnectedTo({ remoteAddress }: Dialled, address: Address): boolean {
  return remoteAddress !== undefined && parseAddress(remoteAddress)?.toString() === address.toString();
}

/** The certificate is checked against the name of the URL. Sessions are not resumed: Node checks no name on a resumed one. */
function startTls(socket: Socket, options: ConnectionOptions, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const tls = connectTls({ ...options, socket });
    const onAbort = () => tls.destroy(signal.reason);
    // Stays, for the same reason as on the socket below it.
    tls.on("error", reject);
    tls.once("close", () => reject(new Error("closed during the TLS handshake")));
    tls.once("secureConnect", () => {
      signal.removeEventListener("abort", onAbort);
      resolve(tls);
    });
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

function tlsOptions(target: Target, trust: string | undefined): ConnectionOptions {
  return {
    host: target.host,
    // Server names are names: TLS has no place for an address there.
    ...(target.literal === null ? { servername: target.host } : {}),
    ALPNProtocols: ["http/1.1"],
    // Explicit, because an environment variable can turn the default off.
    rejectUnauthorized: true,
    ...(trust === undefined ? {} : { ca: trust }),
  };
}

function tooSlow(): ConnectError {
  return new ConnectError(new RetryableError("http_timeout", `No connection within ${CONNECT_LIMIT_MS} ms.`), false);
}

function toConnectError(error: unknown): ConnectError {
  if (error instanceof ConnectError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "closed";
  return new ConnectError(new RetryableError("http_network", `The connection failed: ${code}.`), true);
}
