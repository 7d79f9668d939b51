# SPDX-License-Identifier: Apache-2.0
# Copyright (C) 2026 The Baton authors
"""Our benchmark_app beside the one of the openvino package, on the CPU: the same lines, files and exit codes.

usage: compare_benchmark_app.py OURS THEIRS
Ends with 77 (skipped) where THEIRS (scripts/setup --python) or the model (BATON_TEST_DATA) is not there. What differs on
purpose stands in this file, each with its reason. Figures are checked for sense, not for speed.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SKIPPED = 77
OURS, THEIRS = (os.path.abspath(program) for program in sys.argv[1:3])
DATA = Path(os.environ.get("BATON_TEST_DATA") or Path(__file__).resolve().parents[3] / "shared")
MODEL = DATA / "models/face/version-RFB-320.onnx"

# The runtime has another name.
TITLES = {"Loading OpenVINO Runtime": "Loading Baton Runtime"}
# What the report lines of both must say, in this order; theirs may print microseconds, ours always milliseconds.
REPORT = ["Execution Devices:", "Count:", "Duration:", "Latency:", "Median:", "Average:", "Min:", "Max:", "Throughput:"]
# Properties of the compiled model that step 8 must show on the CPU.
PROPERTIES = {"NETWORK_NAME", "OPTIMAL_NUMBER_OF_INFER_REQUESTS", "PERFORMANCE_HINT", "EXECUTION_DEVICES", "PERF_COUNT",
              "INFERENCE_PRECISION_HINT", "EXECUTION_MODE_HINT", "PERFORMANCE_HINT_NUM_REQUESTS", "LOG_LEVEL"}


def run(program, *arguments):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=120, cwd=folder,
                              env={**os.environ, "BATON_STORE": "off"})
        files = {file.name: file.read_text() for file in Path(folder).iterdir()}
    return done.returncode, done.stdout + done.stderr, files


def both(*arguments):
    return run(OURS, *arguments), run(THEIRS, *arguments)


def steps(text):
    """Number and title of every step, theirs in our words; with the limits of step 10."""
    found = re.findall(r"^\[Step (\d+)/11\] (.+)$", text, re.MULTILINE)
    return [(int(number), TITLES.get(title, title)) for number, title in found]


def report_words(text):
    lines = text[text.index("[Step 11/11]"):].splitlines()
    return [word for line in lines for word in REPORT if re.match(rf"\[ INFO \] +{word}", line)]


def figure(text, name):
    return float(re.search(rf"\[ INFO \] +{name} *([\d.]+)", text)[1])


def properties(text):
    body = text[text.index("[Step 8/11]"):text.index("[Step 9/11]")]
    return set(re.findall(r"^\[ INFO \]   ([A-Z_]+):", body, re.MULTILINE))


def csv_sections(text):
    """Titles with the names of their rows."""
    blocks = [block.splitlines() for block in text.strip().split("\n\n")]
    return {block[0]: [row.split(";")[0] for row in block[1:]] for block in blocks}


class BesideOpenVino(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        arguments = ("-m", str(MODEL), "-d", "CPU", "-niter", "21", "-nireq", "2", "-hint", "latency", "-api", "async",
                     "-report_type", "no_counters", "-dump_config", "config.json")
        cls.ours, cls.theirs = both(*arguments)
        cls.ours_json, cls.theirs_json = both("-m", str(MODEL), "-t", "1", "-json_stats", "-report_type", "no_counters")

    def test_both_end_well(self):
        for code, text, _ in (self.ours, self.theirs, self.ours_json, self.theirs_json):
            self.assertEqual(code, 0, text)

    def test_steps(self):
        self.assertEqual(len(steps(self.ours[1])), 11)
        for ours, theirs in ((self.ours, self.theirs), (self.ours_json, self.theirs_json)):
            self.assertEqual(steps(ours[1]), steps(theirs[1]))

    def test_streams(self):
        for streams in ("2", "CPU:1"):
            ours, theirs = both("-m", str(MODEL), "-d", "CPU", "-niter", "8", "-nireq", "4", "-hint", "none",
                                "-nstreams", streams, "-api", "async", "-report_type", "no_counters")
            self.assertEqual((ours[0], theirs[0]), (0, 0), ours[1] + theirs[1])
            self.assertEqual(steps(ours[1]), steps(theirs[1]))
            self.assertIn(f"4 inference requests using {streams[-1]} streams for CPU, limits: 8 iterations", ours[1])
            self.assertEqual(*(csv_sections(files["benchmark_report.csv"])["Configuration setup"]
                               for _, _, files in (ours, theirs)))

    def test_report_lines(self):
        self.assertEqual(report_words(self.ours[1]), REPORT)
        self.assertEqual(report_words(self.ours[1]), report_words(self.theirs[1]))
        for _, text, _ in (self.ours, self.theirs):
            self.assertEqual(figure(text, "Count:"), 22, "21 is rounded up to a multiple of two requests")
        text = self.ours[1]
        self.assertLessEqual(figure(text, "Min:"), figure(text, "Median:"))
        self.assertLessEqual(figure(text, "Median:"), figure(text, "Max:"))
        # Both are rounded to two decimals.
        self.assertAlmostEqual(figure(text, "Throughput:"), 22 / figure(text, "Duration:") * 1000, delta=5)

    def test_lines_on_the_way(self):
        for line in (r"Read model took [\d.]+ ms", r"Compile model took [\d.]+ ms", r"First inference took [\d.]+ ms",
                     "Model batch size: 1", "Original model I/O parameters:", "Benchmarking in inference only mode .+",
                     r"No input files were given for input 'input'!.+", "Fill input 'input' with random values "):
            for _, text, _ in (self.ours, self.theirs):
                self.assertRegex(text, rf"(?m)^\[ (INFO|WARNING) \] {line}$")

    def test_ports(self):
        # After step 6 theirs shows the picture as u8: it adds a conversion to the model, ours converts the data.
        def ports(text):
            return re.findall(r"^\[ INFO \]     .+ \(node: .+$", text[:text.index("[Step 5/11]")], re.MULTILINE)
        self.assertEqual(ports(self.ours[1]), ports(self.theirs[1]))

    def test_properties_of_the_compiled_model(self):
        self.assertEqual(PROPERTIES - properties(self.theirs[1]), set(), "the list of this test is out of date")
        self.assertEqual(PROPERTIES - properties(self.ours[1]), set())

    def test_dumped_configuration(self):
        self.assertEqual(*(json.loads(files["config.json"]) for _, _, files in (self.ours, self.theirs)))

    def test_csv(self):
        ours, theirs = (csv_sections(files["benchmark_report.csv"]) for _, _, files in (self.ours, self.theirs))
        self.assertEqual(list(ours), list(theirs))
        for title in ("Command line parameters", "Configuration setup"):
            self.assertEqual(ours[title], theirs[title])
        theirs_first = [row for row in ours["Execution results"] if row in theirs["Execution results"]]
        self.assertEqual(theirs_first, theirs["Execution results"], "the same rows in the same order, ours has more")

    def test_json_stats(self):
        ours, theirs = (json.loads(files["benchmark_report.json"]) for _, _, files in (self.ours_json, self.theirs_json))
        self.assertEqual(ours["cmd_options"], theirs["cmd_options"])
        # The name comes from another place: ours is the graph's in the file, theirs the front end's.
        for setup in (ours["configuration_setup"], theirs["configuration_setup"]):
            self.assertTrue(setup.pop("topology"))
        self.assertEqual(ours["configuration_setup"], theirs["configuration_setup"])
        self.assertEqual(set(theirs["execution_results"]) - set(ours["execution_results"]), set())
        for key, value in theirs["execution_results"].items():
            self.assertIs(type(ours["execution_results"][key]), type(value), key)
            self.assertGreater(float(ours["execution_results"][key]), 0, key)

    def test_counters(self):
        arguments = ("-m", str(MODEL), "-niter", "2", "-hint", "latency", "-report_type", "detailed_counters")
        heads, convolutions = [], []
        for code, text, files in both(*arguments):
            self.assertEqual(code, 0, text)
            rows = [row.split(";") for row in files["benchmark_detailed_counters_report.csv"].splitlines() if row]
            heads.append(rows[0])
            self.assertEqual([row[0] for row in rows if row[0] == "Total"], ["Total"], "one request")
            # Names and small nodes differ: theirs converts the picture inside the model.
            convolutions.append(sum("EXECUTED" in row[1] and row[2].endswith("Convolution") for row in rows))
        self.assertEqual(*heads)
        self.assertEqual(*convolutions)
        self.assertGreater(convolutions[0], 10)

    def test_failures(self):
        for arguments in (("-m", str(MODEL), "-no_such_option"), ("-m", "nowhere.onnx", "-niter", "1"),
                          ("-m", str(MODEL), "-d", "NO_SUCH_DEVICE", "-niter", "1"), ("-niter", "1"),
                          ("-m", str(MODEL), "-hint", "quick")):
            (ours, text, _), (theirs, _, _) = both(*arguments)
            self.assertEqual(ours, theirs, f"{arguments}: {text}")


if __name__ == "__main__":
    for needed, remedy in ((Path(THEIRS), "run scripts/setup --python"), (MODEL, "set BATON_TEST_DATA")):
        if not needed.exists():
            print(f"skipped: {needed} is not there; {remedy}")
            sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
