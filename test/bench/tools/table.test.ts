import { test } from "uvu";
import * as assert from "uvu/assert";
import { table } from "../../../bench/tools/table.js";

test("table pads its columns, names to the left, figures to the right", () => {
  const lines = [
    "|       |    a | longer |",
    "| ----- | ---: | -----: |",
    "| x     | 1.23 |      4 |",
    "| pow25 |      |   10.5 |",
  ];
  const rows = [
    ["x", "1.23", "4"],
    ["pow25", "", "10.5"],
  ];
  assert.is(table(["", "a", "longer"], rows), lines.join("\n"));
});

test.run();
