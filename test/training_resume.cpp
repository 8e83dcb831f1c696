// SPDX-License-Identifier: BSL-1.0
// Checkpoints of tg::train: a training that is stopped or killed at any moment and goes on agrees in every
// bit with one in one piece, repeats little, and is refused a file that is damaged or of another training.
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <typegrad/array.hpp>
#include <typegrad/groups.hpp>
#include <utility>
#include <vector>

#include "damage.hpp"
#include "training.hpp"

BOOST_AUTO_TEST_SUITE(training_resume)

using namespace train_test;

namespace {

using vector = std::vector<double>;
using options_t = tg::train_options<vector>;

const std::string saved = "training_resume.ckpt";
const shuffled_rows data;

std::string contents() {
  std::ifstream file(saved, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A step with a state beside the weights, and a gradient that is no number now and then.
struct odd_step {
  vector& state;
  double operator()(const rows_of_batch& batch, const vector& w, vector& slopes,
                    const tg::train_moment& now) {
    const double loss = step(batch, w, slopes);
    state[0] = 0.9 * state[0] + 0.1 * loss;
    if (now.batch_number % 13 == 7) slopes[1] = std::nan("");
    for (double& each : slopes) each += 0.01 * state[0] * noise(now.batch_number);
    return loss;
  }
};

struct outcome {
  vector w = vector(4), state = vector(1);
  tg::train_result<double> result;
};
outcome run(options_t options) {
  outcome made;
  options.state = &made.state;
  made.result = tg::train(odd_step{made.state}, data, made.w, options);
  return made;
}

void equal(const outcome& parts, const outcome& whole) {
  const auto &a = parts.result, &b = whole.result;
  BOOST_TEST(parts.w == whole.w);
  BOOST_TEST(parts.state == whole.state);
  BOOST_TEST(a.best_weights == b.best_weights);
  BOOST_TEST(a.best_state == b.best_state);
  BOOST_TEST(a.best_epoch == b.best_epoch);
  BOOST_TEST(a.best_score == b.best_score);
  BOOST_TEST((a.reason == b.reason));
  BOOST_TEST((a.steps == b.steps && a.left_out == b.left_out && a.not_finite == b.not_finite &&
              a.exploding == b.exploding && a.vanishing == b.vanishing));
  BOOST_TEST(a.history.size() == b.history.size());
  for (std::size_t k = 0; k < std::min(a.history.size(), b.history.size()); ++k) {
    const auto &x = a.history[k], &y = b.history[k];
    BOOST_TEST((x.epoch == y.epoch && x.steps == y.steps && x.loss == y.loss && x.rate == y.rate &&
                x.gradient == y.gradient && x.scores == y.scores));
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(goes_on_bit_by_bit) {
  const auto resumes = [](std::string_view name, options_t options) {
    std::remove(saved.c_str());
    const outcome whole = run(options);
    options.checkpoint = saved, options.resume = true;
    outcome parts;
    std::size_t calls = 0;
    do {
      std::size_t left = 3 + calls % 5;
      options.after_batch = [&](const auto&) { return --left > 0; };
      parts = run(options);
      BOOST_TEST(parts.result.resumed == (calls > 0));
    } while (parts.result.reason == tg::train_end::stopped_by_caller && ++calls < 100);
    BOOST_TEST_CONTEXT(name << ": " << whole.result.why() << "; " << parts.result.why()) {
      equal(parts, whole);
      BOOST_TEST(calls > 3u);
    }
    const std::string file = contents();
    equal(run(options), parts);  // one that has ended goes on with nothing
  };
  const auto distance = [](const vector& w) {
    return tg::scores{{"distance", std::abs(w[1] - 2) + 0.3 * std::sin(40 * w[0])}, {"w", w[0]}};
  };
  resumes("adamw", {.epochs = 6});
  resumes("schedules with a state", {.epochs = 7,
                                     .rule = tg::nadam{.rate = 0.02},
                                     .schedule = tg::warm_up(5, tg::automatic_rate{}),
                                     .epoch_schedule = tg::reduce_on_plateau({.factor = 0.5, .patience = 1}),
                                     .treatments = {tg::gradient_noise{.seed = 3}, tg::clip_by_norm{1}},
                                     .evaluate = distance});
  resumes("several batches", {.epochs = 9, .rule = tg::sgd{.rate = 0.1, .momentum = 0.9}, .accumulate = 2});
  constexpr auto theta = tg::parameters(tg::array<"w", 3>, tg::array<"bias", 1>);
  resumes("groups", {.epochs = 6,
                     .rule = tg::grouped<tg::adamw, double>(
                         theta, {{"bias", {.rate = 0.03}}, {"*", {.rate = 0.02, .weight_decay = 0.1}}})});
  resumes("patience", {.epochs = 30,
                       .rule = tg::adam{.rate = 0.05},
                       .evaluate = distance,
                       .patience = 4,
                       .unsound = tg::on_unsound::cut_rate});
}

// Killed at random moments, it goes on from the last checkpoint, of which there is never a half.
BOOST_AUTO_TEST_CASE(killed_at_any_moment) {
  struct seen_by_both {
    volatile std::size_t reached, first;  // the batches that the child has taken, and where it began
  };
  void* const shared =
      mmap(nullptr, sizeof(seen_by_both), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  BOOST_REQUIRE(shared != MAP_FAILED);
  auto& seen = *new (shared) seen_by_both{0, 0};
  std::remove(saved.c_str());
  constexpr std::size_t every = 3;
  options_t options{.epochs = 12,
                    .rule = tg::adam{.rate = 0.05},
                    .schedule = tg::cosine_schedule{.steps = 60},
                    .evaluate = [](const vector& w) { return w[1]; }};
  const outcome whole = run(options);
  options.checkpoint = saved, options.checkpoint_every = every, options.resume = true;
  std::mt19937 random(20);
  std::size_t kills = 0, before = 0;
  for (;; ++kills) {
    seen.first = before;
    const pid_t child = fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
      bool first = true;
      options.after_batch = [&](const auto& now) {
        if (std::exchange(first, false)) seen.first = now.at.batch_number;
        seen.reached = now.at.batch_number;
      };
      try {
        (void)run(options);
      } catch (...) {
        _exit(3);
      }
      _exit(0);
    }
    if (kills < 12) {
      usleep(static_cast<useconds_t>(random() % 12000));
      kill(child, SIGKILL);
    }
    int status = 0;
    waitpid(child, &status, 0);
    BOOST_TEST((!WIFEXITED(status) || WEXITSTATUS(status) == 0));
    BOOST_TEST(seen.first + every >= before);
    before = seen.reached;
    if (WIFEXITED(status)) break;
  }
  munmap(shared, sizeof(seen_by_both));
  const outcome last = run(options);
  BOOST_TEST(last.result.resumed);
  equal(last, whole);
  BOOST_TEST_MESSAGE("killed " << kills << " times");
}

BOOST_AUTO_TEST_CASE(damaged_files) {
  std::remove(saved.c_str());
  const options_t options{
      .epochs = 2, .evaluate = [](const vector&) { return 1; }, .checkpoint = saved, .resume = true};
  const outcome good = run(options);
  const std::string file = contents();
  const std::string title = "typegrad run, version 2\n";
  BOOST_REQUIRE(file.starts_with(title));
  std::mt19937 random(7);
  std::size_t refused = 0;
  const auto tried = [&](const std::string& text) {
    std::ofstream(saved, std::ios::binary) << text;
    try {
      (void)run(options);
      return std::string();
    } catch (const std::runtime_error& error) {
      ++refused;
      return std::string(error.what());
    }
  };
  const auto is_sentence = [](const std::string& said) {
    return said.starts_with("train: the checkpoint 'training_resume.ckpt' ") && said.ends_with(".");
  };
  const char* const more = std::getenv("TYPEGRAD_DAMAGES");  // so many times as many
  const int count = 1500 * (more == nullptr ? 1 : std::atoi(more));
  for (int k = 0; k < count; ++k) {
    std::string text = file;
    switch (k % 3) {
      case 0:
        text[random() % text.size()] ^= static_cast<char>(1u << random() % 8);
        break;
      case 1:
        text.resize(random() % text.size());
        break;
      case 2:
        text.insert(random() % text.size(), 1 + random() % 9, static_cast<char>(random()));
    }
    const std::string said = tried(text);
    BOOST_TEST(is_sentence(said), "after damage " << k << ": " << said);
  }
  // With a checksum that fits, whatever is refused is so by a sentence, and the rest is harmless.
  const std::string body = file.substr(0, file.rfind("checksum "));
  refused = 0;
  for (int k = 0; k < count; ++k) {
    std::string text = title + damaged(body.substr(title.size()), static_cast<std::uint64_t>(k));
    text += "checksum " + std::to_string(tg::detail::hash_of(text)) + '\n';
    const std::string said = tried(text);
    BOOST_TEST((said.empty() || is_sentence(said)), "after damage " << k << ": " << said);
  }
  // Each number, and each size, in turn is an absurd one.
  for (std::size_t at = title.size(); (at = body.find_first_of(" \n", at)) != std::string::npos; ++at)
    for (const std::string_view absurd : {" 18446744073709551615", " 9223372036854775807", " 1099511627776",
                                          " -1", " 0", " inf", " nan", " 1p-2000"}) {
      if (body[at] != ' ') continue;
      std::string text = body;
      text.replace(at, text.find_first_of(" \n", at + 1) - at, absurd);
      text += "checksum " + std::to_string(tg::detail::hash_of(text)) + '\n';
      const std::string said = tried(text);
      BOOST_TEST((said.empty() || is_sentence(said)), "at " << at << ": " << said);
    }
  BOOST_TEST(refused > 500u);
  BOOST_TEST(
      tried("typegrad run, version 1\n" + file.substr(title.size())) ==
      "train: the checkpoint 'training_resume.ckpt' was written by another version of typegrad; end the run "
      "with that one, or begin a new one.");
  BOOST_TEST(tried(file).empty());
  BOOST_TEST(good.result.history.size() == 2u);
}

BOOST_AUTO_TEST_CASE(without_the_best_weights) {
  std::remove(saved.c_str());
  options_t options{.epochs = 4, .rule = tg::adam{.rate = 0.05}, .checkpoint = saved, .resume = true};
  const outcome with = run(options);
  std::remove(saved.c_str());
  options.keep_best = false;
  options.epochs = 2;
  (void)run(options);
  options.epochs = 4;
  const outcome without = run(options);
  BOOST_TEST(without.result.resumed);
  BOOST_TEST((without.w == with.w && without.state == with.state));
  BOOST_TEST((without.result.best_weights.empty() && without.result.best_state.empty()));
  BOOST_TEST(without.result.best_epoch == with.result.best_epoch);
  BOOST_TEST(contents().find("best_weights 0\n\nbest_state 0\n") != std::string::npos);
  options.keep_best = true, options.epochs = 5;
  BOOST_TEST(thrown([&] { (void)run(options); }).find("has no best weights") != std::string::npos);
  std::remove(saved.c_str());
}

BOOST_AUTO_TEST_CASE(files_of_other_trainings) {
  const options_t usual{.epochs = 2,
                        .rule = tg::adam{.rate = 0.01},
                        .schedule = tg::cosine_schedule{.steps = 50},
                        .treatments = {tg::clip_by_norm{1}},
                        .checkpoint = saved,
                        .resume = true};
  std::remove(saved.c_str());
  (void)run(usual);
  const auto refused = [&](std::string_view words, auto change) {
    options_t options = usual;
    change(options);
    const std::string said = thrown([&] { (void)run(options); });
    BOOST_TEST_CONTEXT(said) BOOST_TEST(said.find(words) != std::string::npos);
  };
  refused("rule adam, not adamw", [](options_t& o) { o.rule = tg::adamw{.rate = 0.01}; });
  refused("whose rule has other options", [](options_t& o) { o.rule = tg::adam{.rate = 0.0101}; });
  refused("whose rule has other options",
          [](options_t& o) { o.rule = tg::adam{.rate = 0.01, .beta2 = 0.99}; });
  refused("another schedule:", [](options_t& o) { o.schedule = tg::cosine_schedule{.steps = 51}; });
  refused("schedule of epochs:", [](options_t& o) { o.epoch_schedule = tg::exponential_schedule{0.9}; });
  refused("other treatments", [](options_t& o) { o.treatments = {}; });
  refused("accumulate 1, not 2", [](options_t& o) { o.accumulate = 2; });
  const auto other = [&](std::string_view words, auto other_step, const shuffled_rows& rows,
                         std::size_t weights) {
    vector w(weights), state(1);
    options_t options = usual;
    options.state = &state;
    const std::string said = thrown([&] { (void)tg::train(other_step, rows, w, options); });
    BOOST_TEST_CONTEXT(said) BOOST_TEST(said.find(words) != std::string::npos);
  };
  other(
      "another model, loss or data",
      [](const auto& batch, const vector& w, vector& slopes) { return 2 * step(batch, w, slopes); }, data, 4);
  other("another model, loss or data", step, {.count = 22}, 4);
  other("batches 5, not 8", step, {.size = 3}, 4);
  other("weights 4, not 3", step, {.columns = 2}, 3);
  options_t longer = usual;
  longer.epochs = 5;
  BOOST_TEST(run(longer).result.history.size() == 5u);
  options_t nowhere = usual;
  nowhere.checkpoint = "no such folder/x";
  BOOST_TEST(thrown([&] { (void)run(nowhere); }) ==
             "train: the checkpoint 'no such folder/x' cannot be written; check the folder and the space on "
             "the disk.");
  std::remove(saved.c_str());
}

BOOST_AUTO_TEST_SUITE_END()
