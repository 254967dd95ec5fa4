/** Mutants of a small lock: the programs find all but those that make no difference. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { formatVerdicts, mutationsOf, tryMutants } from "./mutants.js";
import { replay } from "./replay.js";
import { Scheduler } from "./scheduler.js";
import { testModule } from "./subject.js";
import { onNodeThatSuspends } from "./suspend.js";
import { flagging, givingUp, locking } from "./toys.js";

await onNodeThatSuspends(() => {
  const subject = testModule("explore-toy");
  const programs = [locking(2, 3), locking(3, 2), locking(2, 2, givingUp), flagging("raise")];
  const tried = (functions: RegExp, kinds: readonly string[]) =>
    mutationsOf(subject, ({ within, kind }) => functions.test(within) && kinds.includes(kind));

  test("mutants: each notify, store, change and wait of a lock and a flag is needed", async () => {
    const mutations = tried(/\/(take|give|giveUp|raise|awaitFlag)$/, ["notify", "store", "change", "wait"]);
    const verdicts = await tryMutants(subject, programs, mutations);
    console.log(formatVerdicts(verdicts).join("\n"));
    assert.is(verdicts.length, 15);
    assert.equal(
      verdicts.filter(({ verdict }) => verdict !== "killed").map(({ name }) => name),
      [],
    );
  });

  test("mutants: what finds one leads to it again", async () => {
    const [mutation] = tried(/\/give$/, ["notify"]);
    if (mutation === undefined) throw new Error("expected a notify in give");
    const [verdict] = await tryMutants(subject, programs, [mutation]);
    const program = programs.find(({ name }) => name === verdict?.by);
    if (program === undefined) throw new Error("expected a program");
    const { failure } = await replay(new Scheduler(program, subject.target(mutation)), verdict?.schedule ?? "");
    assert.is(failure, verdict?.what);
  });

  test("mutants: a branch that only saves time may go either way", async () => {
    const verdicts = await tryMutants(subject, programs, tried(/\/give$/, ["branch"]));
    // Without it nobody is woken; with it always, somebody is woken who does not sleep.
    assert.equal(
      verdicts.map(({ mutation, verdict }) => `${mutation.change} ${verdict}`),
      ["always survived", "never killed"],
    );
  });

  test("mutants: what no program comes to is said to be so", async () => {
    const verdicts = await tryMutants(subject, programs, tried(/\/publish$/, ["store"]));
    assert.equal(
      verdicts.map(({ verdict }) => verdict),
      ["not reached", "not reached"],
    );
  });

  test("mutants: a program that fails without a mutant is refused", async () => {
    try {
      await tryMutants(subject, [flagging("raiseSilently")], []);
      assert.unreachable("refused");
    } catch (error) {
      assert.match(String(error), /expected a flag, raiseSilently to hold, got sleeps for ever/);
    }
  });

  test.run();
}, 5);
