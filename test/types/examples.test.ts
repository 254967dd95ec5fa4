/** The examples of the documentation, and of the public classes' own comments, compiled as strict TypeScript: a reader may copy them. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as library from "../../ts/index.js";

const FOLDER = resolve("build/test/examples");

const COMMENTED = [
  ...["ts/sync", "ts/queue", "ts/threads", "ts/pool", "ts/schedule"].flatMap((folder) =>
    readdirSync(folder).map((name) => `${folder}/${name}`),
  ),
  "ts/integrate/heddle.ts",
  "ts/runtime/crew/attach.ts",
].filter((path) => path.endsWith(".ts"));
const DOCUMENTS = [
  "README.md",
  "docs/integrals.md",
  "docs/samples.md",
  "docs/integrands.md",
  "docs/locks-and-queues.md",
  "docs/threads-and-pools.md",
  "docs/other-programs.md",
];

/** What the examples speak of and do not make themselves. */
const CONTEXT = `
import type { Counter, Future, Handle, Heddle, Lock, Pool, Share } from "../../../ts/index.js";
declare global {
  const heddle: Heddle;
  const worker: Worker;
  const url: URL;
  const lock: Lock;
  const stock: Counter;
  const mine: Share;
  const jobs: Handle;
  const pool: Pool;
  const futures: Future<number>[];
  function prepare(): Promise<void>;
  function work(job: unknown): Promise<void>;
}
`;

interface Example {
  readonly place: string;
  readonly text: string;
}

function examplesOf(path: string): Example[] {
  const source = readFileSync(path, "utf8");
  const pattern = path.endsWith(".md")
    ? /^```js(?: browser)?\n(?<text>(?:(?!```).*\n)+)/gm
    : /^ *\* @example\n(?<text>(?: *\*(?: .*)?\n)+?)(?= *\*\/| *\* @)/gm;
  return [...source.matchAll(pattern)].map(({ index, groups }) => ({
    place: `${path}:${source.slice(0, index).split("\n").length + 1}`,
    text: path.endsWith(".md") ? groups!.text! : groups!.text!.replace(/^ *\* ? ? ?/gm, ""),
  }));
}

/** Adds what an example takes for granted: that the names of the library are imported. */
function asModule({ text }: Example): string {
  const imported = [...text.matchAll(/^import \{(.*)\} from "heddle"/gm)].flatMap(([, names]) => names!.match(/\w+/g)!);
  const made = [...text.matchAll(/\b(?:const|using) (\w+)/g)].map(([, name]) => name!);
  const missing = Object.keys(library).filter(
    (name) => ![...imported, ...made].includes(name) && new RegExp(`(?<!\\.)\\b${name}\\b`).test(text),
  );
  return `import { ${missing.join(", ")} } from "heddle";\n${text}\nexport {};\n`;
}

test("type-check as they stand", () => {
  const examples = [...COMMENTED, ...DOCUMENTS].flatMap(examplesOf);
  assert.ok(examples.length > 20, `only ${examples.length} examples were found`);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [number, example] of examples.entries()) {
    writeFileSync(join(FOLDER, `example-${number}.ts`), asModule(example));
  }
  writeFileSync(join(FOLDER, "context.ts"), CONTEXT);
  // What strict TypeScript asks, and no more: an array's elements are there.
  const options = { paths: { heddle: [resolve("ts/index.ts")] }, noUncheckedIndexedAccess: false };
  writeFileSync(
    join(FOLDER, "tsconfig.json"),
    JSON.stringify({
      extends: resolve("tsconfig.json"),
      compilerOptions: options,
      include: ["*.ts", resolve("ts/**/*.d.ts")],
      exclude: [],
    }),
  );
  const compiler = resolve("node_modules/typescript/bin/tsc");
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, "-p", FOLDER], { encoding: "utf8" });
  const places = examples.map(({ place }, number) => `example-${number} is ${place}`).join("\n");
  assert.is(status, 0, `${stdout}${stderr}${places}`);
});

test.run();
