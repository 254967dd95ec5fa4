/** `npm run bench -- cubature`: its command line. */
import { problemsMain } from "../tools/problems-main.js";
import { runSideBySide } from "../tools/side-by-side.js";
import { COMPARISON, PROBLEMS } from "./config.js";
import { CONTENDERS } from "./contenders.js";

/** A sample's shortest duration. */
const MINIMUM_SECONDS = 0.05;

await problemsMain(
  {
    title: "cubature: Genz's families in 3 to 6 dimensions to 1e-6, Heddle against hcubature and SciPy",
    problems: PROBLEMS,
    contenders: CONTENDERS,
    only: "gauss-3,corner-6",
    some: "heddle",
  },
  (options) => runSideBySide(COMPARISON, { ...options, minimumSeconds: MINIMUM_SECONDS, firstPoints: 1 }),
);
