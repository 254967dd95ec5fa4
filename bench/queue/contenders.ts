/**
 * Who takes part. A contender that is not on this machine says why, and how to install it.
 */
import { join } from "node:path";
import { execute } from "../tools/execute.js";
import { childProgram } from "../tools/programs.js";
import { compileAssembly, compileCpp, compileGo, outputOf, SOURCES } from "./compile.js";
import type { Kind } from "./config.js";
import { type Contender, type ProgramOptions, program } from "./contender.js";

const FLOWS: readonly Kind[] = ["numbers", "objects", "arrays"];
const ALL: readonly Kind[] = [...FLOWS, "ping-pong"];

/** Looks of the bare ring before it sleeps: a ping-pong needs no sleep with these; ten times as many halve it where cores are few. */
const RING_SPIN = "2000";
/** Looks of Heddle's queues: as many as have lately been worth it. */
const ADAPTING = "-1";

export const CONTENDERS: readonly Contender[] = [
  node("heddle", "Queue, PriorityQueue: putSync and getSync from JavaScript", "heddle", {
    kinds: [...FLOWS, "priority", "idle"],
    options: ["any"],
  }),
  node("heddle-f64", 'the same of type "f64"', "heddle", { kinds: ["numbers", "priority"], options: ["f64"] }),
  node("heddle-batch", 'type "f64", putManySync and getManySync of 64', "heddle", {
    kinds: ["numbers"],
    options: ["batch"],
  }),
  node("heddle-spin2000", 'type "f64", looking 2000 times before it sleeps', "heddle", {
    kinds: ["ping-pong"],
    options: ["f64", "2000"],
  }),
  node("heddle-spin0", "the same, sleeping at once", "heddle", { kinds: ["ping-pong"], options: ["f64", "0"] }),
  core("heddle-wasm", "loops inside Wasm, over the core's sources", ["numbers", "priority"], ADAPTING),
  core("heddle-wasm-spin2000", "the same, looking 2000 times before it sleeps", ["ping-pong"], "2000"),
  core("heddle-wasm-spin0", "the same, sleeping at once", ["ping-pong"], "0"),
  ring("ring-wasm", "a bare ring without guarantees, loops inside Wasm", ["numbers"], "wasm", RING_SPIN),
  ring("ring", "the same, a call from JavaScript per item", ["numbers"], "calls", RING_SPIN),
  ring("ring-batch", "the same, a call per batch of 64", ["numbers"], "batch", RING_SPIN),
  ring("ring-spin2000", "the same, looking 2000 times before it sleeps", ["ping-pong"], "calls", "2000"),
  ring("ring-spin0", "the same, sleeping at once", ["ping-pong"], "calls", "0"),

  node("messageport", "Node's MessagePort, a credit window as capacity, a port per pair of threads", "port", {
    kinds: ALL,
    options: ["copied"],
  }),
  node("messageport-moved", "the same, each array made anew and transferred", "port", {
    kinds: ["arrays"],
    options: ["moved"],
  }),
  multithreading("multithreading", "channel of the npm package, blocking form", ["numbers", "objects", "ping-pong"], {
    options: ["channel"],
    excuse: "its sending and its receiving threads change one heap under two different locks",
  }),
  multithreading("multithreading-mutex", "a queue of its Mutex and Condvar, blocking form", ["numbers"], {
    options: ["mutex"],
  }),

  python("python-queue", "queue.Queue; references, not copies", ALL, "queue"),
  python("python-simple", "queue.SimpleQueue, unbounded; references, not copies", ALL, "simple"),
  python("python-priority", "queue.PriorityQueue", ["priority"], "priority"),
  python("python-processes", "multiprocessing.Queue", ALL, "multiprocessing"),

  program("go", "channels; objects by value, arrays by reference", {
    kinds: ALL,
    async prepare() {
      const command = await compileGo("go", "channel.go");
      return { command, args: [], remarks: [(await execute(command, ["version"])).trim()] };
    },
  }),
  cpp("moodycamel", "BlockingConcurrentQueue, try_enqueue and yield when full; objects by value", ALL, {
    source: "moodycamel.cpp",
    packages: "g++ libconcurrentqueue-dev",
  }),
  cpp("moodycamel-unbounded", "the same without a capacity", ALL, {
    source: "moodycamel.cpp",
    flags: ["-DUNBOUNDED"],
    packages: "g++ libconcurrentqueue-dev",
  }),
  cpp("tbb", "concurrent_bounded_queue, concurrent_priority_queue; objects by value", [...ALL, "priority"], {
    source: "tbb.cpp",
    libraries: ["-ltbb"],
    packages: "g++ libtbb-dev",
  }),
  cpp(
    "cpp-mutex",
    "a ring, a mutex and two condition variables; std::priority_queue and a mutex",
    [...ALL, "priority"],
    {
      source: "mutex.cpp",
      packages: "g++",
    },
  ),
];

function node(
  name: string,
  description: string,
  child: string,
  rest: Pick<ProgramOptions, "kinds" | "options" | "excuse">,
): Contender {
  return program(name, description, {
    ...rest,
    prepare: async () => ({ command: process.execPath, args: [childProgram("queue", child)] }),
  });
}

function core(name: string, description: string, kinds: readonly Kind[], spin: string): Contender {
  return assembly(name, description, kinds, { module: "heddle", child: "core", options: [spin] });
}

function ring(name: string, description: string, kinds: readonly Kind[], how: string, spin: string): Contender {
  return assembly(name, description, kinds, { module: "ring", child: "ring", options: [how, spin] });
}

/** A program for Node that is given a module of ours. */
function assembly(
  name: string,
  description: string,
  kinds: readonly Kind[],
  parts: { module: string; child: string; options: readonly string[] },
): Contender {
  return program(name, description, {
    kinds,
    options: [outputOf(`${parts.module}.wasm`), ...parts.options],
    async prepare() {
      await compileAssembly(parts.module);
      return { command: process.execPath, args: [childProgram("queue", parts.child)] };
    },
  });
}

function multithreading(
  name: string,
  description: string,
  kinds: readonly Kind[],
  rest: Pick<ProgramOptions, "options" | "excuse">,
): Contender {
  return program(name, description, {
    kinds,
    ...rest,
    async prepare() {
      // Its own folder may not be asked for by name ("exports"); where it would be, it says its version.
      const text = 'console.log(JSON.parse(fs.readFileSync("node_modules/multithreading/package.json")).version)';
      const version = await execute(process.execPath, ["-e", text]).catch(() => {
        throw new Error("the package is not installed (npm ci)");
      });
      const major = Number(process.versions.node.split(".")[0]);
      const remarks = [version.trim(), ...(major < 22 ? ["what it needs of Node 22 given to it"] : [])];
      return { command: process.execPath, args: [childProgram("queue", "multithreading")], remarks };
    },
  });
}

function python(name: string, description: string, kinds: readonly Kind[], which: string): Contender {
  return program(name, description, {
    kinds,
    async prepare() {
      const version = await execute("python3", ["--version"]).catch(() => {
        throw new Error("there is no python3 (Debian: apt-get install python3)");
      });
      return { command: "python3", args: [join(SOURCES, "queues.py"), which], remarks: [version.trim()] };
    },
  });
}

function cpp(
  name: string,
  description: string,
  kinds: readonly Kind[],
  parts: Parameters<typeof compileCpp>[1],
): Contender {
  return program(name, description, {
    kinds,
    async prepare() {
      const command = await compileCpp(name, parts);
      return { command, args: [], remarks: [`g++ ${(await execute("g++", ["-dumpfullversion"])).trim()}`] };
    },
  });
}
