import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where a server that this page asks runs, while the console is being worked on (`npm run dev -w @millrace/console`). */
const SERVER = process.env["MILLRACE_ENDPOINT"] ?? "http://127.0.0.1:7788";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  // Relative: the server gives the folder an address that has the hash of its content in it.
  base: "./",
  build: {
    target: "es2024",
    assetsInlineLimit: 0,
    sourcemap: false,
    reportCompressedSize: false,
    // The policy allows no inline script, and every browser that runs this knows module preloads.
    modulePreload: { polyfill: false },
  },
  server: { proxy: Object.fromEntries(["/api", "/v1", "/version", "/healthz", "/readyz", "/hooks"].map((path) => [path, SERVER])) },
});
