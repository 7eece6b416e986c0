import { connect, type Socket } from "node:net";

/** Opens a TCP connection to an address; the one place where a socket leaves the process. */
export type Dial = (address: string, port: number, signal: AbortSignal) => Promise<Dialled>;

export interface Dialled {
  readonly socket: Socket;
  /** What the system says the socket is connected to. */
  readonly remoteAddress: string | undefined;
}

export const dialTcp: Dial = (address, port, signal) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({ host: address, port, noDelay: true, keepAlive: true });
    const onAbort = () => socket.destroy(signal.reason);
    // Stays for the life of the socket: an error before the next reader listens would end the process.
    socket.on("error", reject);
    socket.once("connect", () => {
      signal.removeEventListener("abort", onAbort);
      resolve({ socket, remoteAddress: socket.remoteAddress });
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
