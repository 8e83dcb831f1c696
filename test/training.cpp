// SPDX-License-Identifier: BSL-1.0
// tg::train: means over batches, accumulation, schedules by step and by epoch, treatments, what is unsound,
// early stopping, callables, progress, and that a step costs no memory.
#include "training.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "allocations.hpp"

BOOST_AUTO_TEST_SUITE(training)

using namespace train_test;

namespace {

const shuffled_rows data;
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

/// The loop as one would write it: what tg::train has to agree with, bit by bit.
template <class Method>
std::vector<double> by_hand(Method method, std::size_t epochs, auto factor, std::vector<double>& losses) {
  std::vector<double> w(4), slopes(4);
  tg::first_order<Method, double> rule(method, 4);
  std::size_t steps = 0;
  for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
    double sum = 0, all = 0;
    for (std::size_t index = 0; index < data.batches(); ++index, ++steps) {
      const auto batch = data.batch(epoch, index);
      const double loss = step(batch, w, slopes), rows = index + 1 < data.batches() ? 5 : 3;
      rule.step(w, slopes, factor(steps, epoch));
      sum += rows * loss, all += rows;
    }
    losses.push_back(sum / all);
  }
  return w;
}

}  // namespace

BOOST_AUTO_TEST_CASE(agrees_with_a_loop_by_hand) {
  const auto agrees = [](auto method, auto factor, const tg::train_options<std::vector<double>>& options) {
    std::vector<double> losses, w(4);
    const std::vector<double> wanted = by_hand(method, options.epochs, factor, losses);
    const auto result = tg::train(step, data, w, options);
    BOOST_TEST(w == wanted);
    BOOST_TEST(result.history.size() == losses.size());
    for (std::size_t k = 0; k < losses.size(); ++k) {
      BOOST_TEST(result.history[k].loss == losses[k]);
      BOOST_TEST(result.history[k].steps == (k + 1) * data.batches());
    }
    BOOST_TEST(result.steps == options.epochs * data.batches());
    BOOST_TEST((result.reason == tg::train_end::all_epochs));
    BOOST_TEST(!result.resumed);
  };
  const auto one = [](std::size_t, std::size_t) { return 1.0; };
  agrees(tg::adamw{}, one, {.epochs = 3});
  agrees(tg::sgd{.rate = 0.1, .momentum = 0.9}, one,
         {.epochs = 4, .rule = tg::sgd{.rate = 0.1, .momentum = 0.9}});
  const tg::cosine_schedule cosine{.steps = 15};
  agrees(tg::adam{.rate = 0.01}, [&](std::size_t steps, std::size_t) { return cosine(steps); },
         {.epochs = 3, .rule = tg::adam{.rate = 0.01}, .schedule = cosine});
  auto warm = tg::warm_up(4, cosine);
  const tg::step_schedule by_epoch{.every = 1, .factor = 0.5};
  agrees(tg::adam{.rate = 0.01},
         [&](std::size_t steps, std::size_t epoch) { return by_epoch(epoch) * warm(steps); },
         {.epochs = 3, .rule = tg::adam{.rate = 0.01}, .schedule = warm, .epoch_schedule = by_epoch});
}

// An epoch's mean is over its rows, whatever the last batch is filled up with; with weights at rest it is the
// mean over all data.
BOOST_AUTO_TEST_CASE(means_are_over_rows) {
  double all = 0;
  std::vector<double> w{0.1, 0.2, 0.3, 0.4}, slopes(4), start = w;
  const auto whole = shuffled_rows{.size = 23};
  all = step(whole.batch(0, 0), w, slopes);
  for (const std::size_t size : {1u, 2u, 5u, 7u, 22u, 23u, 30u})
    for (const std::size_t accumulate : {1u, 2u, 3u, 100u}) {
      const auto result = tg::train(step, shuffled_rows{.size = size}, w,
                                    {.epochs = 2, .rule = tg::sgd{.rate = 0}, .accumulate = accumulate});
      BOOST_TEST(w == start);
      for (const auto& each : result.history)
        BOOST_TEST(each.loss == all, boost::test_tools::tolerance(1e-14));
    }
}

