/**
 * The grammar of the command line: tokens -> what was asked for, still as texts.
 *
 * Source: commander, which also writes the help and finds the option that was probably meant. What the texts mean is read in
 *         request.ts, by the library.
 */
import { Command, Option } from "commander";
import { version } from "../../package.json";
import { RULES } from "./rule.js";
import { shield, unshield } from "./shield.js";

/** What was typed after `heddle integrate`. */
export interface Typed {
  readonly expression: string;
  readonly a: string;
  readonly b: string;
  readonly points: string;
  readonly rule: string;
  /** Undefined: all cores. */
  readonly threads: string | undefined;
  readonly parameters: readonly string[];
  readonly variable: string;
  readonly relaxed: boolean;
  readonly json: boolean;
  /** Thread counts with commas. */
  readonly sweep: string | undefined;
  readonly plot: string | undefined;
  /** Undefined: on a terminal only. */
  readonly progress: boolean | undefined;
}

const EXAMPLES = `
Examples:
  heddle integrate                                   x^2 from 0 to 10, 10^8 panels, all cores
  heddle integrate "exp(-x^2)" -3 3 --rule simpson --points 1000
  heddle integrate "-a*sin(x)" -pi/2 pi --param a=2 --points 1e6
  heddle integrate --sweep 1,2                       which number of threads is fastest
  heddle integrate "sin(x)/x" 1 20 --points 20 --plot sinc.svg
  heddle integrate --json --points 1_000_000

An expression or bound may begin with a minus. Quote what the shell would read: * ( ) < >.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no finite value, 130 stopped by Ctrl-C.`;

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
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${command.usage()}` })
    // Everything after the command's name is the command's: options of the program stand before it.
    .enablePositionalOptions()
    .addHelpText("after", "\nheddle integrate --help lists its options and shows examples.");

  program
    .command("integrate")
    .description("Integrate EXPRESSION in x from A to B with a fixed number of panels.")
    .usage("[options] [EXPRESSION [A [B]]]")
    .argument("[EXPRESSION]", "the integrand, such as exp(-x^2)", "x^2")
    .argument("[A]", "lower bound, a constant expression such as -pi/2", "0")
    .argument("[B]", "upper bound", "10")
    .option("--points <N>", "panels, from 1 to 2^52: 1000, 1e8, 1_000_000, 2^20", "100000000")
    .option("--rule <RULE>", RULES, "midpoint")
    .option("--threads <COUNT>", "worker threads, from 1 to 255 (default: all cores)")
    .option("--param <NAME=VALUE>", "value of a name in the expression; may be repeated", collect)
    .option("--variable <NAME>", "name of the variable", "x")
    .option("--relaxed", "allow fused multiply-add: faster, with other bits")
    .option("--json", "print the result as JSON, alone on standard output")
    .addOption(
      new Option("--sweep <COUNTS>", "time each number of threads, such as 1,2,4,8, and mark the fastest").conflicts(
        "threads",
      ),
    )
    .option("--plot <FILE.svg>", "draw the function and its area; with --sweep, speed-up against threads")
    .option("--progress", "show a bar even where standard error is no terminal")
    .option("--no-progress", "never show a bar")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", EXAMPLES)
    .action((expression: string, a: string, b: string, options: Record<string, unknown>) => {
      const text = (name: string): string => unshield(String(options[name]));
      const optional = (name: string): string | undefined => (options[name] === undefined ? undefined : text(name));
      typed = {
        expression: unshield(expression),
        a: unshield(a),
        b: unshield(b),
        points: text("points"),
        rule: text("rule"),
        threads: optional("threads"),
        parameters: ((options.param ?? []) as string[]).map(unshield),
        variable: text("variable"),
        relaxed: options.relaxed === true,
        json: options.json === true,
        sweep: optional("sweep"),
        plot: optional("plot"),
        progress: options.progress as boolean | undefined,
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
