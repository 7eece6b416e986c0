import type { AddressInfo } from "node:net";
import { createServer } from "node:net";

/** A mail server on loopback that takes every mail. */
export interface MailServer {
  readonly port: number;
  readonly mails: number;
  close(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  let mails = 0;
  const server = createServer((socket) => {
    let isMail = false;
    let rest = "";
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    const read = (line: string): void => {
      if (isMail) {
        if (line !== ".") return;
        isMail = false;
        mails += 1;
        say("250 taken");
      } else if (/^DATA/i.test(line)) {
        isMail = true;
        say("354 go on");
      } else if (/^QUIT/i.test(line)) socket.end("221 bye\r\n");
      else say("250 well");
    };
    socket.setEncoding("utf8");
    socket.on("error", () => undefined);
    socket.on("data", (text: string) => {
      const lines = `${rest}${text}`.split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) read(line);
    });
    say("220 mail");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get mails() {
      return mails;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
