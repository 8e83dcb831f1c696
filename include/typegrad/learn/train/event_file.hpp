// SPDX-License-Identifier: BSL-1.0
// Event files, which TensorBoard shows: numbers, histograms, images, texts and hyperparameters over the steps
// of a training.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <algorithm>
#include <boost/crc.hpp>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "../../support/compiler/exceptions.hpp"
#include "../../support/compiler/finite.hpp"
#include "options.hpp"
#include "png_bytes.hpp"
#include "protobuf.hpp"

namespace tg {

namespace detail {

/// How many numbers lie in each of the ranges that TensorFlow uses: their limits grow by a tenth, from 1e-12.
struct histogram {
  double least = infinite<double>(), most = -infinite<double>(), count = 0, sum = 0, squares = 0;
  std::vector<double> limits, counts;  // of ranges; what lies between two that are named is empty

  template <class T>
  explicit histogram(std::span<const T> numbers) {
    const std::vector<double>& all = every_limit();
    std::vector<double> in(all.size());
    for (const T each : numbers) {
      const auto number = static_cast<double>(each);
      if (!is_finite(number)) continue;
      least = std::min(least, number), most = std::max(most, number);
      ++count, sum += number, squares += number * number;
      ++in[static_cast<std::size_t>(std::ranges::upper_bound(all, number) - all.begin())];
    }
    if (count == 0) least = most = 0;
    for (std::size_t k = 0; k < in.size(); ++k)
      if (in[k] > 0 || (k + 1 < in.size() && in[k + 1] > 0))
        limits.push_back(all[k]), counts.push_back(in[k]);
  }

 private:
  static const std::vector<double>& every_limit() {
    static const std::vector<double> all = [] {
      std::vector<double> up, both;
      for (double limit = 1e-12; limit < 1e20; limit *= 1.1) up.push_back(limit);
      for (std::size_t k = up.size(); k-- > 0;) both.push_back(-up[k]);
      both.push_back(0);
      both.insert(both.end(), up.begin(), up.end());
      both.push_back(std::numeric_limits<double>::max());
      return both;
    }();
    return all;
  }
};

/// Which plugin a summary is for, and what the plugin alone reads.
inline protobuf plugin(std::string_view name, std::string_view content = {}) {
  return protobuf().message(1, protobuf().text(1, name).text(2, content));
}

}  // namespace detail

/// A hyperparameter, `{"rate", 1e-3}` or `{"rule", "adam"}`.
struct hyperparameter {
  std::string name;
  std::variant<double, std::string> value;

  hyperparameter(std::string of, const char* text) : name(std::move(of)), value(std::string(text)) {}
  hyperparameter(std::string of, std::string text) : name(std::move(of)), value(std::move(text)) {}
  template <class T>
  requires std::is_arithmetic_v<T> hyperparameter(std::string of, T number)
      : name(std::move(of)), value(static_cast<double>(number)) {}
};

/// An event file in a folder, which TensorBoard shows as one run: `tensorboard --logdir runs` for folders in
/// runs/.
///
///     tg::event_file board("runs/first");
///     board.scalar("loss", loss, step);
///
/// What is written can be read at once; a program that is killed leaves at most its last record in parts,
/// which readers pass over. Errors: std::runtime_error where folder or file cannot be written.
class event_file {
 public:
  /// Makes the folder, and a file in it that did not exist.
  explicit event_file(const std::string& folder) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    const std::string start =
        folder + "/events.out.tfevents." + std::to_string(static_cast<long long>(now())) + ".typegrad";
    for (std::size_t number = 0; file_ == nullptr && number < 10000; ++number) {
      path_ = start + '.' + std::to_string(number);
      file_.reset(std::fopen(path_.c_str(), "wbx"));
      if (failed) break;
    }
    if (file_ == nullptr) refuse();
    write(detail::protobuf().number(1, now()).text(3, "brain.Event:2"));
  }

  const std::string& path() const { return path_; }

  void scalar(std::string_view tag, double value, std::size_t step) {
    summary(step, detail::protobuf().text(1, tag).single(2, static_cast<float>(value)));
  }

  /// Of what is finite among the numbers: a vector, a span.
  template <detail::DenseVector Numbers>
  void histogram(std::string_view tag, const Numbers& numbers, std::size_t step) {
    const detail::histogram found(std::span<const detail::number_of<const Numbers>>(detail::view(numbers)));
    detail::protobuf histo;
    histo.number(1, found.least).number(2, found.most).number(3, found.count).number(4, found.sum);
    histo.number(5, found.squares).packed(6, found.limits).packed(7, found.counts);
    summary(step, detail::protobuf().text(1, tag).message(5, histo));
  }

