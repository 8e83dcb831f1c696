// SPDX-License-Identifier: BSL-1.0
// The code of docs/data.md and docs/files.md, compiled and run.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <typegrad/data.hpp>
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/tensor_file.hpp>
#include <vector>

#include "support/expect.hpp"

using example::expect;

namespace {

/// Leaves of two kinds, of which some were not measured.
void write_leaves(const std::string& path) {
  std::ofstream file(path);
  file << "length,width,leaf area,kind\n";
  for (int k = 0; k < 203; ++k) {
    const bool oak = k % 3 == 0;
    const double length = (oak ? 9 : 6) + std::sin(1.7 * k), width = (oak ? 4 : 5) + std::sin(2.9 * k);
    file << length << ',' << width << ',' << (k % 20 == 7 ? "NA" : std::to_string(length * width)) << ','
         << (oak ? "oak" : "\"beech, common\"") << '\n';
  }
}
void write_idx(const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  file << std::string("\0\0\x08\3\0\0\0\x05\0\0\0\x1c\0\0\0\x1c", 16) << std::string(5 * 784, 'x');
}

// [network]
constexpr auto x = tg::array<"x", tg::rows, 3>;
constexpr auto y = tg::index<"y", tg::rows>;
constexpr auto counts = tg::array<"counts", tg::rows>;
constexpr auto network =
    tg::model([](auto& net, auto in) { return dense<2>(net, tanh(dense<8>(net, in, "hidden")), "out"); });
constexpr auto theta = network.parameters(x);
constexpr auto loss = tg::loss::cross_entropy(network(x), y, tg::loss::sample_weights(counts));
// [network]

double right_of(const tg::data::loader<float, int>& from, const std::vector<float>& weights) {
  static auto scores_of = tg::bound<float>(tg::function(tg::inputs(x, theta), tg::outputs(network(x))));
  tg::data::loader all = from;
  std::size_t right = 0;
  // [judging]
  for (std::size_t k = 0; k < all.batches(); ++k) {
    const auto& batch = all.batch(0, k);
    std::vector<float> scores(2 * batch.size());
    scores_of(batch.get<0>(), weights, scores);
    for (std::size_t i = 0; i < batch.real; ++i)  // the rows behind them only fill the batch
      right += (scores[2 * i + 1] > scores[2 * i]) == (batch.get<1>()[i] == 1);
  }
  // [judging]
  return static_cast<double>(right) / static_cast<double>(all.rows());
}

void tables() {
  // [table]
  const tg::data::table leaves = tg::data::read_csv("leaves.csv");
  std::vector<float> measures = leaves.matrix<float>({"length", "width", "leaf area"});
  const tg::data::class_column kinds =
      leaves.classes("kind");  // names in rising order, and 0 or 1 for each row
  // [table]
  expect(kinds.names[0] == "beech, common" && kinds.rows[0] == 1 && std::isnan(measures[3 * 7 + 2]));

  // [pieces]
  tg::data::csv_reader reader("leaves.csv");
  double longest = 0;
  for (tg::data::table some = reader.read(50); some.rows() > 0; some = reader.read(50))
    for (const double length : some.numbers("length")) longest = std::max(longest, length);
  // [pieces]
  expect(longest > 9.9 && longest < 10);

  // [split]
  const auto parts = tg::data::stratified_split(kinds.rows, {.parts = {0.6, 0.2, 0.2}, .seed = 1});
  const tg::data::standardisation scale(measures, 3, parts[0]);  // of the rows to train on alone
  scale.apply(measures);                                         // and used for all
  // [split]
  expect(parts[0].size() == 122 && measures[3 * 7 + 2] == 0);

  // [loader]
  const auto loader_of = [&](std::size_t part) {
    return tg::data::loader({.size = 16, .seed = 1, .rows = parts[part]},
                            tg::data::column<float>(measures, 3), tg::data::column(kinds.rows));
  };
  auto training = loader_of(0), held_out = loader_of(1);
  // [loader]

  // [training]
  auto step = tg::bound<float>(
      tg::function(tg::inputs(x, y, counts, theta), tg::outputs(loss, tg::gradient(loss, theta))));
  std::vector<float> weights(theta.size()), slopes(theta.size());
  network.initialise(weights, 1, x);
  tg::first_order<tg::adam, float> rule({.rate = 0.02f}, theta.size());
  tg::data::epoch_mean mean;
  for (std::size_t epoch = 0; epoch < 20; ++epoch) {
    mean = {};
    for (std::size_t k = 0; k < training.batches(); ++k) {
      const auto& batch = training.batch(epoch, k);
      mean.add(step(batch.get<0>(), batch.get<1>(), batch.weights, weights, slopes), batch.real);
      rule.step(weights, slopes);
    }
  }
  // [training]
  expect(mean.value() < 0.1 && right_of(held_out, weights) > 0.95);

  // [saving]
  tg::save_tensors("leaves.safetensors", theta, weights, {.metadata = {{"trained on", "leaves.csv"}}});
  std::vector<double> again(theta.size());
  tg::load_tensors("leaves.safetensors", theta, again);  // float becomes double: nothing is lost
  // [saving]
  expect(std::equal(weights.begin(), weights.end(), again.begin()));

  tg::save_tensors("torch.safetensors", theta, weights,
                   {.prefix = "encoder.", .rename = [](std::string_view name) {
                      return (name.starts_with("hidden") ? "0" : "2") +
                             std::string(name.substr(name.find('.')));
                    }});
  // [torch]
  // torch.nn.Sequential(Linear, Tanh, Linear) calls its layers 0, 1, 2
  tg::load_tensors("torch.safetensors", theta, weights,
                   {.prefix = "encoder.", .rename = [](std::string_view name) {
                      return (name.starts_with("hidden") ? "0" : "2") +
                             std::string(name.substr(name.find('.')));
                    }});
  // [torch]

  // [arrays]
  const std::vector<double> losses{0.7, 0.4, 0.2};
  tg::save_tensors("run.npz", {{"losses", {3}, losses}, {"measures", {203, 3}, measures}});
  tg::tensor_file file("run.npz");
  for (const tg::tensor_entry& each : file.tensors())
    expect(each.size() == (each.name == "losses" ? 3u : 609u));
  const std::vector<double> read = file.read<double>("losses");
  // [arrays]
  expect(read == losses);

  // [standardisation]
  std::ostringstream saved;
  scale.save(saved);  // with the model: what it is used on later must be scaled alike
  // [standardisation]
  expect(!saved.str().empty());
}

void images() {
  // [images]
  const auto images = tg::data::read_idx<unsigned char>("images.idx");  // (5, 28, 28), 0 to 255
  tg::data::loader training(
      {.size = 4, .seed = 1},
      tg::data::column<float>(images.numbers, 784)
          .then([](std::span<float> image, std::size_t, std::size_t) {
            for (float& pixel : image) pixel /= 255;
          })
          .then(tg::data::augmentation({.height = 28, .width = 28, .shift = 2, .flip = 0.5})));
  // [images]
  expect(training.batch(0, 0).get<0>().size() == 4 * 784);

  // [streamed]
  tg::data::idx_reader file("images.idx");
  tg::data::loader streamed(
      {.size = 4, .seed = 1},
      tg::data::column<float>(file.rows(), file.row_size(),
                              [&](std::size_t row, std::span<float> to) { file.read_row(row, to); }));
  // [streamed]
  expect(streamed.batch(0, 1).get<0>()[783] == 'x');
}

}  // namespace

int main() {
  write_leaves("leaves.csv"), write_idx("images.idx");
  tables();
  images();
  return example::status();
}
