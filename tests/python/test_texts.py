# SPDX-License-Identifier: Apache-2.0
"""Tensors and models of text: element type string."""

import threading

import numpy as np
import pytest

import baton
import onnx_models

openvino = pytest.importorskip("openvino")

WORDS = ["cat", "", "Löwe ☂", "a word that is far too long to lie inside of a string object"]
AS_BYTES = [word.encode() for word in WORDS]
FORMS = {
    "list": WORDS,
    "list of bytes": AS_BYTES,
    "array of str": np.array(WORDS),
    "array of bytes": np.array(AS_BYTES),
    "array of objects": np.array(WORDS, dtype=object),
}


@pytest.fixture(scope="module", params=["CPU", "AUTO"])
def echo(request, core):
    """out = data, of text, of any length."""
    return core.compile_model(core.read_model(onnx_models.copy_of("string", ("n",))), request.param)


def test_openvino_does_not_run_texts_and_the_reason_says_what_does(core):
    """Its CPU device frees texts of dynamic outputs twice (2026.4.1)."""
    model = core.read_model(onnx_models.copy_of("string", ("n",)))
    with pytest.raises(baton.Exception, match="'data' holds strings.* the engine onnxruntime does"):
        core.compile_model(model, "CPU", {"ENGINE_PRIORITIES": {"CPU": "openvino"}})


def test_a_tensor_of_text_reads_back_as_in_openvino():
    for name, form in FORMS.items():
        ours = baton.Tensor(form)
        assert repr(ours) == "<Tensor: shape[4] type: string>", name
        assert ours.str_data.tolist() == WORDS and ours.bytes_data.tolist() == AS_BYTES, name
        if name == "array of objects":
            continue  # openvino refuses it
        theirs = openvino.Tensor(form)
        for attribute in ("data", "str_data", "bytes_data"):
            a, b = getattr(ours, attribute), getattr(theirs, attribute)
            assert a.dtype == b.dtype and np.array_equal(a, b), (name, attribute)
        assert (ours.byte_size, ours.size, list(ours.strides)) == (theirs.byte_size, theirs.size, list(theirs.strides))


def test_a_tensor_of_text_is_filled_copied_and_reshaped():
    tensor = baton.Tensor(baton.Type.string, [2])
    assert tensor.str_data.tolist() == ["", ""]
    tensor.str_data = ["x", "yy"]
    copy = baton.Tensor(baton.Type.string, [1])
    tensor.copy_to(copy)
    tensor.copy_from(np.array(["p", "q", "r"]))
    assert copy.str_data.tolist() == ["x", "yy"] and tensor.bytes_data.tolist() == [b"p", b"q", b"r"]
    assert baton.Tensor([["a"], ["b"]]).str_data.tolist() == [["a"], ["b"]]
    tensor.shape = [2, 2]
    assert tensor.str_data.shape == (2, 2)


def test_what_is_no_text_is_refused():
    for call, kind in (
        (lambda: baton.Tensor(np.array(["a", 5], dtype=object)), TypeError),
        (lambda: baton.Tensor(np.array(WORDS), shared_memory=True), baton.Exception),
        (lambda: baton.Tensor([1.0]).str_data, TypeError),
        (lambda: memoryview(baton.Tensor(WORDS)), BufferError),
    ):
        with pytest.raises(kind):
            call()


def test_types_of_text():
    for dtype in (str, np.str_, np.bytes_, np.dtype("U4")):
        assert baton.Type(dtype) == baton.Type.string
    assert baton.Type.string.to_dtype() == openvino.Type.string.to_dtype()
    assert baton.Type.string.size == openvino.Type.string.size


def test_texts_go_through_a_model_in_every_form(echo):
    assert echo.input().element_type == baton.Type.string
    for name, form in FORMS.items():
        for given in (form, [np.array(form)], {0: form}, {"data": form}, baton.Tensor(form)):
            assert echo(given)[0].tolist() == WORDS, name
    assert echo(WORDS, decode_strings=False)["out"].tolist() == AS_BYTES
    assert echo("one")[0].tolist() == ["one"]


def test_requests_and_queues_of_texts(echo):
    request = echo.create_infer_request()
    for words in (WORDS, ["x"], WORDS * 3):
        assert request.infer({0: words}, share_inputs=True, share_outputs=True)[0].tolist() == words
        assert request.get_output_tensor().str_data.tolist() == words
    tensor = baton.Tensor(["a", "b"])
    request.set_tensor("data", tensor)
    request.infer()
    tensor.str_data = ["c", "d"]  # in place
    request.infer()
    assert request.results[0].tolist() == ["c", "d"]

    seen = {}
    queue = baton.AsyncInferQueue(echo, 2)
    queue.set_callback(lambda job, number: seen.update({number: job.results[0].tolist()}))
    for number in range(20):
        queue.start_async([np.array([f"text {number}", "more"])], number)
    queue.wait_all()
    assert seen == {number: [f"text {number}", "more"] for number in range(20)}


def test_threads_with_texts(echo):
    def run(number):
        for turn in range(50):
            words = [f"{number} {turn} " + "x" * turn]
            assert echo(words)[0].tolist() == words
        done.append(number)

    done = []
    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(done) == [0, 1, 2, 3]


def test_texts_over_a_hand_over(core):
    compiled = core.compile_model(core.read_model(onnx_models.copy_of("string", ("n",))), "AUTO")
    for turn in range(200):
        assert compiled([f"turn {turn}"])[0].tolist() == [f"turn {turn}"]
    assert compiled.wait_until_steady(30_000)
    assert compiled(WORDS)[0].tolist() == WORDS


def test_texts_under_a_time_limit_and_in_batches(core):
    model = core.read_model(onnx_models.copy_of("string", ("n",)))
    limited = core.compile_model(model, "AUTO", {"INFER_TIMEOUT": 30_000})
    assert limited(WORDS)[0].tolist() == WORDS
    batched = core.compile_model(core.read_model(onnx_models.copy_of("string", (1, 2))), "BATCH:CPU(4)")
    assert batched.get_property("BATCH_SIZE") in (1, "1")
    assert batched([["a", "b"]])[0].tolist() == [["a", "b"]]


def test_a_model_of_text_refuses_numbers_and_one_of_numbers_texts(core, twice, echo):
    with pytest.raises(TypeError, match="expected str or bytes"):
        echo(np.ones(2, np.float32))
    with pytest.raises((TypeError, ValueError, baton.Exception)):
        twice(np.array([["a"] * 4]))
    with pytest.raises(baton.Exception, match="string"):
        echo(baton.Tensor(np.ones(2, np.float32)))
