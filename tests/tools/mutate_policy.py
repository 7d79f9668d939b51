#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Do the tests bite? Breaks src/policy on purpose, one small change at a time, and counts how many breaks a test sees.

    tests/tools/mutate_policy.py [--sample 100] [--seed 1] [--jobs 2] [--build build/release] [--only candidates.cc ranking.cc]

Mutants: comparisons turned, boundaries and constants moved, conditions negated, statements deleted. A mutant is
compiled alone (without optimisation) and linked before the library into policy_test; if that passes, into
scenario_test. REQUIRES: both were built (`cmake --build --preset release --target policy_test scenario_test`).
The same sample and seed give the same mutants as long as the sources stay as they are.
"""
import argparse
import concurrent.futures
import pathlib
import random
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNIT_LIMIT, SCENARIO_LIMIT = 30, 120  # seconds; whole runs take about one

# Operators have blanks around them (clang-format); angle brackets of templates have not.
TURNED = [(r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > "), (r" == ", " != "), (r" != ", " == ")]
LOGIC = [(r" && ", " || "), (r" \|\| ", " && "), (r" \+ ", " - "), (r" - ", " + ")]
CONSTANTS = [(r"\btrue\b", "false"), (r"\bfalse\b", "true")]
CONDITION = re.compile(r"^(\s*(?:\} else )?if \()(.*)(\) (?:\{|[a-z].*;)|\))$")
STATEMENT = re.compile(r"^\s+(?!return|using|const |auto |static|case |default|break|continue|else|if |for |while )"
                       r"(?:\+\+|--)?[a-zA-Z_][\w.:\[\]>\-]*(?:\(.*\)|\s*[+\-*]?= .*|)(?:\.[\w]+\(.*\))?;$")
DECLARATION = re.compile(r"^\s+[A-Za-z_][\w:<>,*& ]* [*&]?[a-z_]\w*(?: = .*|\{.*\}|\(.*\))?;$")


class Mutant:
    def __init__(self, path, number, before, after, kind):
        self.path, self.number, self.before, self.after, self.kind = path, number, before, after, kind

    def __str__(self):
        return f"{self.path.name}:{self.number} {self.kind}: `{self.before.strip()}` -> `{self.after.strip()}`"

    def source(self):
        lines = self.path.read_text().splitlines(keepends=True)
        lines[self.number - 1] = self.after + "\n"
        return "".join(lines)


def code_of(line):
    """The line with what stands in texts and comments blanked out; of the same length."""
    line = re.sub(r'"(?:\\.|[^"\\])*"', lambda m: '"' + "_" * (len(m[0]) - 2) + '"', line)
    return re.sub(r"//.*", lambda m: " " * len(m[0]), line)


def mutants_of(path):
    found = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        code = code_of(line)
        if not line.startswith(" ") and "constexpr" not in line or line.lstrip().startswith(("//", "#", "static_assert")):
            continue

        def add(start, end, text, kind, number=number, line=line):
            found.append(Mutant(path, number, line, line[:start] + text + line[end:], kind))

        for kind, table in (("comparison", TURNED), ("logic", LOGIC), ("constant", CONSTANTS)):
            for pattern, text in table:
                for match in re.finditer(pattern, code):
                    add(match.start(), match.end(), text, kind)
        for match in re.finditer(r"(?<![\w.\"'])\d+(?:\.\d+)?(?![\w.\"'])", code):
            add(match.start(), match.end(), "1" if match[0] == "0" else f"({match[0]} + 1)", "boundary")
        condition = CONDITION.match(code)
        if condition and ";" not in condition[2]:
            start, end = condition.span(2)
            add(start, end, f"!({line[start:end]})", "negation")
        if STATEMENT.match(code) and not DECLARATION.match(code) and code.count("(") == code.count(")"):
            found.append(Mutant(path, number, line, re.match(r"\s*", line)[0] + ";", "deletion"))
    return found


class Build:
    def __init__(self, folder):
        self.folder = folder
        self.commands = {}
        for target in ("policy_test", "scenario_test"):
            text = subprocess.run(["ninja", "-C", folder, "-t", "commands", target], check=True, capture_output=True,
                                  text=True).stdout
            self.commands[target] = [line for line in text.splitlines() if line]

    def compile(self, mutant, work):
        source, result = work / mutant.path.name, work / "mutant.o"
        source.write_text(mutant.source())
        command = next(line for line in self.commands["policy_test"] if line.endswith(f"/src/policy/{mutant.path.name}"))
        words = [word for word in shlex.split(command) if not word.endswith("ccache") and word != "-Werror"]
        words = ["-O0" if re.fullmatch("-O[0-3]", word) else word for word in words]
        for option in ("-MD", "-MT", "-MF"):
            if option in words:
                at = words.index(option)
                del words[at : at + (1 if option == "-MD" else 2)]
        words[words.index("-o") + 1] = str(result)
        words[-1] = str(source)
        return self.quiet(words + ["-w", f"-iquote{mutant.path.parent}"]) and result

    def link(self, target, mutant, work):
        """The mutant comes before the library, whose own member is then not needed."""
        line = next(line for line in reversed(self.commands[target]) if f"-o bin/{target}" in line)
        line = line[line.index(" && ") + 4 :] if line.startswith(": && ") else line
        words = shlex.split(line.split(" && ")[0])
        binary = work / target
        words[words.index("-o") + 1] = str(binary)
        library = next(i for i, word in enumerate(words) if word.endswith("libbaton_policy.a"))
        first = next(i for i, word in enumerate(words) if word.endswith(".a"))
        words.insert(min(first, library), str(mutant))
        return self.quiet(words) and binary

    def quiet(self, words):
        return subprocess.run(words, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def passes(binary, limit):
    try:
        result = subprocess.run([binary, "--gtest_fail_fast", "--gtest_brief=1"], stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, timeout=limit, cwd=binary.parent)
    except subprocess.TimeoutExpired:
        return False
    return result.returncode == 0


def judge(build, mutant):
    """"invalid" (does not compile), "unit", "scenario" (killed by it) or "survived"."""
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        broken = build.compile(mutant, work)
        if not broken:
            return "invalid"
        for target, limit, name in (("policy_test", UNIT_LIMIT, "unit"), ("scenario_test", SCENARIO_LIMIT, "scenario")):
            binary = build.link(target, broken, work)
            if not binary:
                return "invalid"
            if not passes(binary, limit):
                return name
            binary.unlink()
    return "survived"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=100, help="mutants tried; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--only", nargs="+", default=["*.cc"], metavar="FILE", help="these files of src/policy")
    parser.add_argument("--list", action="store_true", help="print the mutants and stop")
    arguments = parser.parse_args()
    found = {path for name in arguments.only for path in (ROOT / "src/policy").glob(name)}
    files = sorted(path for path in found if not path.name.endswith("_test.cc"))
    if not files:
        parser.error(f"--only: no such file of src/policy: {' '.join(arguments.only)}")
    mutants = [mutant for path in files for mutant in mutants_of(path)]
    count = len(mutants)
    if 0 < arguments.sample < count:
        mutants = random.Random(arguments.seed).sample(mutants, arguments.sample)
    print(f"{count} mutants of {len(files)} files, {len(mutants)} of them tried (seed {arguments.seed})", flush=True)
    if arguments.list:
        print(*mutants, sep="\n")
        return 0
    build = Build(arguments.build.resolve())
    line = files[0].read_text().splitlines()[0]
    if (verdict := judge(build, Mutant(files[0], 1, line, line, "none"))) != "survived":
        print(f"unbroken sources: {verdict}. Are policy_test and scenario_test built from them, and do they pass?")
        return 1
    counts = {"invalid": 0, "unit": 0, "scenario": 0, "survived": 0}
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for mutant, verdict in zip(mutants, pool.map(lambda m: judge(build, m), mutants)):
            counts[verdict] += 1
            if verdict == "survived":
                print(f"SURVIVED {mutant}", flush=True)
    valid = len(mutants) - counts["invalid"]
    killed = counts["unit"] + counts["scenario"]
    print(f"{counts['invalid']} do not compile; of the other {valid} killed: {killed} = {100 * killed / max(1, valid):.1f} % "
          f"({counts['unit']} by unit tests, {counts['scenario']} by scenario tests), {counts['survived']} survived")
    return 0


if __name__ == "__main__":
    sys.exit(main())
