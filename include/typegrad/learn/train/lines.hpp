// SPDX-License-Identifier: BSL-1.0
// The lines that a training shows: one for each epoch, the last one drawn again and again on a terminal; and
// how a history is kept in a file.
#pragma once
#include "../../support/compiler/begin.hpp"

#include <cstddef>
#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "../../optimize/tool/redrawn_line.hpp"
#include "options.hpp"

namespace tg::detail {

/// 65 s as 1:05 min.
inline std::string duration_text(double seconds) {
  std::ostringstream text;
  const auto whole = static_cast<long long>(seconds + 0.5);
  const auto pair = [&](long long high, long long low, const char* unit) {
    text << high << (low < 10 ? ":0" : ":") << low << unit;
  };
  if (whole >= 3600)
    pair(whole / 3600, whole / 60 % 60, " h");
  else if (whole >= 60)
    pair(whole / 60, whole % 60, " min");
  else
    text.precision(2), text << seconds << " s";
  return text.str();
}

class training_lines {
 public:
  training_lines(std::ostream* out, std::size_t epochs, std::size_t batches)
      : epochs_(epochs), batches_(batches) {
    if (out != nullptr) line_.emplace(*out, is_terminal(*out));
  }

  /// From here on the time left is reckoned.
  void resumed(std::size_t epoch, std::size_t index) { begun_ = epoch * batches_ + index; }

  /// Whether lines within an epoch are seen.
  bool redrawn() const { return line_ && line_->redrawn(); }
  void within(std::size_t epoch, std::size_t index, double loss, double seconds) {
    if (seconds < next_) return;
    next_ = seconds + 0.1;
    std::ostringstream text;
    text << "epoch " << epoch + 1 << '/' << epochs_ << "  batch " << index << '/' << batches_ << "  loss "
         << loss << left(epoch * batches_ + index, seconds);
    line_->show(text.str(), false);
  }
  void after(const epoch_record& record, double seconds) {
    if (!line_) return;
    std::ostringstream text;
    text << "epoch " << record.epoch << '/' << epochs_ << "  loss " << record.loss;
    for (const auto& [name, value] : record.scores) text << "  " << name << ' ' << value;
    text << "  rate " << record.rate << "  " << duration_text(record.seconds)
         << left(record.epoch * batches_, seconds);
    line_->show(text.str(), true);
  }
  void say(const std::string& sentence) {
    if (line_) line_->show(sentence, true);
  }

 private:
  std::string left(std::size_t done, double seconds) const {
    const std::size_t all = epochs_ * batches_;
    if (done <= begun_ || done >= all) return {};
    return ", " +
           duration_text(seconds * static_cast<double>(all - done) / static_cast<double>(done - begun_)) +
           " left";
  }

  std::optional<redrawn_line> line_;
  std::size_t epochs_, batches_, begun_ = 0;
  double next_ = 0;
};

template <class Archive>
void archive_records(Archive& file, std::vector<epoch_record>& records) {
  std::size_t count = records.size();
  file("records", count);
  if constexpr (Archive::loading) records.clear();
  for (std::size_t i = 0; i < count; ++i) {
    if constexpr (Archive::loading) records.emplace_back();
    epoch_record& each = records[i];
    file("of", each.epoch), file("steps", each.steps), file("loss", each.loss), file("rate", each.rate),
        file("gradient", each.gradient), file("seconds", each.seconds);
    std::size_t scores = each.scores.size();
    file("scores", scores);
    for (std::size_t k = 0; k < scores; ++k) {
      if constexpr (Archive::loading) each.scores.emplace_back();
      file("name", each.scores[k].first), file("value", each.scores[k].second);
    }
  }
}

}  // namespace tg::detail

#include "../../support/compiler/end.hpp"
