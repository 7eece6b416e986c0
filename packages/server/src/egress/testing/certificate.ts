import { createSign, generateKeyPairSync } from "node:crypto";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** A self-signed certificate for names and addresses, made on the spot: no private key lies in the repository. PEM. */
export function createCertificate(hosts: readonly string[]): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const subject = seq(der(0x31, seq(COMMON_NAME, der(0x0c, Buffer.from("millrace test")))));
  const validity = seq(der(0x18, Buffer.from("20200101000000Z")), der(0x18, Buffer.from("20990101000000Z")));
  const alternativeNames = seq(seq(SUBJECT_ALT_NAME, der(0x04, seq(...hosts.map(generalName)))));
  const spki = publicKey.export({ type: "spki", format: "der" });
  const version = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.from([1]));
  const body = seq(version, serial, ECDSA_SHA256, subject, validity, subject, spki, der(0xa3, alternativeNames));
  const signature = createSign("SHA256").update(body).sign(privateKey);
  const certificate = seq(body, ECDSA_SHA256, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const base64 = certificate.toString("base64").replace(/.{64}/g, "$&\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

function generalName(host: string): Buffer {
  return isIP(host) === 0 ? der(0x82, Buffer.from(host)) : der(0x87, Buffer.from(ipaddr.parse(host).toByteArray()));
}

function seq(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, content: Buffer): Buffer {
  const length = content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const COMMON_NAME = Buffer.from("0603550403", "hex");
const SUBJECT_ALT_NAME = Buffer.from("0603551d11", "hex");
const ECDSA_SHA256 = seq(Buffer.from("06082a8648ce3d040302", "hex"));
