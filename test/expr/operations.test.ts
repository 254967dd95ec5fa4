import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Operation, Operations } from "../../ts/expr/operations.js";

function table(made: Operation[]): Operations {
  return new Operations((index) => made[index] as Operation);
}

test("what was added is found by name and operands, in their order", () => {
  const made: Operation[] = [
    { name: "sub", operands: [0, 1] },
    { name: "add", operands: [0, 1] },
    { name: "sub", operands: [1, 0] },
    { name: "neg", operands: [0] },
  ];
  const operations = table(made);
  for (const index of made.keys()) operations.add(index);
  made.forEach(({ name, operands }, index) => {
    assert.is(operations.find(name, [...operands]), index);
  });
  assert.is(operations.find("mul", [0, 1]), undefined);
  assert.is(operations.find("sub", [0, 2]), undefined);
  assert.is(operations.find("sub", [0]), undefined);
  assert.is(operations.find("neg", [0, 0]), undefined);
});

test("thousands are told apart, while the table grows", () => {
  const made: Operation[] = [];
  const operations = table(made);
  for (let index = 0; index < 20_000; index++) {
    // Neighbours, as sums of many terms have them; two names share each row of operands.
    const operation = { name: index % 2 === 0 ? "add" : "mul", operands: [index >> 1, index >> 4] };
    assert.is(operations.find(operation.name, operation.operands), undefined);
    operations.add(made.push(operation) - 1);
  }
  made.forEach(({ name, operands }, index) => {
    assert.is(operations.find(name, operands), index);
  });
});

test.run();
