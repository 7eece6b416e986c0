import { connect, type Socket } from "node:net";

/** A raw connection to the server on loopback; errors end it and are no news to a check that breaks connections. */
export function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject).on("error", () => socket.destroy());
      resolve(socket);
    });
  });
}

/** Resolves when the bytes have left this process. */
export function write(socket: Socket, bytes: string | Buffer): Promise<void> {
  return new Promise((resolve) => socket.write(bytes, () => resolve()));
}

/** Ends the connection as a process that dies does: RST, no goodbye. */
export function reset(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
    socket.resetAndDestroy();
  });
}

/** All that comes until the other side ends the connection, or nothing has come for `quietMs`. */
export function readAll(socket: Socket, quietMs: number): Promise<string> {
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    const done = () => {
      socket.destroy();
      resolve(Buffer.concat(chunks).toString("latin1"));
    };
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.once("end", done).once("close", done).setTimeout(quietMs, done);
  });
}
