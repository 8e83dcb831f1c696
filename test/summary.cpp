// SPDX-License-Identifier: BSL-1.0
// Models as tables: layers with shapes, parameters and operations, which sum to what the plan of the model's
// function does.
#include <boost/test/unit_test.hpp>
#include <sstream>
#include <typegrad/summary.hpp>

namespace {

constexpr auto x = tg::array<"x", tg::rows, 2>;
constexpr auto xs = tg::array<"xs", tg::extent<"time">, tg::rows, 3>;
constexpr auto image = tg::array<"image", tg::rows, 2, 6, 5>;

/// The model of docs/models.md.
constexpr auto classifier = tg::model([](auto& net, auto in) {
  return dense<2>(net, dropout(net, relu(dense<16>(net, in, "hidden")), 0.1, "drop"), "out");
});

}  // namespace

BOOST_AUTO_TEST_CASE(a_table) {
  std::ostringstream text;
  text << tg::summary<float>(classifier, tg::inputs(x), 64);
  // What the workspace has for products depends on the machine.
  BOOST_TEST(text.str().substr(0, text.str().rfind("written, ") + 9) ==
             "layer   kind     output      parameters  states  operations\n"
             "hidden  dense    (rows, 16)          48       0       5,120\n"
             "drop    dropout  (rows, 16)           0       0           0\n"
             "out     dense    (rows, 2)           34       0       4,224\n"
             "all              (rows, 2)           82       0      10,368\n"
             "a call: 10,368 operations, 18,760 bytes read and written, ");
  BOOST_TEST(text.str().ends_with(" bytes of workspace\n"));
}
BOOST_AUTO_TEST_CASE(parts_contain_their_layers) {
  constexpr auto deep = tg::model([](auto& net, auto in) {
    auto part = net.part("block");
    const auto first = batch_norm(part, conv2d<4, 3, 3>(part, in, "conv"), "norm");
    const auto seen =
        part.layer("convolutions",
                   relu(first) * net.part("scale").parameter("all", {4, 1, 1}, tg::initial::constant(1)));
    return dense<3>(net, tg::reshape<tg::rows, 48>(seen), "out");
  });
  const auto s = tg::summary<double>(deep, tg::inputs(image), 10);
  BOOST_REQUIRE_EQUAL(s.layers.size(), 5u);
  const auto& [block, conv, norm, out, scale] =
      std::tie(s.layers[0], s.layers[1], s.layers[2], s.layers[3], s.layers[4]);
  BOOST_TEST(block.name == "block");
  BOOST_TEST(block.kind == "convolutions");
  BOOST_TEST(conv.name == "block.conv");
  BOOST_TEST(conv.output == "(rows, 4, 4, 3)");
  BOOST_TEST(conv.parameters == 4 * 18 + 4);
  BOOST_TEST(conv.operations == 10 * 48 * (2 * 18 + 1));
  BOOST_TEST(norm.parameters == 8);
  BOOST_TEST(norm.states == 8);
  BOOST_TEST(block.parameters == conv.parameters + norm.parameters);
  BOOST_TEST(block.states == 8);
  BOOST_TEST(block.operations == conv.operations + norm.operations + 2 * 10 * 48);
  BOOST_TEST(out.operations == 10 * 3 * (2 * 48 + 1));
  BOOST_TEST(scale.name == "scale");
  BOOST_TEST(scale.parameters == 4);
  BOOST_TEST(s.all.parameters == block.parameters + out.parameters + scale.parameters);
  BOOST_TEST(s.all.operations == block.operations + out.operations);
  BOOST_TEST(s.all.operations == s.call.operations());
  BOOST_TEST(s.bytes_moved == s.call.bytes<double>());
  BOOST_TEST(s.workspace >= 8 * s.call.stored);
}
BOOST_AUTO_TEST_CASE(steps_of_loops_count) {
  constexpr auto recurrent = tg::model([](auto& net, auto in) {
    return dense<1>(net, gru<8, tg::bidirectional>(net, in, "gru").last, "out");
  });
  const auto s = tg::summary<float>(recurrent, tg::inputs(xs), 50, 64),
             longer = tg::summary<float>(recurrent, tg::inputs(xs), 100, 64);
  BOOST_TEST(s.layers[0].output == "(time, rows, 16)");
  BOOST_TEST(s.all.operations == s.call.operations());
  BOOST_TEST(longer.layers[0].operations == 2 * s.layers[0].operations);
  // Each step has products of 24 gates with 3 inputs and 8 states, both ways.
  BOOST_TEST(s.layers[0].operations > 2 * 50 * 64 * 2 * 24 * (3 + 8));
  BOOST_TEST(longer.layers[1].operations == s.layers[1].operations);
}
