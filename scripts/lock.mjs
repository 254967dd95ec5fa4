/**
 * A lock between processes: a directory, because making one is atomic on every file system.
 *
 * Two terminals may run `npm test` and `npm run integrate` at once. Installing and building happen under this lock;
 * whoever waited looks again at what is stale, and mostly finds nothing left to do.
 *
 *  build/.lock/         exists while somebody holds the lock
 *  build/.lock/owner    "<pid> <host>" of the holder, written right after the directory
 */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const POLL_MS = 50;

/** A lock without a readable owner is taken for a leftover after this long: writing the owner takes microseconds. */
const OWNERLESS_MS = 5_000;

/** A lock held from another machine (a shared folder) cannot be probed; nothing that we do under it takes this long. */
const FOREIGN_MS = 15 * 60_000;

/**
 * Runs `action` while holding the lock at `directory`, and gives the lock up whatever happens.
 *
 * @param {string} directory path of the lock; its parent is made if it is missing
 * @param {() => Promise<T>} action
 * @template T
 */
export async function withLock(directory, action) {
  mkdirSync(dirname(directory), { recursive: true });
  const owner = join(directory, "owner");
  while (!claim(directory, owner)) {
    if (isLeftOver(directory, owner)) discard(directory);
    else await pause(POLL_MS);
  }
  const release = () => rmSync(directory, { recursive: true, force: true });
  // A failing build may call process.exit, and Ctrl-C must not leave the next run waiting for a probe.
  process.once("exit", release);
  try {
    return await action();
  } finally {
    process.off("exit", release);
    release();
  }
}

function claim(directory, owner) {
  try {
    mkdirSync(directory);
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
  writeFileSync(owner, `${process.pid} ${hostname()}`);
  return true;
}

/** True when the holder is certainly gone. A lock that vanishes while we look is not left over: claim it as usual. */
function isLeftOver(directory, owner) {
  let ageMs;
  try {
    ageMs = Date.now() - statSync(directory).mtimeMs;
  } catch {
    return false;
  }
  let pid;
  let host;
  try {
    [pid, host] = readFileSync(owner, "utf8").split(" ");
  } catch {
    return ageMs > OWNERLESS_MS;
  }
  if (host !== hostname()) return ageMs > FOREIGN_MS;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

/**
 * Removes a leftover lock. Two processes may find the same one:
 *   A: renames it away, claims a fresh one
 *   B: would delete A's fresh lock, if it deleted the path itself
 * Renaming fails for the second of them unless A has already claimed again; the window is the time between B's
 * probe and B's rename, some microseconds, after a crash. The price would be one build done twice.
 */
function discard(directory) {
  const grave = `${directory}.${process.pid}`;
  try {
    renameSync(directory, grave);
  } catch {
    return;
  }
  rmSync(grave, { recursive: true, force: true });
}
