# SPDX-License-Identifier: Apache-2.0
# Copyright (C) 2026 The Baton authors
"""The command-line programs as a user runs them, on simulated machines.

usage: programs_test.py BIN_FOLDER SIM_FOLDER
"""
import json
import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from onnx_file import tiny_model

BIN, SIM = (Path(argument).absolute() for argument in sys.argv[1:3])


class Programs(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)
        self.model = str(self.path / "tiny.onnx")
        Path(self.model).write_bytes(tiny_model())

    def tearDown(self):
        self.folder.cleanup()

    def environment(self, sim):
        keep = {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}
        return {**keep, "BATON_STORE": "off", **({"BATON_SIM": str(sim)} if sim else {})}

    def run_program(self, program, *arguments, sim=SIM / "m1.json", **variables):
        return subprocess.run(
            [str(BIN / program), *arguments],
            env={**self.environment(sim), **variables}, capture_output=True, text=True, timeout=60, cwd=self.path)

    def benchmark(self, *arguments, **options):
        return self.run_program("benchmark_app", "-m", self.model, *arguments, **options)


class BenchmarkApp(Programs):
    def test_B1607_eleven_steps_in_order(self):
        done = self.benchmark("-niter", "4")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(re.findall(r"^\[Step (\d+)/11\] \w", done.stdout, re.MULTILINE), [str(i) for i in range(1, 12)])

    def test_B1608_required_lines(self):
        text = self.benchmark("-d", "AUTO", "-niter", "4").stdout
        for line in (r"Read model took [\d.]+ ms", r"Compile model took [\d.]+ ms", r"First inference took [\d.]+ ms",
                     "  NETWORK_NAME: tiny", r"  EXECUTION_DEVICES: \S+", "  PERFORMANCE_HINT: THROUGHPUT",
                     r"  OPTIMAL_NUMBER_OF_INFER_REQUESTS: \d+", "  MULTI_DEVICE_PRIORITIES: CPU"):
            self.assertRegex(text, rf"(?m)^\[ INFO \] {line}$")

    def test_B1610_start_up_and_generations_on_AUTO_only(self):
        arguments = ("-hint", "latency", "-t", "1", "-json", "result.json")
        text = self.benchmark("-d", "AUTO", *arguments).stdout
        self.assertRegex(text, r"First inference latency: [\d.]+ ms")
        self.assertRegex(text, r"Switch: [\d.]+ ms after start, \(CPU\) -> CPU \[E1/\w+ -> E2/full\]")
        self.assertRegex(text, r"Generation 1: CPU/E1, Count: \d+ iterations, Median: [\d.]+ ms")
        self.assertRegex(text, r"Generation 2: CPU/E2, Count: \d+ iterations")
        result = json.loads((self.path / "result.json").read_text())
        self.assertEqual(result["schema_version"], 1)
        self.assertEqual([own["engine"] for own in result["generations"]], ["E1", "E2"])
        self.assertEqual(sum(own["latency"]["count"] for own in result["generations"]), result["count"])
        self.assertGreater(result["switches"][0]["ms"], 0)
        self.assertNotIn("Generation", self.benchmark("-d", "AUTO", *arguments, "-phases", "off").stdout)
        self.assertNotIn("Generation", self.benchmark("-d", "CPU", *arguments).stdout)

    def test_B1613_AUTO_answers_before_the_GPU_alone_and_ends_on_it(self):
        results = {}
        for device in ("GPU", "AUTO"):
            done = self.benchmark("-d", device, "-hint", "latency", "-t", "2", "--json", "r.json", sim=SIM / "m3.json")
            self.assertEqual(done.returncode, 0, done.stderr)
            results[device] = json.loads((self.path / "r.json").read_text())
        self.assertLess(results["AUTO"]["first_answer_ms"], results["GPU"]["first_answer_ms"])
        self.assertEqual(results["AUTO"]["generations"][-1]["device"], "GPU")
        self.assertEqual(results["AUTO"]["execution_devices"], ["GPU"])

    def test_B1603_iterations_are_rounded_up_to_a_multiple_of_the_requests(self):
        text = self.benchmark("-nireq", "3", "-niter", "4").stdout
        self.assertIn("from 4 to 6 using number of requests 3", text)
        self.assertRegex(text, r"Count: +6 iterations")

    def test_B1606_a_dumped_configuration_can_be_loaded(self):
        self.benchmark("-d", "AUTO", "-niter", "1", "-hint", "latency", "-startup_device", "CPU", "-dump_config", "c.json")
        dumped = json.loads((self.path / "c.json").read_text())
        self.assertEqual(dumped["AUTO"]["PERFORMANCE_HINT"], "LATENCY")
        self.assertEqual(dumped["AUTO"]["STARTUP_DEVICE"], "CPU")
        done = self.benchmark("-d", "AUTO", "-niter", "1", "-load_config", "c.json")
        self.assertIn("PERFORMANCE_HINT: LATENCY", done.stdout)

    def test_inputs_from_files(self):
        (self.path / "x.bin").write_bytes(bytes(16))
        self.assertEqual(self.benchmark("-niter", "2", "-i", "x:x.bin").returncode, 0)
        done = self.benchmark("-niter", "2", "-i", "y:x.bin")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no input 'y'; its inputs: x", done.stderr)

    def test_explain_and_load_from_file(self):
        done = self.benchmark("-d", "AUTO", "-niter", "2", "-load_from_file", "-explain")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Skipping the step for loading model from file", done.stdout)
        self.assertIn('device "AUTO"', done.stdout)

    def test_B1602_a_wrong_command_line_ends_with_2(self):
        for arguments in (["-foo"], ["-niter", "x"], ["-hint", "quick"], ["-shape", "1,4"],
                          ["-nstreams", "CPU:"], ["-mean_values", "[x]"], ["-engines", "openvino"]):
            done = self.benchmark(*arguments)
            self.assertEqual(done.returncode, 2)
            self.assertIn("-h lists all options", done.stderr)
        self.assertEqual(self.run_program("benchmark_app", "-h").returncode, 0)

    def test_B1614_an_error_ends_with_1_and_its_first_line(self):
        for arguments in (["-m", "nowhere.onnx"], ["-m", self.model, "-d", "XPU"]):
            done = self.run_program("benchmark_app", *arguments, "-niter", "1")
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, r"^\[ ERROR \] .+\n$")

    def test_B1614_an_error_is_in_the_report(self):
        self.run_program("benchmark_app", "-m", "nowhere.onnx", "-json_stats", "-report_folder", "made/for/it")
        report = json.loads((self.path / "made/for/it/benchmark_report.json").read_text())
        self.assertIn("nowhere.onnx", report["execution_results"]["error"])

    def test_B1615_no_iteration_is_an_error(self):
        done = self.benchmark("-niter", "0")
        self.assertEqual(done.returncode, 1)
        self.assertIn("0 iterations", done.stderr)

    def test_B1614_ctrl_c_gives_the_report_and_130(self):
        program = subprocess.Popen([str(BIN / "benchmark_app"), "-m", self.model, "-t", "60"], cwd=self.path,
                                   env=self.environment(SIM / "m1.json"), stdout=subprocess.PIPE, text=True)
        text = ""
        while "Step 10" not in text:
            text += program.stdout.readline()
        time.sleep(0.5)  # some inferences
        program.send_signal(signal.SIGINT)
        rest, _ = program.communicate(timeout=30)
        self.assertEqual(program.returncode, 130)
        self.assertRegex(rest, r"Count: +[1-9]\d* iterations")
        self.assertRegex(rest, r"Throughput: +[\d.]+ FPS")

    def test_progress_on_a_terminal_only(self):
        self.assertNotIn("\r", self.benchmark("-t", "1").stdout)
        master, slave = pty.openpty()
        program = subprocess.Popen([str(BIN / "benchmark_app"), "-m", self.model, "-t", "1"], cwd=self.path,
                                   env=self.environment(SIM / "m1.json"), stdout=slave)
        os.close(slave)
        shown = b""
        try:
            while chunk := os.read(master, 4096):
                shown += chunk
        except OSError:  # how Linux tells that the other side is closed
            pass
        program.wait(timeout=30)
        os.close(master)
        self.assertRegex(shown.decode(), r"\r\[=+ +\] \d+ %")


