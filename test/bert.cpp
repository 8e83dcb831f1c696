// SPDX-License-Identifier: BSL-1.0
// BERT against Hugging Face's BertModel: a small one as it is published, read by its names, and what it gives
// with its gradients (bert_tables.py); files with other names; rates that differ from layer to layer.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdio>
#include <string>
#include <typegrad/attention.hpp>
#include <typegrad/groups.hpp>
#include <typegrad/tensor_file.hpp>
#include <vector>

#include "refusal.hpp"

namespace {

constexpr auto tokens = tg::index<"tokens", tg::rows, 6>;
constexpr auto mask = tg::index<"mask", tg::rows, 6>;
constexpr auto types = tg::index<"types", tg::rows, 6>;
constexpr auto w = tg::array<"w", tg::rows, 6, 12>;
constexpr auto v = tg::array<"v", tg::rows, 12>;

constexpr tg::bert_sizes tiny{
    .vocabulary = 30, .width = 12, .layers = 2, .heads = 2, .hidden = 16, .positions = 10};
constexpr auto encoder = tg::model([](auto& net, auto words, auto keep, auto kinds) {
  return bert<tiny>(net, words, {.mask = keep, .types = kinds});
});
constexpr auto both = tg::model([](auto& net, auto words, auto keep, auto kinds, auto of_all, auto of_one) {
  const auto h = bert<tiny>(net, words, {.mask = keep, .types = kinds});
  return sum(of_all * h) + sum(of_one * bert_pooler(net, h, "pooler"));
});
constexpr auto theta = both.parameters(tokens, mask, types, w, v);
/// With a head, as a part of a network.
constexpr auto classes = tg::model([](auto& net, auto words, auto keep) {
  auto inner = net.part("text");
  return dense<3>(net, tg::mean_of_tokens(bert<tiny>(inner, words, {.mask = keep}), keep), "out");
});

std::string folder() {
  const auto& program = boost::unit_test::framework::master_test_suite();
  return program.argc > 1 ? program.argv[1] : "test/data";
}
std::string published() { return folder() + "/tiny_bert.safetensors"; }

template <class T>
struct loaded {
  loaded() {
    tg::load_bert(published(), theta, weights);
    for (const char* name : {"tokens", "mask", "types"}) whole.push_back(truth.read<int>(name));
  }
  std::vector<T> numbers(const char* name) { return truth.read<T>(name, true); }

  tg::tensor_file truth{folder() + "/tiny_bert_truth.safetensors"};
  std::vector<T> weights = std::vector<T>(theta.size());
  std::vector<std::vector<int>> whole;
};

}  // namespace

// The slopes are stored as float.
BOOST_AUTO_TEST_CASE(slopes_are_those_of_BertModel) {
  constexpr auto loss = both(tokens, mask, types, w, v);
  constexpr auto step = tg::function(tg::inputs(tokens, mask, types, w, v, theta),
                                     tg::outputs(loss, tg::gradient(loss, theta)));
  loaded<double> given;
  std::vector<double> slopes(theta.size());
  auto run = tg::bound<double>(step);
  const double value = run(given.whole[0], given.whole[1], given.whole[2], given.numbers("w"),
                           given.numbers("v"), given.weights, slopes);
  BOOST_TEST(std::fabs(value - given.numbers("loss")[0]) <= 1e-12 * std::fabs(value));
  std::size_t count = 0;
  tg::detail::each_by_layer(theta, slopes, [&](const std::string& name, auto shape, auto of) {
    const auto expected = given.truth.read<double>("slopes." + name);
    BOOST_TEST(given.truth.at("slopes." + name).shape.size() == shape.size());
    BOOST_REQUIRE_EQUAL(expected.size(), of.size());
    for (std::size_t k = 0; k < of.size(); ++k)
      BOOST_TEST(std::fabs(of[k] - expected[k]) <= 1e-7 * (std::fabs(expected[k]) + 1), name << " " << k);
    count += of.size();
  });
  BOOST_TEST(count == theta.size());
}

BOOST_AUTO_TEST_CASE(values_in_float_are_those_of_BertModel) {
  constexpr auto parameters = encoder.parameters(tokens, mask, types);
  constexpr auto f =
      tg::function(tg::inputs(tokens, mask, types, parameters), tg::outputs(encoder(tokens, mask, types)));
  loaded<float> given;
  const std::vector<float> expected = given.numbers("hidden");
  std::vector<float> weights(parameters.size()), hidden(expected.size());
  tg::load_bert(published(), parameters, weights);  // the file has a pooler, too
  auto run = tg::bound<float>(f);
  run(given.whole[0], given.whole[1], given.whole[2], weights, hidden);
  for (std::size_t k = 0; k < hidden.size(); ++k) BOOST_TEST(std::fabs(hidden[k] - expected[k]) <= 1e-5f);
}

