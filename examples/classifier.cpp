// SPDX-License-Identifier: BSL-1.0
// Two small neural networks learn to tell three species of iris and three growers of wine. The loss of a row
// is traced into a formula, and the compiler makes its derivatives: 51 for the irises, 139 for the wines.
// Judged by rows that the training has not seen. Usage: classifier [IRIS WINE] [--out SVG] [--seed NUMBER].
// Status 0: learnt; 1: an error, in one sentence; 2: poor accuracy.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <string>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/optimize/minimize.hpp>
#include <typegrad/optimize/progress_line.hpp>
#include <typegrad/optimize/schedule.hpp>
#include <typegrad/typegrad.hpp>
#include <typegrad/validate/microderivative.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/labelled_table.hpp"
#include "support/network.hpp"
#include "support/svg.hpp"

namespace {

using example::expect;

constexpr auto iris_loss = tg::trace<"p[51]", "x[4]", "is[3]">(
    [](auto p, auto x, auto is) { return demo::cross_entropy<6>(p, x, is); });
constexpr auto wine_loss = tg::trace<"p[139]", "x[13]", "is[3]">(
    [](auto p, auto x, auto is) { return demo::cross_entropy<8>(p, x, is); });
using iris_network = demo::network<decltype(iris_loss), 4, 6, 3>;
using wine_network = demo::network<decltype(wine_loss), 13, 8, 3>;

/// One training: its curves against the step, and what was reached.
struct outcome {
  std::string name;
  std::vector<demo::point> loss, held_out_loss, accuracy, held_out_accuracy;  // accuracies in percent
  double right_in_training = 0, right_held_out = 0;
  std::vector<std::string> classes;
  std::array<std::array<int, 3>, 3>
      confusion{};  // of the rows held out: class, and the class it was taken for
};

/// The loss's gradient against central differences: the largest difference relative to the gradient's largest
/// component.
template <class Network>
double disagreement(const typename Network::mean_loss& loss, const typename Network::parameters& p) {
  typename Network::parameters exact;
  loss.value_and_gradient(p, exact);
  double apart = 0, largest = 0;
  for (std::size_t i = 0; i < Network::size; ++i) {
    const auto numeric =
        tg::microderivative([&](const auto& v) { return loss.value(v); }, p, i, {.scale = 1.0});
    apart = std::max(apart, std::abs(numeric.value - exact[i]));
    largest = std::max(largest, std::abs(exact[i]));
  }
  return apart / largest;
}

constexpr std::size_t steps = 300;

/// AdamW on all rows at once, its rate warmed up and then lowered along a cosine.
template <class Network, class Progress>
auto train(const typename Network::mean_loss& loss, const typename Network::parameters& start,
           Progress progress) {
  return tg::minimize(loss, start,
                      tg::scheduled(tg::adamw{.rate = 0.02, .weight_decay = 0.1},
                                    tg::warm_up(20, tg::cosine_schedule{.steps = steps - 20, .last = 0.01})),
                      {.max_iterations = steps}, progress);
}

/// How much of the accuracy is luck: other splits and other starts.
template <class Network>
void over_seeds(const std::string& path, std::uint64_t first, double least_mean) {
  constexpr int runs = 10;
  double sum = 0, lowest = 1, highest = 0;
  const demo::labelled_table table = demo::read_labelled(path, Network::features, Network::classes);
  for (std::uint64_t seed = first; seed < first + runs; ++seed) {
    const auto [training, held_out] = demo::held_out_quarter(table, seed);
    const auto fit =
        train<Network>(typename Network::mean_loss(training), Network::start(seed), [](const auto&) {});
    const double right = Network::accuracy(fit.parameters, held_out);
    sum += right, lowest = std::min(lowest, right), highest = std::max(highest, right);
  }
  std::printf("  accuracy on held-out rows over %d other splits and starts: mean %.3f, %.3f to %.3f\n\n",
              runs, sum / runs, lowest, highest);
  expect(sum / runs >= least_mean);
}

template <class Network>
outcome learn(const std::string& name, const std::string& path, std::uint64_t seed, double least) {
  const auto [training, held_out] =
      demo::held_out_quarter(demo::read_labelled(path, Network::features, Network::classes), seed);
  const auto rows = [](const demo::labelled_table& table) { return static_cast<int>(table.rows.size()); };
  constexpr tg::operation_count cost = tg::cost(Network::loss_and_gradient);
  std::printf(
      "%s: %s\n  %d rows to train on, %d held out; %d-%d-%d network of %d parameters; a row's loss and "
      "gradient take %d "
      "additions, "
      "%d multiplications, %d transcendental functions\n",
      name.c_str(), path.c_str(), rows(training), rows(held_out), static_cast<int>(Network::features),
      static_cast<int>(Network::hidden), static_cast<int>(Network::classes), static_cast<int>(Network::size),
      cost.additions, cost.multiplications, cost.transcendental);
  std::fflush(stdout);

  const typename Network::mean_loss loss(training), judged(held_out);
  outcome result;
  result.name = name;
  tg::progress_line line(std::cout);
  const auto start = Network::start(seed);
  const double apart = disagreement<Network>(loss, start);
  std::printf(
      "  gradient at the start against central differences: they differ by %.1e of the largest component\n",
      apart);
  expect(apart < 1e-8);  // central differences of double are good to about 1e-10
  const auto fit = train<Network>(loss, start, [&](const auto& now) {
    line(now);
    const auto step = static_cast<double>(now.iteration);
    if (!result.loss.empty() && result.loss.back().x == step)
      return;  // the end is reported twice: as a step, and with its reason
    result.loss.push_back({step, now.value});
    result.held_out_loss.push_back({step, judged.value(now.parameters)});
    result.accuracy.push_back({step, 100 * Network::accuracy(now.parameters, training)});
    result.held_out_accuracy.push_back({step, 100 * Network::accuracy(now.parameters, held_out)});
  });
  result.right_in_training = Network::accuracy(fit.parameters, training);
  result.right_held_out = Network::accuracy(fit.parameters, held_out);
  result.classes = training.classes;
  result.confusion = Network::confused(fit.parameters, held_out);
  std::printf("  accuracy %.3f on the rows to train on, %.3f on those held out, of which\n",
              result.right_in_training, result.right_held_out);
  std::printf("    %16s", "taken for");
  for (const std::string& word : training.classes) std::printf(" %12s", word.c_str());
  for (std::size_t k = 0; k < Network::classes; ++k) {
    std::printf("\n    %16s", training.classes[k].c_str());
    for (const int each : result.confusion[k]) std::printf(" %12d", each);
  }
  std::printf("\n");
  over_seeds<Network>(path, seed + 1, least);
  // Of one split alone so much is chance: three deviations of a share of its rows.
  expect(result.right_held_out >= least - 3 * std::sqrt(least * (1 - least) / rows(held_out)));
  return result;
}

/// The confusion matrix of the rows held out, darker where there are more.
void draw_confusion(demo::svg_page& page, demo::point corner, double width, const outcome& one) {
  constexpr double label = 110, height = 56;
  const double cell = (width - label) / 3;
  page.text({corner.x, corner.y - 38}, one.name + ": rows held out, by class and by what they are taken for",
            demo::chart::style(15, demo::color::ink, "start") + " font-weight=\"bold\"");
  for (std::size_t k = 0; k < 3; ++k) {
    const double y = corner.y + height * static_cast<double>(k),
                 middle = corner.x + label + cell * (static_cast<double>(k) + 0.5);
    page.text({middle, corner.y - 10}, one.classes[k], demo::chart::style(13, demo::color::ink, "middle"));
    page.text({corner.x + label - 12, y + height / 2 + 4.5}, one.classes[k],
              demo::chart::style(13, demo::color::ink, "end"));
    const int members = one.confusion[k][0] + one.confusion[k][1] + one.confusion[k][2];
    for (std::size_t taken = 0; taken < 3; ++taken) {
      const int count = one.confusion[k][taken];
      const double share = static_cast<double>(count) / members,
                   x = corner.x + label + cell * static_cast<double>(taken);
      char opacity[40];
      std::snprintf(opacity, sizeof opacity, "\" fill-opacity=\"%.2f\"", share);
      page.rectangle({x, y}, cell, height,
                     demo::chart::stroke(demo::color::grid, 1) + " fill=\"" +
                         std::string(k == taken ? demo::color::data : demo::color::fit) + opacity);
      page.text({x + cell / 2, y + height / 2 + 6}, std::to_string(count),
                demo::chart::style(17, share > 0.6 ? "#ffffff" : demo::color::ink, "middle"));
    }
  }
}

void draw(const std::vector<outcome>& all, const std::string& path) {
  constexpr double left = 92, width = 470, pitch = 590;
  demo::svg_page page = demo::headed_page(
      1200, 1100, left, "Two small networks learn to tell irises and wines",
      "A quarter of each class is held out; AdamW on exact gradients, warm-up and cosine schedule");
  for (std::size_t i = 0; i < all.size(); ++i) {
    const outcome& one = all[i];
    const double x = left + pitch * static_cast<double>(i);
    const demo::range shown{0, static_cast<double>(steps)};
    demo::chart loss(page, {x, 125}, width, 290, shown,
                     demo::logarithmic_range({one.loss, one.held_out_loss}), demo::scale::logarithmic);
    loss.title(one.name + ": loss");
    loss.axes("step", "mean cross-entropy (nats)", 6, 0);
    loss.curve(one.loss, demo::color::data, 2);
    loss.curve(one.held_out_loss, demo::color::fit, 2, "7 4");
    loss.legend_at(0.5, 0);
    loss.legend(0, "rows to train on", demo::color::data, 2);
    loss.legend(1, "rows held out", demo::color::fit, 2, "7 4");

    demo::chart accuracy(page, {x, 515}, width, 240, shown, {0, 104});
    char remark[40];
    std::snprintf(remark, sizeof remark, "held out, at the end: %.1f %%", 100 * one.right_held_out);
    accuracy.title(one.name + ": accuracy", remark);
    accuracy.axes("step", "rows told right (%)", 6, 6);
    accuracy.curve(one.accuracy, demo::color::data, 2);
    accuracy.curve(one.held_out_accuracy, demo::color::fit, 2, "7 4");
    draw_confusion(page, {x, 885}, width, one);
  }
  page.save(path);
}

int run(const demo::arguments& given) {
  const std::vector all{learn<iris_network>("Iris", given.tables[0], given.seed, 0.93),
                        learn<wine_network>("Wine", given.tables[1], given.seed, 0.95)};
  draw(all, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("classifier", [&] {
    return run(demo::parse_arguments(
        count, words,
        {.tables = {TYPEGRAD_EXAMPLE_DATA "/iris.csv", TYPEGRAD_EXAMPLE_DATA "/wine.csv"},
         .picture = "classifier.svg",
         .usage = "classifier [IRIS WINE] [--out SVG] [--seed NUMBER]",
         .has_seed = true}));
  });
}
