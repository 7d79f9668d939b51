#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which test proves which rule: writes docs/behaviour-coverage.md, or says why it cannot.

    tests/coverage/behaviour_coverage.py            # check: fails when the file is stale or a rule has no test
    tests/coverage/behaviour_coverage.py --write    # write it

The rules are those of docs/behaviour-rules.txt (number, a title of our own; "(later)" where no test is due yet). A rule's
tests are: C++ cases with the number in their name (`B611_...`) or in a comment or message of their own; Python tests with
it in their name, in themselves or, as the whole file, in the file's docstring (`B-1517 to B-1529` is a range).
docs/behaviour-open.txt lists rules without a test and what is missing; one that has a test must not be listed.
Where ../shared/behaviour.md is there, the list of numbers is compared with it.
"""
import ast
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES, OPEN, RESULT = ROOT / "docs/behaviour-rules.txt", ROOT / "docs/behaviour-open.txt", ROOT / "docs/behaviour-coverage.md"
SPECIFICATION = pathlib.Path(os.environ.get("BATON_TEST_DATA") or ROOT.parent / "shared") / "behaviour.md"
SECTIONS = ["Simulated devices and proofs", "Device strings", "Properties", "Enumeration and capabilities", "Selection",
            "Start-up and hand-over", "Failures", "Hints and request counts", "Several serving devices", "Automatic batching",
            "Cache", "Stateful and dynamic models", "Logging and events", "Explain", "Errors", "Requests and queues"]
NUMBER = r"B-?(\d{3,4})(?!\d)"
CASE = re.compile(r"^(TEST|TEST_F|TEST_P|TYPED_TEST)\(\s*(\w+),\s*(\w+)\s*\)", re.MULTILINE)


def lines_of(path):
    return [line for line in path.read_text().splitlines() if line and not line.startswith("#")]


def read_rules():
    rules = {}
    for line in lines_of(RULES):
        number, title = re.fullmatch(r"(\d+) (.+)", line).groups()
        rules[int(number)] = title
    return rules


def read_open():
    return {int(line.split(" ", 1)[0]): line.split(" ", 1)[1] for line in lines_of(OPEN)}


def numbers_in(text):
    """All numbers of a text; "B-101 to B-105" and "B-101..B-105" are ranges."""
    found = {int(n) for n in re.findall(NUMBER, text)}
    for first, last in re.findall(NUMBER + r"(?: to |\.\.)" + NUMBER, text):
        found.update(range(int(first), int(last) + 1))
    return found


def numbers_of_name(name):
    return {int(n) for n in re.findall(r"(?:^|_)[Bb](\d{3,4})(?=_|$)", name)}


def cpp_tests(path):
    text = path.read_text()
    cases = list(CASE.finditer(text))
    for i, case in enumerate(cases):
        body = text[case.end() : cases[i + 1].start() if i + 1 < len(cases) else len(text)]
        yield f"{case[2]}.{case[3]}", numbers_of_name(case[3]) | numbers_in(body)


def python_tests(path):
    text = path.read_text()
    tree = ast.parse(text)
    yield path.name, numbers_in(ast.get_docstring(tree) or "")
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            yield f"{path.name}: {node.name}", numbers_of_name(node.name) | numbers_in(ast.get_source_segment(text, node))


def collect():
    names = subprocess.run(["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard", "*_test.cc", "tests/*.py"], check=True,
                           capture_output=True, text=True).stdout.split()
    tests = {}
    for name in sorted(set(names)):
        path = ROOT / name
        if path == pathlib.Path(__file__).resolve() or not path.exists():
            continue
        for test, numbers in (python_tests if name.endswith(".py") else cpp_tests)(path):
            for number in numbers:
                tests.setdefault(number, []).append(f"`{test}`")
    return tests


def page(rules, tests, missing):
    lines = ["# Rules and their tests", "",
             "Made by tests/coverage/behaviour_coverage.py; do not edit. A rule is a number of the behaviour specification with a title of our own.", ""]
    tested = sum(1 for n in rules if n in tests)
    later = sum(1 for n, title in rules.items() if n not in tests and title.startswith("(later)"))
    lines.append(f"{len(rules)} rules: {tested} with tests, {later} for later, {len(missing)} open (docs/behaviour-open.txt).")
    section = -1
    for number in sorted(rules):
        if number // 100 != section:
            section = number // 100
            lines += ["", f"## {section}. {SECTIONS[section]}", "", "| rule | title | tests |", "|---|---|---|"]
        shown = tests.get(number, [])
        text = ", ".join(shown[:4]) + (f" and {len(shown) - 4} more" if len(shown) > 4 else "")
        lines.append(f"| B-{number:03} | {rules[number]} | {text or ('**open**: ' + missing[number] if number in missing else '')} |")
    return "\n".join(lines) + "\n"


def problems(rules, tests, missing):
    found = []
    if SPECIFICATION.exists():
        text = SPECIFICATION.read_text().split("\n## 16", 1)[0]
        wanted = {int(n): rest for n, rest in re.findall(r"^(?:- |\| )B-(\d+)\b(.*)$", text, re.MULTILINE)}
        found += [f"B-{n:03} of the specification is not in {RULES.name}" for n in sorted(wanted.keys() - rules.keys())]
        found += [f"B-{n:03} of {RULES.name} is not in the specification" for n in sorted(rules.keys() - wanted.keys())]
        found += [f"B-{n:03}: only one of {RULES.name} and the specification says (later)" for n in sorted(wanted.keys() & rules.keys())
                  if wanted[n].strip().startswith("(later)") != rules[n].startswith("(later)")]
    for number in sorted(rules):
        if len(rules[number].replace("(later) ", "").split()) > 10:
            found.append(f"B-{number:03}: the title has more than ten words")
        if number in tests and number in missing:
            found.append(f"B-{number:03} has a test: take it out of {OPEN.name}")
        if number not in tests and number not in missing and not rules[number].startswith("(later)"):
            found.append(f"B-{number:03} ({rules[number]}) has no test; write one with the number in its name")
    return found


def main():
    rules, tests, missing = read_rules(), collect(), read_open()
    found = problems(rules, tests, missing)
    text = page(rules, tests, missing)
    if "--write" in sys.argv[1:]:
        RESULT.write_text(text)
    elif not RESULT.exists() or RESULT.read_text() != text:
        found.append(f"{RESULT.relative_to(ROOT)} is stale: run tests/coverage/behaviour_coverage.py --write")
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(rules)} rules, {sum(1 for n in rules if n in tests)} with tests, {len(missing)} open")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
