// SPDX-License-Identifier: BSL-1.0
// Six optimizers on the same network, the same irises and from the same start, each at the rate that a search
// found best for it: how fast does the loss fall? Usage: loss_curves [IRIS] [--out SVG] [--seed NUMBER].
// Status 0: the facts hold that the picture is known for; 1: an error, in one sentence; 2: they do not.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>
#include <typegrad/optimize/first_order.hpp>
#include <typegrad/optimize/hyperparameter_search.hpp>
#include <typegrad/optimize/l_bfgs.hpp>
#include <typegrad/optimize/minimize.hpp>
#include <typegrad/typegrad.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/labelled_table.hpp"
#include "support/network.hpp"
#include "support/svg.hpp"

namespace {

using example::expect;

constexpr auto loss_of_row = tg::trace<"p[51]", "x[4]", "is[3]">(
    [](auto p, auto x, auto is) { return demo::cross_entropy<6>(p, x, is); });
using network = demo::network<decltype(loss_of_row), 4, 6, 3>;
constexpr std::size_t steps = 200;
constexpr double decay =
    1e-3;  // without it the weights would grow for ever, because the network can learn every row by heart

constexpr demo::range rates{1e-4, 10};  // the same for all
constexpr std::size_t trials = 24, starts = 5;

/// One optimizer and what became of it.
struct contender {
  std::string name;
  std::function<tg::minimize_result<network::parameters>(double rate, const network::parameters& start)>
      train;

  double rate = 0;                     ///< the best of those tried
  std::vector<demo::point> best{};     ///< the loss at each step at that rate
  double minimum = 0;                  ///< the local minimum below its best point, by L-BFGS
  std::vector<demo::point> by_rate{};  ///< the typical last loss at each rate that was tried
  double typical = 0;  ///< the last loss at that rate, over starts that the search has not seen

