/**
 * The grammar of the command line: tokens -> what was asked for, still as texts.
 *
 * Source: commander, which also writes the help and finds the option that was probably meant. What the texts mean is read in
 *         request.ts, by the library.
 */
import { Command, Option } from "commander";
import { version } from "../../package.json";
import { RULES, SEVERAL_RULES, TOLERANCE_RULES } from "./rule.js";
import { shield, unshield } from "./shield.js";

/** What was typed after `heddle integrate`. Undefined, or an empty list: nothing. */
export interface Typed {
  readonly expression: string;
  readonly a: string | undefined;
  readonly b: string | undefined;
  readonly points: string | undefined;
  readonly rule: string | undefined;
  /** Undefined: all cores. */
  readonly threads: string | undefined;
  readonly parameters: readonly string[];
  readonly variable: string | undefined;
  readonly relaxed: boolean;
  readonly json: boolean;
  /** Thread counts with commas. */
  readonly sweep: string | undefined;
  readonly plot: string | undefined;
  /** Undefined: on a terminal only. */
  readonly progress: boolean | undefined;
  /** What only integrals to a tolerance have. */
  readonly tolerance: ToleranceTyped;
}

export interface ToleranceTyped {
  readonly relative: string | undefined;
  readonly absolute: string | undefined;
  readonly effort: string | undefined;
  readonly evaluations: string | undefined;
  readonly time: string | undefined;
  readonly breaks: readonly string[];
  readonly poles: readonly string[];
  readonly scale: readonly string[];
  readonly center: readonly string[];
  readonly segments: boolean;
  /** NAME=A:B, from the outside in; any of them means several variables. */
  readonly variables: readonly string[];
  readonly seed: string | undefined;
  /** NAME=A:B:N; one of them means a sweep. */
  readonly sweeps: readonly string[];
  readonly csv: string | undefined;
}

const EXAMPLES = `
Examples:
  heddle integrate                         x^2 from 0 to 10, 10^8 panels
  heddle integrate "exp(-x^2)" -inf inf    to a tolerance: the range is infinite
  heddle integrate "1/sqrt(x)" 0 1 --tolerance 1e-12 --segments
  heddle integrate "sqrt(x^2-y^2)" --var x=0:1 --var y=-x:x
  heddle integrate "exp(-s*x)" 0 1 --sweep-param s=0:10:100 --csv table.csv
  heddle integrate "exp(-x^2)" -3 3 --rule simpson --points 1000
  heddle integrate "-a*sin(x)" -pi/2 pi --param a=2 --points 1e6
  heddle integrate --sweep 1,2             which number of threads is fastest
  heddle integrate "sin(x)/x" 1 20 --points 20 --plot sinc.svg
  heddle integrate --json --points 1_000_000

An expression or bound may begin with a minus. Quote * ( ) < > for the shell.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no value, or none so good,
130 stopped by Ctrl-C.`;

/** Where help goes. */
export interface Printer {
  readonly out: (text: string) => void;
  readonly columns: number;
}

/**
 * @param argv tokens without the program's name
 * @returns what was typed; undefined when that was answered already: help or version
 * @throws {CommanderError} as `failures.ts` explains it
 */
