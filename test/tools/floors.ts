/**
 * The floors of the house: which file may import which. Also the newcomer's map.
 *
 * An import points down, or sideways on the same floor, never up and never in a ring. The rooms of a large folder are
 * fractions of its floor, 4.1 below 4.2. A place is the first row of the table that matches, so a file may stand lower
 * than the folder around it.
 */

export interface Floor {
  /** A path without extension, or a folder with "/" at its end. */
  readonly place: string;
  readonly floor: number;
  /** Places on the same floor or below that this one must not know, and why. */
  readonly strangers?: readonly { readonly place: string; readonly why: string }[];
}

const meetInIntegrate = "expr and runtime do not know each other; they meet in integrate";
const queuesAndIntegrals = "queues and integrals do not know each other; they share a context";
const throughTheDoor = "the command line uses the library as everybody else does, through index";

const noTexts = [{ place: "ts/expr/", why: meetInIntegrate }];
const noIntegrand = [
  {
    place: "assembly/quad/drivers/",
    why: "a rule knows no integrand; it writes points to a desk, and drivers evaluate them",
  },
];

export const FLOORS: readonly Floor[] = [
  { place: "ts/errors", floor: 0 },
  { place: "ts/checks", floor: 0 },
  { place: "ts/describe", floor: 0 },
  { place: "ts/bounded-map", floor: 0 },
  { place: "ts/inline-function", floor: 0 },
  { place: "ts/types", floor: 0 },
  { place: "ts/many-types", floor: 0 },
  { place: "ts/several-types", floor: 0 },
  { place: "ts/platform/", floor: 1 },
  { place: "ts/wasm/", floor: 1 },
  { place: "ts/values/", floor: 1 },
  { place: "ts/expr/", floor: 2, strangers: [{ place: "ts/runtime/", why: meetInIntegrate }] },
  // Scripts of workers, which use the library as a whole.
  // ts/runtime/README.md has the map of these.
  { place: "ts/runtime/protocol", floor: 2, strangers: noTexts },
  { place: "ts/runtime/core/", floor: 2.1, strangers: noTexts },
  { place: "ts/runtime/waiting/", floor: 2.1, strangers: noTexts },
  { place: "ts/runtime/compute/", floor: 2.2, strangers: noTexts },
  { place: "ts/runtime/crew/", floor: 2.2, strangers: noTexts },
  { place: "ts/runtime/context", floor: 2.3, strangers: noTexts },
  { place: "ts/runtime/jobs/", floor: 2.4, strangers: noTexts },
  // Scripts of workers, which use the library as a whole.
  { place: "ts/runtime/entries/thread.node", floor: 7 },
  { place: "ts/runtime/entries/thread.browser", floor: 7 },
  { place: "ts/runtime/entries/", floor: 2.5, strangers: noTexts },
  { place: "ts/quad/", floor: 3, strangers: [...noTexts, { place: "ts/sync/", why: queuesAndIntegrals }] },
  { place: "ts/sync/", floor: 3 },
  { place: "ts/queue/", floor: 4, strangers: [{ place: "ts/integrate/", why: queuesAndIntegrals }] },
  { place: "ts/integrate/heddle", floor: 4.3 },
  { place: "ts/integrate/several/", floor: 4.1 },
  { place: "ts/integrate/compile", floor: 4.2 },
  { place: "ts/integrate/", floor: 4 },
  { place: "ts/threads/", floor: 5 },
  { place: "ts/schedule/", floor: 5 },
  { place: "ts/pool/", floor: 5.1 },
  { place: "ts/samples/", floor: 5.2 },
  { place: "ts/serve/", floor: 5.3 },
  { place: "ts/index", floor: 6 },
  // A door of its own, and what the threads behind it load: beside the library, not in it.
  { place: "ts/wasi/", floor: 7 },
  {
    place: "ts/cli/",
    floor: 7,
    strangers: ["platform", "wasm", "expr", "runtime", "quad", "integrate"].map((folder) => ({
      place: `ts/${folder}/`,
      why: throughTheDoor,
    })),
  },

  // Layouts of records: offsets and sizes, which everybody shares and which import nothing.
  { place: "assembly/memory/layout", floor: 0 },
  { place: "assembly/quad/drivers/records", floor: 0 },
  { place: "assembly/sync/futex", floor: 0 },
  { place: "assembly/sync/", floor: 1 },
  { place: "assembly/memory/", floor: 1 },
  { place: "assembly/math/", floor: 1 },
  { place: "assembly/queue/", floor: 2 },
  { place: "assembly/tasks/", floor: 2 },
  { place: "assembly/recovery/", floor: 3 },
  { place: "assembly/instance", floor: 3 },
  { place: "assembly/core-things", floor: 4 },
  { place: "assembly/core-tasks", floor: 4 },
  { place: "assembly/pool/", floor: 3 },
  // assembly/quad/README.md has the map of these.
  { place: "assembly/quad/desk", floor: 4 },
  { place: "assembly/quad/panel-nodes", floor: 4 },
  { place: "assembly/quad/panel-sums", floor: 4 },
  { place: "assembly/quad/status", floor: 4 },
  { place: "assembly/quad/drivers/", floor: 4.1 },
  { place: "assembly/quad/range/", floor: 4.1, strangers: noIntegrand },
  { place: "assembly/quad/box/", floor: 4.2, strangers: noIntegrand },
  { place: "assembly/quad/monte-carlo/", floor: 4.1, strangers: noIntegrand },
  { place: "assembly/quad/sweep", floor: 4.2, strangers: noIntegrand },
  { place: "assembly/quad/units", floor: 4.3, strangers: noIntegrand },
  { place: "assembly/core-units", floor: 4.4 },
  { place: "assembly/core-cubature", floor: 4.4 },
  { place: "assembly/core-integrals", floor: 4.4 },
  { place: "assembly/core-samples", floor: 4.4 },
  { place: "assembly/core", floor: 5 },
  { place: "assembly/drivers", floor: 5 },
  { place: "assembly/batch", floor: 5 },
  { place: "assembly/math", floor: 5 },
];

