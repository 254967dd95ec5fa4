/** Compiled modules are embedded in the bundles as bytes. */
declare module "*.wasm" {
  const bytes: Uint8Array;
  export default bytes;
}
