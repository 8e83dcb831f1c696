// SPDX-License-Identifier: BSL-1.0
// Trainings that processes share, beside the same in one process; run by mpi_training.py, which starts four.
// Each process checks its own; what it finds is written to stderr, and it ends with 1.
#include <cstdio>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <typegrad/mpi.hpp>
#include <vector>

#include "training.hpp"

namespace {

using namespace train_test;
using vector = std::vector<double>;
using options_t = tg::train_options<vector>;

const std::string saved = "mpi_training.ckpt";
const shuffled_rows data;  // 23 rows in 5 batches, the last one filled up
int failures = 0;

void check(bool holds, std::string_view what, const tg::mpi::session& here) {
  if (holds) return;
  ++failures;
  std::cerr << "process " << here.rank() << ": failed: " << what << std::endl;
}
void check_same(const vector& a, const vector& b, const tg::train_result<double>& x,
                const tg::train_result<double>& y, std::string_view what, const tg::mpi::session& here) {
  bool same = a == b && x.best_weights == y.best_weights && x.steps == y.steps && x.reason == y.reason &&
              x.history.size() == y.history.size();
  for (std::size_t k = 0; same && k < x.history.size(); ++k)
    same = x.history[k].loss == y.history[k].loss && x.history[k].gradient == y.history[k].gradient;
  check(same, what, here);
}

void same_bits(const tg::mpi::session& here) {
  for (const std::size_t batches : {1u, 2u, 4u, 7u}) {
    const options_t options{.epochs = 4,
                            .rule = tg::adam{.rate = 0.05},
                            .treatments = {tg::clip_by_norm{1}},
                            .accumulate = batches};
    vector shared(4), alone(4);
    const auto by_all = tg::mpi::train(step, data, shared, options);
    const auto by_one = tg::train(step, data, alone, options);
    check_same(shared, alone, by_all, by_one, "bits of " + std::to_string(batches) + " batches", here);
  }
}

void resumed(const tg::mpi::session& here) {
  options_t options{.epochs = 6, .rule = tg::adam{.rate = 0.05}, .accumulate = 3};
  vector whole(4);
  const auto expected = tg::train(step, data, whole, options);
  if (here.rank() == 0) std::remove(saved.c_str());
  options.checkpoint = saved, options.resume = true;
  for (int call = 0; call < 9; ++call) {
    int left = 3;
    if (here.rank() == 2) options.after_batch = [&](const auto&) { return --left > 0; };  // one ends all
    vector parts(4);
    const auto found = tg::mpi::train(step, data, parts, options);
    check(found.resumed == (call > 0), "is resumed", here);
    if (found.reason == tg::train_end::stopped_by_caller) continue;
    check_same(parts, whole, found, expected, "bits of a resumed training", here);
    check(call > 2, "is stopped", here);
    vector again(4);
    if (here.rank() == 0)  // one process can read what several have written
      check_same((static_cast<void>(tg::train(step, data, again, options)), again), whole, found, expected,
                 "bits in one process", here);
    return;
  }
  check(false, "ends", here);
}

void refusals(const tg::mpi::session& here) {
  const auto says = [&](std::string_view words, auto call) {
    const std::string said = thrown(call);
    check(said.find(words) != std::string::npos, std::string(words) + " in '" + said + "'", here);
  };
  const bool other = here.rank() == 2;
  says("mpi::train: process 2 has another weights than process 0", [&] {
    vector w(4, other ? 0.1 : 0);
    (void)tg::mpi::train(step, data, w);
  });
  says("mpi::train: process 2 has another epochs than process 0", [&] {
    vector w(4);
    (void)tg::mpi::train(step, data, w, {.epochs = other ? 2u : 1u});
  });
  says("mpi::train: process 2 is of another model, loss or data", [&] {
    vector w(4);
    const auto own = [&](const auto& batch, const auto& now, auto& slopes) {
      return (other ? 2 : 1) * step(batch, now, slopes);
    };
    (void)tg::mpi::train(own, data, w);
  });
  says("in process 1: no luck.", [&] {
    vector w(4);
    const auto fails = [&](const auto& batch, const auto& now, auto& slopes, const tg::train_moment& at) {
      if (at.batch_number == 6) throw std::runtime_error("no luck.");  // of process 1 in the second epoch
      return step(batch, now, slopes);
    };
    (void)tg::mpi::train(fails, data, w, {.epochs = 3, .accumulate = 4});
  });
  says("mpi::train: a state beside the weights", [&] {
    vector w(4), state(1);
    (void)tg::mpi::train(step, data, w, {.state = &state});
  });
}

/// An exception that the others cannot know of.
void ends_all(const tg::mpi::session& here) {
  vector w(4);
  const auto evaluate = [&](const vector&) -> tg::scores {
    if (here.rank() == 3) throw std::runtime_error("no score.");
    return 1;
  };
  (void)tg::mpi::train(step, data, w, {.epochs = 3, .evaluate = evaluate});
}

}  // namespace

int main(int count, char** arguments) {
  const tg::mpi::session here;
  const std::string_view what = count > 1 ? arguments[1] : "";
  if (what == "bits") same_bits(here), resumed(here);
  if (what == "refusals") refusals(here);
  if (what == "end") ends_all(here);
  return failures > 0 ? 1 : 0;
}
