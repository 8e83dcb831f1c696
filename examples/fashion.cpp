// SPDX-License-Identifier: BSL-1.0
// Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): 60,000 pictures of clothes of ten kinds to train on, 10,000
// to be judged by. A network of two convolutions learns them. Usage: fashion [FOLDER] [--full] [--out SVG]
// [--seed NUMBER]; without --full, a few thousand pictures and passes. The folder is that of Debian's package
// dataset-fashion-mnist. Status 0: learnt; 1: an error, in one sentence; 2: poor accuracy.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <span>
#include <string>
#include <typegrad/convolution.hpp>
#include <typegrad/data.hpp>
#include <typegrad/evaluation.hpp>
#include <typegrad/gzip.hpp>
#include <typegrad/loss.hpp>
#include <typegrad/model.hpp>
#include <typegrad/program/threads.hpp>
#include <typegrad/training.hpp>
#include <vector>

#include "support/arguments.hpp"
#include "support/chart.hpp"
#include "support/expect.hpp"
#include "support/svg.hpp"

namespace {

// [network]
constexpr auto x = tg::array<"x", tg::rows, 1, 28, 28>;
constexpr auto y = tg::index<"y", tg::rows>;
constexpr auto counts = tg::array<"counts", tg::rows>;
constexpr auto network = tg::model([](auto& net, auto in) {
  const auto first = tg::max_pool<2, 2>(relu(conv2d<24, 3, 3>(net, in, "first", tg::same)));
  const auto second = tg::max_pool<2, 2>(relu(conv2d<48, 3, 3>(net, first, "second", tg::same)));
  const auto hidden = relu(dense<128>(net, tg::reshape<tg::rows, 2352>(second), "hidden"));
  return dense<10>(net, dropout(net, hidden, 0.3, "drop"), "out");
});
constexpr auto theta = network.parameters(x);
constexpr auto loss = tg::loss::cross_entropy(network.training(x), y, tg::loss::sample_weights(counts));
// [network]

// [data]
struct pictures {
  std::vector<unsigned char> pixels, kinds;

