/**
 * A web server for browser tests: the files of one folder, on 127.0.0.1, at a free port.
 *
 * `isolated` sends the two headers that a page needs for threads; `policy` a Content-Security-Policy. Both hold for
 * every answer, because workers must carry them too. Of the icon that browsers ask for by themselves it says that there is none: what a page prints
 * as an error is one.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

export interface ServeOptions {
  /** Send Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy. Default true. */
  isolated?: boolean;
  /** Content-Security-Policy, none by default. */
  policy?: string;
  /** Pages that are not files: path, such as "/page.html", -> text. */
  pages?: Readonly<Record<string, string>>;
}

export interface Server {
  /** Without a slash at the end: "http://127.0.0.1:40123". */
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * @param folder what "/" stands for
 * @example
 *   const server = await serve("build", { pages: { "/": "<script type=module src=/browser.js></script>" } });
 *   …
 *   await server.close();
 */
export async function serve(folder: string, options: ServeOptions = {}): Promise<Server> {
  const { isolated = true, policy, pages = {} } = options;
  const headers: Record<string, string> = { "Cache-Control": "no-store" };
  if (isolated) {
    headers["Cross-Origin-Opener-Policy"] = "same-origin";
    headers["Cross-Origin-Embedder-Policy"] = "require-corp";
  }
  if (policy !== undefined) headers["Content-Security-Policy"] = policy;

  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    if (path === "/favicon.ico") return void response.writeHead(204, headers).end();
    try {
      // `normalize` of an absolute path cannot climb out of the folder.
      const body = pages[path] ?? (await readFile(join(folder, normalize(path))));
      const type = TYPES[extname(path) || ".html"] ?? "application/octet-stream";
      response.writeHead(200, { ...headers, "Content-Type": type }).end(body);
    } catch {
      response.writeHead(404, { ...headers, "Content-Type": "text/plain" }).end(`no ${path}`);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // A browser keeps its connections open; without this the server would wait for them.
        server.closeAllConnections();
      }),
  };
}
