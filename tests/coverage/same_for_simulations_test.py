#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""B-005: every rule holds the same for simulated devices and real ones. No source above the engines names the simulated engine, so
none can ask whether a pair is simulated; and no field of what engines say of themselves would tell it."""
import pathlib
import re
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2] / "src"
ABOVE_THE_ENGINES = ["auto", "cache", "policy", "report", "runtime", "store"]
NAMES_IT = re.compile(r'"sim"|\bsim::|"sim/|\bis_simulat|\bsimulated\b\s*[=;(]', re.IGNORECASE)


def code_of(path):
    return re.sub(r"//[^\n]*", "", path.read_text())


class SameForSimulations(unittest.TestCase):
    def sources(self, *folders):
        for folder in folders:
            found = [p for p in (SOURCE / folder).glob("*.*") if p.suffix in (".cc", ".h") and not p.stem.endswith("_test")]
            self.assertTrue(found, folder)
            yield from found

    def test_B005_no_layer_above_the_engines_names_the_simulated_engine(self):
        for path in self.sources(*ABOVE_THE_ENGINES):
            self.assertIsNone(NAMES_IT.search(code_of(path)), path)

    def test_B005_no_device_or_executable_says_that_it_is_simulated(self):
        for path in [SOURCE / "engine/device.h", SOURCE / "engine/engine.h"]:
            self.assertIsNone(NAMES_IT.search(code_of(path)), path)

    def test_the_pattern_finds_what_it_looks_for(self):
        for line in ['if (pair.engine == "sim") return;', '#include "sim/simulation.h"', "bool simulated = false;", "sim::make()"]:
            self.assertIsNotNone(NAMES_IT.search(line), line)


if __name__ == "__main__":
    unittest.main()
