# SPDX-License-Identifier: Apache-2.0
"""Inputs and results of inferences: B-1514, B-1515, B-1531 to B-1533, B-1539."""

import gc
import threading
import weakref

import numpy as np
import pytest

import baton
import onnx_models


def test_B1514_every_form_of_input(two_by_two):
    left, right = np.full((2, 3), 5, np.float32), np.full((2, 3), 2, np.float32)
    by_port = {two_by_two.input("left"): left, two_by_two.input(1): right}
    forms = [[left, right], (left, right), {0: left, 1: right}, {"left": left, "right": right}, by_port]
    request = two_by_two.create_infer_request()
    for form in forms:
        for results in (two_by_two(form), two_by_two.infer_new_request(form), request.infer(form)):
            assert (results["sum"] == 7).all() and (results[1] == 3).all()


def test_B1514_one_value_stands_for_the_only_input(twice, x, two_by_two):
    for value in (x, baton.Tensor(x), x.tolist(), [x], np.asfortranarray(x), x.astype(np.int64)):
        np.testing.assert_array_equal(twice(value)[0], 2 * x)
    with pytest.raises(baton.Exception, match="model of 2 inputs") as error:
        two_by_two(x)
    assert error.value.code == "InvalidArgument"


def test_B1514_ports_of_the_model_that_was_compiled_are_keys_too(core):
    model = core.read_model(onnx_models.twice())
    compiled = core.compile_model(model, "CPU")
    results = compiled({model.input(): np.ones((1, 4), np.float32)})
    assert (results[model.output()] == 2).all()


