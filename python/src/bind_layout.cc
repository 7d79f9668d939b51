// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "baton/layout.hpp"

#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include "bindings.h"
#include "shapes.h"

namespace baton::python {
namespace {

/// The functions of baton.layout_helpers.
void bind_helpers(nb::module_& module) {
  const auto def = [&module](const char* has, auto has_it, const char* index, auto index_of) {
    module.def(has, has_it, nb::arg("layout"));
    module.def(index, index_of, nb::arg("layout"), "Counted from the end, and negative, behind \"...\".");
  };
  def("has_batch", layout::has_batch, "batch_idx", layout::batch_idx);
  def("has_channels", layout::has_channels, "channels_idx", layout::channels_idx);
  def("has_depth", layout::has_depth, "depth_idx", layout::depth_idx);
  def("has_height", layout::has_height, "height_idx", layout::height_idx);
  def("has_width", layout::has_width, "width_idx", layout::width_idx);
  module.def("get_layout", layout::get_layout, nb::arg("port"), "What was set for an input or output of a Model.");
  module.def("set_layout", layout::set_layout, nb::arg("port"), nb::arg("layout"),
             "An annotation for set_batch and get_batch; what the model computes stays.");
}

nb::object equals_layout(const Layout& self, nb::handle other) {
  if (nb::isinstance<Layout>(other)) return nb::cast(self == nb::cast<const Layout&>(other));
  if (nb::isinstance<nb::str>(other)) return nb::cast(self == Layout(nb::cast<std::string>(other)));
  return nb::borrow(Py_NotImplemented);
}

}  // namespace

void bind_layout(nb::module_& module) {
  nb::class_<Layout> type(module, "Layout", "What the dimensions of a tensor mean: 'NCHW', 'N...C', '[N,height,...]'.");
  type.def(nb::init<>());
  type.def(nb::init<const std::string&>(), nb::arg("layout_str"));
  type.def_static("scalar", &Layout::scalar);
  type.def_prop_ro("empty", &Layout::empty, "True when nothing is known.");
  type.def("has_name", &Layout::has_name, nb::arg("dimension_name"));
  type.def("get_index_by_name", &Layout::get_index_by_name, nb::arg("dimension_name"),
           "Counted from the end, and negative, behind '...'. Raises when there is no such dimension.");
  type.def("to_string", &Layout::to_string, "As in '[N,C,H,W]'.");
  type.def("__str__", &Layout::to_string);
  type.def("__repr__", [](const Layout& self) { return "<Layout: " + self.to_string() + ">"; });
  type.def("__hash__", [](const Layout& self) { return nb::hash(nb::str(self.to_string().c_str())); });
  type.def("__eq__", equals_layout, nb::sig("def __eq__(self, other: object) -> bool"));
  nb::implicitly_convertible<nb::str, Layout>();
  bind_helpers(module);
  module.def(
      "get_batch", [](const std::shared_ptr<Model>& model) { return get_batch(model); }, nb::arg("model"),
      "The dimension N of the inputs whose layouts have one. Raises when none has.");
  module.def(
      "set_batch", [](const std::shared_ptr<Model>& model, Dimension batch) { set_batch(model, batch); },
      nb::arg("model"), nb::arg("dimension"), "Reshapes the inputs whose layouts have a dimension N.");
  module.def(
      "set_batch", [](const std::shared_ptr<Model>& model, std::int64_t batch) { set_batch(model, Dimension(batch)); },
      nb::arg("model"), nb::arg("batch_size") = -1);
}

}  // namespace baton::python