  double last() const { return best.back().y; }
};

/// `method` makes the optimizer for a rate.
template <class Method>
contender entry(const char* name, const network::mean_loss& loss, Method method) {
  return {name, [&loss, method](double rate, const network::parameters& start) {
            auto run =
                tg::minimize(loss, start, method(rate), {.max_iterations = steps, .history = steps + 1});
            if (run.history.size() != steps + 1) throw std::runtime_error(run.why() + ".");
            return run;
          }};
}

std::vector<contender> contenders(const network::mean_loss& loss) {
  return {entry("SGD", loss, [](double rate) { return tg::sgd{.rate = rate}; }),
          entry("Nesterov", loss,
                [](double rate) { return tg::sgd{.rate = rate, .momentum = 0.9, .nesterov = true}; }),
          entry("AdaGrad", loss, [](double rate) { return tg::adagrad{.rate = rate}; }),
          entry("RMSProp", loss, [](double rate) { return tg::rmsprop{.rate = rate}; }),
          entry("Adam", loss, [](double rate) { return tg::adam{.rate = rate}; }),
          entry("Lion", loss, [](double rate) { return tg::lion{.rate = rate}; })};
}

/// The last loss at a rate, over several starts: the geometric mean, because losses differ by factors.
double typical_loss(const contender& one, double rate, std::uint64_t first_start) {
  double sum = 0;
  for (std::uint64_t start = first_start; start < first_start + starts; ++start)
    sum += std::log(one.train(rate, network::start(start)).history.back().value);
  return std::exp(sum / starts);
}

/// Finds the best rate for one optimizer and runs it at that rate. A rate that suits only one start would be
/// luck: hence several.
void compete(contender& one, const network::mean_loss& loss, std::uint64_t seed) {
  const auto table =
      tg::random_search({tg::log_range("rate", rates.low, rates.high)},
                        [&](const tg::trial_point& point) { return typical_loss(one, point["rate"], seed); },
                        {.trials = trials, .seed = seed});
  one.rate = table.best()["rate"];
  const auto run = one.train(one.rate, network::start(seed));
  for (const auto& each : run.history) one.best.push_back({static_cast<double>(each.iteration), each.value});
  one.minimum = tg::minimize(loss, run.parameters, tg::l_bfgs{}).value;
  for (const tg::trial& each : table.rows)
    if (std::isfinite(each.score)) one.by_rate.push_back({each.values[0], each.score});
  std::ranges::sort(one.by_rate, {}, &demo::point::x);
  one.typical = typical_loss(one, one.rate, seed + starts);
}

std::string with_digits(const char* format, double value) {
  char text[40];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

/// The lowest minimum that is known.
double lowest_minimum(const std::vector<contender>& all) {
  return std::ranges::min(all, {}, &contender::minimum).minimum;
}

void draw(const std::vector<contender>& all, const std::string& path) {
  constexpr double left = 92, width = 1060, highest = 10;
  demo::svg_page page =
      demo::headed_page(1200, 1080, left, "Six optimizers on one network, the same irises and the same start",
                        "4-6-3 network of 51 parameters, all rows in each step, exact gradients; each "
                        "optimizer at the best of " +
                            std::to_string(trials) + " random constant rates, the same for all");
  const double floor = lowest_minimum(all);
  std::vector<std::vector<demo::point>> excess;
  for (const contender& each : all) {
    excess.push_back(each.best);
    for (demo::point& p : excess.back()) p.y = std::max(p.y - floor, 1e-9);
  }
  demo::chart loss(page, {left, 125}, width, 430, {0, static_cast<double>(steps)},
                   demo::logarithmic_range(excess), demo::scale::logarithmic);
  loss.title("Loss above the lowest minimum known, " + with_digits("%.4f", floor),
             "in the legend: the loss after the last step");
  loss.axes("step", "loss above the minimum (nats)", 10, 0);
  loss.legend_at(0.66, 0);
  for (std::size_t i = 0; i < all.size(); ++i) {
    loss.curve(excess[i], demo::color::series[i], 2);
    loss.legend(static_cast<int>(i),
                all[i].name + ", rate " + with_digits("%.2g", all[i].rate) + ": " +
                    with_digits("%.4f", all[i].last()),
                demo::color::series[i], 2.5);
  }

  // The horizontal axis is the logarithm of the rate.
  std::vector<std::vector<demo::point>> searches;
  for (const contender& each : all) {
    auto& search = searches.emplace_back();
    for (const demo::point& p : each.by_rate) search.push_back({std::log10(p.x), std::min(p.y, highest)});
  }
  demo::chart by_rate(page, {left, 655}, width, 350, {std::log10(rates.low), std::log10(rates.high)},
                      demo::logarithmic_range(searches), demo::scale::logarithmic);
  by_rate.title("How much the rate matters: loss after " + std::to_string(steps) +
                    " steps, geometric mean over " + std::to_string(starts) + " starts",
                "losses above 10 are shown at 10");
  by_rate.y_axis("loss (nats)", 0);
  for (double power = std::log10(rates.low); power <= std::log10(rates.high); ++power)
    by_rate.x_tick(power, demo::tick_label(std::pow(10, power), std::pow(10, power)));
  by_rate.bottom("rate");
  for (std::size_t i = 0; i < all.size(); ++i) {
    by_rate.curve(searches[i], demo::color::series[i], 1.6);
    by_rate.dots(searches[i], 5, demo::color::series[i], 1);
  }
  page.save(path);
}

void print(const std::vector<contender>& all) {
  std::printf("  %-10s %8s %10s %10s %10s %14s %14s\n", "", "rate", "step 20", "step 50", "step 200",
              "minimum below", "typical");
  for (const contender& each : all)
    std::printf("  %-10s %8.4f %10.5f %10.5f %10.5f %14.5f %14.5f\n", each.name.c_str(), each.rate,
                each.best[20].y, each.best[50].y, each.last(), each.minimum, each.typical);
  std::printf(
      "  The loss: mean cross-entropy (nats) and a penalty of %g/2 times the sum of squares of the weights. "
      "Minimum below:\n"
      "  where L-BFGS ends from the best point. Typical: geometric mean at step 200 over %d starts that the "
      "search for the\n"
      "  rate has not seen.\n",
      decay, static_cast<int>(starts));
}

/// What holds whatever the start is.
void check(const std::vector<contender>& all) {
  const auto named = [&](const char* name) -> const contender& {
    return *std::ranges::find(all, name, &contender::name);
  };
  const contender& plain = named("SGD");
  for (const contender& each : all) {
    expect(each.best.front().y == plain.best.front().y);       // the same start
    expect(each.last() > each.minimum && each.typical < 0.2);  // log 3 = 1.1 is what guessing costs
    // Steps of a constant size cannot settle: Lion needs a schedule.
    expect(each.name == "Lion" ? each.typical > plain.typical : each.typical < 0.09);
  }
  for (const char* better : {"Adam", "Nesterov"}) expect(named(better).last() < plain.last());
  const contender& adam = named("Adam");
  expect(adam.last() - adam.minimum < (plain.last() - plain.minimum) / 2);
}

int run(const demo::arguments& given) {
  const demo::labelled_table irises =
      demo::held_out_quarter(demo::read_labelled(given.tables[0], network::features, network::classes),
                             given.seed)
          .training;
  std::printf("%s: %d rows to train on\n", given.tables[0].c_str(), static_cast<int>(irises.rows.size()));
  const network::mean_loss loss(irises, decay);
  std::vector<contender> all = contenders(loss);
  for (contender& each : all) {
    compete(each, loss, given.seed);
    std::printf("  %s: %d rates tried\n", each.name.c_str(), static_cast<int>(trials));
    std::fflush(stdout);
  }
  std::ranges::sort(all, {}, &contender::last);
  print(all);
  draw(all, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  check(all);
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("loss_curves", [&] {
    return run(demo::parse_arguments(count, words,
                                     {.tables = {TYPEGRAD_EXAMPLE_DATA "/iris.csv"},
                                      .picture = "loss_curves.svg",
                                      .usage = "loss_curves [IRIS] [--out SVG] [--seed NUMBER]",
                                      .has_seed = true}));
  });
}
