// SPDX-License-Identifier: Apache-2.0
// Copyright (C) 2026 The Baton authors
//
// Real models of every format against answers that other runs and other engines gave.
#include <gtest/gtest.h>

#include <fstream>

#include "base/file_content.h"
#include "graph.h"
#include "support/test_data.h"
#include "test_runner.h"

namespace baton::engine::openvino {
namespace {

using base::StatusCode;
using model::Format;
using test::Picture;

std::vector<float> column(const test::NpyArray& array, std::size_t row) {
  const std::size_t size = array.float_count() / array.shape[0];
  return {array.floats() + row * size, array.floats() + (row + 1) * size};
}

std::size_t top(const float* values, std::size_t count) {
  return static_cast<std::size_t>(std::max_element(values, values + count) - values);
}

/// The test data's crop of a face.
Picture grace_hopper_face(const std::filesystem::path& bmp) { return test::load_bmp(bmp).cropped(176, 128, 351, 331); }

class OpenModelZoo : public testing::TestWithParam<std::tuple<const char*, const char*>> {
 protected:
  std::string file(const std::string& name, const std::string& ending) const {
    const auto [version, precision] = GetParam();
    return std::string("models/") + version + "/" + name + "/" + precision + "/" + ending;
  }
  std::string precision() const { return std::get<1>(GetParam()); }
};

TEST_P(OpenModelZoo, landmarks_stand_where_the_reference_has_them) {
  const std::string name = "landmarks-regression-retail-0009";
  BATON_TEST_DATA_FILE(xml, file(name, name + ".xml"));
  BATON_TEST_DATA_FILE(ref, file(name, "ref.npz"));
  BATON_TEST_DATA_FILE(bmp, "images/coral_grace_hopper.bmp");
  const auto outputs =
      run_once(on_cpu(read_file(xml, Format::kIr)), {1, 3, 48, 48}, grace_hopper_face(bmp).resized(48, 48).planes());
  constexpr std::size_t kGraceHopper = 1;  // its row in the reference
  const std::vector<float> expected = column(test::load_npz(ref, "y0"), kGraceHopper);
  ASSERT_EQ(outputs[0].shape, (std::vector<std::size_t>{1, 10, 1, 1}));
  EXPECT_LT(largest_difference(outputs[0].floats(), expected.data(), 10), precision() == "FP16-INT8" ? 0.02F : 0.01F);
}

TEST_P(OpenModelZoo, one_face_is_found_where_it_is) {
  const std::string name = "face-detection-retail-0004";
  BATON_TEST_DATA_FILE(xml, file(name, name + ".xml"));
  BATON_TEST_DATA_FILE(bmp, "images/coral_grace_hopper.bmp");
  const auto outputs =
      run_once(on_cpu(read_file(xml, Format::kIr)), {1, 3, 300, 300}, test::load_bmp(bmp).resized(300, 300).planes());
  ASSERT_EQ(outputs[0].shape, (std::vector<std::size_t>{1, 1, 200, 7}));
  const float* box = outputs[0].floats();  // image, label, confidence, x0, y0, x1, y1; best first
  EXPECT_GT(box[2], 0.9F);
  EXPECT_LT(box[7 + 2], 0.5F);
  const float expected[] = {176.F / 512, 128.F / 600, 351.F / 512, 331.F / 600};
  EXPECT_LT(largest_difference(box + 3, expected, 4), 0.03F);
}

TEST_P(OpenModelZoo, B402_B404_label_is_the_precision_it_was_made_in) {
  for (const std::string name : {"landmarks-regression-retail-0009", "face-detection-retail-0004"}) {
    BATON_TEST_DATA_FILE(xml, file(name, name + ".xml"));
    const auto model = read_file(xml, Format::kIr);
    EXPECT_EQ(model.facts().label.name, precision() == "FP16-INT8" ? "INT8" : precision()) << name;
    EXPECT_FALSE(model.facts().stateful);
    EXPECT_EQ(model.facts().inputs.size(), 1u);
    EXPECT_GT(model.facts().weight_bytes, 100'000u);
  }
}

INSTANTIATE_TEST_SUITE_P(Versions, OpenModelZoo,
                         testing::Combine(testing::Values("ir_v10", "ir_v11"),
                                          testing::Values("FP32", "FP16", "FP16-INT8")),
                         [](const auto& test) {
                           std::string name = std::string(std::get<0>(test.param)) + "_" + std::get<1>(test.param);
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Ir, googlenet_knows_its_pictures_in_fp16_and_int8) {
  for (const std::string precision : {"FP16", "FP16-INT8"}) {
    BATON_TEST_DATA_FILE(xml, "models/googlenet-v1/ir/" + precision + "/googlenet-v1.xml");
    const auto model = read_file(xml, Format::kIr);
    EXPECT_EQ(model.facts().output_is_distribution, std::vector<bool>{true});
    const auto request = compiled_request(on_cpu(model));
    for (const auto& [picture, label] :
         {std::pair{"coral_grace_hopper.bmp", 652u}, {"coral_sunflower.bmp", 985u}, {"coral_bird.bmp", 19u}}) {
      BATON_TEST_DATA_FILE(bmp, std::string("images/") + picture);
      std::vector<float> values = test::load_bmp(bmp).resized(224, 224).planes();
      const float mean[] = {104, 117, 123};
      for (std::size_t i = 0; i < values.size(); ++i) values[i] -= mean[i / (224 * 224)];
      Tensors tensors(1);
      tensors.input(element::f32, {1, 3, 224, 224}, values);
      ASSERT_TRUE(request->run(tensors.views(), tensors.sinks()).is_ok());
      EXPECT_EQ(top(tensors.outputs[0].floats(), 1000), label) << picture << " in " << precision;
    }
  }
}

TEST(Ir, a_model_in_memory_is_the_same_as_its_file) {
  BATON_TEST_DATA_FILE(xml, "models/ir_v11/landmarks-regression-retail-0009/FP32/landmarks-regression-retail-0009.xml");
  auto bin = xml;
  bin.replace_extension(".bin");
  const auto source = must(model::open_memory(must(model::Bytes::map_file(xml)), must(model::Bytes::map_file(bin))));
  const auto in_memory = as_declared(must(test_engine().read(source, Format::kIr)));
  const std::vector<float> input(3 * 48 * 48, 100);
  const auto expected = run_once(on_cpu(read_file(xml, Format::kIr)), {1, 3, 48, 48}, input);
  const auto outputs = run_once(on_cpu(in_memory), {1, 3, 48, 48}, input);
  EXPECT_EQ(largest_difference(outputs[0].floats(), expected[0].floats(), 10), 0);
}

TEST(Ir, another_batch_leaves_the_kept_graph_as_it_was) {
  BATON_TEST_DATA_FILE(xml, "models/ir_v11/landmarks-regression-retail-0009/FP32/landmarks-regression-retail-0009.xml");
  const auto declared = read_file(xml, Format::kIr);
  auto two = declared;
  two.input_shapes[0] = PartialShape{2, 3, 48, 48};
  EXPECT_EQ(must(test_engine().infer_output_shapes(two))[0], (PartialShape{2, 10, 1, 1}));
  const auto outputs = run_once(on_cpu(two), {2, 3, 48, 48}, std::vector<float>(2 * 3 * 48 * 48, 100));
  const auto one = run_once(on_cpu(declared), {1, 3, 48, 48}, std::vector<float>(3 * 48 * 48, 100));
  EXPECT_LT(largest_difference(outputs[0].floats() + 10, one[0].floats(), 10), 1e-5F);
}

TEST(Paddle, text_detection_agrees_with_the_reference) {
  BATON_TEST_DATA_FILE(pdmodel, "models/paddle/ch_PP-OCRv3_det_infer/inference.pdmodel");
  BATON_TEST_DATA_FILE(ref, "models/paddle/ch_PP-OCRv3_det_infer/ref.npz");
  auto model = read_file(pdmodel, Format::kPaddle);
  const auto x = test::load_npz(ref, "x");
  const auto y = test::load_npz(ref, "y");
  model.input_shapes[0] = PartialShape{1, 3, 192, 384};
  EXPECT_EQ(must(test_engine().infer_output_shapes(model))[0], (PartialShape{1, 1, 192, 384}));
  const auto outputs = run_once(on_cpu(model), x.shape, {x.floats(), x.floats() + x.float_count()});
  ASSERT_EQ(outputs[0].shape, y.shape);
  EXPECT_LT(largest_difference(outputs[0].floats(), y.floats(), y.float_count()), 1e-3F);
}

// OpenVINO's front end bakes the declared shape into an adaptive pooling: reshaping after conversion is .31 off.
TEST(Paddle, another_shape_than_the_declared_one_gives_paddles_own_answers) {
  BATON_TEST_DATA_FILE(pdmodel, "models/paddle/ch_ppocr_mobile_v2.0_cls_infer/inference.pdmodel");
  BATON_TEST_DATA_FILE(ref, "models/paddle/ch_ppocr_mobile_v2.0_cls_infer/ref.npz");
  const auto declared = read_file(pdmodel, Format::kPaddle);
  for (const auto& [input, output] : {std::pair{"x32", "y32_paddle"}, {"x", "y_paddle"}}) {
    const auto x = test::load_npz(ref, input);
    const auto y = test::load_npz(ref, output);
    auto model = declared;
    model.input_shapes[0] = PartialShape(Shape(x.shape));
    const auto outputs = run_once(on_cpu(model), x.shape, {x.floats(), x.floats() + x.float_count()});
    EXPECT_LT(largest_difference(outputs[0].floats(), y.floats(), y.float_count()), 1e-4F) << input;
  }
}

TEST(TfLite, a_quantised_classifier_knows_its_pictures) {
  BATON_TEST_DATA_FILE(file, "models/tflite/mobilenet_v2_1.0_224_quant.tflite");
  const auto model = read_file(file, Format::kTfLite);
  EXPECT_EQ(model.facts().label.name, "INT8");
  EXPECT_EQ(model.facts().inputs[0].type, element::u8);
  const auto request = compiled_request(on_cpu(model));
  for (const auto& [picture, label] : {std::pair{"coral_grace_hopper.bmp", 653u}, {"coral_sunflower.bmp", 986u}}) {
    BATON_TEST_DATA_FILE(bmp, std::string("images/") + picture);
    Picture small = test::load_bmp(bmp).resized(224, 224);
    for (std::size_t i = 0; i < small.bgr.size(); i += 3) std::swap(small.bgr[i], small.bgr[i + 2]);
    Tensors tensors(1);
    tensors.input(element::u8, {1, 224, 224, 3}, small.bgr);
    ASSERT_TRUE(request->run(tensors.views(), tensors.sinks()).is_ok());
    const auto* scores = reinterpret_cast<const std::uint8_t*>(tensors.outputs[0].bytes.data());
    EXPECT_EQ(std::max_element(scores, scores + 1001) - scores, label) << picture;
  }
}

/// A copy of part of a file under a name of its own, removed at the end.
class BrokenFile {
 public:
  BrokenFile(const std::string& name, std::string content) : path_(std::filesystem::path(testing::TempDir()) / name) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~BrokenFile() { std::filesystem::remove(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// What reading says, with Baton's own checks of the source left out.
base::Status read_status(const std::filesystem::path& path, const std::filesystem::path& weights, Format format) {
  model::Source source;
  source.path = path;
  source.weights_path = weights;
  return test_engine().read(source, format).status();
}

TEST(ReadError, B1403_names_the_file_and_the_cause) {
  const std::string folder = "models/ir_v11/landmarks-regression-retail-0009/FP32/landmarks-regression-retail-0009";
  BATON_TEST_DATA_FILE(xml, folder + ".xml");
  BATON_TEST_DATA_FILE(bin, folder + ".bin");
  BATON_TEST_DATA_FILE(pdmodel, "models/paddle/ch_ppocr_mobile_v2.0_cls_infer/inference.pdmodel");
  BATON_TEST_DATA_FILE(tflite, "models/tflite/mobilenet_v2_1.0_224_quant.tflite");
  const std::string text = base::content_of(xml).value();
  const BrokenFile cut("cut.xml", text.substr(0, text.size() / 2));
  const BrokenFile alone("alone.xml", text);
  const BrokenFile short_bin("short.bin", base::content_of(bin).value().substr(0, 1000));
  const BrokenFile no_parameters("no_parameters.pdmodel", base::content_of(pdmodel).value());
  const BrokenFile cut_tflite("cut.tflite", base::content_of(tflite).value().substr(0, 50000));
  struct Case {
    const std::filesystem::path& path;
    std::filesystem::path weights;
    Format format;
    const char* cause;
  };
  const Case cases[] = {{cut.path(), bin, Format::kIr, "Error"},
                        {alone.path(), {}, Format::kIr, "bin file cannot be found"},
                        {alone.path(), short_bin.path(), Format::kIr, "Incorrect weights in bin file"},
                        {no_parameters.path(), {}, Format::kPaddle, "pdiparams"},
                        {cut_tflite.path(), {}, Format::kTfLite, "corrupted or malformed"}};
  for (const Case& broken : cases) {
    const auto status = read_status(broken.path, broken.weights, broken.format);
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << status.message();
    EXPECT_NE(status.message().find(broken.path.filename().string()), std::string::npos) << status.message();
    EXPECT_NE(status.message().find(broken.cause), std::string::npos) << status.message();
    EXPECT_EQ(status.message().find(".cpp"), std::string::npos) << status.message();
    EXPECT_EQ(status.message().find('\n'), std::string::npos) << status.message();
  }
}

TEST(ReadError, an_unknown_operator_is_named) {
  const std::string folder = "models/ir_v11/landmarks-regression-retail-0009/FP32/landmarks-regression-retail-0009";
  BATON_TEST_DATA_FILE(xml, folder + ".xml");
  BATON_TEST_DATA_FILE(bin, folder + ".bin");
  std::string text = base::content_of(xml).value();
  const std::string known = "type=\"PReLU\"";
  ASSERT_NE(text.find(known), std::string::npos);
  text.replace(text.find(known), known.size(), "type=\"Fancy\"");
  const BrokenFile file("fancy.xml", text);
  const auto status = read_status(file.path(), bin, Format::kIr);
  EXPECT_EQ(status.code(), StatusCode::kUnsupported);
  EXPECT_NE(status.message().find("Fancy"), std::string::npos) << status.message();
}

TEST(ReadError, an_ir_that_is_too_old_says_so) {
  BATON_TEST_DATA_FILE(xml,
                       "models/ir_v4/face-detection-adas-binary-0001/FP32-INT1/face-detection-adas-binary-0001.xml");
  auto bin = xml;
  const auto status = read_status(xml, bin.replace_extension(".bin"), Format::kIr);
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("not an OpenVINO IR of version 10 or 11"), std::string::npos) << status.message();
}

}  // namespace
}  // namespace baton::engine::openvino