  pictures(const std::string& stem, std::size_t most)
      : pixels(tg::data::read_idx<unsigned char>(stem + "-images-idx3-ubyte.gz").numbers),
        kinds(tg::data::read_idx<unsigned char>(stem + "-labels-idx1-ubyte.gz").numbers) {
    kinds.resize(std::min(most, kinds.size()));
    pixels.resize(784 * kinds.size());
  }
  /// Batches of them; those to train on are shuffled, moved and mirrored.
  auto loader(std::size_t size, bool training, double seed) const {
    const auto scaled = [](std::span<float> image, std::size_t, std::size_t) {
      for (float& pixel : image) pixel = (pixel - 73) / 90;  // mean and deviation of all
    };
    return tg::data::loader({.size = size, .seed = static_cast<std::uint64_t>(seed), .shuffle = training},
                            tg::data::column<float>(pixels, 784)
                                .then(scaled)
                                .then(tg::data::augmentation({.height = 28,
                                                              .width = 28,
                                                              .shift = training ? 1U : 0U,
                                                              .flip = training ? 0.5 : 0,
                                                              .outside = -73.0f / 90})),
                            tg::data::column<int>(kinds));
  }
};
// [data]

// [use]
/// The scores of the ten kinds, for each picture.
std::vector<float> scores_of(const pictures& all, const std::vector<float>& weights) {
  auto run = tg::bound<float>(tg::function(tg::inputs(x, theta), tg::outputs(network(x))));
  std::vector<float> scores, some(10 * 250);
  auto loader = all.loader(250, false, 0);
  for (std::size_t k = 0; k < loader.batches(); ++k) {
    const auto& batch = loader.batch(0, k);
    run(batch.template get<0>(), weights, some, tg::threads(2));
    scores.insert(scores.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(10 * batch.real));
  }
  return scores;
}
std::vector<int> kinds_of(const std::vector<float>& scores) {
  std::vector<int> kinds;
  for (auto row = scores.begin(); row != scores.end(); row += 10)
    kinds.push_back(static_cast<int>(std::max_element(row, row + 10) - row));
  return kinds;
}
// [use]

struct fitted {
  std::vector<float> weights;
  std::vector<demo::point> losses;
};
// [train]
fitted train(const pictures& all, std::size_t epochs, double seed) {
  auto run = tg::bound<float>(
      tg::function(tg::inputs(x, y, counts, tg::seed, theta), tg::outputs(loss, tg::gradient(loss, theta))));
  const auto step = [&](const auto& batch, const auto& weights, auto& slopes, const auto& now) {
    const auto drops = static_cast<float>(now.batch_number);  // others in each step
    return run(batch.template get<0>(), batch.template get<1>(), batch.weights, drops, weights, slopes,
               tg::threads(2));
  };
  auto loader = all.loader(100, true, seed);
  const std::size_t steps = epochs * loader.batches();
  fitted result{std::vector<float>(theta.size()), {}};
  network.initialise(result.weights, seed, x);
  const auto trained =
      tg::train(step, loader, result.weights,
                {.epochs = epochs,
                 .rule = tg::adamw{.rate = 2e-3, .weight_decay = 0.02},
                 .schedule = tg::warm_up(steps / 10, tg::cosine_schedule{.steps = steps - steps / 10}),
                 .progress = &std::cout});
  for (const auto& epoch : trained.history)
    result.losses.push_back({static_cast<double>(result.losses.size() + 1), epoch.loss});
  return result;
}
// [train]

constexpr const char* names[] = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                 "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};

void draw(const pictures& test, const std::vector<int>& told, const std::vector<demo::point>& losses,
          double accuracy, const std::string& path) {
  char words[160];
  std::snprintf(words, sizeof words, "%zu parameters; of %zu pictures that were held out %.2f %% are right",
                theta.size(), test.kinds.size(), 100 * accuracy);
  demo::svg_page page = demo::headed_page(1200, 760, 92, "Fashion-MNIST", words);
  demo::chart chart(page, {92, 125}, 420, 330, {0, losses.back().x}, demo::logarithmic_range({losses}),
                    demo::scale::logarithmic);
  chart.title("Loss, with dropout and moved pictures");
  chart.axes("epoch", "", 6, 0);
  chart.curve(losses, demo::color::fit, 2);
  const auto table =
      tg::metric::confusion_matrix(test.kinds, told, {.classes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}});
  const demo::point corner{720, 125};
  page.text({corner.x, corner.y - 12}, "Kind (row) and what it is taken for",
            demo::chart::style(15, demo::color::ink, "start") + " font-weight=\"bold\"");
  for (std::size_t r = 0; r < 10; ++r) {
    const double top = corner.y + 33 * static_cast<double>(r);
    page.text({corner.x - 8, top + 21}, names[r], demo::chart::style(12, demo::color::ink, "end"));
    for (std::size_t c = 0; c < 10; ++c) {
      const double count = table(r, c);
      char style[80];
      std::snprintf(style, sizeof style, "fill=\"%s\" fill-opacity=\"%.3f\"", r == c ? "#0072b2" : "#c2410c",
                    std::min(1.0, count * (r == c ? 10 : 50) / static_cast<double>(test.kinds.size())));
      page.rectangle({corner.x + 43 * static_cast<double>(c), top}, 42, 32, style);
      if (count > 0)
        page.text({corner.x + 43 * static_cast<double>(c) + 21, top + 21},
                  std::to_string(static_cast<int>(count)),
                  demo::chart::style(12, demo::color::ink, "middle"));
    }
  }
  page.text({92, 525}, "Taken for others",
            demo::chart::style(15, demo::color::ink, "start") + " font-weight=\"bold\"");
  std::size_t shown = 0;
  for (std::size_t i = 0; i < told.size() && shown < 9; ++i) {
    if (told[i] == test.kinds[i]) continue;
    const double left = 92 + 120 * static_cast<double>(shown++);
    for (std::size_t p = 0; p < 784; ++p)
      if (test.pixels[784 * i + p] > 8) {
        char style[60];
        std::snprintf(style, sizeof style, "fill=\"#1f2933\" fill-opacity=\"%.2f\"",
                      test.pixels[784 * i + p] / 255.0);
        page.rectangle({left + 3 * static_cast<double>(p % 28), 545 + 3 * static_cast<double>(p / 28)}, 3, 3,
                       style);
      }
    page.text({left + 42, 655}, names[test.kinds[i]], demo::chart::style(12, demo::color::ink, "middle"));
    page.text({left + 42, 672}, std::string("as ") + names[told[i]],
              demo::chart::style(12, demo::color::fit, "middle"));
  }
  page.save(path);
}

int run(const demo::arguments& given) {
  const std::string folder = given.tables[0] + "/";
  const auto seed = static_cast<double>(given.seed);
  const pictures training(folder + "train", given.full ? 60000 : 4000),
      test(folder + "t10k", given.full ? 10000 : 2000);
  std::printf("%zu pictures to train on, %zu to judge by; %zu parameters\n", training.kinds.size(),
              test.kinds.size(), theta.size());
  const fitted fit = train(training, given.full ? 10 : 8, seed);
  const auto told = kinds_of(scores_of(test, fit.weights));
  const double accuracy = tg::metric::accuracy(test.kinds, told);
  std::cout << tg::metric::classification_report(test.kinds, told,
                                                 {.names = {std::begin(names), std::end(names)}});
  const auto sure = tg::metric::bootstrap(
      {.seed = 1}, [](const auto& t, const auto& p) { return tg::metric::accuracy(t, p); }, test.kinds, told);
  std::printf("accuracy %.4f, with 95 %% confidence from %.4f to %.4f\n", accuracy, sure.low, sure.high);
  example::expect(accuracy >= (given.full ? 0.915 : 0.82));
  draw(test, told, fit.losses, accuracy, given.picture);
  std::printf("Picture: %s\n", given.picture.c_str());
  return example::status() == 0 ? 0 : 2;
}

}  // namespace

int main(int count, char** words) {
  return demo::guarded("fashion", [&] {
    return run(demo::parse_arguments(count, words,
                                     {.tables = {"/usr/share/datasets/fashion-mnist"},
                                      .picture = "fashion.svg",
                                      .usage = "fashion [FOLDER] [--full] [--out SVG] [--seed NUMBER]",
                                      .has_seed = true,
                                      .has_full = true}));
  });
}