export async function readArguments(argv: readonly string[], printer: Printer): Promise<Typed | undefined> {
  let typed: Typed | undefined;
  const program = new Command("heddle")
    .description("Integrate functions on all cores.")
    .exitOverride()
    .configureOutput({
      writeOut: printer.out,
      // Errors come as exceptions, and are printed in one place for all kinds.
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => printer.columns,
      getErrHelpWidth: () => printer.columns,
    })
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    // Narrower columns than Commander's 40 are folded, too: a terminal would break them within words.
    .configureHelp({ minWidthToWrap: 20, subcommandTerm: (command) => `${command.name()} ${command.usage()}` })
    // Everything after the command's name is the command's: options of the program stand before it.
    .enablePositionalOptions()
    .addHelpText("after", "\nheddle integrate --help lists its options and shows examples.");

  program
    .command("integrate")
    .description(
      "Integrate EXPRESSION in x from A to B: with a fixed number of panels on all cores; or to a tolerance, where --tolerance, another option of its group or an infinite bound asks for it.",
    )
    .usage("[options] [EXPRESSION [A [B]]]")
    .argument("[EXPRESSION]", "the integrand, such as exp(-x^2)", "x^2")
    .argument("[A]", "lower bound, a constant expression such as -pi/2, or -inf (default: 0)")
    .argument("[B]", "upper bound (default: 10)")
    .optionsGroup("What is computed, and how:")
    .option("--param <NAME=VALUE>", "value of a name in the expression; may be repeated", collect)
    .option("--variable <NAME>", "name of the variable (default: x)")
    .option(
      "--rule <RULE>",
      `for panels: ${RULES} (default: midpoint); to a tolerance: ${TOLERANCE_RULES} (default: auto); over several variables also ${SEVERAL_RULES}`,
    )
    .option("--threads <COUNT>", "worker threads, from 1 to 255 (default: all cores)")
    .option("--relaxed", "allow fused multiply-add: faster, with other bits")
    .optionsGroup("A fixed number of panels:")
    .option("--points <N>", "panels, from 1 to 2^52: 1000, 1e8, 1_000_000, 2^20 (default: 1e8)")
    .addOption(
      new Option("--sweep <COUNTS>", "time each number of threads, such as 1,2,4,8, and mark the fastest").conflicts(
        "threads",
      ),
    )
    .optionsGroup("To a tolerance:")
    .option("--tolerance <R>", "the error may be this part of the value (default: 1e-10)")
    .option("--absolute-tolerance <A>", "or this, whichever is larger (default: 0)")
    .option("--effort <EFFORT>", "the first look: fast, normal, careful, paranoid (default: normal)")
    .option("--max-evaluations <N>", "evaluations to spend at most (default: 1e6)")
    .option("--max-time <TIME>", "when to give up: 500ms, 10s, 2min")
    .option("--break <POINTS>", "corners and singular points, such as 0.3,pi/4; may be repeated", collect)
    .option("--pv <POLES>", "poles at which the principal value is meant, such as 0.3,pi/2; may be repeated", collect)
    .option("--scale <S>", "of infinite ranges: about how far f does anything (default: 1)", collect)
    .option("--center <C>", "of a range that is infinite to both sides: about where (default: 0)", collect)
    .option("--segments", "show how the range was cut; with --json, as numbers")
    .optionsGroup("Over several variables, to a tolerance (default: 1e-6):")
    .option(
      "--var <NAME=A:B>",
      "a variable and its range, the outermost first: x=0:1, y=0:x, z=-inf:inf; may be repeated",
      collect,
    )
    .option("--seed <N>", "what random numbers of quasi-monte-carlo and vegas begin with (default: 0)")
    .optionsGroup("For many values of a parameter, to a tolerance:")
    .option(
      "--sweep-param <NAME=A:B:N>",
      "an integral for each of N values from A to B, such as s=0.5:10:1000; bounds may use it",
      collect,
    )
    .option("--csv <FILE>", "where the table goes (default: it is printed)")
    .optionsGroup("What is printed:")
    .option("--json", "print the result as JSON, alone on standard output")
    .option("--plot <FILE.svg>", "draw the function and its area; with --sweep, speed-up against threads")
    .option("--progress", "show progress even where standard error is no terminal")
    .option("--no-progress", "never show it")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", EXAMPLES)
    .action((expression: string, a: string | undefined, b: string | undefined, options: Record<string, unknown>) => {
      const optional = (name: string): string | undefined =>
        options[name] === undefined ? undefined : unshield(String(options[name]));
      const list = (name: string): string[] => ((options[name] ?? []) as string[]).map(unshield);
      typed = {
        expression: unshield(expression),
        a: a === undefined ? a : unshield(a),
        b: b === undefined ? b : unshield(b),
        points: optional("points"),
        rule: optional("rule"),
        threads: optional("threads"),
        parameters: list("param"),
        variable: optional("variable"),
        relaxed: options.relaxed === true,
        json: options.json === true,
        sweep: optional("sweep"),
        plot: optional("plot"),
        progress: options.progress as boolean | undefined,
        tolerance: {
          relative: optional("tolerance"),
          absolute: optional("absoluteTolerance"),
          effort: optional("effort"),
          evaluations: optional("maxEvaluations"),
          time: optional("maxTime"),
          breaks: list("break"),
          poles: list("pv"),
          scale: list("scale"),
          center: list("center"),
          segments: options.segments === true,
          variables: list("var"),
          seed: optional("seed"),
          sweeps: list("sweepParam"),
          csv: optional("csv"),
        },
      };
    });

  if (argv.length === 0) {
    program.outputHelp();
    return undefined;
  }
  await program.parseAsync(shield(argv), { from: "user" });
  return typed;
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