/** What "#platform" in package.json may mean. */
const PLATFORM = ["ts/platform/node", "ts/platform/browser"];

/**
 * Every import that breaks the rule, one sentence each. Empty when the house stands.
 *
 * @param sources path, such as "ts/expr/parser.ts" -> its text
 */
export function wrongArrows(sources: ReadonlyMap<string, string>): string[] {
  const graph = new Map<string, string[]>();
  for (const [path, text] of sources) graph.set(withoutExtension(path), importsOf(path, text));
  const complaints: string[] = [];
  for (const [from, targets] of graph) {
    const above = floorOf(from);
    if (above === undefined) {
      complaints.push(`${from} has no floor: give it one in test/tools/floors.ts`);
      continue;
    }
    for (const to of targets) {
      if (!graph.has(to)) complaints.push(`${from} imports ${to}, which does not exist`);
      const below = floorOf(to);
      if (below === undefined) continue;
      const stranger = above.strangers?.find(({ place }) => stands(to, place));
      if (stranger !== undefined) complaints.push(`${from} imports ${to}: ${stranger.why}`);
      else if (below.floor > above.floor) {
        complaints.push(
          `${from} (floor ${above.floor}) imports ${to} (floor ${below.floor}): imports go down or sideways`,
        );
      }
    }
  }
  return [...complaints, ...rings(graph)];
}

function floorOf(module: string): Floor | undefined {
  return FLOORS.find(({ place }) => stands(module, place));
}

function stands(module: string, place: string): boolean {
  return place.endsWith("/") ? module.startsWith(place) : module === place;
}

/** Modules of the house that a file imports, types included, without extension. Packages and .wasm files are left out. */
function importsOf(path: string, text: string): string[] {
  const targets: string[] = [];
  // Comments first: examples in them may hold imports. (A "//" in a string only ends that string's line early.)
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/[^\n]*/g, "$1");
  for (const match of code.matchAll(/\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g)) {
    const name = match[1] ?? "";
    if (name === "#platform") targets.push(...PLATFORM);
    else if (name.startsWith(".") && !/\.(wasm|json)$/.test(name)) targets.push(resolve(path, name));
  }
  return targets;
}

function resolve(from: string, name: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of name.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return withoutExtension(parts.join("/"));
}

function withoutExtension(path: string): string {
  return path.replace(/\.(d\.ts|ts|js)$/, "");
}

/** Every ring once, as "a -> b -> a". */
function rings(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const complaints: string[] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (module: string): void => {
    const start = trail.indexOf(module);
    if (start >= 0) complaints.push(`imports in a ring: ${[...trail.slice(start), module].join(" -> ")}`);
    if (start >= 0 || finished.has(module)) return;
    trail.push(module);
    for (const target of graph.get(module) ?? []) visit(target);
    trail.pop();
    finished.add(module);
  };
  for (const module of graph.keys()) visit(module);
  return complaints;
}