def test_B1514_a_compiled_model_is_called_by_many_threads(twice):
    wrong = []

    def work(value):
        for _ in range(200):
            if not (twice(np.full((1, 4), value, np.float32))[0] == 2 * value).all():
                wrong.append(value)

    threads = [threading.Thread(target=work, args=(value,)) for value in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_B1515_ports(two_by_two):
    assert [port.any_name for port in two_by_two.inputs] == ["left", "right"]
    port = two_by_two.output("difference")
    assert port == two_by_two.output(1) and hash(port) == hash(two_by_two.outputs[1])
    assert port.names == {"difference"} and port.get_index() == 1
    assert port.shape == [2, 3] and list(port.shape) == [2, 3] and tuple(port.get_shape()) == (2, 3)
    assert port.partial_shape == [2, 3] and port.partial_shape.is_static
    assert port.element_type == baton.Type.f32
    for wrong in (7, "nobody"):
        with pytest.raises(baton.Exception) as error:
            two_by_two.input(wrong)
        assert error.value.code == "InvalidArgument"


def test_B1531_arrays_are_cast_and_tensors_are_not(twice, x):
    for dtype in (np.float64, np.float16, np.int8, np.uint64, np.bool_, ">f4"):
        np.testing.assert_array_equal(twice(x.astype(dtype))[0], 2 * x.astype(dtype).astype(np.float32))
    with pytest.raises(baton.Exception, match="f64") as error:
        twice(baton.Tensor(x.astype(np.float64)))
    assert error.value.code == "InvalidArgument"


def test_B1531_inputs_not_given_keep_their_last_value(two_by_two):
    request = two_by_two.create_infer_request()
    request.infer({"left": np.full((2, 3), 5, np.float32), "right": np.full((2, 3), 2, np.float32)})
    assert (request.infer({"right": np.full((2, 3), 1, np.float32)})["sum"] == 6).all()
    assert (request.infer()["sum"] == 6).all()


def test_B1532_sharing_uses_the_memory_and_copying_does_not(twice):
    request = twice.create_infer_request()
    mine = np.ones((1, 4), np.float32)
    request.infer(mine, share_inputs=True)
    mine[:] = 3
    assert (request.infer()[0] == 6).all()
    request.infer(np.full((1, 4), 8, np.float32))
    assert (mine == 3).all(), "a copying call wrote into an array that was shared before"
    request.infer(mine)
    mine[:] = 4
    assert (request.infer()[0] == 6).all()


def test_B1532_read_only_arrays_are_copied(twice, x):
    x.flags.writeable = False
    request = twice.create_infer_request()
    np.testing.assert_array_equal(request.infer(x, share_inputs=True)[0], 2 * x)
    request.get_input_tensor().data[:] = 9
    assert x[0, 0] == 1


def test_B1532_results_survive_the_next_inference_unless_shared(twice, x):
    request = twice.create_infer_request()
    first = request.infer(x)[0]
    view = request.infer(x, share_outputs=True)[0]
    request.infer(10 * x)
    np.testing.assert_array_equal(first, 2 * x)
    np.testing.assert_array_equal(view, 20 * x)
    first[:] = 0  # the copy is the user's to change


def test_B1533_results_by_port_index_and_name(two_by_two):
    results = two_by_two([np.ones((2, 3), np.float32)] * 2)
    assert list(results) == two_by_two.outputs == list(results.keys())
    assert len(results) == 2 and results.names() == ({"sum"}, {"difference"})
    assert results[0] is results["sum"] is results[two_by_two.output(0)] is results.to_tuple()[0]
    assert list(results.to_dict()) == two_by_two.outputs and [*results.values()][1] is results[1]
    assert dict(results.items())[two_by_two.output(1)] is results[1]
    for missing in (2, "nobody"):
        with pytest.raises(KeyError):
            results[missing]
    with pytest.raises(TypeError):
        results[1.0]


def test_results_of_one_model_are_inputs_of_another(twice, x):
    np.testing.assert_array_equal(twice(twice(x))[0], 4 * x)


def test_B1539_inputs_live_as_long_as_a_request_may_read_them(slow):
    class Watched(np.ndarray):
        pass

    data = np.zeros((256, 256), np.float32).view(Watched)
    gone = weakref.ref(data)
    request = slow.create_infer_request()
    request.start_async(data, share_inputs=True)
    del data
    gc.collect()
    assert gone() is not None
    request.wait()
    assert (request.results[0] == 0).all()
    request.infer(np.ones((256, 256), np.float32), share_inputs=True)
    gc.collect()
    assert gone() is None, "an input was kept although another one took its place"


def test_B1539_the_model_may_be_deleted_in_between(core):
    compiled = core.compile_model(core.read_model(onnx_models.twice()), "CPU")
    request = compiled.create_infer_request()
    del compiled
    gc.collect()
    assert (request.infer(np.ones((1, 4), np.float32))[0] == 2).all()
    assert (request.get_compiled_model()(np.ones((1, 4), np.float32))[0] == 2).all()


@pytest.mark.parametrize("dtype", ["float64", "float16", "int32", "int64", "uint8", "int8", "bool"])
def test_element_types_pass_unchanged(core, dtype):
    compiled = core.compile_model(core.read_model(onnx_models.copy_of(dtype)), "CPU")
    data = np.array([[0, 1, 1], [1, 0, 1]]).astype(dtype)
    result = compiled(data)[0]
    assert result.dtype == data.dtype
    np.testing.assert_array_equal(result, data)


def test_dynamic_shapes_and_reshape(core):
    model = core.read_model(onnx_models.twice(("n", 4)))
    assert model.is_dynamic() and model.input().partial_shape == [-1, 4]
    compiled = core.compile_model(model, "CPU")
    request = compiled.create_infer_request()
    kept = []
    for rows in (1, 5, 300, 2, 0):
        data = np.full((rows, 4), rows, np.float32)
        kept.append(request.infer(data)[0])
        view = request.get_output_tensor().data
        assert (request.infer(data, share_inputs=True)[0] == 2 * rows).all()
        assert view.shape == (rows, 4), "a view changed when the request went on"
    assert [array.shape[0] for array in kept] == [1, 5, 300, 2, 0]
    with pytest.raises(baton.Exception, match="dynamic"):
        _ = model.input().shape
    model.reshape({"data": [7, 4]})
    assert model.input().shape == [7, 4] and model.output().shape == [7, 4]
    assert compiled.input().partial_shape == [-1, 4]


def test_a_wrong_shape_says_what_was_expected(twice):
    for call in (twice, twice.create_infer_request().infer):
        with pytest.raises(baton.Exception, match=r"'data' takes the shape \[1,4\].*\[2,4\]") as error:
            call(np.zeros((2, 4), np.float32))
        assert error.value.code == "InvalidArgument" and isinstance(error.value, RuntimeError)