class HelloQueryDevice(Programs):
    def devices(self, sim):
        done = self.run_program("hello_query_device", sim=sim)
        self.assertEqual(done.returncode, 0, done.stderr)
        return re.findall(r"(?m)^    Device: (\S+)$", done.stdout)

    def test_B314_the_lines(self):
        lines = self.run_program("hello_query_device").stdout.splitlines()
        self.assertRegex(lines[0], r"^Baton runtime version: \d+\.\d+\.\d+")
        self.assertEqual(lines[1:4], ["Available devices:", "    Device: CPU", "        SUPPORTED_PROPERTIES:"])
        self.assertIn("            Immutable: ENGINES : E1 E2", lines)
        self.assertIn("            Mutable: PERFORMANCE_HINT : LATENCY", lines)
        self.assertTrue(all(re.match(r" {12}(Immutable|Mutable): [A-Z_]+ : .", line) for line in lines[4:]))

    def test_B315_devices_as_they_are_enumerated(self):
        self.assertEqual(self.devices(SIM / "m2.json"), ["CPU", "GPU.0", "GPU.1"])
        self.assertEqual(self.devices(SIM / "m3.json"), ["CPU", "GPU"])
        self.assertEqual(self.devices(SIM / "m4.json"), ["CPU", "GPU.0", "GPU.1", "NPU"])
        self.assertEqual(self.devices(SIM / "m5.json"), ["CPU", "GPU.0", "GPU.1", "GPU.2"])
        self.assertEqual(self.devices(SIM / "m6.json"), ["CPU", "GPU", "MYRIAD"])

    def test_B316_a_property_that_throws(self):
        script = {"only": True,
                  "devices": [{"name": "NPU", "kind": "accelerator", "properties": {"RANGE_FOR_STREAMS": "many"}}],
                  "pairs": [{"device": "NPU", "engine": "toy"}]}
        done = self.run_program("hello_query_device", sim=json.dumps(script))
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"RANGE_FOR_STREAMS : ERROR .*many")
        self.assertIn("ENGINES : toy", done.stdout)

    def test_B317_any_argument_prints_the_usage(self):
        done = self.run_program("hello_query_device", "--all")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertIn("usage: hello_query_device", done.stdout)

    def test_B317_a_failure_of_the_whole_run(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([str(BIN / "hello_query_device")], env=self.environment(SIM / "m1.json"), stdout=full,
                                  stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot be written", done.stderr)

    def test_B318_no_device_at_all(self):
        done = self.run_program("hello_query_device", sim=None, BATON_ENGINES="none")
        self.assertEqual(done.returncode, 0)
        self.assertTrue(done.stdout.endswith("\nAvailable devices:\n"))


class Doctor(Programs):
    def test_a_machine_that_serves(self):
        done = self.run_program("baton", "doctor", sim=SIM / "m3.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"ok +device +GPU/\S+: a test model answered")

    def test_json_and_status_1_when_nothing_can_serve(self):
        done = self.run_program("baton", "doctor", "--json", sim=None, BATON_ENGINES="none", BATON_ENGINS="sim")
        self.assertEqual(done.returncode, 1)
        report = json.loads(done.stdout)
        self.assertEqual((report["schema_version"], report["serves"]), (1, False))
        problems = {finding["subject"] for finding in report["findings"] if finding["level"] == "problem"}
        self.assertIn("BATON_ENGINS", problems)
        self.assertTrue(all(finding["next_step"] for finding in report["findings"] if finding["level"] == "problem"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
