/**
 * Where things lie in the WASM memory of one exact build of the engine (@jitl/quickjs-wasmfile-release-sync 0.32.0). Nothing of this is
 * exported by the module; it was read from the file, and a test proves it for the file that is installed. A file with another hash is
 * refused, so an update of the package must come with new figures here.
 */
export const BUILD = {
  sha256: "105c3bed22d457e43e3d1c3c1c6959fda62a8fe06f0fc8a985303c3a2be72232",
  /** Static data lies in `[0, staticEnd)`, the C stack above it and grows down from `heapStart`, the heap lies above. */
  staticEnd: 90_208,
  heapStart: 5_333_088,
  /** The u32 at this address is the end of the heap: no byte above it was ever written. It never moves down. */
  heapEndAddress: 86_864,
  /** Pages of 64 KiB that the module asks for at its start. */
  initialPages: 256,
  /** The module exports its stack pointer, its only global, under this minified name. */
  stackPointerExport: "Oa",
} as const;
