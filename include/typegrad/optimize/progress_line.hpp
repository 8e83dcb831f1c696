// SPDX-License-Identifier: BSL-1.0
// A line that shows how a minimisation goes on: redrawn on a terminal, written once at the end everywhere
// else.
#pragma once
#include "../support/compiler/begin.hpp"

#include <cstddef>
#include <iostream>
#include <limits>
#include <ostream>
#include <sstream>
#include <string>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

#include "minimize_options.hpp"

namespace tg {

namespace detail {

/// Whether what is written to the stream is read by a person at once.
inline bool is_terminal(const std::ostream& out) {
#if __has_include(<unistd.h>)
  if (out.rdbuf() == std::cout.rdbuf()) return isatty(1) != 0;
  if (out.rdbuf() == std::cerr.rdbuf() || out.rdbuf() == std::clog.rdbuf()) return isatty(2) != 0;
#endif
  return false;
}

}  // namespace detail

/// A progress callable for tg::minimize: `tg::minimize(problem, start, tg::newton{}, {},
/// tg::progress_line(std::cerr))` shows step, value, gradient and time on one line, at most every `seconds`,
/// and at the end why it stopped. On a terminal the line is redrawn in place; to a file or a pipe only the
/// last one goes. Refers to the stream.
class progress_line {
 public:
  explicit progress_line(std::ostream& out, double seconds = 0.1)
      : progress_line(out, seconds, detail::is_terminal(out)) {}
  /// With the choice made by the caller.
  progress_line(std::ostream& out, double seconds, bool redrawn)
      : out_(out), seconds_(seconds), redrawn_(redrawn) {}

  template <class T>
  void operator()(const minimize_progress<T>& now) {
    const bool last = now.reason != stop_reason::running;
    if (!last && (!redrawn_ || now.seconds < next_)) return;
    next_ = now.seconds + seconds_;
    std::ostringstream text;
    text << "step " << now.iteration << "  value " << now.best << "  gradient " << now.gradient;
    text.precision(3);
    text << "  " << now.seconds << " s";
    if (now.skipped > 0) text << "  " << now.skipped << " skipped";
    if (now.watched == gradient_state::exploding || now.watched == gradient_state::vanishing)
      text << (now.watched == gradient_state::exploding ? "  exploding" : "  vanishing");
    if (last) text << "  " << describe(now.reason);
    const std::string line = text.str();
    if (redrawn_) out_ << '\r';
    out_ << line;
    if (redrawn_ && line.size() < drawn_) out_ << std::string(drawn_ - line.size(), ' ');
    drawn_ = line.size();
    if (last)
      out_ << '\n';
    else
      out_.flush();
  }

 private:
  std::ostream& out_;
  double seconds_;
  bool redrawn_;
  double next_ = 0;
  std::size_t drawn_ = 0;
};

}  // namespace tg

#include "../support/compiler/end.hpp"
