# SPDX-License-Identifier: Apache-2.0
# Copyright (C) 2026 The Baton authors
import unittest

import agreement


class B532(unittest.TestCase):
    def test_the_lower_precision_decides(self):
        self.assertEqual(agreement.lower_precision("f32", "bf16"), "bf16")
        self.assertEqual(agreement.lower_precision("i8", "f16"), "i8")
        self.assertEqual(agreement.lower_precision("f32", ""), "f32")

    def test_limit_is_relative_plus_absolute(self):
        reference = [3.0, 4.0]                                   # norm 5: limit 0.005 + 0.0001 * sqrt(2)
        self.assertEqual(agreement.compare_values(reference, [3.0, 4.005], [2], "f32"), "")
        self.assertIn("2-norm", agreement.compare_values(reference, [3.0, 4.006], [2], "f32"))
        self.assertEqual(agreement.compare_values(reference, [3.0, 4.09], [2], "bf16"), "")

    def test_nan_on_one_side_only(self):
        nan = float("nan")
        self.assertIn("one side", agreement.compare_values([1.0, 2.0], [1.0, nan], [2], "i8"))
        self.assertEqual(agreement.compare_values([1.0, nan], [1.0, nan], [2], "f32"), "")

    def test_a_distribution_keeps_its_top_entry(self):
        self.assertIn("top entry", agreement.compare_values([0.44, 0.38, 0.18], [0.40, 0.42, 0.18], [1, 3], "i8"))
        self.assertEqual(agreement.compare_values([0.501, 0.499], [0.499, 0.501], [1, 2], "bf16"), "")

    def test_distribution_along_any_axis(self):
        self.assertEqual(agreement.is_distribution([0.25, 0.9, 0.75, 0.1], [1, 2, 2]), 1)
        self.assertEqual(agreement.is_distribution([0.25, 0.75, 0.1, 0.9], [1, 2, 2]), 2)
        self.assertIsNone(agreement.is_distribution([0.25, 0.70, 0.1, 0.7], [1, 2, 2]))
        self.assertIsNone(agreement.is_distribution([-0.5, 1.5], [2]))

    def test_outputs_must_match_in_number_and_shape(self):
        one = {"name": "y", "type": "i64", "shape": [1, 2]}
        self.assertIn("0 outputs", agreement.compare_outputs([one], [], "f32"))
        self.assertIn("shape", agreement.compare_outputs([one], [{**one, "shape": [2]}], "f32"))
        self.assertEqual(agreement.compare_outputs([one], [one], "f32"), "")


if __name__ == "__main__":
    unittest.main()
