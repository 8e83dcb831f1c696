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
  auto loader(std::size_t size, bool training, std::uint64_t seed = 0) const {
    const auto scaled = [](std::span<float> image, std::size_t, std::size_t) {
      for (float& pixel : image) pixel = (pixel - 73) / 90;  // mean and deviation of all
    };
    const tg::data::augmentation moved(
        {.height = 28, .width = 28, .shift = training, .flip = training * 0.5, .outside = -73.0f / 90});
    return tg::data::loader({.size = size, .seed = seed, .shuffle = training},
                            tg::data::column<float>(pixels, 784).then(scaled).then(moved),
                            tg::data::column<int>(kinds));
  }
};
// [data]

// [use]
/// What each picture is taken for.
std::vector<float> told_by(const std::vector<float>& weights, const pictures& all) {
  auto run = tg::bound<float>(tg::function(tg::inputs(x, theta), tg::outputs(tg::argmax<1>(network(x)))));
  std::vector<float> told, some(250);
  auto loader = all.loader(some.size(), false);
  for (std::size_t k = 0; k < loader.batches(); ++k) {
    const auto& batch = loader.batch(0, k);
    run(batch.template get<0>(), weights, some, tg::threads(2));
    told.insert(told.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(batch.real));
  }
  return told;
}
// [use]

// [train]
auto train(std::vector<float>& weights, const pictures& all, std::size_t epochs, std::uint64_t seed) {
  auto run = tg::bound<float>(
      tg::function(tg::inputs(x, y, counts, tg::seed, theta), tg::outputs(loss, tg::gradient(loss, theta))));
  const auto step = [&](const auto& batch, const auto& now, auto& slopes, const tg::train_moment& at) {
    const auto& [images, kinds] = batch;
    const auto drops = static_cast<float>(at.batch_number);  // others in each step
    return run(images, kinds, batch.weights, drops, now, slopes, tg::threads(2));
  };
  auto loader = all.loader(100, true, seed);
  const std::size_t steps = epochs * loader.batches();
  const auto rate = tg::warm_up(steps / 10, tg::cosine_schedule{.steps = steps - steps / 10});
  network.initialise(weights, static_cast<double>(seed), x);
  const tg::adamw rule{.rate = 2e-3, .weight_decay = 0.02};
  return tg::train(step, loader, weights,
                   {.epochs = epochs, .rule = rule, .schedule = rate, .progress = &std::cout});
}
// [train]

constexpr const char* names[] = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                 "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};

void draw(const pictures& test, const std::vector<float>& told, const std::vector<demo::point>& losses,
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
    const auto kind = static_cast<std::size_t>(told[i]);
    if (kind == test.kinds[i]) continue;
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
    page.text({left + 42, 672}, std::string("as ") + names[kind],
              demo::chart::style(12, demo::color::fit, "middle"));
  }
  page.save(path);
}

int run(const demo::arguments& given) {
  const std::string folder = given.tables[0] + "/";
  const pictures training(folder + "train", given.full ? 60000 : 4000),
      test(folder + "t10k", given.full ? 10000 : 2000);
  std::printf("%zu pictures to train on, %zu to judge by; %zu parameters\n", training.kinds.size(),
              test.kinds.size(), theta.size());
  std::vector<float> weights(theta.size());
  const auto trained = train(weights, training, given.full ? 10 : 8, given.seed);
  std::vector<demo::point> losses;
  for (const auto& epoch : trained.history) losses.push_back({static_cast<double>(epoch.epoch), epoch.loss});
  const auto told = told_by(weights, test);
  const double accuracy = tg::metric::accuracy(test.kinds, told);
  std::cout << tg::metric::classification_report(test.kinds, told,
                                                 {.names = {std::begin(names), std::end(names)}});
  const auto sure = tg::metric::bootstrap(
      {.seed = 1}, [](const auto& t, const auto& p) { return tg::metric::accuracy(t, p); }, test.kinds, told);
  std::printf("accuracy %.4f, with 95 %% confidence from %.4f to %.4f\n", accuracy, sure.low, sure.high);
  example::expect(accuracy >= (given.full ? 0.915 : 0.82));
  draw(test, told, losses, accuracy, given.picture);
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
