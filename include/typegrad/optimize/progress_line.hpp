// SPDX-License-Identifier: BSL-1.0
// A line that shows how a minimisation goes on: redrawn on a terminal, written once at the end everywhere
// else.
#pragma once
#include "../support/compiler/begin.hpp"

#include <ostream>
#include <sstream>
#include <string>

#include "minimize_options.hpp"
#include "tool/redrawn_line.hpp"

namespace tg {

/// A progress callable for tg::minimize: `tg::minimize(problem, start, tg::newton{}, {},
/// tg::progress_line(std::cerr))` shows step, value, gradient and time on one line, at most every `seconds`,
/// and at the end why it stopped. On a terminal the line is redrawn in place; to a file or a pipe only the
/// last one goes. Refers to the stream.
class progress_line {
 public:
  explicit progress_line(std::ostream& out, double seconds = 0.1)
      : progress_line(out, seconds, detail::is_terminal(out)) {}
  /// With the choice made by the caller.
  progress_line(std::ostream& out, double seconds, bool redrawn) : line_(out, redrawn), seconds_(seconds) {}

  template <class T>
  void operator()(const minimize_progress<T>& now) {
    const bool last = now.reason != stop_reason::running;
    if (!last && (!line_.redrawn() || now.seconds < next_)) return;
    next_ = now.seconds + seconds_;
    std::ostringstream text;
    text << "step " << now.iteration << "  value " << now.best << "  gradient " << now.gradient;
    text.precision(3);
    text << "  " << now.seconds << " s";
    if (now.skipped > 0) text << "  " << now.skipped << " skipped";
    if (now.watched == gradient_state::exploding || now.watched == gradient_state::vanishing)
      text << (now.watched == gradient_state::exploding ? "  exploding" : "  vanishing");
    if (last) text << "  " << describe(now.reason);
    line_.show(text.str(), last);
  }

 private:
  detail::redrawn_line line_;
  double seconds_;
  double next_ = 0;
};

}  // namespace tg

#include "../support/compiler/end.hpp"