  /// An image of height by width pixels, rows from the top, each of 1 (grey), 3 (red, green, blue) or 4
  /// numbers (with opacity): bytes, or floating numbers from 0 to 1. Throws std::invalid_argument for another
  /// size.
  template <detail::DenseVector Pixels>
  void image(std::string_view tag, const Pixels& pixels, std::size_t height, std::size_t width,
             std::size_t step, std::size_t channels = 1) {
    const auto numbers = detail::view(pixels);
    if (height == 0 || width == 0 || (channels != 1 && channels != 3 && channels != 4) ||
        numbers.size() != height * width * channels)
      detail::raise(
          std::invalid_argument("event_file: an image of " + std::to_string(height) + " by " +
                                std::to_string(width) + " pixels with " + std::to_string(channels) +
                                " channels needs as many numbers, in 1, 3 or 4 channels; there are " +
                                std::to_string(numbers.size()) + "."));
    std::string bytes;
    for (const auto each : numbers) {
      if constexpr (std::is_floating_point_v<std::remove_cvref_t<decltype(each)>>)
        bytes += static_cast<char>(each > 0 ? std::lround(255 * std::min<double>(1, each)) : 0);
      else
        bytes += static_cast<char>(each);
    }
    detail::protobuf image;
    image.whole(1, height).whole(2, width).whole(3, channels);
    image.text(4, detail::png_bytes(bytes, width, height, channels));
    summary(step, detail::protobuf().text(1, tag).message(4, image));
  }

  /// Markdown.
  void text(std::string_view tag, std::string_view words, std::size_t step) {
    detail::protobuf tensor;
    tensor.whole(1, 7).message(2, detail::protobuf().message(2, detail::protobuf().whole(1, 1)));
    tensor.text(8, words);
    summary(step, detail::protobuf()
                      .text(1, std::string(tag) + "/text_summary")
                      .message(8, tensor)
                      .message(9, detail::plugin("text")));
  }

  /// What this run was made with, for the table of hyperparameters, and which scalars judge it.
  void hyperparameters(const std::vector<hyperparameter>& given, const std::vector<std::string>& metrics) {
    detail::protobuf experiment, start;
    for (const hyperparameter& each : given) {
      const auto* const words = std::get_if<std::string>(&each.value);
      detail::protobuf value;
      if (words != nullptr)
        value.text(3, *words);
      else
        value.number(2, std::get<double>(each.value));
      experiment.message(4, detail::protobuf().text(1, each.name).whole(4, words != nullptr ? 1 : 3));
      start.message(1, detail::protobuf().text(1, each.name).message(2, value));
    }
    for (const std::string& tag : metrics)
      experiment.message(5, detail::protobuf().message(1, detail::protobuf().text(2, tag)));
    start.number(5, now());
    of_run("_hparams_/experiment", 2, experiment);
    of_run("_hparams_/session_start_info", 3, start);
    of_run("_hparams_/session_end_info", 4, detail::protobuf().whole(1, 1).number(2, now()));
  }

  /// What an epoch of tg::train came to: its loss, rate, gradient and scores, and a histogram of the weights;
  /// by the epoch.
  template <class V>
  void operator()(const epoch_report<V>& report) {
    const epoch_record& record = report.record;
    scalar("loss", record.loss, record.epoch);
    scalar("rate", record.rate, record.epoch);
    scalar("gradient", record.gradient, record.epoch);
    for (const auto& [name, value] : record.scores) scalar(name, value, record.epoch);
    histogram("weights", report.weights, record.epoch);
  }

 private:
  struct closing {
    void operator()(std::FILE* file) const { (void)std::fclose(file); }
  };

  static double now() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  }
  void of_run(std::string_view tag, std::uint64_t field, const detail::protobuf& content) {
    summary(0, detail::protobuf().text(1, tag).message(
                   9, detail::plugin("hparams", detail::protobuf().message(field, content).bytes())));
  }
  void summary(std::size_t step, const detail::protobuf& value) {
    write(
        detail::protobuf().number(1, now()).whole(2, step).message(5, detail::protobuf().message(1, value)));
  }

  /// A record: the length, its checksum, the bytes, theirs.
  void write(const detail::protobuf& event) {
    const std::string& bytes = event.bytes();
    std::string record;
    detail::append_little_endian(record, bytes.size(), 8);
    const auto put_checksum = [&](const std::string& of) {
      boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> sum;  // Castagnoli's
      sum.process_bytes(of.data(), of.size());
      const std::uint32_t crc = sum.checksum();
      detail::append_little_endian(record, (crc >> 15 | crc << 17) + 0xa282ead8u, 4);
    };
    put_checksum(std::string(record));
    record += bytes;
    put_checksum(bytes);
    if (std::fwrite(record.data(), 1, record.size(), file_.get()) != record.size() ||
        std::fflush(file_.get()) != 0)
      refuse();
  }
  [[noreturn]] void refuse() const {
    detail::raise(std::runtime_error("event_file: '" + path_ +
                                     "' cannot be written; check the folder and the space on the disk."));
  }

  std::string path_;
  std::unique_ptr<std::FILE, closing> file_;
};

}  // namespace tg

#include "../../support/compiler/end.hpp"
