/** `npm run bench -- tolerance`: its command line. */
import { problemsMain } from "../tools/problems-main.js";
import { runSideBySide } from "../tools/side-by-side.js";
import { COMPARISON, PROBLEMS } from "./config.js";
import { CONTENDERS } from "./contenders.js";

/** A sample's shortest duration. */
const MINIMUM_SECONDS = 0.05;
/** Integrals of a first run: of the slowest contender some ten milliseconds. */
const FIRST_INTEGRALS = 1000;

await problemsMain(
  {
    title: "tolerance: ten integrals to 1e-10, by the thousand, Heddle against GSL and SciPy",
    problems: PROBLEMS,
    contenders: CONTENDERS,
    only: "exp,log",
    some: "sweep,gsl",
  },
  (options) => runSideBySide(COMPARISON, { ...options, minimumSeconds: MINIMUM_SECONDS, firstPoints: FIRST_INTEGRALS }),
);
