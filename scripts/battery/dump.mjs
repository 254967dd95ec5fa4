/**
 * `node scripts/battery/dump.mjs`: the battery (test/battery/) as JSON on standard output, for the programs of this folder.
 *
 * Expressions come as Heddle's own syntax trees, so that nobody else has to know the grammar: a list of nodes, children before parents, the last one
 * is the value (ts/expr/expression.ts); variables and parameters alike are `{ kind: "name", name }`. Infinities come as "inf" and "-inf".
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../command.mjs";
import { ROOT } from "../products.mjs";
import { ensureInstalled } from "../setup.mjs";

await runCommand(async () => {
  await ensureInstalled();
  const { ENTRIES, BOX_ENTRIES, DIVERGENT, parse } = await load();

  const tree = (text, names) => {
    const { nodes } = parse(text, { variable: undefined, parameters: names });
    return nodes.map((node) => (node.kind === "parameter" ? { kind: "name", name: names[node.index] } : node));
  };
  const single = (entry) => {
    const { range, ...rest } = entry;
    return { ...rest, axes: [{ name: "x", range }], nodes: tree(entry.text, ["x", ...namesOf(entry)]) };
  };
  const box = (entry) => {
    const { ranges, breakPoints, ...rest } = entry;
    const variables = Object.keys(ranges);
    const axes = variables.map((name, index) => ({
      name,
      range: ranges[name].map((bound) => (typeof bound === "number" ? bound : tree(bound, variables.slice(0, index)))),
      breakPoints: breakPoints?.[name],
    }));
    return { ...rest, axes, nodes: tree(entry.text, [...variables, ...namesOf(entry)]) };
  };

  const dump = {
    integrals: ENTRIES.map(single),
    boxes: BOX_ENTRIES.map(box),
    divergent: DIVERGENT.map(single),
    references: JSON.parse(readFileSync(join(ROOT, "test/battery/references.json"), "utf8")),
  };
  const finite = (_, value) =>
    typeof value === "number" && !Number.isFinite(value) ? (value > 0 ? "inf" : "-inf") : value;
  process.stdout.write(JSON.stringify(dump, finite));
});

function namesOf({ parameters = {} }) {
  return Object.keys(parameters);
}

/** The entries and the parser, which are TypeScript. */
async function load() {
  const esbuild = await import("esbuild");
  const { outputFiles } = await esbuild.build({
    absWorkingDir: ROOT,
    stdin: {
      contents: 'export * from "./test/battery/index.ts"; export { parse } from "./ts/expr/parser.ts";',
      resolveDir: ROOT,
    },
    bundle: true,
    platform: "node",
    format: "esm",
    write: false,
  });
  esbuild.stop();
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
