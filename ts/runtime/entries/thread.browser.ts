/**
 * Entry of a worker for threads and pools in a browser. It uses the library that the page uses, and the user's modules with it, where that is a file of its own: one set of
 * classes, one place in the context. Where a bundler has merged it into something else, it uses the copy that it brings.
 */
import { serveThread } from "../../index.js";
import { libraryUrl } from "../../platform/browser.js";

type Library = Partial<typeof import("../../index.js")>;

async function main(): Promise<void> {
  const url = libraryUrl();
  // A file of that name may be somebody's bundle, which has no such export, or does not run here.
  const library: Library =
    url === "" ? {} : await import(/* webpackIgnore: true */ /* @vite-ignore */ url).catch(() => ({}));
  await (library.serveThread ?? serveThread)();
}

// Not at the top: some minifiers take a file that they only copy for a script, where nothing can be awaited there.
void main();
