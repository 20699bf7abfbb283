"""The program: `taoxi run`, `taoxi clean`, `taoxi preview`, and its exit status."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence

from pipeline.arguments import UsageError

EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_DEAD_LETTERS = 0, 1, 2, 3

_USAGE = """\
usage: taoxi COMMAND [options]

Turns raw scraped files into a clean corpus, with a record of every change.

commands:
  run      clean and deduplicate files into an output folder
  clean    clean one text from standard input to standard output
  preview  show what a run would change, by rule, without writing anything

`taoxi COMMAND --help` lists a command's options.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Returns:
      The exit status: 0 all well; 1 the run failed; 2 wrong usage; 3 finished,
      but with more dead letters than `--max-failed`.
    """
    command, *rest = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    if command in ("-h", "--help", "help"):
        sys.stdout.write(_USAGE)
        return EXIT_OK
    commands: dict[str, Callable[[Sequence[str]], int]] = {
        "run": _run,
        "clean": _clean,
        "preview": _preview,
    }
    if command not in commands:
        return _refuse(f"unknown command {command}; the commands are {', '.join(commands)}")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # Beam warns, while it is imported, of optional parts that are not installed.
    logging.disable(logging.WARNING)
    try:
        return commands[command](rest)
    except KeyboardInterrupt:
        sys.stderr.write("taoxi: interrupted\n")
        return EXIT_FAILED
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        return EXIT_OK


def _refuse(message: str) -> int:
    sys.stderr.write(f"taoxi: {message}\n")
    return EXIT_USAGE


def _parser(command: str, description: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=f"taoxi {command}",
        description=description,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _run(arguments: Sequence[str]) -> int:
    from pipeline import options

    if "--help" in arguments or "-h" in arguments:
        parser = _parser("run", "Clean and deduplicate files into an output folder.")
        options.add_run_arguments(parser)
        parser.epilog = "Every option of Apache Beam is taken as well (--runner, ...)."
        parser.print_help()
        return EXIT_OK
    from pipeline.run import RunError, run

    logging.disable(logging.NOTSET)
    # Beam's warnings are about its own workings; what befalls a record is in the dead letters.
    logging.getLogger("apache_beam").setLevel(logging.ERROR)
    try:
        config, beam_options = options.parse_run(arguments)
        metrics = run(config, beam_options)
    except UsageError as error:
        return _refuse(str(error))
    except RunError as error:
        sys.stderr.write(f"taoxi: {error}\n")
        return EXIT_FAILED
    records = metrics["records"]
    output = config.write.output
    sys.stdout.write(
        f"{records['read']} read: {records['clean']} clean, {records['removed']} removed, "
        f"{records['failed']} failed\n"
        f"corpus: {output}/clean\n"
        f"report: {output}/report/index.html\n"
    )
    if records["failed"] > config.max_failed:
        sys.stderr.write(
            f"taoxi: {records['failed']} records failed (--max-failed {config.max_failed}): "
            f"see {output}/failed\n"
        )
        return EXIT_DEAD_LETTERS
    return EXIT_OK


def _clean(arguments: Sequence[str]) -> int:
    from pipeline import arguments as args
    from pipeline.single import clean_stream

    parser = _parser("clean", "Clean one text from standard input to standard output.")
    args.add_text_arguments(parser)
    given = parser.parse_args(list(arguments))
    try:
        stages = args.chosen_stages(given.stages, given.skip)
        clean_stream(sys.stdin.buffer, sys.stdout.buffer, args.text_settings(given), stages)
    except UsageError as error:
        return _refuse(str(error))
    except ValueError as error:
        sys.stderr.write(f"taoxi: standard input: {error}\n")
        return EXIT_FAILED
    return EXIT_OK


def _preview(arguments: Sequence[str]) -> int:
    from pipeline import arguments as args
    from pipeline import options
    from pipeline.preview import preview

    parser = _parser("preview", "Show what a run would change, by rule; nothing is written.")
    options.add_input_arguments(parser)
    args.add_text_arguments(parser)
    parser.add_argument(
        "--sample", type=int, default=200, metavar="N", help="look at N records (default: 200)"
    )
    given = parser.parse_args(list(arguments))
    if given.sample < 1:
        return _refuse("--sample is a number from 1")
    try:
        preview(
            options.input_patterns(given.input),
            given.sample,
            options.read_settings(given),
            args.text_settings(given),
            args.chosen_stages(given.stages, given.skip),
        )
    except UsageError as error:
        return _refuse(str(error))
    return EXIT_OK
