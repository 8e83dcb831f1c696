// SPDX-License-Identifier: BSL-1.0
// Writes event files and reports for training_files.py to read: training_files FOLDER.
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <typegrad/tensorboard.hpp>
#include <typegrad/training.hpp>
#include <vector>

namespace {

void write(const std::string& folder) {
  tg::event_file board(folder + "/run");
  for (std::size_t step = 0; step < 300; ++step)
    board.scalar("loss", 1 / static_cast<double>(1 + step), step == 299 ? std::size_t{1} << 40 : step);
  std::vector<double> numbers;
  for (int k = -500; k <= 500; ++k) numbers.push_back(0.001 * k * std::abs(k));
  numbers.push_back(std::nan(""));
  board.histogram("numbers", numbers, 3);
  board.histogram("extremes",
                  std::vector<float>{0, 1e-30f, -1e-30f, 1e30f, std::numeric_limits<float>::infinity()}, 4);
  board.histogram("none", std::vector<double>{}, 5);
  // Larger than a block that is stored.
  std::vector<unsigned char> colours(150 * 200 * 3);
  for (std::size_t k = 0; k < colours.size(); ++k) colours[k] = static_cast<unsigned char>(k * k % 251);
  board.image("colours", colours, 150, 200, 6, 3);
  board.image("grey", std::vector<float>{0, 0.5f, 1, 2, -1, std::nanf("")}, 2, 3, 7);
  board.image("opacity", std::vector<float>{0, 0.2f, 0.4f, 0.6f}, 1, 1, 8, 4);
  board.text("note", "**what** is <this>", 9);
  board.hyperparameters({{"rate", 1e-3}, {"rule", "adam"}, {"layers", 3}, {"empty", ""}}, {"loss"});

  std::vector<double> weights{3, 4};
  tg::event_file told(folder + "/training");
  const auto step = [](double centre, const auto& w, auto& slopes) {
    for (std::size_t k = 0; k < 2; ++k) slopes[k] = 2 * (w[k] - centre);
    return (w[0] - centre) * (w[0] - centre) + (w[1] - centre) * (w[1] - centre);
  };
  (void)tg::train(step, 1.0, weights,
                  {.epochs = 5,
                   .rule = tg::sgd{.rate = 0.1},
                   .evaluate =
                       [](const auto& w) {
                         return tg::scores{{"accuracy", w[0]}};
                       },
                   .after_epoch = std::ref(told)});

  // A report with a gap, a name that is no HTML, and numbers that are far apart or all the same.
  std::size_t epoch = 0;
  const auto evaluate = [&](const auto&) {
    const double at = static_cast<double>(++epoch);
    return tg::scores{{"<a & b>", epoch == 7 ? std::nan("") : at}, {"same", -2}, {"loss", std::pow(10, at)}};
  };
  const auto result =
      tg::train(step, 1.0, weights, {.epochs = 20, .rule = tg::sgd{.rate = 0.3}, .evaluate = evaluate});
  tg::save_report(folder + "/report.html", result, "A <training> & its end");
  tg::save_report(folder + "/empty.html", tg::train_result<float>{});
}

bool refuses(const auto& call) {
  try {
    call();
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
    return true;
  }
  return false;
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) return 2;
  const std::string folder = words[1];
  write(folder);
  tg::event_file board(folder + "/run");  // another file, in the same second as well
  const bool refused = refuses([&] { tg::save_report("/dev/null/x.html", tg::train_result<float>{}); }) &&
                       refuses([&] { tg::event_file("/dev/null/folder"); }) &&
                       refuses([&] { board.image("x", std::vector<float>(5), 2, 3, 0); }) &&
                       refuses([&] { board.image("x", std::vector<float>(12), 2, 3, 0, 2); });
  return refused ? 0 : 1;
}