// A step along the mean of several batches is one along the gradient of all their rows.
BOOST_AUTO_TEST_CASE(accumulated_batches_are_one) {
  for (const std::size_t size : {1u, 3u, 5u, 8u}) {
    std::vector<double> parts(4), whole(4);
    const auto small = tg::train(step, shuffled_rows{.size = size}, parts,
                                 {.epochs = 20, .rule = tg::adam{.rate = 0.05}, .accumulate = 23});
    const auto large =
        tg::train(step, shuffled_rows{.size = 23}, whole, {.epochs = 20, .rule = tg::adam{.rate = 0.05}});
    BOOST_TEST(small.steps == large.steps);
    for (std::size_t k = 0; k < 4; ++k) BOOST_TEST(parts[k] == whole[k], boost::test_tools::tolerance(1e-9));
  }
}

// What has no batches is one, in each epoch; what has no weights is weighed by its size, or not at all.
BOOST_AUTO_TEST_CASE(anything_is_a_batch) {
  const auto all = shuffled_rows{.size = 23}.batch(0, 0);
  std::vector<float> w(4);
  const auto result = tg::train(step, all, w, {.epochs = 300, .rule = tg::adam{.rate = 0.05}});
  BOOST_TEST(result.steps == 300u);
  BOOST_TEST(result.history.back().loss < 1e-3);
  std::array<double, 1> at{3};
  const auto parabola = [](int centre, const auto& x, auto& slope) {
    slope[0] = 2 * (x[0] - centre);
    return (x[0] - centre) * (x[0] - centre);
  };
  (void)tg::train(parabola, 7, at, {.epochs = 100, .rule = tg::sgd{.rate = 0.3}});
  BOOST_TEST(at[0] == 7, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(schedules_of_epochs_see_scores) {
  std::vector<double> w(4), seen, asked;
  const auto result = tg::train(step, data, w,
                                {.epochs = 8,
                                 .rule = tg::sgd{.rate = 0.1},
                                 .epoch_schedule = tg::reduce_on_plateau({.factor = 0.5, .patience = 1}),
                                 .evaluate = [&](const auto&) { return asked.size() < 2 ? 1.0 : 2.0; },
                                 .after_epoch = [&](const auto& now) { asked.push_back(now.record.rate); }});
  // The score is best in the first epochs; each second one after them halves the rate.
  const std::vector<double> wanted{0.1, 0.1, 0.1, 0.05, 0.05, 0.025, 0.025, 0.0125};
  BOOST_TEST(asked == wanted);
  BOOST_TEST(result.best_epoch == 1u);
}

BOOST_AUTO_TEST_CASE(treatments_come_in_order) {
  std::vector<double> w(4), norms;
  (void)tg::train(step, data, w,
                  {.epochs = 2,
                   .treatments = {tg::clip_by_norm{.limit = 0.25, .epsilon = 0},
                                  [](std::span<double> g, std::span<const double>, std::size_t) {
                                    for (double& each : g) each *= 2;
                                  }},
                   .after_batch = [&](const auto& now) {
                     double sum = 0;
                     for (const double each : now.slopes) sum += each * each;
                     norms.push_back(std::sqrt(sum));
                     BOOST_TEST(now.gradient > 0.25);
                   }});
  for (const double norm : norms) BOOST_TEST(norm == 0.5, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(norms.size() == 10u);
}

BOOST_AUTO_TEST_CASE(best_weights_and_patience) {
  std::vector<double> w(4), scores{5, 3, 4, 1, 2, 2, 2, 0}, at_best;
  std::size_t epoch = 0;
  const auto run = [&](bool larger, double least) {
    epoch = 0;
    return tg::train(step, data, w,
                     {.epochs = 8,
                      .evaluate =
                          [&](const auto&) {
                            const double score = scores[epoch++];
                            return tg::scores{{"score", larger ? -score : score}, {"other", 1}};
                          },
                      .larger_is_better = larger,
                      .patience = 3,
                      .least_improvement = least,
                      .after_epoch =
                          [&](const auto& now) {
                            if (now.best) at_best = now.weights;
                          }});
  };
  for (const bool larger : {false, true}) {
    const auto result = run(larger, 0);
    BOOST_TEST_CONTEXT(result.why()) {
      BOOST_TEST(result.best_epoch == 4u);
      BOOST_TEST(result.history.size() == 7u);
      BOOST_TEST((result.reason == tg::train_end::no_improvement));
      BOOST_TEST(result.best_weights == at_best);
      BOOST_TEST(result.best_weights != w);
      BOOST_TEST(result.history[2].scores[1].first == "other");
    }
  }
  BOOST_TEST(run(false, 2.5).history.size() == 7u);
  BOOST_TEST(run(false, 5).best_epoch == 1u);
  scores.assign(8, no_number);
  const auto check = [&](const auto& result) {
    BOOST_TEST((result.best_epoch == 0 && result.best_weights == w && result.best_state.empty()));
  };
  check(run(false, 0));
  check(tg::train(step, data, w, {.max_seconds = 0}));
  check(tg::train(step, data, w, {.after_batch = [](const auto&) { return false; }}));
}

BOOST_AUTO_TEST_CASE(unsound_steps) {
  const auto run = [](std::vector<std::size_t> bad, double what, tg::on_unsound remedy,
                      tg::train_options<std::vector<double>> options = {}) {
    std::vector<double> w(4), state{0};
    options.epochs = 10, options.rule = tg::sgd{.rate = 0.01}, options.unsound = remedy,
    options.state = &state;
    const auto broken = [&](const auto& batch, const auto& weights, auto& slopes,
                            const tg::train_moment& now) {
      state[0] += 1;
      const double loss = step(batch, weights, slopes);
      if (std::ranges::find(bad, now.batch_number) == bad.end()) return loss;
      if (!(what < 1)) state[0] = no_number;
      slopes[2] *= what;
      return loss;
    };
    auto result = tg::train(broken, data, w, options);
    if (remedy != tg::on_unsound::take) {
      BOOST_TEST(state[0] == static_cast<double>(result.steps - result.left_out));
      for (const double each : w) BOOST_TEST(std::isfinite(each));
    }
    return result;
  };
  for (const double what : {no_number, 1e12}) {
    const auto left_out = run({20, 31}, what, tg::on_unsound::skip_step);
    BOOST_TEST(left_out.left_out == 2u);
    BOOST_TEST((std::isnan(what) ? left_out.not_finite : left_out.exploding) == 2u);
    BOOST_TEST(left_out.steps == 50u);
    BOOST_TEST(left_out.history.back().rate == 0.01);
    BOOST_TEST(left_out.warnings.size() == 2u);
    BOOST_TEST_CONTEXT(left_out.warnings[1]) {
      BOOST_TEST(left_out.warnings[1].starts_with("epoch 7, batch 2: the gradient"));
      BOOST_TEST(left_out.warnings[1].ends_with("the step was left out"));
    }
    BOOST_TEST(run({20, 31}, what, tg::on_unsound::cut_rate).history.back().rate == 0.0025);
    const auto stopped = run({20, 31}, what, tg::on_unsound::stop);
    BOOST_TEST((stopped.reason == tg::train_end::unsound));
    BOOST_TEST(stopped.steps == 21u);
    BOOST_TEST(run({20}, what, tg::on_unsound::take).left_out == 0u);
  }
  std::vector<std::size_t> always(50);
  for (std::size_t k = 0; k < always.size(); ++k) always[k] = k;
  const auto hopeless = run(always, no_number, tg::on_unsound::skip_step, {.max_unsound = 7});
  BOOST_TEST((hopeless.reason == tg::train_end::unsound));
  BOOST_TEST(hopeless.steps == 8u);
  BOOST_TEST(hopeless.warnings.size() == 8u);
  const auto vanishing =
      run({20, 21, 40}, 1e-300, tg::on_unsound::skip_step, {.watch = {{.vanishing = 0.999}}});
  BOOST_TEST(vanishing.vanishing > 0u);
  BOOST_TEST(vanishing.left_out == 0u);
  BOOST_TEST(vanishing.warnings.size() == 1u);
  BOOST_TEST(vanishing.warnings[0].ends_with("vanishing"));
}

BOOST_AUTO_TEST_CASE(callables_stop) {
  std::vector<double> w(4);
  const auto steps = tg::train(
      step, data, w, {.epochs = 9, .after_batch = [](const auto& now) { return now.at.batch_number < 12; }});
  BOOST_TEST(steps.steps == 13u);
  BOOST_TEST((steps.reason == tg::train_end::stopped_by_caller));
  const auto epochs = tg::train(
      step, data, w, {.epochs = 9, .after_epoch = [](const auto& now) { return now.record.epoch < 4; }});
  BOOST_TEST(epochs.history.size() == 4u);
  BOOST_TEST((tg::train(step, data, w, {.epochs = 9, .max_seconds = 0}).reason == tg::train_end::time_limit));
}

BOOST_AUTO_TEST_CASE(progress_lines) {
  std::vector<double> w(4);
  std::ostringstream out;
  (void)tg::train(step, data, w,
                  {.epochs = 3,
                   .evaluate =
                       [](const auto&) {
                         return tg::scores{{"accuracy", 0.5}};
                       },
                   .progress = &out});
  const std::string text = out.str();
  BOOST_TEST_CONTEXT(text) {
    BOOST_TEST(std::ranges::count(text, '\n') == 3);
    BOOST_TEST(text.starts_with("epoch 1/3  loss "));
    BOOST_TEST(text.find("  accuracy 0.5  rate 0.001  ") != std::string::npos);
    BOOST_TEST(text.find(" left\n") != std::string::npos);
  }
  BOOST_TEST(tg::detail::duration_text(65.2) == "1:05 min");
  BOOST_TEST(tg::detail::duration_text(3723) == "1:02 h");
  BOOST_TEST(tg::detail::duration_text(1.26) == "1.3 s");
}

BOOST_AUTO_TEST_CASE(steps_need_no_memory) {
  struct one_batch {
    rows_of_batch kept = shuffled_rows{.size = 23}.batch(0, 0);
    std::size_t count;
    std::size_t batches() const { return count; }
    const rows_of_batch& batch(std::size_t, std::size_t) const { return kept; }
  };
  const auto used = [](std::size_t batches) {
    std::vector<double> w(4), state(3);
    const one_batch loader{.count = batches};
    const int before = allocations;
    (void)tg::train(step, loader, w,
                    {.schedule = tg::warm_up(10, tg::cosine_schedule{.steps = 500}),
                     .treatments = {tg::clip_by_norm{1}},
                     .accumulate = 2,
                     .after_batch = [](const auto&) {},
                     .state = &state});
    return allocations - before;
  };
  BOOST_TEST(used(1000) == used(10));
}

BOOST_AUTO_TEST_CASE(options_that_are_refused) {
  std::vector<double> w(4);
  const auto refused = [&](const tg::train_options<std::vector<double>>& options, std::string_view words) {
    const std::string said = thrown([&] { (void)tg::train(step, data, w, options); });
    BOOST_TEST_CONTEXT(said) BOOST_TEST(said.find(words) != std::string::npos);
  };
  refused({.epochs = 0}, "train: the option epochs is 0; give at least 1.");
  refused({.accumulate = 0}, "accumulate");
  refused({.rule = tg::adam{.rate = -1}}, "adam: the option rate is -1");
  refused({.treatments = {tg::clip_by_norm{.limit = 1, .segments = {3}}}}, "clip_by_norm: the lengths");
  refused({.least_improvement = no_number}, "least_improvement");
  refused({.max_seconds = -1}, "max_seconds");
  refused({.resume = true}, "checkpoint");
  refused({.schedule = [](std::size_t, double, double) { return -1.0; }}, "rate_factor");
  BOOST_TEST(thrown([] { (void)tg::cosine_schedule{.steps = 0}(1); }) ==
             thrown([] { (void)tg::detail::any_schedule(tg::cosine_schedule{.steps = 0}); }));
  BOOST_TEST(thrown([&] { (void)tg::train(step, shuffled_rows{.count = 0}, w); }) ==
             "train: the loader has no batches; give it data of at least one row.");
}

BOOST_AUTO_TEST_SUITE_END()
