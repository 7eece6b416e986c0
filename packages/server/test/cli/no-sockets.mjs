// Loaded before a command: says on stderr whenever the process wants a socket to anywhere, or a name resolved. Pipes to child processes are
// none of that.
import dgram from "node:dgram";
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";

function trapped(holder, name, what) {
  const real = holder[name];
  holder[name] = function trap(...given) {
    process.stderr.write(`socket: ${what}\n`);
    return real.apply(this, given);
  };
}

trapped(net.Socket.prototype, "connect", "connect");
trapped(net.Server.prototype, "listen", "listen");
trapped(dgram.Socket.prototype, "send", "send");
trapped(dgram.Socket.prototype, "bind", "bind");
trapped(dns, "lookup", "lookup");
trapped(dns.promises, "lookup", "lookup");
syncBuiltinESMExports();