BOOST_AUTO_TEST_CASE(files_with_other_names) {
  constexpr auto head = classes.parameters(tokens, mask);
  static_assert(head.parts[5].name == "text.encoder.layer.*.attention.self.query.weight");
  loaded<double> given;
  std::vector<double> weights(head.size(), 7.0);
  tg::load_bert(published(), head, weights, "text");
  // In the order of the parameters, but for the pooler and the head, these are the same numbers.
  const std::size_t own = head.size() - 3 * 12 - 3;
  BOOST_TEST(own == theta.size() - 12 * 12 - 12);
  for (std::size_t k = 0; k < own; ++k) BOOST_REQUIRE_EQUAL(weights[k], given.weights[k]);
  for (std::size_t k = own; k < head.size(); ++k) BOOST_REQUIRE_EQUAL(weights[k], 7.0);

  // The old names, with the prefix of a model with a head; and those of the model itself.
  const std::string path = "bert_other_names.safetensors";
  tg::save_tensors(path, theta, given.weights, {.rename = [](std::string_view name) {
                     std::string old = "bert." + std::string(name);
                     for (const auto& [now, before] :
                          {std::pair<std::string, std::string>{"LayerNorm.weight", "LayerNorm.gamma"},
                           {"LayerNorm.bias", "LayerNorm.beta"}})
                       if (old.ends_with(now)) old.replace(old.size() - now.size(), now.size(), before);
                     return old;
                   }});
  std::vector<double> again(theta.size());
  tg::load_bert(path, theta, again);
  BOOST_TEST((again == given.weights));
  tg::save_tensors(path, theta, given.weights);
  tg::load_tensors(path, theta, again = std::vector<double>(theta.size()));
  BOOST_TEST((again == given.weights));
  BOOST_TEST(tg::tensor_file(path).at("encoder.layer.1.output.dense.weight").shape ==
             (std::vector<std::size_t>{12, 16}));

  // What is missing or different is said, and nothing is changed.
  const auto refused_with = [&](std::vector<tg::named_tensor> all) {
    tg::save_tensors(path, std::move(all));
    const std::string sentence = refusal<tg::bad_file>([&] { tg::load_bert(path, theta, again); });
    BOOST_TEST((again == given.weights));
    return sentence;
  };
  std::vector<tg::named_tensor> all;
  tg::detail::each_by_layer(theta, given.weights, [&](const std::string& name, auto shape, auto of) {
    all.emplace_back(name, std::vector<std::size_t>(shape.begin(), shape.end()), of);
  });
  const auto at = [&](const char* name) {
    return std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.entry.name == name; });
  };
  const auto query = at("encoder.layer.1.attention.self.query.weight");
  query->entry.shape = {6, 24};
  BOOST_TEST(refused_with(all) ==
             "'bert_other_names.safetensors' has 'encoder.layer.1.attention.self.query.weight' in the shape "
             "(6, 24), which is (12, 12) in the parameters.");
  all.erase(query);
  BOOST_TEST(
      refused_with(all).starts_with("'bert_other_names.safetensors' has no tensor "
                                    "'encoder.layer.1.attention.self.query.weight'; it has "));
  constexpr auto others = theta.template only<"pooler">();
  std::vector<double> some(others.size());
  BOOST_TEST(refusal<tg::bad_file>([&] { tg::load_bert(path, others, some, "decoder"); }) ==
             "'bert_other_names.safetensors' would give nothing: no parameter of the model is one of BERT in "
             "the part 'decoder'.");
  std::remove(path.c_str());
}

// The head at the whole rate, the second layer at half of it, embeddings and the first layer stay.
BOOST_AUTO_TEST_CASE(rates_differ_from_layer_to_layer) {
  constexpr auto head = classes.parameters(tokens, mask);
  tg::grouped<tg::sgd, double> rule(head, {{"out", {.rate = 1.0}}, {"text.encoder.layer.1", {.rate = 0.5}}});
  std::vector<double> weights(head.size());
  rule.step(weights, std::vector<double>(head.size(), 1.0));
  std::size_t layers = 0;
  tg::detail::each_by_layer(head, weights, [&](const std::string& name, auto, auto of) {
    const double wanted = name.starts_with("out.")                    ? -1
                          : name.starts_with("text.encoder.layer.1.") ? -0.5
                                                                      : 0;
    layers += wanted == -0.5;
    for (const double each : of) BOOST_TEST(each == wanted, name);
  });
  BOOST_TEST(layers == 16u);
  // The stars of a pattern are those of all layers.
  tg::grouped<tg::sgd, double> all(head, {{"text.encoder.layer.*.bias", {.rate = 1.0}}});
  all.step(weights = std::vector<double>(head.size()), std::vector<double>(head.size(), 1.0));
  double moved = 0;
  for (const double each : weights) moved -= each;
  BOOST_TEST(moved == 2 * (6 * 12 + 16 + 12));
}
