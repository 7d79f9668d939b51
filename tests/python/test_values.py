# SPDX-License-Identifier: Apache-2.0
"""Tensor, Type, Shape, PartialShape, Dimension, Model."""

import copy
import gc

import numpy as np
import pytest

import baton
import onnx_models
from baton import Dimension, PartialShape, Shape, Tensor, Type


def test_tensor_shares_or_copies_an_array():
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    shared, copied = Tensor(array, shared_memory=True), Tensor(array)
    array[0, 0] = 9
    assert shared.data[0, 0] == 9 and copied.data[0, 0] == 0
    assert np.shares_memory(shared.data, array) and np.shares_memory(np.asarray(shared), array)
    assert shared.shape == [2, 3] and shared.element_type == Type.f32
    assert (shared.size, shared.byte_size, tuple(shared.strides)) == (6, 24, (12, 4))


def test_tensor_keeps_the_array_alive():
    tensor = Tensor(np.full(1 << 16, 7, np.float32), shared_memory=True)
    gc.collect()
    view = tensor.data
    del tensor
    gc.collect()
    assert (view == 7).all()


def test_tensor_of_its_own_memory():
    for tensor in (Tensor(Type.i32, [2, 2]), Tensor(np.int32, Shape([2, 2])), Tensor("int32", (2, 2))):
        tensor.data[:] = [[1, 2], [3, 4]]
        assert tensor.data.dtype == np.int32 and tensor.get_element_type() == Type.i32
    assert (copy.deepcopy(tensor).data == tensor.data).all()
    assert not np.shares_memory(copy.deepcopy(tensor).data, tensor.data)
    other = Tensor(Type.i32, [1])
    tensor.copy_to(other)
    assert other.shape == [2, 2] and other.data[1, 1] == 4
    other.copy_from(np.array([5, 6], np.int32))
    assert other.data.tolist() == [5, 6]


def test_views_survive_a_change_of_shape():
    tensor = Tensor(Type.f32, [4])
    tensor.data[:] = 1
    view = tensor.data
    tensor.shape = [1 << 20]
    assert (view == 1).all() and tensor.size == 1 << 20


def test_tensor_as_other_elements():
    array = np.array([1, 2, 3, 4], np.float32)
    assert Tensor(array, [16], Type.u8).data.tobytes() == array.tobytes()
    with pytest.raises(baton.Exception, match="too small"):
        Tensor(array, [40], Type.f32)
    with pytest.raises(baton.Exception, match="64 bytes|caller's memory"):
        Tensor(array, shared_memory=True).set_shape([16])


def test_bfloat16_is_rounded_to_nearest():
    model = baton.Core().read_model(onnx_models.copy_of("float32"))
    assert model.input().element_type == Type.f32
    tensor = Tensor(Type.bf16, [3])
    tensor.data = np.array([1.0, 1.00390625, np.nan], np.float32)
    bits = tensor.data.view(np.uint16)
    assert bits[0] == 0x3F80 and bits[1] == 0x3F80 and bits[2] & 0x7FFF > 0x7F80


def test_packed_types_are_bytes():
    tensor = Tensor(Type.u4, [5])
    assert tensor.byte_size == 3 and tensor.data.shape == (3,) and tensor.data.dtype == np.uint8


def test_types_and_dtypes():
    for name in ("bool", "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint64"):
        assert Type(np.dtype(name)).to_dtype() == np.dtype(name)
    assert Type(np.float32) == Type("float32") == Type.f32 != Type.f16
    assert str(Type.i64) == "<Type: 'int64_t'>" and Type.i64.get_type_name() == "i64"
    assert (Type.i4.bitwidth, Type.i4.size, Type.f64.get_size()) == (4, 1, 8)
    assert Type.f32.is_real() and Type.i8.is_signed() and not Type.u8.signed
    assert Type.boolean.is_integral() and not Type.boolean.is_integral_number()
    assert len({Type.f32, Type.f32, Type.i8}) == 2
    with pytest.raises(TypeError, match="complex128"):
        Type(np.complex128)
    with pytest.raises(TypeError, match="dynamic"):
        Type.dynamic.to_dtype()


def test_shapes():
    shape = Shape([1, 3, 5])
    assert shape == [1, 3, 5] == list(shape) and shape == (1, 3, 5) and shape != [1, 3]
    assert shape[-1] == 5 and shape[1:] == [3, 5] and len(shape) == 3 and str(shape) == "[1,3,5]"
    shape[0] = 8
    assert shape[0] == 8 and Shape("[2,4]") == [2, 4]
    with pytest.raises(IndexError):
        shape[3]
    with pytest.raises(TypeError):
        Shape([-1])


def test_partial_shapes_and_dimensions():
    shape = PartialShape([1, -1, (2, 8), "3..", Dimension(4)])
    assert str(shape) == "[1,?,2..8,3..,4]" and PartialShape(str(shape)) == shape
    assert shape.is_dynamic and shape.rank == 5 and shape[0] == 1 and shape[1].is_dynamic
    assert shape.get_min_shape() == [1, 0, 2, 3, 4] and shape.get_max_shape()[2] == 8
    shape[1] = 7
    assert shape[1] == 7 and shape[:2] == [1, 7]
    assert PartialShape([1, 2]).to_shape() == [1, 2]
    assert PartialShape.dynamic().rank.is_dynamic and PartialShape.dynamic(2) == [-1, -1]
    assert Dimension(2, 8).min_length == 2 and Dimension().max_length == -1
    assert Dimension("2..8") == Dimension(2, 8) and Dimension(3) == 3
    assert PartialShape([1, -1]).compatible(PartialShape([1, 3]))
    with pytest.raises(baton.Exception):
        PartialShape([1, -1]).to_shape()


def test_a_model_is_read_from_paths_bytes_and_files(core, tmp_path):
    import io

    content = onnx_models.twice()
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    for source in (str(path), path, content, io.BytesIO(content), path.open("rb")):
        assert core.read_model(source).input().any_name == "data"
    assert baton.read_model(path).friendly_name == "tiny"
    with pytest.raises(baton.Exception, match="no/such") as error:
        core.read_model("no/such.onnx")
    assert error.value.code == "InvalidArgument"
    with pytest.raises(TypeError):
        core.read_model(5)


def test_a_model_is_cloned_and_reshaped(core):
    model = core.read_model(onnx_models.twice(("n", 4)))
    clone = copy.deepcopy(model)
    clone.reshape([2, 4])
    assert clone.input().shape == [2, 4] and model.dynamic
    model.reshape({0: "3..5,4"})
    assert model.input(0).partial_shape == PartialShape("[3..5,4]")
    with pytest.raises(baton.Exception, match="nobody"):
        model.reshape({"nobody": [1, 4]})
    with pytest.raises(TypeError):
        copy.copy(model)
    with model as same:
        assert same.get_name() == "tiny"


def test_ir_in_memory(core, test_data):
    path = next(iter(sorted((test_data / "models" / "ir_v11").glob("**/*.xml"))), None)
    if path is None:
        pytest.skip("no IR among the test data")
    weights = path.with_suffix(".bin").read_bytes()
    by_path = core.read_model(path)
    for model, given in ((path.read_text(), Tensor(np.frombuffer(weights, np.uint8))), (path.read_bytes(), weights)):
        assert core.read_model(model, given).inputs[0].partial_shape == by_path.inputs[0].partial_shape
