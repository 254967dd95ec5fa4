import { test } from "uvu";
import * as assert from "uvu/assert";
import { BATCH, openSubject, subjectNames } from "../../../bench/ulp/subject.js";
import { functions, provider } from "../../expr/kernel.js";

test("the functions are those that the provider exports, without their other forms, and sqrt", () => {
  const names = subjectNames({ ...provider, sinFast: provider.sin!, sinDoubt: provider.sin! });
  assert.equal(names, [...new Set(names)]);
  for (const name of ["sin", "pow", "sqrt"]) assert.ok(names.includes(name), name);
  assert.not.ok(names.some((name) => /Fast|Doubt|tables/.test(name)));
});

test("a batch has the bits of single calls, at its first and its last place", () => {
  const subject = openSubject(provider, "exp");
  for (let index = 0; index < BATCH; index++) subject.x[index] = (index - 4000) / 10;
  const values = subject.total(BATCH);
  assert.is(values.length, BATCH);
  for (const [index, value] of values.entries()) assert.is(value, functions.exp((index - 4000) / 10));
});

test("functions of two arguments, and a number of points that is odd", () => {
  const subject = openSubject(provider, "atan2");
  assert.is(subject.arity, 2);
  subject.x.set([1, -2, 3]);
  subject.y.set([5, 0.5, -7]);
  const expected = [functions.atan2(1, 5), functions.atan2(-2, 0.5), functions.atan2(3, -7)];
  assert.equal([...subject.total(3)], expected);
});

test("sqrt is the instruction, and the forms that there are not are null", () => {
  const subject = openSubject({}, "sqrt");
  subject.x.set([2, 9]);
  assert.equal([...subject.total(2)], [Math.SQRT2, 3]);
  assert.is(subject.fast, null);
  assert.is(subject.doubt, null);
});

test("the results of a form are not those of the one before", () => {
  const subject = openSubject({ exp: provider.exp!, expFast: provider.log!, expDoubt: provider.cos! }, "exp");
  subject.x.set([1, 1]);
  const total = subject.total(2);
  assert.equal([...subject.fast!(2)], [0, 0]);
  assert.equal([...subject.doubt!(2)], [functions.cos(1), functions.cos(1)]);
  assert.equal([...total], [functions.exp(1), functions.exp(1)]);
});

test.run();
