// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
#include "model/ir_layers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/ir_builder.h"

namespace baton::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(IrLayers, what_is_no_ir_is_an_error) {
  for (const std::string text : {"", "<", "<net", "<net version=\"11\">", "<net version=11></net>", "</net>",
                                 "<net version=\"11\"></other>", "<!-- ", "<?xml", "<a/>", "plain text",
                                 "<net version=\"11\"><layers><layer id=\"1", "<!DOCTYPE net [<!ENTITY a 'b'>]>"}) {
    const auto net = read_ir_net(text);
    ASSERT_FALSE(net.is_ok()) << text;
    EXPECT_EQ(net.status().code(), base::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(net.status().message(), HasSubstr("XML")) << text;
  }
}

TEST(IrLayers, a_text_that_is_cut_off_anywhere_is_an_error) {
  const std::string good = test::IrGraph().parameter("x", {1, 4}).layer("ReLU", "y", {"x"}, {1, 4}).result("y").xml();
  ASSERT_TRUE(read_ir_net(good).is_ok());
  for (std::size_t length = 0; length + 2 < good.size(); ++length)
    EXPECT_FALSE(read_ir_net(std::string_view(good).substr(0, length)).is_ok()) << length;
}

TEST(IrLayers, a_text_with_any_byte_changed_is_read_or_refused) {
  const std::string good = test::IrGraph().parameter("x", {1, 4}).layer("ReLU", "y", {"x"}, {1, 4}).result("y").xml();
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char c : {'<', '>', '"', '&', '/', '9', '-', '\0', '\xff'}) {
      std::string text = good;
      text[at] = c;
      const auto net = read_ir_net(text);
      EXPECT_TRUE(net.is_ok() || !net.status().message().empty());
    }
  }
}

TEST(IrLayers, names_and_attributes_as_they_are_written) {
  const auto net = read_ir_net(
      "<net name='n' version='11'><layers><layer id='7' name='a &lt;&amp;&quot;&gt; b' type='Const' version='opset1'>"
      "<data shape='1, 3'  x = \"'\" /><output><port id='0' names='one,two\\,half'><dim> 1</dim><dim>?</dim>"
      "<dim>1..8</dim><dim>-1</dim></port></output></layer></layers></net>");
  ASSERT_TRUE(net.is_ok()) << net.status().message();
  EXPECT_EQ(net->version, 11);
  const IrLayer& layer = net->layers.at(0);
  EXPECT_EQ(layer.name, "a <&\"> b");
  EXPECT_EQ(layer.type, "Const");
  EXPECT_EQ(layer.version, "opset1");
  EXPECT_EQ(layer.data.at("x"), "'");
  EXPECT_THAT(ir_numbers(layer.data.at("shape")), ElementsAre(1, 3));
  EXPECT_THAT(layer.outputs.at(0).names, ElementsAre("one", "two,half"));
  EXPECT_THAT(layer.outputs.at(0).shape, ElementsAre(1, -1, -1, -1));
}

TEST(IrLayers, inputs_know_where_they_come_from_and_outputs_whether_they_are_used) {
  test::IrGraph graph;
  graph.parameter("x", {1, 4}).scalar("axis", 1);
  graph.layers("Split", "s", {"x", "axis"}, {{1, 2}, {1, 2}}).layer("ReLU", "y", {"s.1"}, {1, 2}).result("y");
  const auto net = read_ir_net(graph.xml(10));
  ASSERT_TRUE(net.is_ok()) << net.status().message();
  EXPECT_EQ(net->version, 10);
  ASSERT_EQ(net->layers.size(), 5u);
  ASSERT_EQ(net->layers[3].inputs.size(), 1u);
  EXPECT_EQ(net->layers[3].inputs[0].layer, 2u);
  EXPECT_EQ(net->layers[3].inputs[0].output, 1u);
  EXPECT_FALSE(net->layers[2].outputs[0].used);
  EXPECT_TRUE(net->layers[2].outputs[1].used);
  EXPECT_TRUE(net->layers[3].outputs[0].used);
}

TEST(IrLayers, a_body_is_passed_over) {
  test::IrGraph graph;
  graph.parameter("x", {1, 4}).body().layer("TensorIterator", "y", {"x"}, {1, 4}).result("y");
  const auto net = read_ir_net(graph.xml());
  ASSERT_TRUE(net.is_ok());
  ASSERT_EQ(net->layers.size(), 3u);
  EXPECT_TRUE(net->layers[1].has_body);
  EXPECT_FALSE(net->layers[0].has_body);
}

TEST(IrLayers, another_order_of_layers_and_missing_edges_are_unsupported) {
  const std::string relu =
      "<layer id='1' name='y' type='ReLU'><input><port id='0'/></input><output><port id='1'/></output></layer>";
  const std::string x = "<layer id='0' name='x' type='Parameter'><output><port id='0'/></output></layer>";
  const std::string edge = "<edge from-layer='0' from-port='0' to-layer='1' to-port='0'/>";
  const auto read = [](const std::string& layers, const std::string& edges) {
    return read_ir_net("<net version='11'><layers>" + layers + "</layers><edges>" + edges + "</edges></net>");
  };
  EXPECT_TRUE(read(x + relu, edge).is_ok());
  for (const auto& net : {read(relu + x, edge), read(x + relu, "")}) {
    ASSERT_FALSE(net.is_ok());
    EXPECT_EQ(net.status().code(), base::StatusCode::kUnsupported);
    EXPECT_THAT(net.status().message(), HasSubstr("'y' stands before what it uses"));
  }
}

TEST(IrLayers, lists_of_numbers) {
  EXPECT_THAT(ir_numbers("1, 3,300"), ElementsAre(1, 3, 300));
  EXPECT_THAT(ir_numbers("-1"), ElementsAre(-1));
  EXPECT_THAT(ir_numbers(""), ElementsAre());
  EXPECT_THAT(ir_numbers("2,x,3"), ElementsAre(2));
  EXPECT_THAT(ir_numbers("99999999999999999999"), ElementsAre());
}

}  // namespace
}  // namespace baton::model
